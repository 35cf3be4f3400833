"""The command ``manage.py backup``, which writes everything into one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from lti_tool.audit import AuditKind, command_line, record
from lti_tool.db.backup import BackupRefused, write_backup
from lti_tool.db.copying import CopyRefused
from lti_tool.db.schema import read_schema


class Command(BaseCommand):
    """A command that reads the database as it is at one moment, while the tool goes on."""

    help = (
        "Write a backup of the database into one file: all work, pictures and key pairs. The tool"
        " may go on meanwhile. The file holds personal data and private keys."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "to", type=Path, help="a new file, or a folder, in which it gets a name with its time"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Write the backup, and print where it is. Raise CommandError if none was made."""
        try:
            path, manifest = write_backup(options["to"])
        except (BackupRefused, CopyRefused) as error:
            raise CommandError(f"{error} No backup was made.") from error
        # Before an upgrade the new version may make one too, and has no table for the entry yet.
        if read_schema().is_current:
            with transaction.atomic():
                record(AuditKind.EXPORT, command_line(), after={"what": "backup"})
        size = path.stat().st_size / 1_000_000
        self.stdout.write(f"{path}: {size:.1f} MB, checked.")
        self.stdout.write(
            f"It has what was saved until {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC, personal data"
            " and private keys. SECRET_KEY and the other variables are not in it."
        )
