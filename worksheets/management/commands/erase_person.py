"""The command erase_person: it erases all that is kept of one person."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lti_tool.audit import command_line
from worksheets.management.confirming import add_yes_argument, confirm
from worksheets.management.finding import add_person_arguments, find_person
from worksheets.privacy.erasure import (
    NotTheSamePlatform,
    StillInUse,
    count_rows_of_person,
    erase_person,
)


class Command(BaseCommand):
    """A command that erases with --yes, and otherwise says what would be lost."""

    help = "Erase a person with their names, answers, marks, scores and launches."

    def add_arguments(self, parser: CommandParser) -> None:
        add_person_arguments(parser)
        parser.add_argument(
            "--worksheets-to", metavar="SUB", help="the teacher who gets the worksheets"
        )
        add_yes_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        person = find_person(options, options["sub"])
        other = options["worksheets_to"]
        new_owner = find_person(options, other) if other else None
        confirm(count_rows_of_person(person), yes=options["yes"])
        try:
            erase_person(person, new_owner, by=command_line())
        except StillInUse as error:
            raise CommandError(f"{error} (--worksheets-to names the teacher.)") from error
        except NotTheSamePlatform as error:
            raise CommandError(
                "The worksheets must go to another teacher of the same platform."
            ) from error
        self.stdout.write("Erased. Marks in the LMS's gradebook stay there.")
