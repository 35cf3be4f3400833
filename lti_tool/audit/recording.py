"""The writing of entries of the audit trail, and of a line for each into the log."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.db.transaction import TransactionManagementError

from lti_tool.audit.actors import Actor
from lti_tool.models import AuditEntry, AuditKind, Context, Registration, ResourceLink

logger = logging.getLogger("lti_tool.audit")

MAX_TEXT = 1000  # characters of a value, as many as an address of a platform has
MAX_VALUES = 50  # of a list, and fields of ``before`` or ``after``
CUT = "…"  # at the end of a text or a list that was longer
_MAX_PLACE = 200

Values = Mapping[str, object]


def entry(
    kind: AuditKind,
    by: Actor,
    *,
    registration: Registration | None = None,
    context: Context | None = None,
    link: ResourceLink | None = None,
    person_id: int | None = None,
    subject: str = "",
    before: Values | None = None,
    after: Values | None = None,
) -> AuditEntry:
    """Return an entry that is not saved yet; ``record_all`` saves many of them at once.

    ``person_id`` is the ``User.pk`` of whom it is about. The course follows from the link, and the
    platform from the actor or the link. ``before`` and ``after`` are cut to MAX_TEXT characters
    and MAX_VALUES values, and end with CUT then. Raise TypeError for a value that is no text,
    number, time or list.
    """
    registration_id = registration.pk if registration else None
    if registration_id is None and by.user is not None:
        registration_id = by.user.registration_id
    if registration_id is None and (found := link or context) is not None:
        registration_id = found.deployment.registration_id
    place = link or context or registration
    made = AuditEntry(
        kind=kind,
        by=by.by,
        actor=by.user,
        operator=by.name,
        registration_id=registration_id,
        context_id=context.pk if context else (link.context_id if link else None),
        link=link,
        place=str(place)[:_MAX_PLACE] if place else "",
        person_id=person_id,
        subject=subject,
        before=_bounded(before or {}),
        after=_bounded(after or {}),
    )
    made.account = by.account
    return made


def record(kind: AuditKind, by: Actor, **more: Any) -> AuditEntry:
    """Save what was done, and return the entry; the arguments are those of ``entry``.

    Call it in the transaction of the change, so that both are saved or neither is. Raise
    TransactionManagementError outside of one.
    """
    made = entry(kind, by, **more)
    record_all([made])
    return made


def record_all(entries: Iterable[AuditEntry]) -> None:
    """Save many entries by one statement. Raise TransactionManagementError as ``record`` does."""
    entries = list(entries)
    if not entries:
        return
    if not transaction.get_connection().in_atomic_block:
        raise TransactionManagementError("What is recorded is saved with what was done.")
    made = AuditEntry.objects.bulk_create(entries)
    transaction.on_commit(partial(_log, made), robust=True)


def _log(entries: Sequence[AuditEntry]) -> None:
    """Write a line for each entry: ids alone, as whoever reads the log need not know the people."""
    for one in entries:
        logger.info(
            "%s: entry=%s by=%s registration=%s course=%s link=%s person=%s subject=%s",
            one.kind,
            one.pk,
            _actor(one),
            *(
                "-" if value is None else value
                for value in (one.registration_id, one.context_id, one.link_id, one.person_id)
            ),
            one.subject or "-",
        )


def _actor(row: AuditEntry) -> str:
    """Return 'person-12', 'operator-3' for the account with that number, or 'tool'."""
    number = row.actor_id if row.by == AuditEntry.By.PERSON else row.account
    return row.by if number is None else f"{row.by}-{number}"


def _bounded(values: Values) -> dict[str, Any]:
    return {name: _plain(value) for name, value in list(values.items())[:MAX_VALUES]}


def _plain(value: object) -> Any:
    """Return the value as JSON has it. Raise TypeError for what is not small by its nature."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return str(value) if len(value) <= MAX_TEXT else f"{value[: MAX_TEXT - 1]}{CUT}"
        case Decimal():
            return f"{value.normalize():f}"
        case datetime():
            return value.isoformat()
        case list() | tuple():
            kept = value if len(value) <= MAX_VALUES else [*value[: MAX_VALUES - 1], CUT]
            return [_plain(one) for one in kept]
        case _:
            raise TypeError(f"not recorded: {type(value).__name__}")
