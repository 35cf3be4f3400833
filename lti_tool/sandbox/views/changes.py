"""The views by which a teacher copies a course, and duplicates, dates or deletes an activity."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from lti_tool.sandbox import copying
from lti_tool.sandbox.models import Activity, Course
from lti_tool.sandbox.server import conf
from lti_tool.sandbox.views import answers
from lti_tool.sandbox.views.access import Visit, in_activity, in_course, taught_by_visitor


@require_POST
@in_course
@taught_by_visitor
def copy_course(_request: HttpRequest, _visit: Visit, course: Course) -> HttpResponse:
    return HttpResponseRedirect(conf.address("course", copying.copy_course(course).pk))


@require_POST
@in_activity
@taught_by_visitor
def duplicate(_request: HttpRequest, _visit: Visit, activity: Activity) -> HttpResponse:
    return HttpResponseRedirect(conf.address("activity", copying.duplicate(activity).pk))


@require_POST
@in_activity
@taught_by_visitor
def delete(_request: HttpRequest, _visit: Visit, activity: Activity) -> HttpResponse:
    """Delete an activity with its columns and their grades."""
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
@in_activity
@taught_by_visitor
def settings(request: HttpRequest, _visit: Visit, activity: Activity) -> HttpResponse:
    """Show or save the dates of an activity, in UTC."""
    course = activity.course
    sent = request.POST if request.method == "POST" else None
    form = DatesForm(sent, instance=activity, initial={"shares_dates": course.shares_dates})
    if form.is_valid():
        form.save()
        Course.objects.filter(pk=course.pk).update(shares_dates=form.cleaned_data["shares_dates"])
        return HttpResponseRedirect(conf.address("activity", activity.pk))
    context = {"course": course, "activity": activity, "form": form}
    return answers.page(request, "settings.html", context, 400 if form.errors else 200)
