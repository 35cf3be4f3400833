"""The rows of a teacher's work: worksheets, their published editions, their pictures."""

from __future__ import annotations

import threading
from typing import Any

from cachetools import LRUCache, cached
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lti_tool.models import Context, User
from worksheets.markup import Sheet
from worksheets.questions import parse_sheet
from worksheets.words.normalise import for_search

MAX_SEARCHED = 250_000  # characters of a title and a text, as a search compares them


class Worksheet(models.Model):
    """The text that a teacher works on; pupils only ever see its editions."""

    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="worksheets")
    title = models.CharField(_("title"), max_length=200)
    source = models.TextField(_("text of the worksheet"), blank=True)
    # The guesses made when it was read from paper: (line, sentence), until it is published.
    cautions = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    # Out of its author's way since then; where it is placed, it stays. None for one in the list.
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Title and text as a search compares them. Rows that an older version wrote have ''.
    searched = models.TextField(blank=True, default="", db_default="", editable=False)

    class Meta:
        ordering = ["-updated_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row; what a search compares follows title and text."""
        names = kwargs.get("update_fields")
        if names is None or {"title", "source"} & set(names):
            self.searched = searched_text(self.title, self.source)
            if names is not None:
                kwargs["update_fields"] = {*names, "searched"}
        super().save(*args, **kwargs)

    @property
    def audit_subject(self) -> str:
        """Return the name by which the audit trail knows the worksheet."""
        return worksheet_subject(self.pk)

    @property
    def newest_edition(self) -> Edition | None:
        """Return the edition that was published last, None if none was."""
        return self.editions.filter(is_correction=False).first()


def worksheet_subject(pk: int) -> str:
    """Return the name by which the audit trail knows the worksheet with this primary key."""
    return f"worksheet-{pk}"


def searched_text(title: str, source: str) -> str:
    """Return what a search compares of a worksheet."""
    return for_search(f"{title} {source}")[:MAX_SEARCHED]


class Share(models.Model):
    """A worksheet that its author shares with those who teach a course, where they may use it.

    They read, use and copy it there; with ``may_edit`` they change and publish it as well.
    """

    worksheet = models.ForeignKey(Worksheet, on_delete=models.CASCADE, related_name="shares")
    context = models.ForeignKey(Context, on_delete=models.CASCADE, related_name="shares")
    may_edit = models.BooleanField(default=False)
    shared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worksheet", "context"], name="one_share_a_course")
        ]

    def __str__(self) -> str:
        return f"{self.worksheet_id} in {self.context_id}"


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
    # Made of another edition's text, for classes in which a teacher decided about answers: it is
    # theirs, and nobody is offered it as the worksheet's newest.
    is_correction = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["worksheet", "number"], name="one_edition_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a new edition. Raise ValueError for one that is published already."""
        if self.pk is not None and not self._state.adding:
            raise ValueError("an edition is never changed")
        super().save(*args, **kwargs)

    @property
    def sheet(self) -> Sheet:
        """Return the edition's text, parsed."""
        return read_sheet(self.source)


def read_sheet(source: str) -> Sheet:
    """Return a parsed text, cached: editions do not change, and a class opens the same one."""
    return _read(source)[1]


# Characters of the texts whose sheets are kept. A sheet takes up to a hundred times as much.
_MAX_CHARACTERS = 1_000_000

_sheets: LRUCache[Any, tuple[int, Sheet]] = LRUCache(
    _MAX_CHARACTERS, getsizeof=lambda read: read[0]
)


@cached(_sheets, condition=threading.Condition())
def _read(source: str) -> tuple[int, Sheet]:
    return len(source), parse_sheet(source)
