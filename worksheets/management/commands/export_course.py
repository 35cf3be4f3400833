"""The command export_course: it writes out all that is kept of one course."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lti_tool.audit import command_line
from worksheets.management.finding import add_course_arguments, find_course
from worksheets.privacy.exports import export_course


class Command(BaseCommand):
    """A command that writes JSON to standard output."""

    help = "Write all data of one course as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        add_course_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        self.stdout.write(export_course(find_course(options), by=command_line()), ending="")
