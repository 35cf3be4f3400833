"""The views that open the submission behind a cell of the gradebook (Submission Review 1.0)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from lti_tool.sandbox.models import Column, Enrolment, Person, SignIn, Ticket
from lti_tool.sandbox.views import launching, responses
from lti_tool.sandbox.views.access import STAFF, enrolment_or_403, signed_in


@require_safe
@signed_in
def review(request: HttpRequest, session: SignIn, number: int, person: int) -> HttpResponse:
    column, pupil = _column_and_pupil(session, number, person)
    context = {"course": column.course, "column": column, "pupil": pupil}
    return responses.page(request, "review.html", context)


@require_safe
@signed_in
def launch(request: HttpRequest, session: SignIn, number: int, person: int) -> HttpResponse:
    column, pupil = _column_and_pupil(session, number, person)
    ticket = Ticket(
        sign_in=session, activity=column.activity, reviewed_column=column, reviewed_person=pupil
    )
    return launching.initiate(request, ticket)


def _column_and_pupil(session: SignIn, number: int, person: int) -> tuple[Column, Person]:
    """Return a column with a review, and a pupil: staff may review every one, pupils themselves.

    Raise Http404 or PermissionDenied.
    """
    reviewable = Column.objects.filter(review__isnull=False, activity__isnull=False)
    column = get_object_or_404(reviewable.select_related("course", "activity__tool"), pk=number)
    enrolment = enrolment_or_403(session, column.course)
    if not enrolment.teaches and session.person_id != person:
        raise PermissionDenied("You may look at your own submission only.")
    pupils = Enrolment.objects.exclude(role__in=STAFF).select_related("person")
    return column, get_object_or_404(pupils, course=column.course, person=person).person
