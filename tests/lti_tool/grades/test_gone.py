"""Activities that the LMS has no more, as far as a refused score tells."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from lti_tool import grades
from lti_tool.grades import Score
from lti_tool.models import Delivery
from lti_tool.services.errors import DeliveryProblem
from tests.cast import Cast, open_again


@pytest.mark.parametrize(
    ("problem", "is_gone"),
    [
        (DeliveryProblem.COLUMN_GONE, True),
        (DeliveryProblem.COURSE_OVER, True),
        (DeliveryProblem.NOT_ALLOWED, False),
    ],
)
def test_a_refusal_tells_it_until_somebody_opens_the_activity(
    cast: Cast, problem: DeliveryProblem, *, is_gone: bool
) -> None:
    link = cast.course.link
    grades.report_score(link, cast.amina.user, Score(Decimal(1), Decimal(2), ""))
    links = [link.pk, cast.other_course.link.pk]
    assert grades.gone_links(links) == set()
    later = timezone.now() + timedelta(seconds=1)
    rows = Delivery.objects.all()
    rows.update(state=Delivery.State.DUE, problem=problem, next_try_at=later)
    assert grades.gone_links(links) == set()  # it is tried again
    rows.update(state=Delivery.State.REFUSED)
    assert grades.gone_links(links) == ({link.pk} if is_gone else set())
    rows.update(next_try_at=timezone.now() - timedelta(seconds=1))
    open_again(cast.course, cast.amina.membership)
    assert grades.gone_links(links) == set()
