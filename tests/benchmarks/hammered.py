"""The long test itself: ``python -m tests.benchmarks.hammered``, with a Plan as JSON.

Pupils of several platforms hand in again and again while a third of all answers is faulty
and processes are killed. What a process had committed is the truth; at the end every cell
of every gradebook must show it. Prints JSON: figures, and what was wrong.

So that it ends in reasonable time, a lease lasts seconds instead of minutes and no pause
is longer than half a second. Processes are forked from this one, because a start takes as
long as a life here; each opens its own connections, and SIGKILL ends it like any other.
"""

from __future__ import annotations

import itertools
import json
import logging
import math
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from multiprocessing.process import BaseProcess
from typing import Any

import django
from django.conf import settings

settings.LTI_LEASE_SECONDS = 5
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.models import Sum  # noqa: E402

from lti_tool import grades  # noqa: E402
from lti_tool.adapter import tokens  # noqa: E402
from lti_tool.grades import Score  # noqa: E402
from lti_tool.grades.outbox import backoff, leasing  # noqa: E402
from lti_tool.models import (  # noqa: E402
    Context,
    Delivery,
    Deployment,
    LineItem,
    Membership,
    Registration,
    ResourceLink,
    User,
)
from lti_tool.platforms.tool_keys import signing_key  # noqa: E402
from lti_tool.protocol.vocabulary import Scope  # noqa: E402
from tests.benchmarks.delivering import Gradebooks  # noqa: E402

FULL = Decimal(100)
TICK, PATIENCE, NEVER = 0.05, 900.0, math.inf  # seconds
Blow = tuple[float, Callable[[], None]]
_fork = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Plan:
    """How much, and what is done to the processes.

    Each second one of the deliverers is killed and started again, or now and then the
    process that submits. With ``stop_for`` instead: one deliverer is stopped by SIGSTOP
    for so many seconds, and one is killed for good.
    """

    platforms: int
    pupils: int
    submissions: int
    seconds: float  # over which the submissions are spread
    workers: int = 3
    stop_for: float = 0.0


@dataclass
class Hammer:
    """The processes, and what was done to them."""

    plan: Plan
    deliverers: list[BaseProcess] = field(default_factory=list)
    submitter: BaseProcess | None = None
    killed: int = 0
    submitters_killed: int = 0

    def run(self) -> float:
        """Until all is submitted, all blows are dealt and nothing is due. Gives the seconds."""
        begin = time.monotonic()
        self.deliverers = [_started(_deliver) for _ in range(self.plan.workers)]
        self._begin_submitting()
        try:
            self._strike_from(begin)
            return time.monotonic() - begin
        finally:
            for process in [*self.deliverers, self.submitter]:
                _kill(process)

    def _strike_from(self, begin: float) -> None:
        blows = self._stopping() if self.plan.stop_for else self._killing()
        moment, blow = next(blows)
        while moment < NEVER or not self._is_over():
            if not self.plan.stop_for and self._is_over():
                return
            passed = time.monotonic() - begin
            if passed > PATIENCE:
                raise SystemExit("the run does not end")
            if passed >= moment:
                blow()
                moment, blow = next(blows)
            time.sleep(TICK)

    def _killing(self) -> Iterator[Blow]:
        for second in itertools.count(1):
            is_submitters_turn = second % 4 == 3
            yield second, self._kill_the_submitter if is_submitters_turn else self._kill_next

    def _stopping(self) -> Iterator[Blow]:
        stopped, condemned = self.deliverers[0], self.deliverers[-1]
        yield 2.0, lambda: _signal(stopped, signal.SIGSTOP)
        yield 3.0, lambda: self._kill_for_good(condemned)
        yield 2.0 + self.plan.stop_for, lambda: _signal(stopped, signal.SIGCONT)
        # What it still held goes out now, late and after others have sent the same.
        yield 4.0 + self.plan.stop_for, lambda: None
        yield NEVER, lambda: None

    def _kill_next(self) -> None:
        place = self.killed % len(self.deliverers)
        _kill(self.deliverers[place])
        self.deliverers[place] = _started(_deliver)
        self.killed += 1

    def _kill_for_good(self, process: BaseProcess) -> None:
        _kill(process)
        self.killed += 1

    def _kill_the_submitter(self) -> None:
        if self.submitter and self.submitter.is_alive():
            _kill(self.submitter)
            self.submitters_killed += 1
            self._begin_submitting()
        else:
            self._kill_next()

    def _begin_submitting(self) -> None:
        left = self.plan.submissions - _committed()
        connections.close_all()  # a fork must not inherit any
        pause = self.plan.seconds / self.plan.submissions
        self.submitter = _started(_submit, left, pause)

    def _is_over(self) -> bool:
        if self.submitter and self.submitter.is_alive():
            return False
        due = Delivery.objects.filter(state=Delivery.State.DUE).exists()
        connections.close_all()
        return not due


def _started(work: Callable[..., None], *values: float) -> BaseProcess:
    process = _fork.Process(target=work, args=values, daemon=True)
    process.start()
    return process


def _signal(process: BaseProcess, number: signal.Signals) -> None:
    os.kill(process.pid or 0, number)


def _kill(process: BaseProcess | None) -> None:
    if process:
        process.kill()
        process.join()


def _deliver() -> None:
    call_command("deliver_scores")


def _submit(count: int, pause: float) -> None:
    """A web process: each submission is a transaction of its own, as a pupil's click is."""
    chance = random.Random()
    links = list(ResourceLink.objects.select_related("deployment__registration", "context"))
    classes = {
        link.pk: list(User.objects.filter(memberships__context=link.context)) for link in links
    }
    begin = time.monotonic()
    for number in range(count):
        link = chance.choice(links)
        user = chance.choice(classes[link.pk])
        # The comment says which is later, to the gradebook's witness.
        score = Score(Decimal(chance.randrange(101)), FULL, f"{time.time_ns()}")
        grades.report_score(link, user, score)
        time.sleep(max(begin + number * pause - time.monotonic(), 0))


def _committed() -> int:
    return Delivery.objects.aggregate(all=Sum("revision"))["all"] or 0


def fill(url: str, plan: Plan) -> None:
    """Platforms with a course each, of two links: one has a column, the other none yet."""
    signing_key()
    each = plan.pupils // plan.platforms
    for number in range(plan.platforms):
        home = f"{url}/{number}"
        registration = Registration.objects.create(
            name=home,
            issuer=home,
            client_id="benchmark",
            auth_login_url=f"{home}/auth",
            auth_token_url=f"{home}/token",
            jwks_url=f"{home}/jwks",
        )
        deployment = Deployment.objects.create(registration=registration, deployment_id="1")
        context = Context.objects.create(deployment=deployment, lti_id="course")
        for name, column in (("with", f"{home}/with/lineitem?type_id=1"), ("without", "")):
            link = ResourceLink.objects.create(context=context, deployment=deployment, lti_id=name)
            LineItem.objects.create(
                link=link,
                url=column,
                container_url=f"{home}/lineitems?type_id=1",
                scopes=[Scope.LINE_ITEM, Scope.SCORE, Scope.RESULT_READONLY],
            )
        users = User.objects.bulk_create(
            User(registration=registration, sub=f"pupil-{n}") for n in range(each)
        )
        Membership.objects.bulk_create(
            Membership(user=user, context=context, roles=["Learner"]) for user in users
        )


def wrongs(state: Any) -> list[str]:
    """All that is not as it should be, in words."""
    found = [f"{state['future']} scores of the future"] if state["future"] else []
    made = [(column["platform"], column["resourceLinkId"]) for column in state["columns"]]
    found += [f"column doubled: {one}" for one in {one for one in made if made.count(one) > 1}]
    truths = {}
    for row in Delivery.objects.select_related("line_item", "user"):
        path = row.line_item.url.partition("//")[2].partition("/")[2].partition("?")[0]
        truths[f"/{path} {row.user.sub}"] = row
        if row.state != Delivery.State.DELIVERED:
            found.append(f"{path} {row.user.sub}: {row.state} {row.problem} {row.detail}")
    found += [f"cell without a truth: {cell}" for cell in set(state["cells"]) - set(truths)]
    for cell, row in truths.items():
        found += _wrong_with(cell, row, state["cells"].get(cell, []))
    return found


def _wrong_with(cell: str, row: Delivery, accepted: list[dict[str, Any]]) -> list[str]:
    if not accepted or row.score_given is None:
        return [f"{cell}: no score arrived"]
    shown, found = accepted[-1], []
    if (shown["comment"], shown["scoreGiven"]) != (row.comment, float(row.score_given)):
        found.append(f"{cell}: shows {shown['scoreGiven']} and not {row.score_given}")
    marks = [int(one["comment"]) for one in accepted]
    if marks != sorted(marks):
        found.append(f"{cell}: an older mark came after a newer one")
    moments = [one["timestamp"] for one in accepted]
    if moments != sorted(set(moments)):
        found.append(f"{cell}: timestamps do not increase")
    return found


def main(words: str) -> None:
    """Run the plan and print what came of it."""
    plan = Plan(**json.loads(words))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # takes its processes with it
    logging.disable(logging.WARNING)
    backoff.MAX_DELAY = 0.5
    tokens.MAX_RENEWAL_TIME = timedelta(seconds=leasing.LEASE.total_seconds())
    with Gradebooks.running("tests.benchmarks.flavour") as books:
        fill(books.url, plan)
        connections.close_all()
        hammer = Hammer(plan)
        seconds = hammer.run()
        state = books.state
    answers = dict(state["answers"])
    figures = {
        "seconds": seconds,
        "submissions": _committed(),
        "cells": len(state["cells"]),
        "accepted": sum(map(len, state["cells"].values())),
        "answers": sum(answers.values()),
        "faulty": sum(answers.values()) - answers.get("good", 0),
        "killed": hammer.killed,
        "submitters_killed": hammer.submitters_killed,
        "columns_made": len(state["columns"]),
        "wrong": wrongs(state),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
