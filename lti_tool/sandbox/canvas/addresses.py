"""The addresses of Canvas's services, which have no query string."""

from lti_tool.sandbox.canvas import ids
from lti_tool.sandbox.models import Column
from lti_tool.sandbox.server import conf


def column(column: Column) -> str:
    return conf.address("canvas-column", column.course_id, column.pk)


def results(column: Column) -> str:
    return conf.address("canvas-results", column.course_id, column.pk)


def result(column: Column, person_id: int) -> str:
    return f"{results(column)}/{ids.person(person_id)}"
