"""The course page, the page of one activity, and the start of a launch from there."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lti_tool.sandbox import conf, tickets
from lti_tool.sandbox.models import Activity, Course, Ticket
from lti_tool.sandbox.views import answers
from lti_tool.sandbox.views.access import Visit, in_activity, in_course


@require_safe
@in_course
def course(request: HttpRequest, visit: Visit, course: Course) -> HttpResponse:
    context = {"course": course, "enrolment": visit.enrolment}
    return answers.page(request, "course.html", context)


@require_safe
@in_activity
def activity(request: HttpRequest, visit: Visit, activity: Activity) -> HttpResponse:
    context = {"course": activity.course, "activity": activity, "enrolment": visit.enrolment}
    return answers.page(request, "activity.html", context)


@require_safe
@in_activity
def launch(request: HttpRequest, visit: Visit, activity: Activity) -> HttpResponse:
    """Third-party-initiated login (Security Framework 1.0, 5.1.1.1), by POST as in Moodle."""
    window = request.GET.get("target") == "window"
    target = Ticket.Target.WINDOW if window else Ticket.Target.IFRAME
    fields = {
        "iss": conf.issuer(),
        "target_link_uri": activity.tool.target_link_uri,
        "login_hint": str(visit.session.person_id),
        "lti_message_hint": tickets.issue(visit.session, activity, target),
        "client_id": activity.tool.client_id,
        "lti_deployment_id": activity.tool.deployment_id,
    }
    return answers.post_form(request, activity.tool.login_url, fields, "Opening the activity")


@require_safe
@in_course
def back(request: HttpRequest, _visit: Visit, course: Course) -> HttpResponse:
    """The launch's return_url, which may be shown in the frame: it leads out of it."""
    messages = [request.GET.get(name, "") for name in ("lti_errormsg", "lti_msg")]
    context = {"course": course, "messages": [message for message in messages if message]}
    return answers.page(request, "return.html", context)
