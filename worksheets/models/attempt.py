"""The rows of a pupil's work at an assignment: attempt, answers, marks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from operator import itemgetter

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lti_tool.models import User
from worksheets.models.assignment import Assignment
from worksheets.models.worksheet import Edition

MAX_BROWSERS = 8  # of whose requests an answer knows the order


class Attempt(models.Model):
    """A pupil's go at an assignment; the first begins with the first answer saved."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="attempts")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="attempts")
    # The edition that was answered: it stays when the assignment moves to a newer one.
    edition = models.ForeignKey(Edition, on_delete=models.RESTRICT, related_name="attempts")
    number = models.PositiveSmallIntegerField(default=1)
    # The language of the pupil's pages then, for the gradebook's comment; '' for the default.
    language = models.CharField(max_length=35, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    # When submitted work was opened again, by a teacher or by the pupil. Marks of an open attempt
    # are of items that the pupil can no longer change.
    reopened_at = models.DateTimeField(null=True, blank=True)
    # The questions to which the last reopening is limited, each with what the teacher said of it;
    # {} for all of the work. All else stays as it was submitted, with its marks. It is kept once
    # the pupil has submitted again, who may take back the same questions.
    reopened_items = models.JSONField(default=dict, db_default={}, blank=True)
    # When the pupil first saw a teacher's marks since they are released; None once taken back.
    marks_seen_at = models.DateTimeField(null=True, blank=True)
    # A teacher's comment on all of it, shown like the marks once they are released.
    went_well = models.TextField(blank=True, default="", db_default="")
    better_if = models.TextField(blank=True, default="", db_default="")
    commented_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    # What the LMS told last of when the pupil's work is due; ``lms_dates_lead``: it keeps the dates
    # of this activity, so that None means no limit.
    lms_due_at = models.DateTimeField(null=True, blank=True)
    lms_dates_lead = models.BooleanField(default=False, db_default=False)
    # The time zone of the pages then, in which days are counted; '' for the server's.
    zone = models.CharField(max_length=64, blank=True, default="", db_default="")
    # A teacher submitted it as it was saved last.
    is_submitted_for = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "user", "number"], name="one_attempt_a_number"
            ),
            models.UniqueConstraint(
                fields=["assignment", "user"],
                condition=Q(submitted_at__isnull=True),
                name="one_open_attempt_a_pupil",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="attempts_count_from_one"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(submitted_at__isnull=False),
                name="released_only_if_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.assignment}"

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None

    @property
    def finished_at(self) -> datetime | None:
        """Return when the pupil was done with what is submitted, None for open work.

        A teacher who submits for a pupil does not make the work late.
        """
        if self.submitted_at is None:
            return None
        return min(self.saved_at, self.submitted_at) if self.is_submitted_for else self.submitted_at

    @property
    def submission(self) -> str:
        """Return a text that stands for what was submitted, '' for open work.

        It is another one once the work was reopened and submitted again.
        """
        return submission_of(self.submitted_at)

    @property
    def audit_subject(self) -> str:
        """Return the name by which the audit trail knows the attempt."""
        return f"attempt-{self.pk}"

    @property
    def is_released(self) -> bool:
        return self.released_at is not None

    def shows(self, mark: Mark | None) -> bool:
        """Return whether the pupil may see this mark of a teacher: by itself, or with all."""
        return self.is_released or (mark is not None and mark.released_at is not None)

    @property
    def open_items(self) -> frozenset[str]:
        """Return the keys of the questions to which open work is limited; none for all of it."""
        return frozenset() if self.is_submitted else frozenset(self.reopened_items)

    @property
    def has_overall_comment(self) -> bool:
        return bool(self.went_well or self.better_if)


def submission_of(submitted_at: datetime | None) -> str:
    """Return ``Attempt.submission`` of an attempt that was submitted then."""
    return submitted_at.astimezone(UTC).isoformat() if submitted_at else ""


class Answer(models.Model):
    """A pupil's answer to one item: a gap ('g3') or a question ('q2')."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="answers")
    item = models.CharField(max_length=10)
    # The answer in plain words, for search and grouping: '' where it has none.
    text = models.TextField(blank=True)
    # The whole answer, as the item's kind writes and reads it; "v" is the version of its form.
    value = models.JSONField(default=dict, db_default={})
    saved_at = models.DateTimeField(default=timezone.now)
    # The browser that sent it, '' without a script, and its count of what it has sent: a request
    # that was held up on its way may arrive after a newer one.
    device = models.CharField(max_length=16, blank=True, default="", db_default="")
    sent = models.PositiveBigIntegerField(default=0, db_default=0)
    # The greatest count that was written of each browser, also where another one wrote later.
    received = models.JSONField(default=dict, db_default={})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "item"], name="one_answer_an_item")
        ]

    def __str__(self) -> str:
        return f"{self.item} of {self.attempt_id}"

    def received_from(self, device: str) -> int:
        """Return the greatest count that was written of a browser, 0 for none."""
        # Rows from before ``received`` know the last browser alone.
        last = self.sent if device == self.device else 0
        return max(int(self.received.get(device, 0)), last)

    def receive(self, device: str, number: int) -> None:
        """Note what is written of a browser; only the MAX_BROWSERS that sent last are known."""
        self.device, self.sent = device, number
        counts = sorted({**self.received, device: number}.items(), key=itemgetter(1))
        self.received = dict(counts[-MAX_BROWSERS:])

    @property
    def digest(self) -> str:
        """Return a short text that stands for what was answered, to tell whether it is the same."""
        content = json.dumps([self.text, self.value], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()


class Mark(models.Model):
    """The points for one item, given by the marker (gaps) or by a teacher."""

    class Source(models.TextChoices):
        MARKER = "marker", _("marked automatically")
        TEACHER = "teacher", _("marked by a teacher")

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="marks")
    item = models.CharField(max_length=10)
    points = models.DecimalField(max_digits=9, decimal_places=4)
    maximum = models.DecimalField(max_digits=9, decimal_places=4)
    comment = models.TextField(blank=True)
    # The lines of the rubric that were chosen: of each its "number", "text" and "points" then.
    rubric = models.JSONField(default=list, db_default=[])
    source = models.CharField(max_length=8, choices=Source.choices)
    marked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now)
    # When a teacher showed it to the pupil by itself, before all of the work was released.
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "item"], name="one_mark_an_item"),
            models.CheckConstraint(
                condition=Q(points__gte=0) & Q(points__lte=F("maximum")), name="mark_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points}/{self.maximum} for {self.item} of {self.attempt_id}"


class EarlierMark(models.Model):
    """A teacher's mark for an answer before the attempt was reopened; it counts nowhere."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="earlier_marks")
    item = models.CharField(max_length=10)
    points = models.DecimalField(max_digits=9, decimal_places=4)
    maximum = models.DecimalField(max_digits=9, decimal_places=4)
    comment = models.TextField(blank=True)
    rubric = models.JSONField(default=list, db_default=[])
    marked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    marked_at = models.DateTimeField()
    # The digest of the answer it was given for: '' for none, and in rows older than the column.
    answer = models.CharField(max_length=64, blank=True, default="", db_default="")
    reopened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "item"], name="one_earlier_mark_an_item"),
            models.CheckConstraint(
                condition=Q(points__gte=0) & Q(points__lte=F("maximum")),
                name="earlier_mark_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points}/{self.maximum} for {self.item} of {self.attempt_id}, before"

    def is_for(self, answer: Answer | None) -> bool:
        """Return whether the mark is for this answer: not touched since, or the same again."""
        return answer is None or answer.saved_at <= self.reopened_at or answer.digest == self.answer

    @staticmethod
    def keep(marks: Iterable[Mark], reopened_at: datetime) -> None:
        """Save marks as earlier ones, in place of those of the same items."""
        marks = list(marks)
        answers = Answer.objects.filter(attempt__in={mark.attempt_id for mark in marks})
        digests = {(answer.attempt_id, answer.item): answer.digest for answer in answers}
        copied = ["points", "maximum", "comment", "rubric", "marked_by", "marked_at"]
        EarlierMark.objects.bulk_create(
            (
                EarlierMark(
                    attempt=mark.attempt,
                    item=mark.item,
                    answer=digests.get((mark.attempt_id, mark.item), ""),
                    reopened_at=reopened_at,
                    **{name: getattr(mark, name) for name in copied},
                )
                for mark in marks
            ),
            update_conflicts=True,
            unique_fields=["attempt", "item"],
            update_fields=[*copied, "answer", "reopened_at"],
        )
