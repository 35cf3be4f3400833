"""Faults that tests inject into a service.

"503" any status from 400 to 599 | "hang:5" waits seconds, then works | "lose" works, then returns
503 | "html" returns 200 with a page instead of JSON | "throttle" returns 403 as Canvas does to too
many calls | "off" works again. With "*2" behind it, twice.
"""

import re
import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec

from django.db import transaction
from django.db.models import F
from django.http import HttpResponse

from lti_tool.sandbox.models import InjectedFault

Params = ParamSpec("Params")

TARGETS = (
    "configuration",
    "jwks",
    "line_items",
    "register",
    "results",
    "roster",
    "scores",
    "token",
)
MAX_HANG_SECONDS = 120
FAULT_PATTERN = re.compile(
    r"(?:(?P<status>[45][0-9]{2})|hang:(?P<hang>[0-9]{1,3})|(?P<word>lose|html|throttle|off))"
    r"(?:\*(?P<times>[1-9][0-9]{0,3}))?",
    re.ASCII,
)


class BadFaultError(ValueError):
    """The error of an unknown target or a fault that is not written as above."""


@transaction.atomic
def set_faults(requested: Mapping[str, object]) -> None:
    """Set the faults of services. Raise BadFaultError, and set none, if one is wrong."""
    for target, text in requested.items():
        match = FAULT_PATTERN.fullmatch(text) if isinstance(text, str) else None
        if target not in TARGETS or match is None:
            raise BadFaultError(f"{target}: {text} is no fault; targets are {', '.join(TARGETS)}")
        InjectedFault.objects.filter(target=target).delete()
        if match["word"] == "off":
            continue
        InjectedFault.objects.create(
            target=target,
            kind=match["word"] or ("status" if match["status"] else "hang"),
            amount=int(match["status"] or match["hang"] or 0),
            remaining=int(match["times"]) if match["times"] else None,
        )


def current_faults() -> dict[str, str]:
    """Return each service's current fault, 'off' without one."""
    return dict.fromkeys(TARGETS, "off") | {
        fault.target: str(fault) for fault in InjectedFault.objects.exclude(remaining=0)
    }


def inject_faults(
    target: str,
) -> Callable[[Callable[Params, HttpResponse]], Callable[Params, HttpResponse]]:
    """Decorate the view of a service to apply the fault that is set for it."""

    def decorator(view: Callable[Params, HttpResponse]) -> Callable[Params, HttpResponse]:
        @wraps(view)
        def wrapper(*args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
            fault = _next_fault(target)
            if fault is None:
                return view(*args, **kwargs)
            match fault.kind:
                case "hang":
                    time.sleep(min(fault.amount, MAX_HANG_SECONDS))
                    return view(*args, **kwargs)
                case "lose":
                    view(*args, **kwargs)
                    return _broken(503)
                case "html":
                    page = "<!doctype html><title>Sandbox</title><p>An injected fault."
                    return HttpResponse(page)
                case "throttle":
                    response = _broken(403, "403 Forbidden (Rate Limit Exceeded)\n")
                    response["X-Rate-Limit-Remaining"] = "0.0"
                    return response
            return _broken(fault.amount)

        return wrapper

    return decorator


def _next_fault(target: str) -> InjectedFault | None:
    """Return the fault to apply now or None; count down one that is limited."""
    fault = InjectedFault.objects.filter(target=target).exclude(remaining=0).first()
    if fault is None or fault.remaining is None:
        return fault
    counted = InjectedFault.objects.filter(pk=fault.pk, remaining__gt=0)
    return fault if counted.update(remaining=F("remaining") - 1) else None


def _broken(status: int, text: str = "An injected fault.") -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain")
