"""The command ``manage.py invite_platform``, which makes a link to register one LMS once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lti_tool.audit import command_line
from lti_tool.models import Invitation, NewDeployments
from lti_tool.platforms.invitations import DAYS, MAX_DAYS, invite

NOTE_LENGTH = Invitation._meta.get_field("note").max_length


class Command(BaseCommand):
    """A command that makes an invitation and prints its link.

    The link cannot be printed again, because only its hash is stored.
    """

    help = "Print a registration link for an LMS's administrator. It works once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--note", default="", help="who it is for: the name to propose")
        parser.add_argument("--days", type=int, default=DAYS, help="for how many days it works")
        parser.add_argument(
            "--new-deployments",
            choices=NewDeployments.values,
            default=NewDeployments.ACCEPT.value,
            help="deployments that the LMS does not name when it registers (Canvas names none):"
            " accept, wait (for approval) or refuse",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Make an invitation and print its link. Raise CommandError for options out of range."""
        if not 1 <= options["days"] <= MAX_DAYS:
            raise CommandError(f"--days must be 1 to {MAX_DAYS}.")
        if len(options["note"]) > (NOTE_LENGTH or 0) or not options["note"].isprintable():
            raise CommandError("--note is too long or has characters that are not allowed.")
        invitation, link = invite(
            options["note"],
            days=options["days"],
            new_deployments=NewDeployments(options["new_deployments"]),
            by=command_line(),
        )
        self.stdout.write(link)
        self.stderr.write(
            f"It works once, until {invitation.expires_at:%Y-%m-%d %H:%M} UTC. Paste it into the"
            " LMS. Moodle: Site administration > Plugins > Activity modules > External tool >"
            " Manage tools, “Tool URL”, “Add LTI Advantage”. Canvas: Admin > Apps, “Dynamic"
            " Registration”."
        )
