"""The line items service (LTI-AGS 2.0, section 3.2).

A tool may delete the line items that it made, but not an activity's own.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse

from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.sandbox.models import Activity, Column
from lti_tool.sandbox.services import addresses, gradebook, line_item, paging
from lti_tool.sandbox.services.fields import BadFieldError
from lti_tool.sandbox.services.service import Call, RefusalError, Route, service

READ = (Scope.LINE_ITEM_READONLY, Scope.LINE_ITEM)
WRITE = (Scope.LINE_ITEM,)
FILTERS = {"resource_id": "resource_id", "tag": "tag"}


def called_column(call: Call) -> Column:
    """Return the column in the address; raise RefusalError (404) if it is not the tool's."""
    column = Column.objects.filter(pk=call.number, course=call.course, tool=call.tool).first()
    if column is None:
        raise RefusalError(404, "There is no such line item.")
    return column


def _list(call: Call) -> HttpResponse:
    columns = list(_filtered(call))
    page = paging.asked(call.request.GET)
    items = [line_item.as_json(column) for column in page.of(columns)]
    response = JsonResponse(items, safe=False, content_type=f"{MediaType.LINE_ITEM_CONTAINER}")
    address = addresses.columns(call.course.pk, call.tool.pk)
    paging.link_crookedly(response, page, len(columns), address)
    return response


def _filtered(call: Call) -> QuerySet[Column]:
    query = call.request.GET
    wanted = {field: query[name] for name, field in FILTERS.items() if name in query}
    columns = Column.objects.filter(course=call.course, tool=call.tool, **wanted)
    if "resource_link_id" in query:
        columns = columns.filter(activity__in=_linked(call, query["resource_link_id"]))
    return columns


def _linked(call: Call, link_id: str) -> QuerySet[Activity]:
    """Return the activity with that resource link id, as a queryset of one or none."""
    known = link_id.isascii() and link_id.isdecimal() and len(link_id) < 19
    return Activity.objects.filter(
        course=call.course, tool=call.tool, pk=int(link_id) if known else 0
    )


def _parsed(call: Call) -> line_item.LineItem:
    try:
        item = line_item.parse(call.json())
    except BadFieldError as error:
        raise RefusalError(400, f"{error}.") from error
    link = item.activity_id
    if link is not None and not _linked(call, str(link)).exists():
        raise RefusalError(403, "resourceLinkId is no link of this tool in this course.")
    return item


def _answer(column: Column, status: int) -> HttpResponse:
    item = line_item.as_json(column)
    return JsonResponse(item, status=status, content_type=f"{MediaType.LINE_ITEM}")


def _create(call: Call) -> HttpResponse:
    item = _parsed(call)
    column = Column.objects.create(
        course=call.course,
        tool=call.tool,
        activity_id=item.activity_id,
        label=item.label,
        maximum=item.maximum,
        resource_id=item.resource_id,
        tag=item.tag,
        review=item.review,
        made_by_tool=True,
    )
    return _answer(column, 201)


def _read(call: Call) -> HttpResponse:
    return _answer(called_column(call), 200)


@transaction.atomic
def _replace(call: Call) -> HttpResponse:
    """Replace a line item: absent members are erased, a new maximum rescales the grades."""
    column, item = called_column(call), _parsed(call)
    if not column.made_by_tool and item.activity_id not in {None, column.activity_id}:
        raise RefusalError(403, "An activity's own line item stays with it.")
    if item.maximum != column.maximum:
        gradebook.rescale(column, item.maximum)
    column.label, column.resource_id, column.tag = item.label, item.resource_id, item.tag
    column.review = item.review
    if column.made_by_tool:
        column.activity_id = item.activity_id
    column.save()
    return _answer(column, 200)


def _delete(call: Call) -> HttpResponse:
    column = called_column(call)
    if not column.made_by_tool:
        raise RefusalError(403, "An activity's own line item goes with it.")
    column.delete()
    return HttpResponse(status=204)


ITEM, CONTAINER = MediaType.LINE_ITEM, MediaType.LINE_ITEM_CONTAINER

columns = service(
    "line_items",
    {
        "GET": Route(_list, READ, accept=CONTAINER),
        "POST": Route(_create, WRITE, content_type=ITEM),
    },
)
column = service(
    "line_items",
    {
        "GET": Route(_read, READ, accept=ITEM),
        "PUT": Route(_replace, WRITE, content_type=ITEM),
        "DELETE": Route(_delete, WRITE),
    },
)
