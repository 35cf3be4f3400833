"""One act done to many attempts of an assignment, some in each transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import transaction

from lti_tool import audit
from lti_tool.models import AuditEntry
from worksheets import gradebook
from worksheets.attempts.errors import AttemptError
from worksheets.attempts.locks import lock_assignment
from worksheets.models import Assignment, Attempt, Edition

RELEASED_AT_ONCE = 20  # attempts a transaction: pupils who submit meanwhile wait for it


def act_on_each(
    assignment: Assignment,
    attempts: Iterable[Attempt],
    act: Callable[[Attempt], AuditEntry],
    report: Callable[[list[Attempt]], None] = lambda _done: None,
) -> list[Attempt]:
    """Do the act to these attempts of the assignment, RELEASED_AT_ONCE in a transaction.

    ``act`` is given an attempt as it is now, locked, and returns what is to be recorded of it, or
    raises an AttemptError before it changes anything: that attempt is left out. Return the others.
    ``report`` is given those of a transaction at its end, so that the scores of all whose work they
    are can be locked in one order.
    """
    done: list[Attempt] = []
    keys = sorted(attempt.pk for attempt in attempts)
    while keys:
        some, keys = keys[:RELEASED_AT_ONCE], keys[RELEASED_AT_ONCE:]
        with transaction.atomic():
            # The order of ``gradebook.changes``: assignment, attempts, columns, scores by user.
            held = lock_assignment(assignment)
            rows = Attempt.objects.select_for_update(no_key=True).filter(pk__in=some)
            found = list(rows.filter(assignment=held).order_by("pk"))
            editions = Edition.objects.in_bulk({attempt.edition_id for attempt in found})
            gradebook.lock_columns(held.link)
            entries, acted = [], []
            for attempt in sorted(found, key=lambda one: (one.user_id, one.number)):
                attempt.assignment, attempt.edition = held, editions[attempt.edition_id]
                try:
                    entries.append(act(attempt))
                except AttemptError:
                    continue
                acted.append(attempt)
            report(acted)
            audit.record_all(entries)
            done += acted
    return done
