"""Faults that tests request of a service.

"503" any status from 400 to 599 | "hang:5" waits seconds, then works | "lose" works, then answers
503 | "html" answers 200 with a page instead of JSON | "throttle" answers 403 as Canvas does to too
many calls | "off" works again. With "*2" behind it, twice.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.http import HttpResponse

from lti_tool.sandbox.models import Fault

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
SPELLING = re.compile(
    r"(?:(?P<status>[45][0-9]{2})|hang:(?P<hang>[0-9]{1,3})|(?P<word>lose|html|throttle|off))"
    r"(?:\*(?P<times>[1-9][0-9]{0,3}))?",
    re.ASCII,
)


class BadFaultError(ValueError):
    """The error of an unknown target or a fault that is not written as above."""


@dataclass(frozen=True)
class Wish:
    target: str
    kind: str
    amount: int
    times: int | None


def parse(wishes: dict[str, object]) -> list[Wish]:
    """Return the faults that a request asks for. Raise BadFaultError for the first wrong one."""
    return [_parse(target, fault) for target, fault in wishes.items()]


def _parse(target: str, fault: object) -> Wish:
    match = SPELLING.fullmatch(fault) if isinstance(fault, str) else None
    if target not in TARGETS or match is None:
        raise BadFaultError(f"{target}: {fault} is no fault; targets are {', '.join(TARGETS)}")
    times = int(match["times"]) if match["times"] else None
    if match["status"]:
        return Wish(target, "status", int(match["status"]), times)
    if match["hang"]:
        return Wish(target, "hang", min(int(match["hang"]), MAX_HANG_SECONDS), times)
    return Wish(target, match["word"], 0, times)


@transaction.atomic
def arrange(wishes: list[Wish]) -> None:
    for wish in wishes:
        Fault.objects.filter(target=wish.target).delete()
        if wish.kind != "off":
            Fault.objects.create(
                target=wish.target, kind=wish.kind, amount=wish.amount, remaining=wish.times
            )


def arranged() -> dict[str, str]:
    """Return each service's current fault, 'off' without one."""
    return dict.fromkeys(TARGETS, "off") | {
        fault.target: str(fault) for fault in Fault.objects.exclude(remaining=0)
    }


def around(target: str, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the response of a service's work, changed by the fault that is set for it."""
    fault = _next(target)
    if fault is None:
        return work()
    if fault.kind == "status":
        return _broken(fault.amount)
    if fault.kind == "html":
        return HttpResponse("<!doctype html><title>Sandbox</title><p>Not what you asked for.")
    if fault.kind == "throttle":
        return _throttled()
    if fault.kind == "hang":
        time.sleep(fault.amount)
    response = work()
    return _broken(503) if fault.kind == "lose" else response


def _next(target: str) -> Fault | None:
    """Return the fault to apply now or None; count down one that is limited."""
    fault = Fault.objects.filter(target=target).exclude(remaining=0).first()
    if fault is None or fault.remaining is None:
        return fault
    counted = Fault.objects.filter(pk=fault.pk, remaining__gt=0)
    return fault if counted.update(remaining=F("remaining") - 1) else None


def _throttled() -> HttpResponse:
    response = HttpResponse("403 Forbidden (Rate Limit Exceeded)\n", status=403)
    response["Content-Type"] = "text/plain"
    response["X-Rate-Limit-Remaining"] = "0.0"
    return response


def _broken(status: int) -> HttpResponse:
    return HttpResponse("A fault on request.", status=status, content_type="text/plain")
