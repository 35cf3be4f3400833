"""The typing of a teacher that no form has saved yet."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db import models
from django.utils import timezone

from lti_tool.models import User


class DraftPage(StrEnum):
    """The pages whose forms have drafts."""

    EDIT = "edit"
    NEW = "new"
    ASSIGN = "assign"
    SELECT = "select"
    MARK = "mark"
    CLASS_FEEDBACK = "feedback"


class Draft(models.Model):
    """The fields of one page as somebody left them, until they save or discard them.

    ``page`` and ``number`` name the page and what it is about: a worksheet, an attempt, a
    resource link, an assignment; 0 for none. ``base`` is what the page showed when the typing
    began, in the page's own form, so that a later page knows whether that has changed since.
    ``sums`` are of what stood in its fields then: they tell which of them were saved elsewhere
    since. ``versions`` say of each field, by the opened pages in which it was typed, how much of
    each page's typing went into it.

    ``history`` are the steps by which the text of an editor was made, to be taken back.

    ``window`` names the opened page that sent it, and ``sent`` is that page's count: what a page
    sends when it is left goes on from no answer. ``beside`` is what another page sent when it was
    left, until somebody has chosen: its ``base``, ``fields``, ``sums``, ``versions``, ``window``
    and ``at``.

    Once the fields are saved or discarded, the row stays without them if it has versions: what was
    on its way from another page meanwhile is known by them.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    page = models.CharField(max_length=20)
    number = models.PositiveBigIntegerField(default=0)
    base = models.CharField(max_length=100, blank=True)
    fields: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    sums: models.JSONField[dict[str, int | list[int]], dict[str, int | list[int]]] = (
        models.JSONField(default=dict, db_default={})
    )
    versions: models.JSONField[dict[str, dict[str, int]], dict[str, dict[str, int]]] = (
        models.JSONField(default=dict, db_default={})
    )
    history: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, db_default={}
    )
    saved_at = models.DateTimeField(default=timezone.now)
    window = models.CharField(max_length=16, blank=True, default="", db_default="")
    sent = models.PositiveIntegerField(default=0, db_default=0)
    beside: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(
        null=True, default=None
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "number"], name="one_draft_a_page")
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.number} of {self.user_id}"
