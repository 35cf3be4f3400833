"""The views that open the submission behind a cell of the gradebook (Submission Review 1.0)."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from lti_tool.sandbox.models import Column, Enrolment, Person, Role
from lti_tool.sandbox.platform import tickets
from lti_tool.sandbox.views import answers, launching
from lti_tool.sandbox.views.access import Visit, visit

ReviewView = Callable[[HttpRequest, Visit, Column, Person], HttpResponse]


def _reviewable(view: ReviewView) -> Callable[[HttpRequest, int, int], HttpResponse]:
    """Decorate a view to get a column with a review, and a pupil.

    Staff may review every pupil, pupils themselves only.
    """

    @wraps(view)
    def guarded(request: HttpRequest, number: int, person: int) -> HttpResponse:
        offered = Column.objects.filter(review__isnull=False, activity__isnull=False)
        column = get_object_or_404(offered.select_related("course", "activity__tool"), pk=number)
        visited = visit(request, column.course)
        if isinstance(visited, HttpResponse):
            return visited
        if not visited.enrolment.teaches and visited.enrolment.person_id != person:
            return answers.error(request, "You may look at your own submission only.", 403)
        pupils = Enrolment.objects.exclude(role__in=[Role.TEACHER, Role.ASSISTANT])
        pupil = get_object_or_404(pupils, course=column.course, person_id=person).person
        return view(request, visited, column, pupil)

    return guarded


@require_safe
@_reviewable
def review(request: HttpRequest, _visit: Visit, column: Column, pupil: Person) -> HttpResponse:
    context = {"course": column.course, "column": column, "pupil": pupil}
    return answers.page(request, "review.html", context)


@require_safe
@_reviewable
def launch(request: HttpRequest, visit: Visit, column: Column, pupil: Person) -> HttpResponse:
    ticket = tickets.for_review(visit.session, column, pupil, launching.target(request))
    return launching.initiate(request, ticket)
