"""The command export_person: it writes out all that is kept of one person."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lti_tool.audit import command_line
from worksheets.management.finding import add_person_arguments, find_person
from worksheets.privacy.exports import export_person


class Command(BaseCommand):
    """A command that writes JSON to standard output."""

    help = "Write all data of one person as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        add_person_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        self.stdout.write(
            export_person(find_person(options, options["sub"]), by=command_line()), ending=""
        )
