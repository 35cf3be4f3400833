"""Which rows a job holds while it waits for one of them: the order in which it locks. A program.

Rows lie on the disk the other way round than they are to be locked, and indexes are not used, so
that a statement without an order of its own has the wrong one for certain.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import django
import psycopg

django.setup()

from django.db import connection, models, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from lti_tool import grades  # noqa: E402
from lti_tool.adapter.message import VerifiedLaunch  # noqa: E402
from lti_tool.audit import TOOL, person  # noqa: E402
from lti_tool.grades import Score, outbox  # noqa: E402
from lti_tool.grades.outbox import Leased, Outcome, clocks, columns, platform_queues  # noqa: E402
from lti_tool.launches.recording import record_launch  # noqa: E402
from lti_tool.models import Context, Delivery, LineItem, Membership, PlatformQueue, ResourceLink  # noqa: E402
from lti_tool.privacy import retention  # noqa: E402
from lti_tool.protocol.launch import Course, GradeService, Launch, Link, Person, Presentation  # noqa: E402
from lti_tool.protocol.vocabulary import MessageType, Scope  # noqa: E402
from lti_tool.services.errors import DeliveryProblem, ServiceError  # noqa: E402
from tests.cast import PUPIL, Someone, assemble, make_someone  # noqa: E402
from tests.worksheets.sheets import (  # noqa: E402
    GAPS_ONLY,
    RIGHT,
    WRITTEN_ONLY,
    assignment_at,
    hand_in,
    place,
)
from worksheets import authoring  # noqa: E402
from worksheets.attempts import (  # noqa: E402
    GivenDates,
    GivenMark,
    give_dates,
    give_marks,
    release_all,
    release_entered,
    reopen_all,
    rubrics,
    take_back_release,
)
from worksheets.authoring.assigning import AssignmentRules  # noqa: E402
from worksheets.gradebook import changes, corrections, reporting  # noqa: E402
from worksheets.gradebook.corrections import Decision  # noqa: E402
from worksheets.gradebook.scoring import GAPS, TOTAL  # noqa: E402
from worksheets.marking.rubric import RubricLine  # noqa: E402
from worksheets.markup import Question  # noqa: E402
from worksheets.models import (  # noqa: E402
    Assignment,
    Attempt,
    Edition,
    EnteredMark,
    Mark,
    Picture,
    PupilDates,
    Sending,
)
from worksheets.privacy import erasure  # noqa: E402
from worksheets.questions.correcting import Verdict  # noqa: E402

CAST = assemble()
COURSE, CONTEXT = CAST.course, CAST.course.context
SECOND = LineItem.objects.create(
    link=ResourceLink.objects.create(
        deployment=COURSE.deployment, context=CONTEXT, lti_id="second", title="Second"
    )
)
GAPS_COLUMN = LineItem.objects.create(link=COURSE.link, tag=GAPS)
BOTH = (COURSE.line_item, GAPS_COLUMN)
PUPILS = [make_someone(COURSE, str(900 + n), f"Pupil {n}", PUPIL) for n in range(4)]
LONG_AGO = timezone.now() - timedelta(days=4000)
place(CAST, GAPS_ONLY)


class Waits:
    """A job is let run until it waits for one row; ``held`` are rows that it has by then."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Any]] = {}

    def see(
        self,
        name: str,
        job: Callable[[], object],
        blocked: models.Model,
        expected: Iterable[models.Model],
        probed: type[models.Model] = Delivery,
    ) -> None:
        """Note what the job holds of ``probed`` while it waits for ``blocked``."""
        wrong: list[str] = []
        backend: list[int] = []

        def run() -> None:
            try:
                with connection.cursor() as cursor:
                    for scan in ("indexscan", "indexonlyscan", "bitmapscan"):
                        cursor.execute(f"SET enable_{scan} = off")
                    cursor.execute("SELECT pg_backend_pid()")
                    backend.append(cursor.fetchone()[0])
                job()
            except Exception as error:  # noqa: BLE001 - the test tells of it
                wrong.append(repr(error))
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        with psycopg.connect(os.environ["DATABASE_URL"]) as blocker:
            blocker.execute(_all_of(type(blocked), "WHERE pk = %s"), [blocked.pk])
            thread.start()
            has_waited = _waits(thread, backend)
            held = _held(probed)
            blocker.rollback()
        thread.join()
        self.found[name] = {
            "has_waited": has_waited,
            "held": sorted(held - ({blocked.pk} if type(blocked) is probed else set())),
            "expected": sorted(row.pk for row in expected),
            "wrong": wrong,
        }


def _all_of(model: type[models.Model], rest: str = "") -> Any:
    """Lock rows of a model."""
    key = model._meta.pk.column
    rest = rest.replace("pk", f'"{key}"')
    return f'SELECT "{key}" FROM "{model._meta.db_table}" {rest} FOR NO KEY UPDATE'


def _waits(thread: threading.Thread, backend: list[int]) -> bool:
    """Whether the job came to wait for a lock, before it was at its end."""
    asked = "SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as watcher:
        while thread.is_alive():
            row = watcher.execute(asked, backend).fetchone() if backend else None
            if row == ("Lock",):
                return True
            time.sleep(0.01)
    return False


def _held(model: type[models.Model]) -> set[Any]:
    """The rows that somebody has locked."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as probe:
        free = {row[0] for row in probe.execute(_all_of(model) + " SKIP LOCKED")}
        every = {row[0] for row in probe.execute(_all_of(model).removesuffix("FOR NO KEY UPDATE"))}
        probe.rollback()
    return every - free


def deliveries(columns: Iterable[LineItem] = (), /, **values: Any) -> list[Delivery]:
    """Two of each pupil, in the order in which they are to be locked."""
    columns = columns or (COURSE.line_item, SECOND)
    with connection.cursor() as cursor:
        cursor.execute(f'TRUNCATE "{Delivery._meta.db_table}"')
    outbox.open_queue(COURSE.deployment.registration)
    users = sorted((pupil.user for pupil in PUPILS), key=lambda user: user.pk)
    rows = [
        Delivery(
            # By key alone they stand the other way round than by user.
            pk=1000 - 10 * user.pk + n,
            registration=COURSE.deployment.registration,
            line_item=line_item,
            user=user,
            score_given=1,
            score_maximum=2,
            **values,
        )
        for user in users
        for n, line_item in enumerate(columns)
    ]
    for row in reversed(rows):
        row.save(force_insert=True)
    return rows


def see_all(waits: Waits) -> None:
    """Every job that writes several of these rows."""
    refused = {"state": Delivery.State.REFUSED, "problem": DeliveryProblem.NO_COLUMN}
    rows = deliveries(**refused)
    waits.see("send-again", lambda: outbox.make_due(Delivery.objects.all()), rows[3], rows[:3])

    rows = deliveries(**refused)
    chosen = Delivery.objects.filter(
        line_item__link__deployment__registration=COURSE.deployment.registration
    ).select_related("line_item__link__deployment__registration")
    waits.see("send-again-as-listed", lambda: outbox.make_due(chosen), rows[3], rows[:3])

    rows = deliveries(state=Delivery.State.REFUSED, problem=DeliveryProblem.NO_PUPIL)
    users = [pupil.user.pk for pupil in PUPILS]
    waits.see("people-returned", lambda: outbox.people_returned(CONTEXT, users), rows[3], rows[:3])

    rows = deliveries(**refused)
    of_column = [row for row in rows if row.line_item == COURSE.line_item]
    waits.see(
        "column-changed",
        lambda: outbox.make_due_after_launch(COURSE.line_item, None),
        of_column[2],
        of_column[:2],
    )

    rows = deliveries(**refused)
    last = PUPILS[-1]
    Delivery.objects.filter(user=last.user).update(problem=DeliveryProblem.NO_PUPIL)
    Membership.objects.filter(user=last.user).update(status=Membership.Status.GONE)
    waits.see("launch", lambda: record_launch(launch_of(last), "key"), of_column[0], [])

    rows = deliveries(state=Delivery.State.DELIVERED)
    of_column = [row for row in rows if row.line_item == COURSE.line_item]
    waits.see(
        "column-replaced",
        lambda: columns._send_all_again(COURSE.line_item, of_column[3]),
        of_column[2],
        of_column[:2],
    )

    far = timezone.now() + timedelta(days=30)
    rows = deliveries(next_try_at=far)
    waits.see("clock-late", clocks.reset_future_times, rows[3], rows[:3])
    rows = deliveries(leased_until=far)
    waits.see("clock-leased", clocks.reset_future_times, rows[3], rows[:3])

    rows = deliveries()
    # Of one user's two, the second has waited longer.
    Delivery.objects.filter(pk__in=[row.pk for row in rows[2:]]).update(next_try_at=far)
    Delivery.objects.filter(pk=rows[1].pk).update(next_try_at=LONG_AGO)
    waits.see("lease", lambda: outbox.lease(8), rows[1], rows[:1])

    rows = deliveries(leased_by="me", leased_until=timezone.now())
    queue = PlatformQueue.objects.get(pk=COURSE.deployment.registration.pk)
    sent = [Outcome(leased(row, queue), None, None) for row in (rows[1], rows[0], *rows[2:])]
    waits.see("settle", lambda: outbox.settle(sent), rows[1], rows[:1])

    rows = deliveries(leased_by="me", leased_until=timezone.now())
    busy = ServiceError(DeliveryProblem.BUSY, permanent=False, status=429)
    sent = [
        Outcome(leased(rows[0], queue), None, None),
        Outcome(leased(rows[2], queue), busy, None),
    ]
    waits.see("settle-queues-first", lambda: outbox.settle(sent), queue, [])

    see_columns(waits, queue)

    PlatformQueue.objects.all().delete()
    elsewhere = CAST.elsewhere.deployment.registration
    for registration in (elsewhere, COURSE.deployment.registration):
        outbox.open_queue(registration)
    lower, upper = PlatformQueue.objects.order_by("pk")
    waits.see(
        "queues",
        lambda: in_transaction(platform_queues.resume, [upper.pk, lower.pk]),
        upper,
        [lower],
        PlatformQueue,
    )

    hand_in_all()
    assignment = assignment_at(COURSE.link)
    waits.see("rules-link-first", lambda: teach(assignment), COURSE.link, [], Assignment)
    attempts = list(Attempt.objects.order_by("pk"))
    for attempt in reversed(attempts):  # another version of each, at the end of the table
        attempt.save()
    waits.see("rules-attempts", lambda: teach(assignment), attempts[2], attempts[:2], Attempt)

    found = list(reversed(attempts))
    waits.see(
        "release-all-attempts",
        lambda: undone(release_all, assignment, found, by=TOOL),
        attempts[2],
        attempts[:2],
        Attempt,
    )
    waits.see(
        "release-all-columns-before-scores",
        lambda: undone(release_all, assignment, found, by=TOOL),
        COURSE.line_item,
        [],
    )

    see_entered(waits, assignment, attempts)
    see_dates(waits, assignment)
    see_acts(waits, assignment, attempts)
    see_marks(waits, assignment, attempts)
    see_corrections(waits, assignment, attempts)

    worksheet = assignment.edition.worksheet
    picture = Picture.objects.create(
        worksheet=worksheet, name="map.png", media_type="image/png", content=b"", width=1, height=1
    )
    # Whoever publishes holds the worksheet: what they publish may show the picture.
    waits.see("picture", lambda: authoring.remove_picture(picture), worksheet, [], Picture)

    rows = deliveries(updated_at=LONG_AGO)
    waits.see(
        "retention",
        lambda: retention.delete_in_chunks(retention.old_deliveries(timezone.now())),
        rows[3],
        rows[:3],
    )

    rows = deliveries()
    waits.see(
        "erased-person",
        lambda: undone(erasure.erase_person, rows[0].user, by=TOOL),
        rows[1],
        rows[:1],
    )
    waits.see("erased-course", lambda: undone(erase_course), rows[3], rows[:3])
    waits.see("erased-course-work-first", lambda: undone(erase_course), assignment, [])


def see_columns(waits: Waits, queue: PlatformQueue) -> None:
    """Jobs that write both columns of a link, or what is known of them."""
    LineItem.objects.filter(link=COURSE.link).update(
        url="https://lms.example/1", scopes=[Scope.LINE_ITEM, Scope.RESULT_READONLY]
    )
    rows = deliveries(BOTH, state=Delivery.State.DELIVERED)
    waits.see("maxima-columns-first", lambda: change_maxima(10), GAPS_COLUMN, [])
    rows = deliveries(BOTH, state=Delivery.State.DELIVERED)
    waits.see("maxima", lambda: change_maxima(20), rows[3], rows[:3])
    # Another maximum than that of the sheet, so that reports save it.
    LineItem.objects.filter(link=COURSE.link).update(maximum=100)
    deliveries(BOTH)
    waits.see("report-columns-first", report_both, GAPS_COLUMN, [])
    rows = deliveries(BOTH)
    waits.see("report", report_both, rows[1], rows[:1])

    refused = {"state": Delivery.State.REFUSED, "problem": DeliveryProblem.NO_COLUMN}
    rows = deliveries(BOTH, **refused)
    rows[1].delete()  # the first pupil has a score in one of the columns alone
    people = [pupil.user for pupil in PUPILS]
    waits.see(
        "send-again-columns-first",
        lambda: grades.send_again(COURSE.link, people),
        GAPS_COLUMN,
        [],
    )

    rows = deliveries(BOTH, leased_by="me", leased_until=timezone.now())
    sent = [Outcome(leased(row, queue), None, 0) for row in rows]
    for outcome in sent:
        outcome.leased.column_maximum = Decimal(20)
    for probed in (Delivery, PlatformQueue):
        LineItem.objects.update(lms_maximum=None)
        waits.see(
            f"settle-columns-before-{probed._meta.model_name}",
            lambda: outbox.settle(sent),
            GAPS_COLUMN,
            [],
            probed,
        )


def change_maxima(maximum: int) -> None:
    """As another version of the worksheet does."""
    former = {row.tag: row.maximum for row in LineItem.objects.filter(link=COURSE.link)}
    with transaction.atomic():
        grades.change_column_maxima(
            COURSE.link, former=former, maxima=dict.fromkeys(former, Decimal(maximum))
        )


def report_both() -> None:
    """A score in each column; the worksheet has another maximum than they were made with."""
    edition = assignment_at(COURSE.link).edition
    assignment = Assignment(link=COURSE.link, edition=edition, sending=Sending.GAPS_COLUMN)
    score = Score(Decimal(1), Decimal(2), "Gaps.")
    user = min((pupil.user for pupil in PUPILS), key=lambda user: user.pk)
    in_transaction(reporting.report_scores, assignment, user, {TOTAL: score, GAPS: score})


def leased(row: Delivery, queue: PlatformQueue) -> Leased:
    """As if it had been sent by us a moment ago."""
    return Leased(row, queue, [], "", time.monotonic() + 60, [], None, is_posted=True)


def launch_of(someone: Someone) -> VerifiedLaunch:
    """One that tells that they are back, and of another column."""
    link, deployment = COURSE.link, COURSE.deployment
    launch = Launch(
        nonce="n",
        message=MessageType.RESOURCE_LINK,
        deployment_id=deployment.deployment_id,
        person=Person(someone.user.sub),
        roles=(PUPIL,),
        link=Link(link.lti_id),
        course=Course(CONTEXT.lti_id),
        target_link_uri="",
        grades=GradeService(frozenset(), COURSE.line_item.container_url, "https://lms.example/9"),
        roster_url="",
        presentation=Presentation(),
    )
    return VerifiedLaunch(deployment.registration, deployment, launch)


def see_entered(waits: Waits, assignment: Assignment, attempts: list[Attempt]) -> None:
    """What is entered for a class without attempts, the last pupil's first, is released."""
    users = [attempt.user for attempt in attempts]
    values = {"outcome": "on-paper", "points": 1, "maximum": 10}
    for user in users:
        EnteredMark.objects.create(assignment=assignment, user=user, **values)
    rows = list(EnteredMark.objects.order_by("pk"))
    for row in reversed(rows):
        row.save()

    def job() -> None:
        undone(release_entered, assignment, by=TOOL)

    waits.see("entered-assignment-first", job, assignment, [], EnteredMark)
    waits.see("entered", job, rows[2], rows[:2], EnteredMark)
    waits.see("entered-columns-before-scores", job, COURSE.line_item, [])
    EnteredMark.objects.all().delete()


def see_dates(waits: Waits, assignment: Assignment) -> None:
    """Dates of several pupils, by which their work is late and their scores are others."""

    def give() -> None:
        users = [one.user for one in reversed(PUPILS)]
        give_dates(assignment, users, GivenDates(due_at=LONG_AGO), "", by=CAST.ruth.user)

    def give_late() -> None:
        Assignment.objects.filter(pk=assignment.pk).update(late_deduction=20)
        give()

    waits.see("dates-assignment-first", lambda: undone(give), assignment, [], PupilDates)
    waits.see("dates-columns-before-scores", lambda: undone(give_late), COURSE.line_item, [])


def see_acts(waits: Waits, assignment: Assignment, attempts: list[Attempt]) -> None:
    """What a teacher does to the work of several pupils at once, the last one's first."""
    found = list(reversed(attempts))
    with transaction.atomic():
        release_all(assignment, found, by=TOOL)
    acts: dict[str, Callable[[], object]] = {
        "take-back": lambda: take_back_release(assignment, found, by=TOOL),
        "reopen": lambda: reopen_all(assignment, found, by=TOOL),
    }
    for name, act in acts.items():

        def job(act: Callable[[], object] = act) -> None:
            undone(act)

        waits.see(f"{name}-assignment-first", job, assignment, [], Attempt)
        waits.see(f"{name}-attempts", job, attempts[2], attempts[:2], Attempt)
    rows = list(Delivery.objects.filter(line_item__link=COURSE.link).order_by("user_id", "pk"))
    waits.see("take-back", lambda: undone(acts["take-back"]), rows[4], rows[:4])
    waits.see(
        "take-back-columns-before-scores", lambda: undone(acts["take-back"]), COURSE.line_item, []
    )
    with transaction.atomic():
        take_back_release(assignment, found, by=TOOL)


def see_marks(waits: Waits, assignment: Assignment, attempts: list[Attempt]) -> None:
    """Marks for one question, the last pupil's first, after the release."""
    source = assignment.edition.source
    Edition.objects.filter(pk=assignment.edition_id).update(source=WRITTEN_ONLY)
    for attempt in reversed(attempts):
        attempt.released_at = LONG_AGO
        attempt.save()
    question = Edition.objects.get(pk=assignment.edition_id).sheet.question("q1")
    given = [GivenMark(attempt.pk, Decimal(4), is_confirmed=True) for attempt in reversed(attempts)]
    teacher = CAST.ruth.user

    def job() -> None:
        undone(give_marks, assignment, question, given, teacher)

    waits.see("marks-assignment-first", job, assignment, [], Attempt)
    waits.see("marks-attempts", job, attempts[2], attempts[:2], Attempt)
    waits.see("marks-columns-before-scores", job, COURSE.line_item, [])
    rows = list(Delivery.objects.filter(line_item=COURSE.line_item).order_by("user_id"))
    waits.see("marks", job, rows[2], rows[:2])
    see_rubric(waits, assignment, attempts, question)
    Edition.objects.filter(pk=assignment.edition_id).update(source=source)
    for attempt in reversed(attempts):
        attempt.released_at = None
        attempt.save()


def see_corrections(waits: Waits, assignment: Assignment, attempts: list[Attempt]) -> None:
    """A key is changed for a class: decided, then everybody's work is marked again."""
    Assignment.objects.filter(pk=assignment.pk).update(edition=attempts[0].edition)
    assignment = assignment_at(COURSE.link)
    teacher, change = CAST.ruth.user, Decision("g1", ("Bavaria",), Verdict.RIGHT)
    proposal = corrections.propose(assignment, change)

    def decided() -> None:
        undone(corrections.decide, proposal, change, "a press", by=teacher)

    def held() -> None:
        undone(corrections.hold, [Assignment(link=SECOND.link), assignment])

    waits.see("correction-links-by-number", held, SECOND.link, [COURSE.link], ResourceLink)
    waits.see("correction-links-before-assignments", held, SECOND.link, [], Assignment)
    waits.see("correction-link-first", decided, COURSE.link, [], Assignment)
    waits.see("correction-assignment-before-worksheet", decided, assignment, [], Edition)
    with transaction.atomic():
        assignment.edition = corrections.decide(proposal, change, "a press", by=teacher)
    users, by = [attempt.user_id for attempt in attempts], person(teacher)

    def job() -> None:
        undone(corrections.remark, assignment, users, proposal.marks, by=by)

    waits.see("correction-attempts", job, attempts[2], attempts[:2], Attempt)
    waits.see("correction-columns-before-scores", job, COURSE.line_item, [])
    with transaction.atomic():
        corrections.remark(assignment, users, proposal.marks, by=by)


def see_rubric(
    waits: Waits, assignment: Assignment, attempts: list[Attempt], question: Question[Any]
) -> None:
    """A line of a rubric by which all of them are marked, after the release."""
    line = RubricLine(1, "a reason", Decimal(1))
    teacher = CAST.ruth.user
    rubrics.apply(assignment, question, [line], teacher)
    for attempt in reversed(attempts):
        Mark.objects.create(
            attempt=attempt,
            item=question.key,
            points=1,
            maximum=10,
            rubric=rubrics.as_chosen([line]),
            source=Mark.Source.TEACHER,
        )
    changed = [replace(line, points=Decimal(2))]
    seen = rubrics.plan(assignment, question, changed).digest

    def job() -> None:
        undone(rubrics.apply, assignment, question, changed, teacher, seen=seen)

    waits.see("rubric-assignment-first", job, assignment, [], Attempt)
    waits.see("rubric-attempts", job, attempts[2], attempts[:2], Attempt)
    waits.see("rubric-columns-before-scores", job, COURSE.line_item, [])
    Mark.objects.filter(item=question.key).delete()


def hand_in_all() -> None:
    """Everybody has an attempt."""
    for pupil in PUPILS:
        hand_in(assignment_at(COURSE.link), pupil, RIGHT)


def teach(assignment: Assignment) -> None:
    """The rules as they are, once more."""
    rules = AssignmentRules.of(assignment)
    changes.apply(assignment, assignment.edition, rules, mark_again=False, seen="", by=TOOL)


def erase_course() -> None:
    """The course, as a row that is read anew: what is deleted loses its key."""
    erasure.erase_course(Context.objects.get(pk=CONTEXT.pk), by=TOOL)


def in_transaction(job: Callable[..., object], *given: object) -> None:
    with transaction.atomic():
        job(*given)


def undone(job: Callable[..., object], *given: object, **named: object) -> None:
    """Do it, and take it back."""
    with transaction.atomic():
        job(*given, **named)
        transaction.set_rollback(True)


if __name__ == "__main__":
    waits = Waits()
    see_all(waits)
    print(json.dumps(waits.found))
