"""Arguments by which commands name a person or a course: the LMS's own ids."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.management.base import CommandError, CommandParser
from django.db.models import Model, QuerySet

from lti_tool.models import Context, User

Row = TypeVar("Row", bound=Model)


def add_person_arguments(parser: CommandParser) -> None:
    """Add the arguments for a platform and a person's id there."""
    _add_platform_arguments(parser)
    parser.add_argument("--sub", required=True, help="the LMS's id of the person")


def add_course_arguments(parser: CommandParser) -> None:
    """Add the arguments for a platform and a course's id there."""
    _add_platform_arguments(parser)
    parser.add_argument("--deployment-id", help="needed if two deployments have such a course")
    parser.add_argument("--course-id", required=True, help="the LMS's id of the course")


def find_person(options: dict[str, Any], sub: str) -> User:
    """Return the person that the options name. Raise CommandError unless there is exactly one."""
    rows = User.objects.filter(sub=sub, registration__client_id=options["client_id"])
    if options["issuer"]:
        rows = rows.filter(registration__issuer=options["issuer"])
    return _only(rows, "person")


def find_course(options: dict[str, Any]) -> Context:
    """Return the course that the options name. Raise CommandError unless there is exactly one."""
    rows = Context.objects.filter(
        lti_id=options["course_id"], deployment__registration__client_id=options["client_id"]
    )
    if options["issuer"]:
        rows = rows.filter(deployment__registration__issuer=options["issuer"])
    if options["deployment_id"]:
        rows = rows.filter(deployment__deployment_id=options["deployment_id"])
    return _only(rows, "course")


def _add_platform_arguments(parser: CommandParser) -> None:
    parser.add_argument("--client-id", required=True, help="the platform's client id for this tool")
    parser.add_argument("--issuer", help="needed if two platforms gave the same client id")


def _only(rows: QuerySet[Row], what: str) -> Row:
    found = list(rows[:2])
    if not found:
        raise CommandError(f"There is no such {what}.")
    if len(found) > 1:
        raise CommandError(
            f"More than one {what} matches. Add --issuer (and --deployment-id),"
            " or use the admin pages at /admin/."
        )
    return found[0]
