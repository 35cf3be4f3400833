"""The scores of many people at one link, saved by a few SQL statements however many there are.

It does what ``report_score`` does for each of them. Whoever marks a class again in steps holds
locks for which pupils wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from django.db import IntegrityError, transaction

from lti_tool.grades import outbox
from lti_tool.grades.api import (
    Score,
    fields_to_send,
    line_item_of,
    lock_columns,
    save_column_maximum,
    update_or_create,
)
from lti_tool.grades.outbox.locking import locked_in_order
from lti_tool.models import Delivery, LineItem, Membership, Registration, ResourceLink
from lti_tool.platforms.products import product_of

Scores = Mapping[int, Score]  # by ``User.pk``
Cell = tuple[LineItem, int]  # a column, and the ``User.pk``


def report_scores(
    link: ResourceLink,
    scores: Mapping[str, Scores],
    *,
    maxima: Mapping[str, Decimal],
    label: Callable[[], str] = str,
) -> int:
    """Save the scores that cells of the link's columns should show, to be sent; by column's tag.

    ``maxima`` are the highest scores possible, by tag, and ``label`` as in ``report_score``. Return
    how many scores these are: as there, a score without a cell, or without points where the
    platform takes none, is left out. Call it in the transaction that changes the marks.
    """
    registration = link.deployment.registration
    wanted = _to_save(link, registration, scores)
    if not any(wanted.values()):
        return 0
    cells: list[tuple[Cell, Score]] = []
    lock_columns(link)
    for tag, by_user in wanted.items():
        if not by_user:
            continue
        line_item = line_item_of(link, tag, label)
        highest = max(score.maximum for score in by_user.values())
        save_column_maximum(line_item, maxima.get(tag) or highest)
        cells += [((line_item, user), score) for user, score in by_user.items()]
    _save(registration, sorted(cells, key=lambda cell: (cell[0][1], cell[0][0].pk)))
    transaction.on_commit(outbox.notify_deliverer, robust=True)
    return len(cells)


def _to_save(
    link: ResourceLink, registration: Registration, scores: Mapping[str, Scores]
) -> dict[str, dict[int, Score]]:
    """Return the scores for which there is a cell, and which the platform takes."""
    users = {user for by_user in scores.values() for user in by_user}
    members = Membership.objects.filter(user__in=users, context=link.context_id)
    learners = {row.user_id for row in members if row.course_roles.is_learner}
    takes_all = product_of(registration.product).takes_scores_without_points
    return {
        tag: {
            user: score
            for user, score in by_user.items()
            if user in learners and (takes_all or score.given is not None)
        }
        for tag, by_user in scores.items()
    }


def _save(registration: Registration, cells: Sequence[tuple[Cell, Score]]) -> None:
    """Update the rows that there are, which are locked in order before, and create the others."""
    line_items = {line_item.pk for (line_item, _user), _score in cells}
    users = {user for (_line_item, user), _score in cells}
    rows = Delivery.objects.filter(line_item__in=line_items, user__in=users)
    outbox.open_queue(registration)  # before the rows are locked
    locked = Delivery.objects.filter(pk__in=locked_in_order(rows))
    revisions = {
        (line_item, user): revision
        for line_item, user, revision in locked.values_list("line_item", "user", "revision")
    }
    there, missing = [], []
    for (line_item, user), score in cells:
        values = fields_to_send(score)
        place = {"registration": registration, "line_item": line_item, "user_id": user}
        revision = revisions.get((line_item.pk, user))
        if revision is None:
            missing.append(Delivery(**place, **values))
        else:
            there.append(Delivery(**place, **values, revision=revision + 1))
    changed = [*fields_to_send(cells[0][1]), "revision"]
    Delivery.objects.bulk_create(
        there, update_conflicts=True, unique_fields=["line_item", "user"], update_fields=changed
    )
    try:
        with transaction.atomic():
            Delivery.objects.bulk_create(missing)
    except IntegrityError:
        # Another process has created one of them meanwhile.
        for (line_item, user), score in cells:
            if (line_item.pk, user) not in revisions:
                update_or_create(registration, line_item, user, fields_to_send(score))
