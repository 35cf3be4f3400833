"""Copies of courses and activities, with new resource links and columns.

A copy keeps everything else and a history of its originals. Columns that the tool created, and all
grades, are copied by a restore alone.
"""

from django.db import transaction

from lti_tool.sandbox.models import Activity, Column, Course, Enrolment, Grade

SUFFIX = " (copy)"
RESTORED_SUFFIX = " (restored)"


def copy_course(original: Course) -> Course:
    """Return a new course with the same people and activities, and no grades."""
    return _copy_course(original, SUFFIX, with_grades=False)


def restore_course(original: Course) -> Course:
    """Return a new course, as from a backup with users and grades.

    As in Moodle 4.5.6 (restore_activity_grades_structure_step in restore_stepslib.php of
    backup/moodle2) grades keep their dates and overrides.
    """
    return _copy_course(original, RESTORED_SUFFIX, with_grades=True)


@transaction.atomic
def _copy_course(original: Course, suffix: str, *, with_grades: bool) -> Course:
    course = Course.objects.get(pk=original.pk)
    course.title = original.title[: 200 - len(suffix)] + suffix
    course.history = [original.pk, *original.history]
    _save_as_new(course)
    for enrolment in original.enrolment_set.all():
        enrolment.course = course
        _save_as_new(enrolment)
    for activity in original.activities.all():
        _copy_activity(activity, course, activity.title, with_grades=with_grades)
    return course


@transaction.atomic
def duplicate_activity(original: Activity) -> Activity:
    """Return a copy of an activity in the same course."""
    title = original.title[: 255 - len(SUFFIX)] + SUFFIX
    return _copy_activity(original, original.course, title)


def _copy_activity(
    original: Activity, course: Course, title: str, *, with_grades: bool = False
) -> Activity:
    activity = Activity.objects.get(pk=original.pk)
    activity.course, activity.title = course, title
    activity.history = [original.pk, *original.history]
    _save_as_new(activity)
    columns = original.columns.all()
    for column in columns if with_grades else columns.filter(made_by_tool=False):
        grades = list(column.grades.all()) if with_grades else []
        column.course, column.activity = course, activity
        column.label = title if column.label == original.title else column.label
        _save_as_new(column)
        for grade in grades:
            grade.column = column
            _save_as_new(grade)
    return activity


def _save_as_new(row: Course | Enrolment | Activity | Column | Grade) -> None:
    row.pk = None
    row._state.adding = True
    row.save()
