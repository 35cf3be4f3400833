"""The audit trail: who changed what, when, from what, to what."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NoReturn

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lti_tool.models.course import Context, ResourceLink, User
from lti_tool.models.platform import Registration


class AuditKind(models.TextChoices):
    """The kinds of what is recorded."""

    MARK = "mark", _("mark given or changed")
    COMMENT = "comment", _("overall comment given or changed")
    CLASS_FEEDBACK = "class-feedback", _("feedback for a class changed")
    RUBRIC = "rubric", _("rubric of an activity changed")
    REMARK = "re-mark", _("mark changed by re-marking")
    RELEASE = "release", _("marks released")
    REOPEN = "reopen", _("work reopened")
    TAKE_BACK = "take-back", _("submission taken back")
    SUBMIT_FOR = "submit-for", _("submitted for a pupil")
    DATES = "dates", _("dates of a pupil given or taken back")
    PARTNER = "partner", _("pupils work together, or no longer")
    RULES = "rules", _("rules of an activity changed")
    EDITION = "edition", _("worksheet of an activity changed")
    KEY = "key", _("answer key changed")
    GRADE = "grade", _("decision about a grade in the LMS")
    COPY = "copy", _("use of a worksheet in a copy allowed or refused")
    SHARE = "share", _("worksheet shared with a course, or no longer")
    EXPORT = "export", _("personal data exported")
    ERASURE = "erasure", _("personal data erased")
    SIGN_IN = "sign-in", _("operator signed in")
    SIGN_IN_FAILED = "sign-in-failed", _("sign-in failed")
    LOCKED_OUT = "locked-out", _("sign-in locked")
    PLATFORM = "platform", _("platform added or changed")
    INVITATION = "invitation", _("registration link made or withdrawn")
    SECOND_FACTOR = "second-factor", _("second factor of an operator replaced")
    TOOL_KEY = "tool-key", _("key pair of the tool changed")
    ROLE = "role", _("course opened by an administrator")
    RESTORE = "restore", _("restored from a backup")


class AppendOnly(Exception):
    """The refusal to change or delete an entry of the audit trail."""


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    """Raise AppendOnly, whatever was asked for."""
    raise AppendOnly("Entries of the audit trail are added, and neither changed nor deleted.")


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Rows of the audit trail, which can be read and added to."""

    update = aupdate = _refuse
    delete = adelete = _refuse
    bulk_update = abulk_update = _refuse
    update_or_create = aupdate_or_create = _refuse

    def bulk_create(
        self,
        objs: Iterable[AuditEntry],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,  # noqa: ARG002
        unique_fields: Collection[str] | None = None,  # noqa: ARG002
    ) -> list[AuditEntry]:
        """Insert entries, as Django does. Raise AppendOnly for an update of others."""
        if update_conflicts:
            _refuse()
        return super().bulk_create(objs, batch_size, ignore_conflicts)


class AuditEntry(models.Model):
    """One thing that was done: what, by whom, where, about whom, from what to what.

    ``lti_tool.audit`` writes it, in the transaction of the change. ``before`` and ``after`` are
    small: points, names of rules, counts, keys of items. Never an answer's text, a comment, a
    secret or a person's name.

    Entries are only added. ``objects`` and the row itself refuse to change or delete any, and a
    trigger in the database refuses every update but that of a reference to a deleted row, which
    becomes NULL (migration 0012). No trigger can tell an erasure from another deletion, so
    what keeps rows from being deleted is this class: they go with the person whom they are about,
    with their course and after the retention period, by ``for_privacy``, which only the rooms of
    privacy use.
    """

    class By(models.TextChoices):
        """The sorts of whoever does something."""

        PERSON = "person", pgettext_lazy("audit", "person")
        OPERATOR = "operator", pgettext_lazy("audit", "operator")
        TOOL = "tool", pgettext_lazy("audit", "tool")

    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=16, choices=AuditKind.choices)
    by = models.CharField(max_length=8, choices=By.choices)
    # None where ``by`` is a person: one who was erased.
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    # The name of an operator's account; '' for an attempt to sign in with a name that is none.
    operator = models.CharField(max_length=150, blank=True)
    registration = models.ForeignKey(
        Registration, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    context = models.ForeignKey(Context, null=True, on_delete=models.SET_NULL, related_name="+")
    link = models.ForeignKey(ResourceLink, null=True, on_delete=models.SET_NULL, related_name="+")
    # The title of the activity, course or platform then: it outlasts the row.
    place = models.CharField(max_length=200, blank=True)
    # The person whom it is about: what is recorded about them goes with them.
    person = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    # What it is about in another package, as that names it: 'attempt-12'.
    subject = models.CharField(max_length=60, blank=True)
    before: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    after: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    # The number of an operator's account, for the line in the log; it is not saved.
    account: int | None = None

    objects = AuditQuerySet.as_manager()
    for_privacy = models.Manager["AuditEntry"]()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["kind", "at"], name="audit_by_kind"),
            models.Index(fields=["subject"], name="audit_by_subject"),
        ]

    def __str__(self) -> str:
        # The text goes into logs, so it names nobody.
        return f"audit entry {self.pk} ({self.kind})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the entry. Raise AppendOnly for one that is there."""
        if not self._state.adding:
            _refuse()
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Raise AppendOnly, as an entry is not deleted alone."""
        _refuse()
