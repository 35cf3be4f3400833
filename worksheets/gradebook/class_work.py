"""The submitted work of several pupils, read by a few SQL statements however many. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from worksheets.gradebook import scoring
from worksheets.gradebook.scoring import MarkedAttempt
from worksheets.models import Assignment, Attempt, Edition, Partner

Works = Mapping[int, list[MarkedAttempt]]  # by ``User.pk``
_READ = ("marks", "answers")


def with_work(attempts: Iterable[Attempt], assignment: Assignment) -> list[Attempt]:
    """Return attempts whose marks and answers are prefetched with their editions.

    An edition is a whole text, which a class has in common: it is read once.
    """
    attempts = list(attempts)
    editions = Edition.objects.in_bulk({attempt.edition_id for attempt in attempts})
    for attempt in attempts:
        attempt.assignment, attempt.edition = assignment, editions[attempt.edition_id]
    return attempts


def submitted_work(
    assignment: Assignment, users: Collection[int], known: Mapping[int, MarkedAttempt]
) -> Works:
    """Return the submitted attempts of these pupils with their marks, shared ones too, by number.

    ``known`` are attempts by ``Attempt.pk`` with marks that are saved and need not be read.
    """
    own = assignment.attempts.filter(user__in=users, submitted_at__isnull=False)
    shared = Partner.objects.filter(
        attempt__assignment=assignment,
        attempt__submitted_at__isnull=False,
        user__in=users,
        number__isnull=False,
    )
    parts = list(shared.only("attempt", "user", "number"))
    theirs = Attempt.objects.filter(pk__in={one.attempt_id for one in parts})
    others = (own | theirs).exclude(pk__in=known).select_related("user").prefetch_related(*_READ)
    marked = {
        **known,
        **{one.pk: _marked(one) for one in with_work(others, assignment)},
    }
    found: defaultdict[int, list[MarkedAttempt]] = defaultdict(list)
    for one in marked.values():
        if one.attempt.user_id in users:
            found[one.attempt.user_id].append(one)
    for part in parts:
        found[part.user_id].append(
            replace(
                marked[part.attempt_id],
                partner_number=part.number or 0,
                partner_id=part.user_id,
            )
        )
    return {pk: sorted(works, key=lambda one: one.number) for pk, works in found.items()}


def _marked(attempt: Attempt) -> MarkedAttempt:
    return scoring.mark_attempt(attempt, attempt.marks.all())
