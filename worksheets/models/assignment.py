"""The rules of a class, and the assignments that place an edition at a link under them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lti_tool.models import Context, ResourceLink
from worksheets.marking.counting_attempt import CountingRule
from worksheets.models.worksheet import Edition

if TYPE_CHECKING:
    from worksheets.models.pupil_dates import PupilDates


class Feedback(models.TextChoices):
    """The choices of what pupils see of the gaps once they have submitted."""

    SCORE = "score", _("How many gaps are right")
    CORRECTNESS = "correctness", _("Which gaps are right")
    ANSWERS = "answers", _("The right answers as well")


class Sending(models.TextChoices):
    """The choices of which marks go to the gradebook, and when."""

    GAPS_FIRST = "gaps-first", _("Gaps at once, total on release")
    GAPS_COLUMN = "gaps-column", _("Gaps at once in a column of their own, total on release")
    RELEASED = "released", _("Nothing at once, total on release")
    GAPS_ONLY = "gaps-only", _("Only the gaps, at once")

    @property
    def holds_total_back(self) -> bool:
        """Return whether the column of the worksheet shows nothing before the release."""
        return self in {Sending.RELEASED, Sending.GAPS_COLUMN}


class NewAttempt(models.TextChoices):
    """The choices of what another attempt begins with."""

    BLANK = "blank", _("A blank sheet")
    RIGHT = "right", _("What was right, and the written answers")
    ALL = "all", _("All answers of the attempt before")


UNLIMITED = 0  # attempts
MAX_ATTEMPT_LIMIT = 10  # the largest limit to choose; above it there is only UNLIMITED
MAX_DEDUCTION = 100  # percent
MAX_ATTEMPTS = 100  # the limit under UNLIMITED, against scripts
_LIMITS = {
    1: _("One"),
    **{n: str(n) for n in range(2, MAX_ATTEMPT_LIMIT + 1)},
    UNLIMITED: _("Unlimited"),
}
_COUNTING = {
    CountingRule.BEST.value: _("The best one"),
    CountingRule.LAST.value: _("The last one"),
    CountingRule.FIRST.value: _("The first one"),
}


class Policy(models.Model):
    """The rules under which a class works on an edition."""

    feedback = models.CharField(
        _("after submitting, pupils see"),
        max_length=12,
        choices=Feedback.choices,
        default=Feedback.CORRECTNESS,
    )
    sending = models.CharField(
        _("what goes to the gradebook"),
        max_length=12,
        choices=Sending.choices,
        default=Sending.GAPS_FIRST,
        help_text=_("Unmarked answers are left out, not counted as 0."),
    )
    attempt_limit = models.PositiveSmallIntegerField(
        _("attempts"),
        choices=list(_LIMITS.items()),
        default=1,
        help_text=_("Earlier attempts are kept."),
    )
    new_attempt = models.CharField(
        _("another attempt starts with"),
        max_length=8,
        choices=NewAttempt.choices,
        default=NewAttempt.RIGHT,
        db_default=NewAttempt.BLANK.value,  # what was assigned before there was a choice
    )
    counting = models.CharField(
        _("which attempt counts"),
        max_length=8,
        choices=list(_COUNTING.items()),
        default=CountingRule.BEST.value,
    )
    may_work_together = models.BooleanField(
        _("Pupils may work together at one device"),
        default=False,
        db_default=False,
        help_text=_("They say with whom before they submit. All of them get the mark."),
    )
    opens_at = models.DateTimeField(
        _("opens at"),
        null=True,
        blank=True,
        help_text=_("Pupils can open the worksheet from then on. Leave blank to open now."),
    )
    due_at = models.DateTimeField(
        _("due by"),
        null=True,
        blank=True,
        help_text=_("What is submitted after that is accepted, and labelled as late."),
    )
    closes_at = models.DateTimeField(
        _("closes at"),
        null=True,
        blank=True,
        help_text=_("Nobody can submit after that. Leave blank for no closing time."),
    )
    late_deduction = models.PositiveSmallIntegerField(
        _("taken off late work, in percent"),
        default=0,
        db_default=0,
        help_text=_(
            "Of the marks that were earned; 0 takes nothing off. Pupils read it on the sheet"
            " beforehand."
        ),
    )
    late_per_day = models.BooleanField(
        _("take that off for each day that has begun"),
        default=False,
        db_default=False,
        help_text=_("Otherwise once, however late it is."),
    )
    # What a teaching assistant of the course may decide here; they mark in any case.
    assistants_release = models.BooleanField(
        _("Assistants may release marks and reopen work"),
        default=False,
        db_default=False,
        help_text=_("Teaching assistants, as your LMS names them, always may see and mark work."),
    )
    assistants_correct = models.BooleanField(
        _("Assistants may change the right answers"),
        default=False,
        db_default=False,
        help_text=_("Work of the whole class is re-marked then."),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(feedback__in=Feedback.values), name="%(class)s_feedback_known"
            ),
            models.CheckConstraint(
                condition=models.Q(sending__in=Sending.values), name="%(class)s_sending_known"
            ),
            models.CheckConstraint(
                condition=models.Q(attempt_limit__lte=MAX_ATTEMPT_LIMIT),
                name="%(class)s_attempt_limit_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(new_attempt__in=NewAttempt.values),
                name="%(class)s_new_attempt_known",
            ),
            models.CheckConstraint(
                condition=models.Q(counting__in=list(_COUNTING)), name="%(class)s_counting_known"
            ),
            models.CheckConstraint(
                condition=models.Q(late_deduction__lte=MAX_DEDUCTION),
                name="%(class)s_late_deduction_in_range",
            ),
        ]

    def allows_another(self, used: int) -> bool:
        """Return whether a pupil who has had so many attempts may have one more."""
        return used < (self.attempt_limit or MAX_ATTEMPTS)

    @property
    def dates_by_pupil(self) -> Mapping[int, PupilDates]:
        """Return the dates that single pupils have here, by ``User.pk``."""
        return MappingProxyType({})


class Assignment(Policy):
    """An edition placed at a resource link, with the rules for this class."""

    link = models.OneToOneField(ResourceLink, on_delete=models.CASCADE, related_name="assignment")
    edition = models.ForeignKey(Edition, on_delete=models.RESTRICT, related_name="assignments")

    def __str__(self) -> str:
        return f"{self.edition} at {self.link}"

    @cached_property
    def dates_by_pupil(self) -> Mapping[int, PupilDates]:
        """Return the dates that single pupils have here, by ``User.pk``, as first read."""
        return {row.user_id: row for row in self.pupil_dates.all()} if self.pk else {}


class PendingAssignment(Policy):
    """An edition picked by deep linking, for a link that the LMS makes afterwards.

    The link carries the id in its custom values, and so does every copy of it; each
    becomes an assignment at its first launch.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    context = models.ForeignKey(
        Context, on_delete=models.CASCADE, related_name="pending_assignments"
    )
    edition = models.ForeignKey(
        Edition, on_delete=models.RESTRICT, related_name="pending_assignments"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{self.edition} for {self.context}"

    @property
    def audit_subject(self) -> str:
        """Return the name by which the audit trail knows the choice."""
        return pending_subject(str(self.pk))


def pending_subject(key: str) -> str:
    """Return the name by which the audit trail knows what was chosen for the link of this key."""
    return f"pending-{key}"
