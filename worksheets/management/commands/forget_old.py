"""manage.py forget_old: what the retention period is over for, now instead of tonight."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from worksheets.privacy.retention import forget_old, old_rows


class Command(BaseCommand):
    """A server does the same once a day by itself."""

    help = "Delete the work and the traces of people that are older than LTI_RETENTION_DAYS."

    def add_arguments(self, parser: CommandParser) -> None:
        """The one switch."""
        parser.add_argument("--dry-run", action="store_true", help="only say how much it would be")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Count or delete, and say how much."""
        rows = old_rows() if options["dry_run"] else forget_old()
        verb = "Older" if options["dry_run"] else "Forgotten: older"
        self.stdout.write(f"{verb} than {settings.LTI_RETENTION_DAYS} days")
        for name, number in rows.items():
            self.stdout.write(f"  {name}: {number}")
