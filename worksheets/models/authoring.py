"""A teacher's work: worksheets, their published editions, and where they are placed."""

from __future__ import annotations

import functools
import uuid
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lti_tool.models import Context, ResourceLink, User
from worksheets import markup
from worksheets.marking.counting import Rule


class Worksheet(models.Model):
    """The text that a teacher works on; pupils only ever see its editions."""

    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="worksheets")
    title = models.CharField(_("title"), max_length=200)
    source = models.TextField(_("text of the worksheet"), blank=True)
    # What the reading from paper had to guess: (line, sentence), until it is published.
    cautions = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-updated_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class Picture(models.Model):
    """A picture of a worksheet, named in its text; never replaced, so editions stay the same."""

    worksheet = models.ForeignKey(Worksheet, on_delete=models.CASCADE, related_name="pictures")
    name = models.CharField(max_length=100)
    media_type = models.CharField(max_length=40)
    content = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["worksheet", "name"], name="one_picture_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class Edition(models.Model):
    """A worksheet as it was published: immutable."""

    worksheet = models.ForeignKey(Worksheet, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    source = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["worksheet", "number"], name="one_edition_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises ValueError for an edition that is published already."""
        if self.pk is not None and not self._state.adding:
            raise ValueError("an edition is never changed")
        super().save(*args, **kwargs)

    @property
    def sheet(self) -> markup.Sheet:
        """What the edition's text means."""
        return read_sheet(self.source)


@functools.lru_cache(maxsize=64)
def read_sheet(source: str) -> markup.Sheet:
    """Parsed once a process: editions do not change, and a class opens the same one."""
    return markup.parse(source)


class Feedback(models.TextChoices):
    """What pupils see of the gaps once they have submitted."""

    SCORE = "score", _("The number of right gaps only")
    CORRECTNESS = "correctness", _("Which gaps are right and which are wrong")
    ANSWERS = "answers", _("Which are right and wrong, and the right answers")


class Sending(models.TextChoices):
    """Which marks go to the gradebook, and when."""

    GAPS_FIRST = "gaps-first", _("The gaps’ marks at once, the total when you release it")
    RELEASED = "released", _("Nothing before you release it, then the total")
    GAPS_ONLY = "gaps-only", _("Only the gaps’ marks, at once")


UNLIMITED = 0  # attempts
MOST_ATTEMPTS = 10  # that can be counted out; beyond that there is no limit
MOST_OF_ALL = 100  # but this one: nobody learns by more, and a script never tires
_LIMITS = {
    1: _("One"),
    **{n: str(n) for n in range(2, MOST_ATTEMPTS + 1)},
    UNLIMITED: _("As many as they like"),
}
_COUNTING = {
    Rule.BEST.value: _("The best one"),
    Rule.LAST.value: _("The last one"),
    Rule.FIRST.value: _("The first one"),
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
        help_text=_("An answer that is not marked never counts as 0."),
    )
    attempt_limit = models.PositiveSmallIntegerField(
        _("attempts"),
        choices=list(_LIMITS.items()),
        default=1,
        help_text=_("Each begins with an empty sheet; the earlier ones are kept."),
    )
    counting = models.CharField(
        _("of several attempts counts"),
        max_length=8,
        choices=list(_COUNTING.items()),
        default=Rule.BEST.value,
    )
    opens_at = models.DateTimeField(
        _("opens at"),
        null=True,
        blank=True,
        help_text=_("Pupils see the worksheet from then on. Leave it empty for at once."),
    )
    closes_at = models.DateTimeField(
        _("closes at"),
        null=True,
        blank=True,
        help_text=_("Nobody can submit after that. Leave it empty for no end."),
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
                condition=models.Q(attempt_limit__lte=MOST_ATTEMPTS),
                name="%(class)s_attempt_limit_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(counting__in=list(_COUNTING)), name="%(class)s_counting_known"
            ),
        ]

    def allows_another(self, used: int) -> bool:
        """Whether a pupil who has had so many attempts may have one more."""
        return used < (self.attempt_limit or MOST_OF_ALL)


class Assignment(Policy):
    """An edition placed at a resource link, with the rules for this class."""

    link = models.OneToOneField(ResourceLink, on_delete=models.CASCADE, related_name="assignment")
    edition = models.ForeignKey(Edition, on_delete=models.RESTRICT, related_name="assignments")

    def __str__(self) -> str:
        return f"{self.edition} at {self.link}"


class Placement(Policy):
    """What a teacher picked by deep linking, for a link that the LMS makes afterwards.

    The link carries the id in its custom values, and so does every copy of it; each
    becomes an assignment at its first launch.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    context = models.ForeignKey(Context, on_delete=models.CASCADE, related_name="placements")
    edition = models.ForeignKey(Edition, on_delete=models.RESTRICT, related_name="placements")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{self.edition} for {self.context}"
