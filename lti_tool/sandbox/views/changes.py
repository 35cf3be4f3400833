"""The views by which a teacher copies a course, and duplicates, dates or deletes an activity."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from lti_tool.sandbox import copying
from lti_tool.sandbox.models import Activity, Course, Flavour, SignIn
from lti_tool.sandbox.server import conf
from lti_tool.sandbox.views import responses
from lti_tool.sandbox.views.access import TEACHER, enrolment_or_403, signed_in


@require_POST
@signed_in
def copy_course(_request: HttpRequest, session: SignIn, number: int) -> HttpResponse:
    course = get_object_or_404(Course, pk=number)
    enrolment_or_403(session, course, TEACHER)
    copy = copying.copy_course(course)
    return HttpResponseRedirect(conf.address("course", copy.pk))


@require_POST
@signed_in
def restore_course(_request: HttpRequest, session: SignIn, number: int) -> HttpResponse:
    course = get_object_or_404(Course, pk=number)
    enrolment_or_403(session, course, TEACHER)
    copy = copying.restore_course(course)
    return HttpResponseRedirect(conf.address("course", copy.pk))


@require_POST
@signed_in
def duplicate(_request: HttpRequest, session: SignIn, number: int) -> HttpResponse:
    activity = get_object_or_404(Activity, pk=number)
    enrolment_or_403(session, activity.course, TEACHER)
    copy = copying.duplicate_activity(activity)
    return HttpResponseRedirect(conf.address("activity", copy.pk))


@require_POST
@signed_in
def delete(_request: HttpRequest, session: SignIn, number: int) -> HttpResponse:
    """Delete an activity with its columns and their grades."""
    activity = get_object_or_404(Activity, pk=number)
    enrolment_or_403(session, activity.course, TEACHER)
    activity.delete()
    return HttpResponseRedirect(conf.address("course", activity.course_id))


DATES = ("opens_at", "due_at", "closes_at")
OF_COURSE = ("shares_dates", "is_concluded", "links_are_graded")


class SettingsForm(forms.ModelForm[Activity]):
    """A form for an activity's dates and attempts, and for the settings of its course."""

    shares_dates = forms.BooleanField(
        required=False, label="Tell tools the dates of this course’s activities"
    )
    is_concluded = forms.BooleanField(required=False, label="This course has concluded")
    links_are_graded = forms.BooleanField(
        required=False, label="A link with a line item, chosen for a module, becomes an assignment"
    )

    class Meta:
        model = Activity
        fields = [*DATES, "is_published", "allowed_attempts"]
        labels = {
            "opens_at": "Opens",
            "due_at": "Due",
            "closes_at": "Closes",
            "is_published": "Published",
            "allowed_attempts": "Submission attempts",
        }
        widgets = dict.fromkeys(
            DATES, forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        )

    def __init__(self, data: QueryDict | None, activity: Activity, course: Course) -> None:
        initial = {name: getattr(course, name) for name in OF_COURSE}
        super().__init__(data, instance=activity, initial=initial)
        if course.flavour != Flavour.CANVAS:
            for name in ("is_published", "allowed_attempts", "is_concluded", "links_are_graded"):
                del self.fields[name]

    def save_course(self, course: Course) -> None:
        """Save what was entered for the course."""
        for name in OF_COURSE:
            setattr(course, name, self.cleaned_data.get(name, False))
        course.save(update_fields=OF_COURSE)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def settings(request: HttpRequest, session: SignIn, number: int) -> HttpResponse:
    """Show or save the settings of an activity and its course; dates are in UTC."""
    activity = get_object_or_404(Activity.objects.select_related("course"), pk=number)
    course = activity.course
    enrolment_or_403(session, course, TEACHER)
    data = request.POST if request.method == "POST" else None
    form = SettingsForm(data, activity, course)
    if form.is_valid():
        form.save()
        form.save_course(course)
        return HttpResponseRedirect(conf.address("activity", activity.pk))
    context = {"course": course, "activity": activity, "form": form}
    return responses.page(request, "settings.html", context, 400 if form.errors else 200)
