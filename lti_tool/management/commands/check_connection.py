"""The command ``manage.py check_connection``, which shows what works between an LMS and us."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lti_tool.connection import check
from lti_tool.launches.log import find_refusal
from lti_tool.models import RefusedLaunch, Registration

TIME = "%Y-%m-%d %H:%M:%S %Z"


class Command(BaseCommand):
    """A command that asks the LMS and changes nothing there.

    Its exit status is 1 if there is a problem.
    """

    help = "Check the connection to an LMS, or look up a refused launch by its reference."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client-id", help="check only this registration (default: all)")
        parser.add_argument(
            "--reference", help="show the refused launch with this reference from the error page"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Check one registration or all, or show the refused launch with that reference.

        Raise CommandError if a check finds a problem or nothing is found to check or show.
        """
        if options["reference"]:
            self._look_up(options["reference"])
            return
        rows = Registration.objects.order_by("name", "pk")
        if options["client_id"]:
            rows = rows.filter(client_id=options["client_id"])
        if not rows:
            asked = options["client_id"]
            raise CommandError(
                "No registration has this client ID." if asked else "No LMS is registered."
            )
        problems = sum(self._check(row) for row in rows)
        if problems:
            raise CommandError(f"Problems: {problems}.")

    def _check(self, registration: Registration) -> int:
        self.stdout.write(f"{registration.name} ({registration.issuer}, {registration.client_id})")
        report = check(registration)
        for line in report.lines:
            self.stdout.write(f"  [{line.state.label}] {line.title}: {line.sentence}")
            if line.remedy:
                self.stdout.write(f"      {line.remedy}")
        for launch in report.launches:
            self.stdout.write(
                f"  launched {timezone.localtime(launch.at):{TIME}} {launch.message}"
                f" deployment={launch.deployment} course={launch.course}"
                f" role={launch.role} way={launch.way}"
            )
        for refusal in report.refusals:
            self._write_refusal(refusal)
        return report.problems

    def _write_refusal(self, row: RefusedLaunch) -> None:
        self.stdout.write(
            f"  refused {timezone.localtime(row.created_at):{TIME}} {row.reference}"
            f" reason={row.reason} detail={row.detail}"
        )

    def _look_up(self, reference: str) -> None:
        row = find_refusal(reference)
        if row is None:
            raise CommandError("No refused launch of the last 90 days has this reference.")
        self.stdout.write(str(row.registration or "unknown registration"))
        self._write_refusal(row)
