"""The check 'Check this connection': what works between one platform and this tool, line by line.

Everything is asked anew, nothing is changed at the platform, and each call is given up after
some seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from lti_tool.connection import records
from lti_tool.connection.check_result import CheckResult, State
from lti_tool.connection.keys_and_clock import keys_and_clock
from lti_tool.connection.services import services
from lti_tool.launches import log as launch_log
from lti_tool.launches.log import LoggedLaunch
from lti_tool.models import RefusedLaunch, Registration

MAX_REFUSALS = 10  # newest, that the page lists

__all__ = ["CheckResult", "Report", "State", "check"]


@dataclass(frozen=True, slots=True)
class Report:
    """The result of checking one registration; ``at`` is when."""

    at: datetime
    lines: Sequence[CheckResult]
    launches: Sequence[LoggedLaunch]
    refusals: Sequence[RefusedLaunch]

    @property
    def problems(self) -> int:
        """Return the number of lines that say that a person has to change something."""
        return sum(line.state is State.PROBLEM for line in self.lines)


def check(registration: Registration) -> Report:
    """Check everything and return the report. No failure of the platform raises an error."""
    launches = launch_log.last_launches(registration)
    refusals = list(registration.refused_launches.all()[:MAX_REFUSALS])
    lines = [
        *records.switched_off(registration),
        *keys_and_clock(registration),
        *services(registration),
        records.launches_line(registration, launches),
        *records.notes_line(launches),
        records.refusals_line(registration, launches, refusals),
        records.deployments_line(registration),
    ]
    return Report(timezone.now(), dedupe_remedies(lines), launches, refusals)


def dedupe_remedies(lines: Sequence[CheckResult]) -> list[CheckResult]:
    """Return the lines, with a remedy that several lines share written out at the first of them."""
    seen: set[str] = set()
    short = []
    for line in lines:
        is_repeated = bool(line.remedy) and line.remedy in seen
        seen.add(line.remedy)
        again = _("Change the same setting as above.")
        short.append(replace(line, remedy=again) if is_repeated else line)
    return short
