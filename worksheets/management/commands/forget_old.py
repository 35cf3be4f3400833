"""The command forget_old: it deletes what the retention period is over for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from lti_tool.audit import command_line
from worksheets.privacy.retention import forget, old_rows


class Command(BaseCommand):
    """A command that does at once what a server does once a day by itself."""

    help = "Delete data of people that is older than LTI_RETENTION_DAYS."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="only print how much would be deleted"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        rows = old_rows() if options["dry_run"] else forget(by=command_line())
        verb = "Older" if options["dry_run"] else "Deleted: older"
        self.stdout.write(f"{verb} than {settings.LTI_RETENTION_DAYS} days")
        for name, number in rows.items():
            self.stdout.write(f"  {name}: {number}")
