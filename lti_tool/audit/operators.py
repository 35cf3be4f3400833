"""The sign-ins of operators, and those that failed, as entries of the audit trail.

``LtiToolConfig.ready`` imports it: it hears the signals of Django and of the operator's site.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model, user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from lti_tool.audit.actors import Actor, operator
from lti_tool.audit.recording import record
from lti_tool.models import AuditEntry, AuditKind
from lti_tool.server.operator_site import sign_in_failed

# Whoever tries passwords writes no more rows than that for each account, and for all names that are
# none; each attempt is in the log.
MAX_FAILURES_AN_HOUR = 60
_FAILURES = (AuditKind.SIGN_IN_FAILED, AuditKind.LOCKED_OUT)


@receiver(user_logged_in)
def _record_sign_in(user: Any, **_signal: Any) -> None:
    with transaction.atomic():
        record(AuditKind.SIGN_IN, operator(user))


@receiver(sign_in_failed)
def _record_failure(account: int | None, reason: str, **_signal: Any) -> None:
    """Record whose account it was, never what was typed, nor the address: the log has that."""
    users = get_user_model()._default_manager
    found = users.filter(pk=account).first() if account is not None else None
    who = operator(found) if found is not None else Actor(AuditEntry.By.OPERATOR)
    an_hour_ago = timezone.now() - timedelta(hours=1)
    rows = AuditEntry.objects.filter(kind__in=_FAILURES, at__gte=an_hour_ago, operator=who.name)
    if rows.count() >= MAX_FAILURES_AN_HOUR:
        return
    kind = AuditKind.LOCKED_OUT if reason == "locked" else AuditKind.SIGN_IN_FAILED
    with transaction.atomic():
        record(kind, who, after={"reason": reason})
