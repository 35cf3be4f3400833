"""The pages of a course and of an activity, and the launch from there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from lti_tool.sandbox.canvas.deep_linking import PLACEMENTS
from lti_tool.sandbox.deep_linking import selecting
from lti_tool.sandbox.models import Activity, Course, SignIn, Ticket
from lti_tool.sandbox.views import launching, responses
from lti_tool.sandbox.views.access import BUILDERS, enrolment_or_403, signed_in


@require_safe
@signed_in
def course(request: HttpRequest, session: SignIn, number: int) -> HttpResponse:
    course = get_object_or_404(Course, pk=number)
    enrolment = enrolment_or_403(session, course)
    context: dict[str, object] = {
        "course": course,
        "enrolment": enrolment,
        "others": Course.objects.filter(members=session.person).exclude(pk=course.pk),
        "placements": PLACEMENTS,
    }
    if enrolment.role in BUILDERS:
        context["tools"] = selecting.tools(course)
    return responses.page(request, "course.html", context)


@require_safe
@signed_in
def activity(request: HttpRequest, session: SignIn, number: int) -> HttpResponse:
    activity = get_object_or_404(Activity.objects.select_related("course", "tool"), pk=number)
    enrolment = enrolment_or_403(session, activity.course)
    context = {"course": activity.course, "activity": activity, "enrolment": enrolment}
    return responses.page(request, "activity.html", context)


@require_safe
@signed_in
def launch(request: HttpRequest, session: SignIn, number: int) -> HttpResponse:
    activity = get_object_or_404(Activity.objects.select_related("course", "tool"), pk=number)
    enrolment_or_403(session, activity.course)
    return launching.initiate(request, Ticket(sign_in=session, activity=activity))


@require_safe
@signed_in
def launch_return(request: HttpRequest, session: SignIn, number: int) -> HttpResponse:
    """Show the page at the launch's return_url, which leads out of the frame."""
    course = get_object_or_404(Course, pk=number)
    enrolment_or_403(session, course)
    messages = [request.GET.get(name, "") for name in ("lti_errormsg", "lti_msg")]
    context = {"course": course, "messages": [message for message in messages if message]}
    return responses.page(request, "return.html", context)
