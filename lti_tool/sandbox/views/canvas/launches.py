"""The launches that only Canvas has: Student View, SpeedGrader, and 'Submission Details'."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from lti_tool.sandbox.models import Activity, Enrolment, Flavour, Grade, Role, SignIn, Ticket
from lti_tool.sandbox.views import launching, responses
from lti_tool.sandbox.views.access import STAFF, enrolment_or_403, signed_in


@require_safe
@signed_in
def student_view(request: HttpRequest, session: SignIn, number: int) -> HttpResponse:
    activity = get_object_or_404(Activity, pk=number, course__flavour=Flavour.CANVAS)
    enrolment_or_403(session, activity.course, STAFF)
    context = {"course": activity.course, "activity": activity}
    return responses.page(request, "student_view.html", context)


@require_safe
@signed_in
def launch_student_view(request: HttpRequest, session: SignIn, number: int) -> HttpResponse:
    activity = get_object_or_404(Activity, pk=number, course__flavour=Flavour.CANVAS)
    enrolment_or_403(session, activity.course, STAFF)
    students = Enrolment.objects.filter(course=activity.course, role=Role.TEST_STUDENT)
    student = get_object_or_404(students.select_related("person")).person
    return launching.initiate(request, Ticket(sign_in=session, activity=activity, person=student))


@require_safe
@signed_in
def speed_grader(request: HttpRequest, session: SignIn, number: int, person: int) -> HttpResponse:
    grade = _grade_with_submission(session, number, person)
    activity = grade.column.activity
    context = {"course": grade.column.course, "activity": activity, "grade": grade}
    return responses.page(request, "speed_grader.html", context)


@require_safe
@signed_in
def launch_submission(
    request: HttpRequest, session: SignIn, number: int, person: int
) -> HttpResponse:
    grade = _grade_with_submission(session, number, person)
    activity, url = grade.column.activity, grade.submission_url
    ticket = Ticket(sign_in=session, activity=activity, submission_url=url)
    return launching.initiate(request, ticket)


def _grade_with_submission(session: SignIn, number: int, person: int) -> Grade:
    """Return a grade of a link that came with an address to launch.

    It is for staff of the course, and for the pupil whose it is: Canvas's 'Submission Details'
    launches the same. Raise Http404 or PermissionDenied.
    """
    grades = Grade.objects.select_related("column__course", "column__activity", "person")
    with_address = grades.filter(
        column__course__flavour=Flavour.CANVAS, column__activity__isnull=False
    ).exclude(submission_url="")
    grade = get_object_or_404(with_address, column=number, person=person)
    is_own = grade.person == session.person
    enrolment_or_403(session, grade.column.course, tuple(Role) if is_own else STAFF)
    return grade
