"""The platform's data as plain values, for tests."""

from lti_tool.sandbox import faults
from lti_tool.sandbox.models import (
    AccessToken,
    Activity,
    Column,
    Course,
    Enrolment,
    Grade,
    Role,
    ScorePost,
    Ticket,
)
from lti_tool.sandbox.services.json_body import JsonObject, as_number


def as_json() -> JsonObject:
    """Return all data; `test_students` are the ids for which no tool should post a grade."""
    test_students = Enrolment.objects.filter(role=Role.TEST_STUDENT).values_list("person_id")
    return {
        "courses": [
            {"id": course.pk, "title": course.title, "history": course.history}
            for course in Course.objects.all()
        ],
        "links": [_link(activity) for activity in Activity.objects.all()],
        "columns": [_column(column) for column in Column.objects.all()],
        "grades": [_grade(grade) for grade in Grade.objects.select_related("column")],
        "posts": [_post(post) for post in ScorePost.objects.all()],
        "tokens": AccessToken.objects.count(),
        "launches": Ticket.objects.exclude(used_at=None).count(),
        "test_students": [str(number) for (number,) in test_students.distinct()],
        "faults": faults.current_faults(),
    }


def _link(activity: Activity) -> JsonObject:
    return {
        "id": str(activity.pk),
        "course": activity.course_id,
        "title": activity.title,
        "url": activity.url,
        "custom": activity.custom,
        "history": activity.history,
    }


def _column(column: Column) -> JsonObject:
    return {
        "id": column.pk,
        "course": column.course_id,
        "link": None if column.activity_id is None else str(column.activity_id),
        "label": column.label,
        "maximum": as_number(column.maximum),
        "resource_id": column.resource_id,
        "tag": column.tag,
        "made_by_tool": column.made_by_tool,
        "review": column.review,
    }


def _grade(grade: Grade) -> JsonObject:
    """Return a grade: `score` and `comment` as shown, `posted_…` as the tool sent them."""
    shown, posted = grade.shown_score, grade.score
    return {
        "column": grade.column_id,
        "link": None if grade.column.activity_id is None else str(grade.column.activity_id),
        "user": str(grade.person_id),
        "score": None if shown is None else as_number(shown),
        "maximum": as_number(grade.column.maximum),
        "comment": grade.shown_comment,
        "activity_progress": grade.activity_progress,
        "grading_progress": grade.grading_progress,
        "timestamp": grade.timestamp.isoformat(),
        "overridden": grade.overridden,
        "posted_score": None if posted is None else as_number(posted),
        "posted_comment": grade.comment,
        "comments": grade.comments,
        "submissions": grade.submissions,
        "submission_url": grade.submission_url,
    }


def _post(post: ScorePost) -> JsonObject:
    return {
        "column": post.column_number,
        "user": post.user,
        "status": post.status,
        "reason": post.reason,
        "body": post.body,
        "received_at": post.received_at.isoformat(),
    }
