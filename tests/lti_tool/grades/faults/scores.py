"""What the tests of this package say and look at."""

from __future__ import annotations

from decimal import Decimal

from lti_tool import grades
from lti_tool.grades import Score
from lti_tool.models import Delivery
from tests.cast import Cast, Someone

AMINA, BEN = "101", "102"


def report(cast: Cast, someone: Someone, given: str = "6") -> None:
    """Say that this person has so many of eight points."""
    score = Score(Decimal(given), Decimal(8), "Gaps.")
    assert grades.report_score(cast.course.link, someone.user, score)


def row_of(someone: Someone) -> Delivery:
    """Their only score."""
    return Delivery.objects.get(user=someone.user)
