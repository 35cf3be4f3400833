"""A link's column: made where the platform made none, made again where it is gone, once."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from lti_tool.errors import Problem, ServiceError
from lti_tool.models import Delivery, LineItem
from lti_tool.outbox.leasing import LEASE
from lti_tool.services import ags
from lti_tool.services.ags import Platform
from lti_tool.vocabulary import Scope


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
        LineItem.objects.filter(pk=line_item.pk, url="").update(url=address)
    finally:
        mine = LineItem.objects.filter(pk=line_item.pk, made_by=row.leased_by)
        mine.update(made_by="", made_until=None)
    return address


def forget_column(line_item: LineItem) -> bool:
    """The platform says that this column is gone. Whether another may be looked for or made."""
    if not line_item.container_url or Scope.LINE_ITEM not in line_item.scopes:
        return False
    LineItem.objects.filter(pk=line_item.pk, url=line_item.url).update(url="")
    return True


def _made_by_another(line_item: LineItem) -> str:
    fresh = LineItem.objects.values_list("url", flat=True).get(pk=line_item.pk)
    if fresh:
        return fresh
    raise ServiceError(Problem.BUSY, "the column is being made", permanent=False)
