"""The line items service (LTI-AGS 2.0, section 3.2).

A tool may delete the line items that it made, but not an activity's own.
"""

from django.db import transaction
from django.http import HttpResponse, JsonResponse

from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.sandbox.models import Activity, Column
from lti_tool.sandbox.server.converters import parse_number
from lti_tool.sandbox.services import addresses, gradebook, line_item, paging
from lti_tool.sandbox.services.fields import BadFieldError
from lti_tool.sandbox.services.service import Call, RefusalError, Route, service

READ = (Scope.LINE_ITEM_READONLY, Scope.LINE_ITEM)
WRITE = (Scope.LINE_ITEM,)
ITEM, CONTAINER = MediaType.LINE_ITEM, MediaType.LINE_ITEM_CONTAINER


def called_column(call: Call) -> Column:
    """Return the column in the address; raise RefusalError (404) if it is not the tool's."""
    column = Column.objects.filter(pk=call.number, course=call.course, tool=call.tool).first()
    if column is None:
        raise RefusalError(404, "There is no such line item.")
    return column


def linked_activity(call: Call, link_id: str) -> Activity | None:
    """Return the tool's activity in this course with that resource link id, or None."""
    activities = Activity.objects.filter(course=call.course, tool=call.tool)
    return activities.filter(pk=parse_number(link_id) or 0).first()


def _list(call: Call) -> HttpResponse:
    query = call.request.GET
    columns = Column.objects.filter(course=call.course, tool=call.tool)
    for name in ("resource_id", "tag"):
        if name in query:
            columns = columns.filter(**{name: query[name]})
    if "resource_link_id" in query:
        activity = linked_activity(call, query["resource_link_id"])
        columns = columns.filter(activity=activity) if activity else columns.none()
    page, found = paging.requested_page(query), list(columns)
    items = [line_item.as_json(column) for column in page.select(found)]
    response = JsonResponse(items, safe=False, content_type=str(CONTAINER))
    address = addresses.columns(call.course.pk, call.tool.pk)
    paging.set_malformed_link_header(response, page, len(found), address)
    return response


def _parse(call: Call) -> line_item.LineItem:
    """Return the line item in the body. Raise RefusalError if it is wrong."""
    try:
        item = line_item.parse(call.json())
    except BadFieldError as error:
        raise RefusalError(400, f"{error}.") from error
    link = item.activity_id
    if link is not None and linked_activity(call, str(link)) is None:
        raise RefusalError(403, "resourceLinkId is no link of this tool in this course.")
    return item


def _respond(column: Column, status: int = 200) -> HttpResponse:
    return JsonResponse(line_item.as_json(column), status=status, content_type=str(ITEM))


def _create(call: Call) -> HttpResponse:
    item = _parse(call)
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
    return _respond(column, 201)


def _read(call: Call) -> HttpResponse:
    return _respond(called_column(call))


@transaction.atomic
def _replace(call: Call) -> HttpResponse:
    """Replace a line item: absent members are erased, a new maximum rescales the grades."""
    column, item = called_column(call), _parse(call)
    if not column.made_by_tool and item.activity_id not in {None, column.activity_id}:
        raise RefusalError(403, "An activity's own line item stays with it.")
    if item.maximum != column.maximum:
        gradebook.rescale(column, item.maximum)
    column.label, column.resource_id, column.tag = item.label, item.resource_id, item.tag
    column.review = item.review
    if column.made_by_tool:
        column.activity_id = item.activity_id
    column.save()
    return _respond(column)


def _delete(call: Call) -> HttpResponse:
    column = called_column(call)
    if not column.made_by_tool:
        raise RefusalError(403, "An activity's own line item goes with it.")
    column.delete()
    return HttpResponse(status=204)


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
