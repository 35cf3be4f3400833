"""The sharing of worksheets with courses, by their authors. Writes, and what a page shows of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from lti_tool import audit
from lti_tool.audit import AuditKind
from lti_tool.models import Context, Membership, User
from worksheets.models import Share, Worksheet

MAX_COURSES = 100  # that a page offers; those with which it is shared are always among them


class Rights(StrEnum):
    """The rights of those who build a course to a worksheet of somebody else."""

    NONE = "none"
    READ = "read"  # and use and copy
    EDIT = "edit"  # and publish as well

    @classmethod
    def of(cls, share: Share | None) -> Rights:
        """Return the rights that a row gives, NONE without a row."""
        if share is None:
            return cls.NONE
        return cls.EDIT if share.may_edit else cls.READ


@dataclass(frozen=True, slots=True)
class SharedCourse:
    """A course, and what its teachers may do with a worksheet."""

    context: Context
    rights: Rights


def share(worksheet: Worksheet, context: Context, rights: Rights, *, by: User) -> None:
    """Give those who build the course these rights. What they have placed stays placed."""
    with transaction.atomic():
        # Of two presses at once, one waits for the other.
        Worksheet.objects.select_for_update(no_key=True).get(pk=worksheet.pk)
        row = Share.objects.filter(worksheet=worksheet, context=context).first()
        before = Rights.of(row)
        if before is rights:
            return
        if rights is Rights.NONE:
            Share.objects.filter(worksheet=worksheet, context=context).delete()
        else:
            Share.objects.update_or_create(
                worksheet=worksheet,
                context=context,
                defaults={"may_edit": rights is Rights.EDIT},
            )
        audit.record(
            AuditKind.SHARE,
            audit.person(by),
            context=context,
            subject=worksheet.audit_subject,
            before={"rights": before.value},
            after={"rights": rights.value},
        )


def courses_for(worksheet: Worksheet, here: Context) -> list[SharedCourse]:
    """Return the courses with which its author may share it: ``here`` first, then by their title.

    They are those that the author builds, and those with which it is shared already.
    """
    shares = {row.context_id: row for row in worksheet.shares.select_related("context")}
    found = {row.context_id: row.context for row in shares.values()}
    for context in [here, *_built_by(worksheet.author)]:
        if len(found) >= max(MAX_COURSES, len(shares) + 1):
            break
        found.setdefault(context.pk, context)
    offered = [one for one in found.values() if not one.is_link_only or one.pk in shares]
    offered.sort(key=lambda one: (one.pk != here.pk, str(one).casefold(), one.pk))
    return [SharedCourse(one, Rights.of(shares.get(one.pk))) for one in offered]


def _built_by(author: User) -> list[Context]:
    """Return the courses that a person builds, the last opened first."""
    rows = Membership.objects.filter(user=author).exclude(status=Membership.Status.GONE)
    rows = rows.select_related("context").order_by("-updated_at", "-pk")[: 2 * MAX_COURSES]
    return [row.context for row in rows if row.course_roles.builds_course]
