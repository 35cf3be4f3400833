"""Copies of courses and activities, with new resource links and columns but no grades.

A copy keeps everything else and a history of its originals. As in Moodle, columns that the tool
created are not copied.
"""

from django.db import transaction

from lti_tool.sandbox.models import Activity, Column, Course, Enrolment

SUFFIX = " (copy)"


@transaction.atomic
def copy_course(original: Course) -> Course:
    """Return a new course with the same people and activities."""
    course = Course.objects.get(pk=original.pk)
    course.title = original.title[: 200 - len(SUFFIX)] + SUFFIX
    course.history = [original.pk, *original.history]
    _save_as_new(course)
    for enrolment in original.enrolment_set.all():
        enrolment.course = course
        _save_as_new(enrolment)
    for activity in original.activities.all():
        _copy_activity(activity, course, activity.title)
    return course


@transaction.atomic
def duplicate_activity(original: Activity) -> Activity:
    """Return a copy of an activity in the same course."""
    title = original.title[: 255 - len(SUFFIX)] + SUFFIX
    return _copy_activity(original, original.course, title)


def _copy_activity(original: Activity, course: Course, title: str) -> Activity:
    activity = Activity.objects.get(pk=original.pk)
    activity.course, activity.title = course, title
    activity.history = [original.pk, *original.history]
    _save_as_new(activity)
    for column in original.columns.filter(made_by_tool=False):
        column.course, column.activity = course, activity
        column.label = title if column.label == original.title else column.label
        _save_as_new(column)
    return activity


def _save_as_new(row: Course | Enrolment | Activity | Column) -> None:
    row.pk = None
    row._state.adding = True
    row.save()
