"""The views by which a teacher copies a course, and duplicates, dates or deletes an activity."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from lti_tool.sandbox import copying
from lti_tool.sandbox.models import Activity, Course, SignIn
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


class DatesForm(forms.ModelForm[Activity]):
    """A form for an activity's dates, and for sending dates to the tools of the course."""

    shares_dates = forms.BooleanField(
        required=False, label="Tell tools the dates of this course’s activities"
    )

    class Meta:
        model = Activity
        fields = ["opens_at", "due_at", "closes_at"]
        labels = {"opens_at": "Opens", "due_at": "Due", "closes_at": "Closes"}
        widgets = dict.fromkeys(
            fields, forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def settings(request: HttpRequest, session: SignIn, number: int) -> HttpResponse:
    """Show or save the dates of an activity, in UTC."""
    activity = get_object_or_404(Activity.objects.select_related("course"), pk=number)
    course = activity.course
    enrolment_or_403(session, course, TEACHER)
    data = request.POST if request.method == "POST" else None
    form = DatesForm(data, instance=activity, initial={"shares_dates": course.shares_dates})
    if form.is_valid():
        form.save()
        course.shares_dates = form.cleaned_data["shares_dates"]
        course.save(update_fields=["shares_dates"])
        return HttpResponseRedirect(conf.address("activity", activity.pk))
    context = {"course": course, "activity": activity, "form": form}
    return responses.page(request, "settings.html", context, 400 if form.errors else 200)
