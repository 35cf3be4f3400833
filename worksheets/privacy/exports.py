"""The export of everything that is kept of one person or one course, as one JSON text.

``export_person`` and ``export_course`` also record that it was handed out.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lti_tool import audit
from lti_tool.audit import Actor, AuditKind
from lti_tool.models import (
    AuditEntry,
    Context,
    Delivery,
    Job,
    Registration,
    StoredLaunch,
    User,
)
from lti_tool.privacy import exports
from lti_tool.privacy.exports import CHUNK, Exported, ExportEncoder, fields_of
from worksheets.models import (
    Assignment,
    Attempt,
    CopyRequest,
    Draft,
    EarlierMark,
    EnteredMark,
    FeedbackPoint,
    IncomingFile,
    KeyCorrection,
    Mark,
    Paper,
    PendingAssignment,
    PupilDates,
    Revision,
    RubricChange,
    RubricRow,
    Share,
    Worksheet,
)


def export_person(user: User, *, by: Actor) -> str:
    """Record that a person's data is handed to ``by``, and return what ``person_json`` returns."""
    _record(user.registration, _subject_of(user), by)
    return person_json(user)


def export_course(context: Context, *, by: Actor) -> str:
    """Record that a course's data is handed to ``by``, and return what ``course_json`` returns."""
    _record(context.deployment.registration, _subject_of(context), by)
    return course_json(context)


def _record(registration: Registration, subject: str, by: Actor) -> None:
    """Record an export before anything is read, which takes a while.

    It refers to no row of a person or course: it shall stay when they are erased, and shall not
    keep a person whom nothing else names any more.
    """
    with transaction.atomic():
        audit.record(AuditKind.EXPORT, by, registration=registration, subject=subject)


def _subject_of(row: User | Context) -> str:
    return f"person-{row.pk}" if isinstance(row, User) else f"course-{row.pk}"


def person_json(user: User) -> str:
    """Return a person's work and traces; for a teacher also worksheets and marks that they gave."""
    reviews = StoredLaunch.objects.filter(reviewed=user).order_by("created_at")
    return _json(
        person=exports.person(user),
        memberships=exports.memberships(user.memberships.all()),
        launches=exports.launches(StoredLaunch.objects.filter(membership__user=user)),
        looked_at_by_teachers=list(reviews.values_list("created_at", flat=True)),
        scores=exports.scores(user.deliveries.all()),
        attempts=_attempts(Attempt.objects.filter(Q(user=user) | Q(pk__in=_shared_work(user)))),
        partnerships=[fields_of(row) for row in user.partnerships.order_by("pk")],
        own_dates=_own_dates(user.pupil_dates.all()),
        dates_given=_dates_given(user),
        entered_marks=_entered_marks(user.entered_marks.all()),
        entered_marks_given=_entered_marks_given(user),
        marks_given=_marks_given(user),
        overall_comments_given=_overall_comments_given(user),
        rubrics_changed=_rubrics_changed(user),
        class_feedback_given=_class_feedback_given(user),
        worksheets=_worksheets(user.worksheets.all()),
        key_corrections=_key_corrections(
            KeyCorrection.objects.filter(Q(made_by=user) | Q(undone_by=user))
        ),
        revisions_of_others=[
            fields_of(row)
            for row in Revision.objects.filter(saved_by=user).exclude(worksheet__author=user)
        ],
        jobs=exports.jobs(user.jobs.all()),
        copy_requests=_copy_requests(CopyRequest.objects.filter(asked_by=user)),
        copy_answers=_copy_requests(CopyRequest.objects.filter(answered_by=user)),
        incoming_files=[fields_of(row) for row in IncomingFile.objects.filter(owner=user)],
        drafts=[fields_of(row) for row in Draft.objects.filter(user=user).order_by("pk")],
        audit=exports.audit_entries(
            _entries(Q(person=user) | Q(actor=user) | Q(subject=_subject_of(user))), user
        ),
    )


def course_json(context: Context) -> str:
    """Return a course: activities, people, and what they did here; no worksheets."""
    assignments = Assignment.objects.filter(link__context=context)
    people = User.objects.filter(memberships__context=context).select_related("registration")
    return _json(
        course=exports.course(context),
        assignments=[
            fields_of(row, activity=str(row.link), worksheet=str(row.edition))
            for row in assignments.select_related("edition", "link")
        ],
        own_dates=_own_dates(PupilDates.objects.filter(assignment__in=assignments)),
        rubrics=[
            fields_of(row)
            for rows in (RubricRow.objects, RubricChange.objects)
            for row in rows.filter(assignment__in=assignments).order_by("pk")
        ],
        key_corrections=_key_corrections(KeyCorrection.objects.filter(assignment__in=assignments)),
        class_feedback=[
            fields_of(row)
            for row in FeedbackPoint.objects.filter(assignment__in=assignments).order_by("pk")
        ],
        pending_assignments=[
            fields_of(row) for row in PendingAssignment.objects.filter(context=context)
        ],
        shared_worksheets=[
            fields_of(row, title=str(row.worksheet))
            for row in Share.objects.filter(context=context).select_related("worksheet")
        ],
        people=[exports.person(user) for user in people.iterator(chunk_size=CHUNK)],
        memberships=exports.memberships(context.memberships.all()),
        launches=exports.launches(StoredLaunch.objects.filter(membership__context=context)),
        scores=exports.scores(Delivery.objects.filter(line_item__link__context=context)),
        attempts=_attempts(Attempt.objects.filter(assignment__link__context=context)),
        entered_marks=_entered_marks(EnteredMark.objects.filter(assignment__link__context=context)),
        jobs=exports.jobs(Job.objects.filter(link__context=context)),
        copy_requests=_copy_requests(CopyRequest.objects.filter(link__context=context)),
        audit=exports.audit_entries(
            _entries(
                Q(context=context) | Q(link__context=context) | Q(subject=_subject_of(context))
            )
        ),
    )


def _shared_work(user: User) -> QuerySet[Any]:
    """Return the keys of attempts of others which are this person's, too."""
    return user.partnerships.filter(number__isnull=False).values("attempt")


def _entries(chosen: Q) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(chosen)


def _json(**parts: object) -> str:
    content = {"exported_at": timezone.now(), **parts}
    return json.dumps(content, cls=ExportEncoder, ensure_ascii=False, indent=2) + "\n"


def _copy_requests(rows: QuerySet[CopyRequest]) -> list[Exported]:
    chosen = rows.select_related("link", "worksheet").order_by("pk")
    return [fields_of(row, activity=str(row.link), title=str(row.worksheet)) for row in chosen]


def _key_corrections(rows: QuerySet[KeyCorrection]) -> list[Exported]:
    chosen = rows.select_related("assignment__link").order_by("pk")
    return [fields_of(row, activity=str(row.assignment.link)) for row in chosen]


def _own_dates(rows: QuerySet[PupilDates]) -> list[Exported]:
    chosen = rows.select_related("assignment__link").order_by("pk")
    return [fields_of(row, activity=str(row.assignment.link)) for row in chosen]


def _dates_given(teacher: User) -> list[Exported]:
    """Return dates and notes that a teacher gave, without saying to whom."""
    rows = PupilDates.objects.filter(given_by=teacher).select_related("assignment__link")
    return [
        {
            "activity": str(row.assignment.link),
            "opens_at": row.opens_at,
            "due_at": row.due_at,
            "closes_at": row.closes_at,
            "note": row.note,
            "given_at": row.given_at,
        }
        for row in rows.order_by("pk")
    ]


def _attempts(rows: QuerySet[Attempt]) -> list[Exported]:
    chosen = rows.select_related("assignment__link__context", "edition__worksheet")
    chosen = chosen.prefetch_related("answers", "marks", "earlier_marks", "rubric_remarks")
    chosen = chosen.prefetch_related("quotations", "partners")
    chosen = chosen.order_by("pk")
    return [_attempt(row) for row in chosen.iterator(chunk_size=CHUNK)]


def _attempt(row: Attempt) -> Exported:
    link = row.assignment.link
    return fields_of(
        row,
        course=str(link.context),
        activity=str(link),
        worksheet=str(row.edition),
        answers=[fields_of(one) for one in sorted(row.answers.all(), key=lambda one: one.item)],
        marks=[fields_of(one) for one in sorted(row.marks.all(), key=lambda one: one.item)],
        earlier_marks=[
            fields_of(one) for one in sorted(row.earlier_marks.all(), key=lambda one: one.item)
        ],
        rubric_remarks=[
            fields_of(one) for one in sorted(row.rubric_remarks.all(), key=lambda one: one.pk)
        ],
        quotations=[fields_of(one) for one in row.quotations.all()],
        partners=[fields_of(one) for one in sorted(row.partners.all(), key=lambda one: one.pk)],
    )


def _entered_marks(rows: QuerySet[EnteredMark]) -> list[Exported]:
    chosen = rows.select_related("assignment__link__context").order_by("pk")
    return [
        fields_of(row, course=str(row.assignment.link.context), activity=str(row.assignment.link))
        for row in chosen.iterator(chunk_size=CHUNK)
    ]


def _entered_marks_given(teacher: User) -> list[Exported]:
    """Return what a teacher entered without an attempt, without saying for whom."""
    rows = EnteredMark.objects.filter(entered_by=teacher).select_related("assignment__link")
    return [
        {
            "activity": str(row.assignment.link),
            "outcome": row.outcome,
            "points": row.points,
            "maximum": row.maximum,
            "entered_at": row.entered_at,
        }
        for row in rows.order_by("pk").iterator(chunk_size=CHUNK)
    ]


def _marks_given(teacher: User) -> list[Exported]:
    """Return points and comments that a teacher gave, without saying whose work it was."""
    return [
        {
            "activity": str(mark.attempt.assignment.link),
            "item": mark.item,
            "points": mark.points,
            "maximum": mark.maximum,
            "comment": mark.comment,
            "rubric": mark.rubric,
            "marked_at": mark.marked_at,
        }
        for rows in (Mark.objects, EarlierMark.objects)
        for mark in rows.filter(marked_by=teacher)
        .select_related("attempt__assignment__link")
        .order_by("marked_at")
        .iterator(chunk_size=CHUNK)
    ]


def _overall_comments_given(teacher: User) -> list[Exported]:
    """Return a teacher's comments on whole works, without saying whose work it was."""
    rows = Attempt.objects.filter(commented_by=teacher).select_related("assignment__link")
    return [
        {
            "activity": str(row.assignment.link),
            "went_well": row.went_well,
            "better_if": row.better_if,
        }
        for row in rows.order_by("pk").iterator(chunk_size=CHUNK)
    ]


def _class_feedback_given(teacher: User) -> list[Exported]:
    """Return a teacher's own points for classes; not what they have quoted of others."""
    rows = FeedbackPoint.objects.filter(made_by=teacher, attempt=None)
    chosen = rows.select_related("assignment__link").order_by("pk")
    return [fields_of(row, activity=str(row.assignment.link)) for row in chosen]


def _rubrics_changed(teacher: User) -> list[Exported]:
    rows = RubricChange.objects.filter(made_by=teacher).select_related("assignment__link")
    return [fields_of(row, activity=str(row.assignment.link)) for row in rows.order_by("pk")]


def _worksheets(rows: QuerySet[Worksheet]) -> list[Exported]:
    chosen = rows.prefetch_related(
        "editions", "pictures", "review_steps", "revisions", "shares__context"
    )
    return [
        fields_of(
            row,
            editions=[fields_of(edition) for edition in row.editions.all()],
            pictures=[fields_of(picture) for picture in row.pictures.all()],
            paper=[
                fields_of(paper, pages=[fields_of(page) for page in paper.pages.all()])
                for paper in Paper.objects.filter(worksheet=row).prefetch_related("pages")
            ],
            review_steps=[fields_of(step) for step in row.review_steps.all()],
            revisions=[fields_of(revision) for revision in row.revisions.all()],
            shares=[fields_of(one, course=str(one.context)) for one in row.shares.all()],
        )
        for row in chosen.iterator(chunk_size=CHUNK)
    ]
