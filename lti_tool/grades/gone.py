"""The activities that the LMS has said are no more: deleted, or in a course that is over."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from lti_tool.models import Delivery, StoredLaunch
from lti_tool.services.errors import DeliveryProblem

_GONE = (DeliveryProblem.COLUMN_GONE, DeliveryProblem.COURSE_OVER)


def gone_links(links: Collection[int]) -> set[int]:
    """Return those of these links, by ``ResourceLink.pk``, that the LMS has no more. One statement.

    No LMS tells that an activity was deleted. What tells it is that the LMS refuses a score because
    its column or course is not there, and that nobody has opened the activity since: an activity
    that was saved without grades in Moodle has no column either, and is opened.
    """
    opened = StoredLaunch.objects.filter(
        link=OuterRef("line_item__link"), created_at__gt=OuterRef("next_try_at")
    )
    rows = Delivery.objects.filter(
        ~Exists(opened),
        line_item__link__in=links,
        line_item__tag="",
        state=Delivery.State.REFUSED,
        problem__in=_GONE,
    )
    return set(rows.values_list("line_item__link", flat=True))
