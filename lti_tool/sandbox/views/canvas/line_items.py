"""Canvas's line items service, where a line item without a link becomes an assignment."""

from django.db import transaction
from django.http import HttpResponse, JsonResponse

from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.sandbox.canvas import ids, line_item, paging
from lti_tool.sandbox.canvas.line_item import LineItem
from lti_tool.sandbox.models import Activity, Column, Flavour
from lti_tool.sandbox.server import conf
from lti_tool.sandbox.services import gradebook
from lti_tool.sandbox.services.fields import BadFieldError
from lti_tool.sandbox.services.service import Call, RefusalError, Route, service

READ = (Scope.LINE_ITEM_READONLY, Scope.LINE_ITEM)
WRITE = (Scope.LINE_ITEM,)
CANVAS, ITEM, CONTAINER = Flavour.CANVAS, MediaType.LINE_ITEM, MediaType.LINE_ITEM_CONTAINER


def called_column(call: Call) -> Column:
    """Return the column in the address; raise RefusalError (404) if it is not the tool's."""
    columns = Column.objects.filter(course=call.course, tool=call.tool)
    column = columns.select_related("course").filter(pk=call.number).first()
    if column is None:
        raise RefusalError(404, "There is no such line item.")
    return column


def linked_activity(call: Call, link_id: str) -> Activity:
    """Return the activity with that resource link id; raise RefusalError (404) without one."""
    for activity in Activity.objects.filter(course=call.course, tool=call.tool):
        if ids.link(activity.pk) == link_id:
            return activity
    raise RefusalError(404, "There is no such resource link.")


def _list(call: Call) -> HttpResponse:
    query = call.request.GET
    columns = Column.objects.filter(course=call.course, tool=call.tool)
    for name in ("resource_id", "tag"):
        if name in query:
            columns = columns.filter(**{name: query[name]})
    found = list(columns)
    if link_id := query.get("resource_link_id"):
        found = [
            item for item in found if item.activity_id and ids.link(item.activity_id) == link_id
        ]
    page = paging.requested_page(query, conf.address("canvas-columns", call.course.pk))
    items = [line_item.as_json(column) for column in page.select(found)]
    response = JsonResponse(items, safe=False, content_type=str(CONTAINER))
    page.set_link_header(response, len(found))
    return response


def _parse(call: Call) -> LineItem:
    """Return the line item in the body. Raise RefusalError (422) if it is wrong."""
    try:
        return line_item.parse(call.json(), conf.origin(call.tool.target_link_uri))
    except BadFieldError as error:
        raise RefusalError(422, f"{error}.") from error


def _respond(column: Column, status: int = 200) -> HttpResponse:
    return JsonResponse(line_item.as_json(column), status=status, content_type=str(ITEM))


@transaction.atomic
def _create(call: Call) -> HttpResponse:
    """Create a line item, for a link or with an assignment of its own.

    Without a link, an address of the tool makes it an assignment; without either it cannot be
    launched. Canvas looks for the link among assignments first (`gradebook_services.rb`), so one
    that has no column is not found.
    """
    item, activity = _parse(call), None
    if item.label is None or not item.label.strip():
        raise RefusalError(422, "label is missing.")
    if item.maximum is None:
        raise RefusalError(422, "scoreMaximum is missing.")
    if item.link_id is not None:
        activity = linked_activity(call, item.link_id)
        if not activity.columns.exists():
            raise RefusalError(404, "The specified resource does not exist.")
    elif item.tool_url:
        activity = Activity.objects.create(
            course=call.course, tool=call.tool, title=item.label, url=item.tool_url
        )
    column = Column.objects.create(
        course=call.course,
        tool=call.tool,
        activity=activity,
        label=item.label,
        maximum=item.maximum,
        resource_id=item.resource_id or "",
        tag=item.tag or "",
        made_by_tool=True,
    )
    return _respond(column, 201)


def _read(call: Call) -> HttpResponse:
    return _respond(called_column(call))


@transaction.atomic
def _update(call: Call) -> HttpResponse:
    """Update a line item; absent members keep their values."""
    column, item = called_column(call), _parse(call)
    if item.maximum is not None and item.maximum != column.maximum:
        gradebook.rescale(column, item.maximum)
    column.label = item.label or column.label
    column.resource_id = column.resource_id if item.resource_id is None else item.resource_id
    column.tag = column.tag if item.tag is None else item.tag
    column.save()
    return _respond(column)


def _delete(call: Call) -> HttpResponse:
    column = called_column(call)
    if not column.made_by_tool:
        raise RefusalError(401, "A link's own line item goes with it.")
    column.delete()
    return HttpResponse(status=204)


columns = service(
    "line_items",
    {
        "GET": Route(_list, READ, accept=CONTAINER, flavour=CANVAS),
        "POST": Route(_create, WRITE, content_type=ITEM, flavour=CANVAS),
    },
)
column = service(
    "line_items",
    {
        "GET": Route(_read, READ, accept=ITEM, flavour=CANVAS),
        "PUT": Route(_update, WRITE, content_type=ITEM, flavour=CANVAS),
        "DELETE": Route(_delete, WRITE, flavour=CANVAS),
    },
)
