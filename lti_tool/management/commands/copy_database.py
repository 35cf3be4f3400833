"""The command ``manage.py copy_database``, which moves everything to another database.

It is for the way from SQLite to PostgreSQL.
"""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lti_tool.db.copying import CopyRefused, copy_to
from lti_tool.server import paths
from lti_tool.server.environment import EnvironmentInvalid, read_database


class Command(BaseCommand):
    """A command that copies everything or nothing; the configured database is only read."""

    help = "Copy everything from the configured database into an empty, migrated one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("to", metavar="DATABASE_URL", help="postgresql://… (or sqlite:///…)")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Copy the rows, and print what to do next. Raise CommandError if nothing was copied."""
        if not options["to"]:
            raise CommandError("Give the DATABASE_URL of the target database.")
        begin = time.monotonic()
        try:
            target = read_database(options["to"], paths.DATA)
            total = copy_to(target, self._report)
        except EnvironmentInvalid as error:
            raise CommandError(str(error)) from error
        except CopyRefused as error:
            raise CommandError(f"{error} Nothing was copied.") from error
        self.stdout.write(f"Copied and counted {total} rows in {time.monotonic() - begin:.0f} s.")
        self.stdout.write(
            "Set DATABASE_URL to the new database for every process, then start them. Keep the old"
            " database as a backup. Start no process on it: it would send old marks."
        )

    def _report(self, label: str, count: int) -> None:
        if count:
            self.stdout.write(f"  {label}: {count}")
