"""Functions that make a link's column, and make it again if it is gone, once for all scores."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from lti_tool.grades.outbox.leasing import LEASE
from lti_tool.grades.outbox.locking import update_in_order
from lti_tool.models import Delivery, LineItem
from lti_tool.protocol.vocabulary import Scope
from lti_tool.services import ags
from lti_tool.services.errors import DeliveryProblem, ServiceError
from lti_tool.services.platform import Platform


def make_column(platform: Platform, line_item: LineItem, row: Delivery) -> str:
    """Return the address of the link's column, making it if need be.

    Only the process that holds the line item makes it. Raise ServiceError: NO_COLUMN if none
    may be made or the platform makes none for this link, BUSY while another process makes it.
    """
    if not line_item.container_url or Scope.LINE_ITEM not in line_item.scopes:
        raise ServiceError(DeliveryProblem.NO_COLUMN, permanent=True)
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
        # If a launch has told the column meanwhile, the one that the platform told is used.
        if not LineItem.objects.filter(pk=line_item.pk, url="").update(url=address):
            return _made_by_another(line_item)
    finally:
        mine = LineItem.objects.filter(pk=line_item.pk, made_by=row.leased_by)
        mine.update(made_by="", made_until=None)
    return address


def replace_column(platform: Platform, line_item: LineItem, row: Delivery) -> str:
    """Return the address of another column for one that the platform says is gone.

    That is the column that the platform has now, or a new one. All scores of the old one are
    made due again. Raise ServiceError: COLUMN_GONE if none may be made, NOT_ACCEPTED if the
    column is there all the same, COURSE_OVER if the course is not there either, and as
    ``make_column`` does.
    """
    if not line_item.container_url or Scope.LINE_ITEM not in line_item.scopes:
        raise ServiceError(DeliveryProblem.COLUMN_GONE, permanent=True)
    found = _find_column(platform, line_item)
    if found and ags.is_same_address(found, line_item.url):
        # Some platforms answer so for a person they do not know.
        raise ServiceError(
            DeliveryProblem.NOT_ACCEPTED, "the column has no such cell", permanent=True
        )
    # Of several scores that find the column gone, only one clears the address.
    is_first = LineItem.objects.filter(pk=line_item.pk, url=line_item.url).update(url="")
    try:
        address = make_column(platform, line_item, row)
    except ServiceError as error:
        if is_first:
            LineItem.objects.filter(pk=line_item.pk, url="").update(url=line_item.url)
        # The whole activity was deleted: Moodle does not allow it, Canvas does not find it.
        if error.problem in {DeliveryProblem.NOT_ALLOWED, DeliveryProblem.NO_COLUMN}:
            raise ServiceError(DeliveryProblem.COLUMN_GONE, error.detail, permanent=True) from error
        raise
    if is_first:
        _send_all_again(line_item, row)
    return address


def _find_column(platform: Platform, line_item: LineItem) -> str:
    """Return the address of the link's column, or ''. Raise ServiceError as ``find_line_item``.

    Where even the list of columns is not found, it is the course that is missing: Canvas may
    answer so in one that has concluded (gradebook_services.rb in app/controllers/lti/ims).
    """
    try:
        return ags.find_line_item(platform, line_item.container_url, line_item.link.lti_id)
    except ServiceError as error:
        if error.problem is not DeliveryProblem.COLUMN_GONE:
            raise
        raise ServiceError(DeliveryProblem.COURSE_OVER, error.detail, permanent=True) from error


def _send_all_again(line_item: LineItem, row: Delivery) -> None:
    """Make due the settled scores of a column that is gone, also those somebody changed there.

    ``sent_…`` stays: if the column that is found holds other grades, they are recognised as
    somebody else's.
    """
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
        attempts_used_up=False,
    )


def _made_by_another(line_item: LineItem) -> str:
    fresh = LineItem.objects.values_list("url", flat=True).get(pk=line_item.pk)
    if fresh:
        return fresh
    raise ServiceError(DeliveryProblem.BUSY, "the column is being made", permanent=False)
