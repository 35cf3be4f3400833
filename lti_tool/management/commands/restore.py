"""The command ``manage.py restore``, which puts a backup in the place of the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from lti_tool.audit import AuditKind, command_line, entry
from lti_tool.db.backup import BackupRefused, Manifest
from lti_tool.db.copying import CopyRefused
from lti_tool.db.restoring import check_backup, restore
from lti_tool.grades.outbox import restored
from lti_tool.launches import visit


class Command(BaseCommand):
    """A command that restores everything or nothing, while no process of the tool runs."""

    help = (
        "Put a backup in the place of the database, which is put aside. Stop all processes of the"
        " tool first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what 'backup' has written")
        parser.add_argument(
            "--check", action="store_true", help="only read the backup, and say what it is"
        )
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Restore, and print what to do next. Raise CommandError if nothing was changed."""
        try:
            manifest = check_backup(options["file"])
            self._describe(options["file"], manifest)
            if options["check"]:
                return
            if not options["yes"]:
                self._ask()
            done = restore(options["file"], _settle)
        except (BackupRefused, CopyRefused) as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        self.stdout.write("Restored.")
        if done.put_aside:
            self.stdout.write(
                f"The database from before is kept as {done.put_aside}. Delete it once it is not"
                " needed, and start nothing on it: it would send its marks too."
            )
        self.stdout.write(
            "Next: 'reconcile_scores' compares the gradebooks, then start the tool. What was done"
            " since the backup is to be done again: erasures, withdrawn keys (rotate_keys"
            " --at-once), platforms switched off. See 'After a restore' in docs/operator.md."
        )

    def _describe(self, path: Path, manifest: Manifest) -> None:
        self.stdout.write(
            f"{path}: a backup of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC, by version"
            f" {manifest.version} from {manifest.vendor}, complete."
        )

    def _ask(self) -> None:
        """Raise CommandError unless the operator types yes."""
        name = connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]
        try:
            answer = input(f"Put it in the place of {name}, which is kept aside? [yes/no] ")
        except EOFError:
            answer = ""
        if answer.strip().lower() != "yes":
            raise CommandError("Nothing was changed. Without a terminal, say --yes.")


def _settle(alias: str, manifest: Manifest) -> None:
    """Change what would be wrong to go on with as if nothing had happened since the backup."""
    now = timezone.now()
    restored.settle(alias, now)
    visit.end_all(alias)
    Session.objects.using(alias).all().delete()
    after = {"made_at": manifest.made_at, "version": manifest.version}
    entry(AuditKind.RESTORE, command_line(), after=after).save(using=alias)
