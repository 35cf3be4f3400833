"""The addresses of services for tools. Most carry a query string, as in Moodle."""

from lti_tool.sandbox.models import Column, Selection
from lti_tool.sandbox.server import conf


def columns(course_id: int, type_id: int) -> str:
    return f"{conf.address('columns', course_id)}?type_id={type_id}"


def column(column: Column) -> str:
    """Return the id of a line item; `/scores` and `/results` go before its query."""
    address = conf.address("column", column.course_id, column.pk)
    return f"{address}?type_id={column.tool_id}"


def results(column: Column) -> str:
    address = conf.address("results", column.course_id, column.pk)
    return f"{address}?type_id={column.tool_id}"


def result(column: Column, person_id: int) -> str:
    return f"{results(column)}&user_id={person_id}"


def selected(selection: Selection) -> str:
    """Return the address that accepts the response to this deep linking request."""
    address = conf.address("selected", selection.course_id)
    return f"{address}?id={selection.tool_id}&sesskey={selection.key}"
