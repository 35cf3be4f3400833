"""The command erase_course: it erases all that is kept of one course."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lti_tool.audit import command_line
from worksheets.management.confirming import add_yes_argument, confirm
from worksheets.management.finding import add_course_arguments, find_course
from worksheets.privacy.erasure import count_rows_of_course, erase_course


class Command(BaseCommand):
    """A command that erases with --yes, and otherwise says what would be lost."""

    help = "Erase a course with its activities, answers, marks, scores and launches."

    def add_arguments(self, parser: CommandParser) -> None:
        add_course_arguments(parser)
        add_yes_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        course = find_course(options)
        confirm(count_rows_of_course(course), yes=options["yes"])
        erase_course(course, by=command_line())
        self.stdout.write("Erased. Marks in the LMS's gradebook stay there.")
