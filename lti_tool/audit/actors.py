"""Whoever does something that is recorded: a person of an LMS, an operator, the tool itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lti_tool.models import AuditEntry, User

_COMMAND_LINE = "manage.py"


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who does something; ``user`` is set for a person, ``name`` for an operator.

    ``account`` is the number of an operator's account, None for whoever runs a command.
    """

    by: AuditEntry.By
    user: User | None = None
    name: str = ""
    account: int | None = None


TOOL = Actor(AuditEntry.By.TOOL)


def person(user: User) -> Actor:
    """Return a person of an LMS: a teacher, or a pupil."""
    return Actor(AuditEntry.By.PERSON, user=user)


def operator(account: Any) -> Actor:
    """Return the operator who is signed in with this account of Django's."""
    return Actor(AuditEntry.By.OPERATOR, name=account.get_username(), account=account.pk)


def command_line() -> Actor:
    """Return whoever runs a command on the server. Its account there is not known to us."""
    return Actor(AuditEntry.By.OPERATOR, name=_COMMAND_LINE)
