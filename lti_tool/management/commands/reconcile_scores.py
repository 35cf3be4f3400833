"""The command ``manage.py reconcile_scores``, which compares gradebooks with what was sent."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lti_tool.grades.reconciliation import Reconciled, reconcile
from lti_tool.models import Registration

HEADINGS = (
    "platform",
    "checked",
    "as sent",
    "due again",
    "changed in LMS",
    "unreadable",
    "problem",
)
WIDTHS = (30, 9, 9, 10, 14, 11, 0)


class Command(BaseCommand):
    """A command that reads each column: lost scores are due again, changed ones stay."""

    help = "Compare the gradebooks with the scores sent, and send lost scores again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--platform", type=int, metavar="ID", help="only this registration")
        parser.add_argument("--dry-run", action="store_true", help="only count, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Print a line for each platform as soon as it was read."""
        registrations = Registration.objects.filter(is_active=True).order_by("pk")
        if options["platform"] is not None:
            registrations = registrations.filter(pk=options["platform"])
            if not registrations:
                raise CommandError(f"There is no active platform {options['platform']}.")
        self._write_row(HEADINGS)
        for registration in registrations:
            found: Reconciled = reconcile(registration, is_dry=options["dry_run"])
            self._write_row(astuple(found))

    def _write_row(self, values: tuple[object, ...]) -> None:
        cells = [f"{value!s:<{width}}" for value, width in zip(values, WIDTHS, strict=True)]
        self.stdout.write(" ".join(cells).rstrip())
