"""The pages of a course and of an activity, and the launch from there."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lti_tool.sandbox.canvas.deep_linking import PLACEMENTS
from lti_tool.sandbox.deep_linking import selecting
from lti_tool.sandbox.models import Activity, Course, Role
from lti_tool.sandbox.platform import tickets
from lti_tool.sandbox.views import answers, launching
from lti_tool.sandbox.views.access import Visit, in_activity, in_course


@require_safe
@in_course
def course(request: HttpRequest, visit: Visit, course: Course) -> HttpResponse:
    others = Course.objects.filter(members=visit.enrolment.person).exclude(pk=course.pk)
    context: dict[str, object] = {
        "course": course,
        "enrolment": visit.enrolment,
        "others": others,
        "placements": PLACEMENTS,
    }
    if visit.enrolment.role == Role.TEACHER:
        context["tools"] = selecting.tools(course)
    return answers.page(request, "course.html", context)


@require_safe
@in_activity
def activity(request: HttpRequest, visit: Visit, activity: Activity) -> HttpResponse:
    context = {"course": activity.course, "activity": activity, "enrolment": visit.enrolment}
    return answers.page(request, "activity.html", context)


@require_safe
@in_activity
def launch(request: HttpRequest, visit: Visit, activity: Activity) -> HttpResponse:
    ticket = tickets.for_activity(visit.session, activity, launching.target(request))
    return launching.initiate(request, ticket)


@require_safe
@in_course
def back(request: HttpRequest, _visit: Visit, course: Course) -> HttpResponse:
    """Show the page at the launch's return_url, which leads out of the frame."""
    messages = [request.GET.get(name, "") for name in ("lti_errormsg", "lti_msg")]
    context = {"course": course, "messages": [message for message in messages if message]}
    return answers.page(request, "return.html", context)
