"""The command export_course: it writes out all that is kept of one course."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from worksheets.management.finding import add_course_arguments, find_course
from worksheets.privacy.exports import course_json


class Command(BaseCommand):
    """A command that writes JSON to standard output."""

    help = "Write all data of one course as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        add_course_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        self.stdout.write(course_json(find_course(options)), ending="")
