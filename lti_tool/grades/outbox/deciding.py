"""Functions for decisions of teachers between the LMS's grades and ours.

A decision is about grades that the teacher has seen. Each is named with its ``fingerprint``, and
one that has changed since, in its row here or in the LMS, waits for another decision.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lti_tool.audit import Actor, AuditKind, entry, record, record_all
from lti_tool.grades.outbox.locking import locked, locked_in_order, update_in_order
from lti_tool.models import AuditEntry, Delivery, GradeChoice, LineItem, ResourceLink
from lti_tool.services.errors import DeliveryProblem

logger = logging.getLogger(__name__)

CHANGED_IN_LMS = (Delivery.State.CHANGED, Delivery.State.KEPT)


def fingerprint(row: Delivery) -> str:
    """Return a short text that changes with what a teacher decides between."""
    shown = (row.line_item_id, row.state, row.revision, row.theirs_given, row.theirs_maximum)
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:12]


def decide(
    link: ResourceLink,
    rows: QuerySet[Delivery],
    choice: GradeChoice,
    seen: Mapping[int, str],
    *,
    for_later: bool,
    by: Actor,
) -> int:
    """Do what a teacher chose for grades of a link's columns. Return how many were decided on.

    ``seen`` has the fingerprints of these grades, by ``User.pk``. With ``for_later``, if one of
    them is from before this tool knew the column, the choice holds for all such grades that
    scores find there later.
    """
    with transaction.atomic():
        # Line items before deliveries, as launches and ``resending`` lock them.
        columns = locked(LineItem.objects.filter(pk__in=rows.order_by().values("line_item")), "pk")
        rows = rows.filter(state__in=CHANGED_IN_LMS, user__in=seen)
        keys = locked_in_order(rows)
        decided = [
            row
            for row in Delivery.objects.filter(pk__in=keys).select_related("line_item")
            if fingerprint(row) == seen[row.user_id]
        ]
        entries = [_entry(link, row, choice, by) for row in decided]
        earlier = {row.line_item_id for row in decided if row.theirs_is_earlier}
        if for_later and earlier:
            rows_of_columns = LineItem.objects.filter(pk__in=earlier)
            after = {"choice": choice.value, "for_later": True}
            before = {"choice": _former_choice(rows_of_columns)}
            entries.append(entry(AuditKind.GRADE, by, link=link, before=before, after=after))
            rows_of_columns.update(earlier_grades=choice)
        count = update_in_order(
            Delivery.objects.filter(pk__in=[row.pk for row in decided]), **_values(choice)
        )
        record_all(entries)
    logger.info(
        "grades decided on: line_items=%s choice=%s seen=%s decided=%s for_later=%s",
        columns,
        choice,
        len(seen),
        count,
        for_later,
    )
    return count


def decide_anew(link: ResourceLink, rows: QuerySet[Delivery], *, by: Actor) -> int:
    """Let a teacher decide anew about the earlier grades of a column. Return how many were kept.

    Those that were replaced are gone.
    """
    with transaction.atomic():
        columns = locked(LineItem.objects.filter(pk__in=rows.order_by().values("line_item")), "pk")
        decided_columns = LineItem.objects.filter(pk__in=columns).exclude(earlier_grades="")
        former = _former_choice(decided_columns)
        decided_columns.update(earlier_grades="")
        kept = rows.filter(state=Delivery.State.KEPT, theirs_is_earlier=True)
        count = update_in_order(
            kept, state=Delivery.State.CHANGED, problem=DeliveryProblem.NEWER_IN_LMS
        )
        if former or count:
            before, after = {"choice": former}, {"choice": "", "kept": count}
            record(AuditKind.GRADE, by, link=link, before=before, after=after)
    logger.info("grades to be decided on anew: line_items=%s kept=%s", columns, count)
    return count


def _former_choice(columns: QuerySet[LineItem]) -> str:
    """Return what was decided for earlier grades of these columns, '' for nothing."""
    return ", ".join(sorted({column.earlier_grades for column in columns} - {""}))


def _entry(link: ResourceLink, row: Delivery, choice: GradeChoice, by: Actor) -> AuditEntry:
    """Return what is recorded of a decision: the grade in the LMS, and ours."""
    after: dict[str, object] = {
        "choice": choice.value,
        "points": row.score_given,
        "maximum": row.score_maximum,
    }
    if row.line_item.tag:
        after["column"] = row.line_item.tag
    return entry(
        AuditKind.GRADE,
        by,
        link=link,
        person_id=row.user_id,
        before={"points": row.theirs_given, "maximum": row.theirs_maximum},
        after=after,
    )


def _values(choice: GradeChoice) -> dict[str, object]:
    if choice == GradeChoice.KEEP:
        return {"state": Delivery.State.KEPT, "problem": ""}
    return {**Delivery.due_values(timezone.now()), "force": True}
