"""Functions that make a link's column, and make it again if it is gone, once for all scores."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from lti_tool.grades.outbox.leasing import LEASE
from lti_tool.grades.outbox.locking import update_in_order
from lti_tool.models import Delivery, LineItem
from lti_tool.platforms.products import CANVAS, product_of
from lti_tool.protocol.vocabulary import Scope
from lti_tool.services import ags
from lti_tool.services.ags import ColumnKey
from lti_tool.services.errors import DeliveryProblem, ServiceError
from lti_tool.services.platform import Platform

# For so long a link for which there is no column is not asked about again, unless a launch or a
# person gives a reason: each pupil's score would ask anew.
REFUSED_FOR = timedelta(hours=6)
# After these nobody knows whether the platform has created the column.
_MAY_BE_MADE = {
    DeliveryProblem.UNREACHABLE,
    DeliveryProblem.SERVER_ERROR,
    DeliveryProblem.ANSWER_UNREADABLE,
}


def column_problem(line_item: LineItem) -> DeliveryProblem | None:
    """Return why a score that came now would find no column, or None if it may find one."""
    if line_item.url:
        return None
    if not _may_make(line_item):
        return DeliveryProblem.NO_COLUMN
    if line_item.refused_at is None or line_item.refused_at < timezone.now() - REFUSED_FOR:
        return None
    return DeliveryProblem.COLUMN_UNKNOWN if line_item.creation else DeliveryProblem.NO_COLUMN


def make_column(platform: Platform, line_item: LineItem, row: Delivery) -> str:
    """Return the address of the link's column, making it if need be.

    Only the process that holds the line item makes it. Raise ServiceError: NO_COLUMN if none
    may be made or the platform makes none for this link, COLUMN_UNKNOWN if it has made one and
    does not say where, WAITING while another process makes it.
    """
    if problem := column_problem(line_item):
        raise ServiceError(problem, permanent=True)
    now = timezone.now()
    held = LineItem.objects.filter(
        Q(made_until__isnull=True) | Q(made_until__lt=now), pk=line_item.pk, url=""
    ).update(made_by=row.leased_by, made_until=now + LEASE)
    if not held:
        return _made_by_another(line_item)
    try:
        address = _find_or_create(platform, line_item)
        # If a launch has told the column meanwhile, the one that the platform told is used.
        if not _save(line_item, url=address, creation=LineItem.Creation.NONE):
            return _made_by_another(line_item)
    except ServiceError as error:
        if error.problem is DeliveryProblem.NO_COLUMN:
            _save(line_item, refused_at=timezone.now())
        elif error.problem is DeliveryProblem.COLUMN_UNKNOWN:
            creation = line_item.creation or LineItem.Creation.MADE
            _save(line_item, refused_at=timezone.now(), creation=creation)
        raise
    finally:
        mine = LineItem.objects.filter(pk=line_item.pk, made_by=row.leased_by)
        mine.update(made_by="", made_until=None)
    return address


def _may_make(line_item: LineItem) -> bool:
    return bool(line_item.container_url) and Scope.LINE_ITEM in line_item.scopes


def _key(line_item: LineItem) -> ColumnKey:
    link_id = line_item.link.lti_id
    if line_item.tag:
        return ColumnKey(resource_id=link_id, tag=line_item.tag)
    return ColumnKey(link_id=link_id)


def _find_or_create(platform: Platform, line_item: LineItem) -> str:
    """Return the address of the column that is listed, or of one that is created now.

    The creation is saved before the platform is asked for it: a process that is killed then, or
    an answer that is lost, leaves a column that the next try must not double. Where columns can be
    listed the list tells whether it is there; where not, or after the platform said that it
    has created one, none is created again.
    """
    container, key = line_item.container_url, _key(line_item)
    found = ags.find_line_item(platform, container, key)
    if found:
        return found
    line_item.refresh_from_db(fields=["creation"])
    is_listable = found is not None
    if line_item.creation == LineItem.Creation.MADE or (line_item.creation and not is_listable):
        raise ags.column_unknown("created before")
    if not _save(line_item, creation=LineItem.Creation.ASKED):
        return _made_by_another(line_item)
    try:
        address = ags.make_line_item(
            platform,
            container,
            key,
            label=line_item.label or str(line_item.link),
            maximum=line_item.maximum,
        )
    except ServiceError as error:
        if error.problem not in _MAY_BE_MADE:
            _save(line_item, creation=LineItem.Creation.NONE)
        raise
    if not address:
        _save(line_item, creation=LineItem.Creation.MADE)
        address = ags.find_line_item(platform, container, key) or ""
    if not address:
        raise ags.column_unknown("created without an address")
    return address


def _save(line_item: LineItem, **values: object) -> int:
    """Save fields of a line item that has no address; return 0 if a launch has told one."""
    return LineItem.objects.filter(pk=line_item.pk, url="").update(**values)


def replace_column(platform: Platform, line_item: LineItem, row: Delivery) -> str:
    """Return the address of another column for one that the platform says is gone.

    That is the column that the platform has now, or a new one. All scores of the old one are
    made due again. Raise ServiceError: COLUMN_GONE if none may be made or nobody can tell whether
    one is there, NOT_ACCEPTED if the column is there all the same, COURSE_OVER if the course is not
    there either, and as ``make_column`` does.
    """
    if not _may_make(line_item):
        raise ServiceError(DeliveryProblem.COLUMN_GONE, permanent=True)
    found = _find_column(platform, line_item, row)
    if found and ags.is_same_address(found, line_item.url):
        # Some platforms answer so for a person they do not know.
        raise ServiceError(
            DeliveryProblem.NOT_ACCEPTED, "the column has no such cell", permanent=True
        )
    # Of several scores that find the column gone, only one clears the address.
    is_first = LineItem.objects.filter(pk=line_item.pk, url=line_item.url).update(
        url="", refused_at=None
    )
    gone, line_item.url, line_item.refused_at = line_item.url, "", None
    try:
        address = make_column(platform, line_item, row)
    except ServiceError as error:
        # A column that was created in its place keeps the old address from coming back.
        if is_first and error.problem is not DeliveryProblem.COLUMN_UNKNOWN:
            _save(line_item, url=gone)
        # The whole activity was deleted: Moodle does not allow it, Canvas does not find it.
        if error.problem in {DeliveryProblem.NOT_ALLOWED, DeliveryProblem.NO_COLUMN}:
            raise ServiceError(DeliveryProblem.COLUMN_GONE, error.detail, permanent=True) from error
        raise
    if is_first:
        _send_all_again(line_item, row)
    return address


def _find_column(platform: Platform, line_item: LineItem, row: Delivery) -> str:
    """Return the address of the link's column, or ''. Raise ServiceError as ``find_line_item``.

    Where there is no list either, nobody knows whether the column is gone, so none is created. In
    Canvas it is the course that is missing then: it may answer so in one that has concluded
    (gradebook_services.rb in app/controllers/lti/ims).
    """
    found = ags.find_line_item(platform, line_item.container_url, _key(line_item))
    if found is None:
        is_canvas = product_of(row.registration.product) is CANVAS
        problem = DeliveryProblem.COURSE_OVER if is_canvas else DeliveryProblem.COLUMN_GONE
        raise ServiceError(problem, "no list of columns", permanent=True)
    return found


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
    raise ServiceError(DeliveryProblem.WAITING, "the column is being made", permanent=False)
