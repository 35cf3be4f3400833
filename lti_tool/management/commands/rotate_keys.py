"""The command ``manage.py rotate_keys``, which begins the change to a new key pair."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lti_tool.audit import command_line
from lti_tool.platforms import tool_keys


class Command(BaseCommand):
    """A command that makes a new key pair, unless one still waits for its turn to sign.

    With --at-once it always makes one, which signs at once, and withdraws all others.
    """

    help = "Make and publish a new key pair. This also happens every LTI_KEY_DAYS days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at-once",
            action="store_true",
            help="the old keys are known to others: withdraw them now, and sign with the new one",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Make the key, and print when it signs."""
        if options["at_once"]:
            made = tool_keys.rotate_now(by=command_line())
            self.stdout.write(f"Key {made.kid} signs from now on; all others are withdrawn.")
            self.stdout.write("Running processes switch to it within a minute.")
            return
        hours = tool_keys.schedule().overlap.total_seconds() / 3600
        if key := tool_keys.rotate(by=command_line()):
            self.stdout.write(f"Key {key.kid} is published and signs in {hours:g} hours.")
        else:
            self.stdout.write("A new key is already published. It does not sign yet.")
