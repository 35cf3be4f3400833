"""A teacher changes the rules while pupils work and scores go out: nobody waits in a circle.

Real PostgreSQL; on SQLite there is one writer at a time.
"""

from __future__ import annotations

import pytest

from tests.servers.tool import Tool

pytestmark = pytest.mark.xdist_group("postgres")

RACE = """
import threading
import time
import django
django.setup()
from django.db import OperationalError, connection
from lti_tool.grades import outbox
from lti_tool.models import Delivery
from lti_tool.grades.outbox import Sent
from tests.cast import PUPIL, assemble, make_someone
from tests.worksheets.sheets import GAPS_ONLY, RIGHT, assignment_at, hand_in, hand_in_again, place
from worksheets.gradebook import changes
from worksheets.models import UNLIMITED
from worksheets.authoring.placing import Rules

cast = assemble()
place(cast, GAPS_ONLY, attempt_limit=UNLIMITED)
link = cast.course.link
# By name they stand the other way round than by number.
names = [f"Pupil {letter}" for letter in "ZYXWVUTSRQPONMLK"]
pupils = [make_someone(cast.course, str(900 + n), name, PUPIL) for n, name in enumerate(names)]
for pupil in pupils:
    hand_in(assignment_at(link), pupil, RIGHT)
end, done, wrong = time.monotonic() + 8, [], []

def again_and_again(what):
    try:
        while time.monotonic() < end:
            what()
            done.append(what)
    except OperationalError as problem:
        wrong.append(str(problem))
    finally:
        connection.close()

def teach():
    for counting in ("last", "best"):
        assignment = assignment_at(link)
        rules = Rules.of(assignment)
        rules = Rules(rules.feedback, attempt_limit=UNLIMITED, counting=counting)
        for _ in range(20):
            plan = changes.plan(assignment, assignment.edition, rules, mark_again=False)
            try:
                changes.apply(
                    assignment, assignment.edition, rules, mark_again=False, seen=plan.digest
                )
                break
            except changes.Outdated:
                continue

def write(pupil, turn=[0]):
    turn[0] += 1
    hand_in_again(assignment_at(link), pupil, RIGHT if turn[0] % 2 else {"g1": "wrong"})

def deliver():
    Delivery.objects.update(last_timestamp=None)
    outbox.settle([Sent(leased, None, None) for leased in outbox.lease(8)])

jobs = [teach, deliver, *(lambda pupil=pupil: write(pupil) for pupil in pupils[:4])]
threads = [threading.Thread(target=again_and_again, args=(job,)) for job in jobs]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("wrong", wrong, "done", len(done), "jobs", len(set(done)))
"""


def test_nobody_waits_in_a_circle(postgres_url: str) -> None:
    tool = Tool(postgres_url, more={"DJANGO_SETTINGS_MODULE": "lti_tool.settings"})
    tool.manage("migrate", "--verbosity", "0")
    status, said = tool.run(tool.python, "-c", RACE)
    assert status == 0, said
    assert "wrong [] done" in said
    assert "jobs 6" in said
