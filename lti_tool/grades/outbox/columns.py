"""A link's column: made where the platform made none, made again where it is gone, once."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from lti_tool.grades.outbox.leasing import LEASE
from lti_tool.grades.outbox.locking import update_in_order
from lti_tool.models import Delivery, LineItem
from lti_tool.protocol.vocabulary import Scope
from lti_tool.services import ags
from lti_tool.services.ags import Platform
from lti_tool.services.errors import Problem, ServiceError


def make_column(platform: Platform, line_item: LineItem, row: Delivery) -> str:
    """The address of the link's column, made if need be by whoever holds the line item.

    Raises ServiceError: NO_COLUMN where none may be made, BUSY while another makes it.
    """
    if not line_item.container_url or Scope.LINE_ITEM not in line_item.scopes:
        raise ServiceError(Problem.NO_COLUMN, permanent=True)
    now = timezone.now()
    held = LineItem.objects.filter(
        Q(made_until__isnull=True) | Q(made_until__lt=now), pk=line_item.pk, url=""
    ).update(made_by=row.leased_by, made_until=now + LEASE)
    if not held:
        return _made_by_another(line_item)
    try:
        address = ags.make_line_item(
            platform,
            line_item.container_url,
            link_id=line_item.link.lti_id,
            label=str(line_item.link),
            maximum=line_item.maximum,
        )
        # A launch may have told of the column meanwhile: what the platform says comes first.
        if not LineItem.objects.filter(pk=line_item.pk, url="").update(url=address):
            return _made_by_another(line_item)
    finally:
        mine = LineItem.objects.filter(pk=line_item.pk, made_by=row.leased_by)
        mine.update(made_by="", made_until=None)
    return address


def replace_column(platform: Platform, line_item: LineItem, row: Delivery) -> str:
    """The platform says that this column is gone: the one that is there now, or another.

    What the old one held is due again. Raises ServiceError: COLUMN_GONE where none may be
    made, NOT_ACCEPTED where the column is there all the same, and as ``make_column`` does.
    """
    if not line_item.container_url or Scope.LINE_ITEM not in line_item.scopes:
        raise ServiceError(Problem.COLUMN_GONE, permanent=True)
    found = ags.find_line_item(platform, line_item.container_url, line_item.link.lti_id)
    if found and ags.is_same_address(found, line_item.url):
        # Some platforms answer so for a person they do not know.
        raise ServiceError(Problem.NOT_ACCEPTED, "the column has no such cell", permanent=True)
    # Of several scores that find it gone, one says so to all.
    is_first = LineItem.objects.filter(pk=line_item.pk, url=line_item.url).update(url="")
    try:
        address = make_column(platform, line_item, row)
    except ServiceError as problem:
        if is_first:
            LineItem.objects.filter(pk=line_item.pk, url="").update(url=line_item.url)
        if problem.problem is Problem.NOT_ALLOWED:  # Moodle: the whole activity was deleted
            raise ServiceError(Problem.COLUMN_GONE, problem.detail, permanent=True) from problem
        raise
    if is_first:
        _send_all_again(line_item, row)
    return address


def _send_all_again(line_item: LineItem, row: Delivery) -> None:
    """With what somebody changed there, which is gone too. ``sent_…`` stays: should the column
    that is found hold other grades, they are seen to be theirs."""
    now = timezone.now()
    settled = Delivery.objects.filter(line_item=line_item, state__in=Delivery.SETTLED)
    update_in_order(
        settled.exclude(pk=row.pk),
        state=Delivery.State.DUE,
        problem="",
        next_try_at=now,
        updated_at=now,
        delivered_at=None,
        sent_comment="",
    )


def _made_by_another(line_item: LineItem) -> str:
    fresh = LineItem.objects.values_list("url", flat=True).get(pk=line_item.pk)
    if fresh:
        return fresh
    raise ServiceError(Problem.BUSY, "the column is being made", permanent=False)
