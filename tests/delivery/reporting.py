"""A process that reports scores: ``python -m tests.delivery.reporting``.

``make GRADEBOOK PUPILS`` puts a course with pupils into the database; ``report GIVEN``
reports a score of so many points of 100 for each, as a pupil's submit does, and prints
how many seconds the slowest took.
"""

from __future__ import annotations

import sys
from decimal import Decimal

import django

django.setup()

from django.db import transaction  # noqa: E402

from lti_tool import grades  # noqa: E402
from lti_tool.grades import Score  # noqa: E402
from lti_tool.models import LineItem, Registration, ResourceLink, User  # noqa: E402
from lti_tool.platforms.tool_keys import signing_key  # noqa: E402
from tests.cast import PUPIL, assemble, make_someone  # noqa: E402


def make(gradebook: str, pupils: int) -> None:
    """The cast's course, with a column at the gradebook and so many pupils more."""
    cast = assemble()
    signing_key()
    Registration.objects.update(auth_token_url=f"{gradebook}/token")
    LineItem.objects.filter(link=cast.course.link).update(
        url=f"{gradebook}/2/lineitems/1/lineitem?type_id=1"
    )
    for number in range(pupils):
        make_someone(cast.course, f"pupil-{number}", f"Pupil {number}", PUPIL)


def report(given: Decimal) -> None:
    """One transaction each, as each pupil's own submit is."""
    link = ResourceLink.objects.filter(lti_id="link-2").earliest("pk")
    for user in User.objects.filter(sub__startswith="pupil-").order_by("pk"):
        with transaction.atomic():
            assert grades.report_score(link, user, Score(given, Decimal(100), f"It is {given}."))


if __name__ == "__main__":
    what, *values = sys.argv[1:]
    if what == "make":
        make(values[0], int(values[1]))
    else:
        report(Decimal(values[0]))
