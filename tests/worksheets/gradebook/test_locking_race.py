"""Everything that writes scores does so at once: nobody waits in a circle.

Real PostgreSQL; on SQLite there is one writer at a time. Which order each keeps, and that none
has its own, ``test_locking_order`` shows without a race.
"""

from __future__ import annotations

import pytest

from tests.servers.tool import Tool

pytestmark = pytest.mark.servers

RACE = """
import itertools
import threading
import time
from datetime import timedelta
from decimal import Decimal
import django
django.setup()
from django.db import connection, transaction
from django.utils import timezone
from lti_tool.audit import TOOL
from lti_tool.grades import outbox, reconciliation
from lti_tool.protocol.vocabulary import Scope
from lti_tool.services.errors import DeliveryProblem, ServiceError
from lti_tool.models import Delivery, LineItem, ResourceLink
from lti_tool.grades.outbox import Outcome, clocks, columns
from tests.cast import PUPIL, assemble, make_someone
from tests.worksheets.sheets import GAPS_ONLY, RIGHT, assignment_at, hand_in, hand_in_again, place
from worksheets import attempts, authoring
from worksheets.gradebook import changes
from worksheets.models import UNLIMITED, Sending
from worksheets.authoring.assigning import AssignmentRules

cast = assemble()
assignment = place(cast, GAPS_ONLY, attempt_limit=UNLIMITED, sending=Sending.GAPS_COLUMN)
more = GAPS_ONLY + "\\nAlso ___Spain___.\\n"
saved = authoring.save(assignment.edition.worksheet, more, seen=None)
editions = [assignment.edition, authoring.publish(saved)]
link = cast.course.link
# By name they stand the other way round than by number.
names = [f"Pupil {letter}" for letter in "ZYXWVUTSRQPONMLK"]
pupils = [make_someone(cast.course, str(900 + n), name, PUPIL) for n, name in enumerate(names)]
for pupil in reversed(pupils):  # and on the disk the other way round than by user
    hand_in(assignment_at(link), pupil, RIGHT)
# A second column of the same pupils, so that each has two scores.
other = ResourceLink.objects.create(
    deployment=cast.course.deployment, context=cast.course.context, lti_id="other", title="Other"
)
column, second = cast.course.line_item, LineItem.objects.create(link=other)
for row in Delivery.objects.all():
    row.pk, row.line_item = None, second
    row.save(force_insert=True)
# And a third one beside their own: the gaps at once, the total with the release.
for pupil in pupils[8:]:
    attempts.release(assignment_at(link).attempts.get(user=pupil.user), by=TOOL)
beside = LineItem.objects.get(link=link, tag="gaps")
LineItem.objects.filter(link=link).update(url="https://lms.example/1", scopes=[
    Scope.LINE_ITEM, Scope.RESULT_READONLY, Scope.SCORE
])
column.refresh_from_db()
end, done, wrong, taught = time.monotonic() + 8, [], [], []

def again_and_again(what):
    try:
        with connection.cursor() as cursor:  # rows as they lie on the disk, if in no other order
            cursor.execute("SET enable_indexscan = off; SET enable_bitmapscan = off")
        while True:  # once at least, however busy the machine is
            what()
            done.append(what)
            if time.monotonic() > end:
                break
    except Exception as error:
        wrong.append(f"{what.__name__}: {error!r}")
    finally:
        connection.close()

def teach():
    # Each edition has other maxima, for both columns.
    for counting, edition in zip(("last", "best"), editions, strict=True):
        assignment = assignment_at(link)
        rules = AssignmentRules(
            assignment.feedback,
            sending=Sending.GAPS_COLUMN,
            attempt_limit=UNLIMITED,
            counting=counting,
        )
        for _ in range(20):
            plan = changes.plan(assignment, edition, rules, mark_again=False)
            try:
                changes.apply(
                    assignment, edition, rules, mark_again=False, seen=plan.digest, by=TOOL
                )
                taught.append(plan.columns_follow)
                break
            except changes.Outdated:
                continue

def write(pupil, turn=[0]):
    turn[0] += 1
    hand_in_again(assignment_at(link), pupil, RIGHT if turn[0] % 2 else {"g1": "wrong"})

outcomes = itertools.cycle([
    None,
    ServiceError(DeliveryProblem.NO_COLUMN, permanent=True),
    None,
    ServiceError(DeliveryProblem.NO_PUPIL, permanent=True),
    ServiceError(DeliveryProblem.BUSY, permanent=False, status=429),
])

def deliver():
    for row in Delivery.objects.all():  # one at a time: the next second need not come
        Delivery.objects.filter(pk=row.pk).update(last_timestamp=None)
    for pk in (column.pk, beside.pk):
        LineItem.objects.filter(pk=pk).update(lms_maximum=None)
    sent = [Outcome(leased, next(outcomes), None) for leased in outbox.lease(8)]
    for outcome in sent:
        outcome.leased.column_maximum = Decimal(outcome.leased.row.score_maximum)
    outbox.settle(sent)

def send_all():
    outbox.make_due(Delivery.objects.all())

def launch():
    with transaction.atomic():
        LineItem.objects.filter(pk=column.pk).update(scopes=[*column.scopes, "x"])
        outbox.make_due_after_launch(
            LineItem.objects.get(pk=column.pk), pupils[-1].membership
        )

def read_roster():
    outbox.people_returned(cast.course.context, [pupil.user.pk for pupil in pupils])

def replace_column():
    columns._send_all_again(column, Delivery.objects.filter(line_item=column).first())

def reconcile():
    for row in Delivery.objects.filter(state__in=Delivery.SETTLED):
        reconciliation._save_if_unchanged(row, Delivery.due_values(timezone.now()))

def set_clock():
    far = timezone.now() + timedelta(days=30)
    for row in Delivery.objects.all()[::2]:
        Delivery.objects.filter(pk=row.pk).update(next_try_at=far)
    clocks.reset_future_times()

def release():
    for pupil in pupils[4:8]:
        attempt = assignment_at(link).attempts.filter(user=pupil.user).latest("number")
        if attempt.is_submitted:
            attempts.release(attempt, by=TOOL)
            attempts.reopen(attempt, by=TOOL)
        else:
            attempts.submit_for(attempt, by=TOOL)

jobs = [
    *(teach, deliver, lambda: deliver(), send_all, lambda: send_all()),
    *(launch, read_roster, replace_column, reconcile, set_clock),
    *(release, *(lambda pupil=pupil: write(pupil) for pupil in pupils[:4])),
]
threads = [threading.Thread(target=again_and_again, args=(job,)) for job in jobs]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("wrong", wrong, "done", len(done), "jobs", len(set(done)), "columns", any(taught))
"""


def test_nobody_waits_in_a_circle(postgres_url: str) -> None:
    tool = Tool(postgres_url, more={"DJANGO_SETTINGS_MODULE": "lti_tool.settings"})
    tool.manage("migrate", "--verbosity", "0")
    status, said = tool.run(tool.python, "-c", RACE)
    assert status == 0, said
    assert "wrong [] done" in said
    assert "jobs 15 columns True" in said
