"""What the delivery benchmarks do inside the project: ``python -m tests.benchmarks.scores``.

``fill URL PLATFORMS PUPILS`` makes platforms with a course of pupils each, and a score for
everyone that is due; ``drain`` delivers all that is due; ``plain URL`` sends the same as
pylti1p3 alone would; ``trickle PLATFORMS SECONDS`` reports scores bit by bit and prints
when; ``due`` makes all due again; ``lease TIMES`` leases and gives back. Each prints JSON.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import django

django.setup()

from cryptography.hazmat.primitives import serialization  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from pylti1p3.assignments_grades import AssignmentsGradesService  # noqa: E402
from pylti1p3.grade import Grade  # noqa: E402
from pylti1p3.registration import Registration as LibraryRegistration  # noqa: E402
from pylti1p3.service_connector import ServiceConnector  # noqa: E402

from lti_tool import grades  # noqa: E402
from lti_tool.background.deliverer import Deliverer  # noqa: E402
from lti_tool.grades import Score, outbox  # noqa: E402
from lti_tool.models import (  # noqa: E402
    Context,
    Delivery,
    Deployment,
    LineItem,
    Membership,
    PlatformQueue,
    Registration,
    ResourceLink,
    User,
)
from lti_tool.platforms.tool_keys import signing_key  # noqa: E402
from lti_tool.protocol.vocabulary import ActivityProgress, GradingProgress, Scope  # noqa: E402

THREADS = 32
SECONDS = 5.0  # for which the heap is delivered
BATCH = 2000


def fill(url: str, platforms: int, pupils: int) -> dict[str, Any]:
    """Platforms 0, 1, … at ``url``, each with pupils whose scores are due."""
    signing_key()
    for number in range(platforms):
        home = f"{url}/{number}"
        registration = Registration.objects.create(
            name=home,
            issuer=home,
            client_id="benchmark",
            auth_login_url=f"{home}/auth",
            auth_token_url=f"{home}/token",
            jwks_url=f"{home}/jwks",
        )
        PlatformQueue.objects.create(registration=registration)
        deployment = Deployment.objects.create(registration=registration, deployment_id="1")
        context = Context.objects.create(deployment=deployment, lti_id="course")
        link = ResourceLink.objects.create(context=context, deployment=deployment, lti_id="link")
        line_item = LineItem.objects.create(
            link=link,
            url=f"{home}/lineitem?type_id=1",
            scopes=[Scope.LINE_ITEM, Scope.SCORE, Scope.RESULT_READONLY],
            maximum=8,
        )
        for start in range(0, pupils, BATCH):
            _add_pupils(line_item, context, range(start, min(start + BATCH, pupils)))
    return {}


def _add_pupils(line_item: LineItem, context: Context, numbers: range) -> None:
    registration = line_item.link.deployment.registration
    users = User.objects.bulk_create(
        User(registration=registration, sub=f"pupil-{number}") for number in numbers
    )
    Membership.objects.bulk_create(
        Membership(user=user, context=context, roles=["Learner"]) for user in users
    )
    Delivery.objects.bulk_create(
        Delivery(
            registration=registration,
            line_item=line_item,
            user=user,
            score_given=6,
            score_maximum=8,
            comment="Gaps: 6 out of 8.",
            activity_progress=ActivityProgress.COMPLETED,
            grading_progress=GradingProgress.FULLY_GRADED,
        )
        for user in users
    )


def drain() -> dict[str, Any]:
    """Deliver everything that is due."""
    begin = time.perf_counter()
    count = Deliverer(THREADS).drain()
    return {"count": count, "seconds": time.perf_counter() - begin, "megabytes": _megabytes()}


def due() -> dict[str, Any]:
    """Make everything due again, as if nothing had been sent."""
    Delivery.objects.update(
        state=Delivery.State.DUE,
        last_timestamp=None,
        sent_given=None,
        tried=[],
        leased_until=None,
        next_try_at=timezone.now(),
    )
    return {}


def plain(count: int) -> dict[str, Any]:
    """As pylti1p3 alone does it, in the request of each pupil: a token, then the score."""
    registration = Registration.objects.order_by("pk")[0]
    key = signing_key().private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    library = (
        LibraryRegistration()
        .set_issuer(registration.issuer)
        .set_client_id(registration.client_id)
        .set_auth_token_url(registration.auth_token_url)
        .set_tool_private_key(key.decode())
    )
    line_item = f"{registration.issuer}/lineitem"
    begin = time.perf_counter()
    for number in range(count):
        service = AssignmentsGradesService(
            ServiceConnector(library), {"scope": [Scope.SCORE.value], "lineitem": line_item}
        )
        grade = Grade().set_score_given(6).set_score_maximum(8).set_user_id(f"pupil-{number}")
        grade.set_activity_progress("Completed").set_grading_progress("FullyGraded")
        service.put_grade(grade.set_timestamp("2026-01-01T00:00:00+00:00"))
    return {"count": count, "seconds": time.perf_counter() - begin}


def trickle(platforms: int, seconds: float) -> dict[str, Any]:
    """Report a new score for a pupil of each platform in turn; gives when each was."""
    links = list(ResourceLink.objects.select_related("deployment__registration").order_by("pk"))
    users = [
        list(User.objects.filter(registration=link.deployment.registration)[:1000])
        for link in links[:platforms]
    ]
    reported: dict[str, float] = {}
    end, turn = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        place, number = turn % platforms, turn // platforms
        user = users[place][number]
        grades.report_score(links[place], user, Score(Decimal(7), Decimal(8), "."))
        reported[f"{place}/{user.sub}"] = time.time()
        turn += 1
        time.sleep(0.01)
    return reported


def lease(times: int) -> dict[str, Any]:
    """How long it takes to take eight scores, in milliseconds, each time the same ones; and
    the memory of a deliverer that then delivers for some seconds."""
    spent = []
    for _ in range(times):
        begin = time.perf_counter()
        with transaction.atomic():
            taken = outbox.lease(16)  # of which one platform may have eight
            spent.append(time.perf_counter() - begin)
            transaction.set_rollback(True)
        assert len(taken) == 8
    sent = Deliverer(THREADS).drain(SECONDS)
    milliseconds = statistics.median(spent) * 1000
    return {"milliseconds": milliseconds, "megabytes": _megabytes(), "sent": sent}


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(what: str, *values: str) -> None:
    """Do one thing and print its figures."""
    work: dict[str, Callable[[], dict[str, Any]]] = {
        "fill": lambda: fill(values[0], int(values[1]), int(values[2])),
        "drain": drain,
        "due": due,
        "plain": lambda: plain(int(values[0])),
        "trickle": lambda: trickle(int(values[0]), float(values[1])),
        "lease": lambda: lease(int(values[0])),
    }
    sys.stdout.write(json.dumps(work[what]()) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
