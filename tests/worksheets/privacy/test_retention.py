"""What is forgotten after the retention period, and what is not."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from lti_tool.audit import TOOL
from lti_tool.models import (
    AuditEntry,
    Context,
    Delivery,
    Job,
    LineItem,
    Membership,
    RefusedLaunch,
    ResourceLink,
    StoredLaunch,
    User,
)
from lti_tool.privacy import retention as platform_retention
from tests.cast import Cast, open_again
from tests.worksheets.sheets import assignment_at, fresh, hand_in, hand_in_again, mark, place
from worksheets import attempts, gradebook
from worksheets.models import Answer, Attempt, CopyRequest, Edition, Mark, Worksheet
from worksheets.privacy.retention import forget_old, old_rows

PERIOD = timedelta(days=396)
NOTHING = dict.fromkeys(
    [
        *(
            "jobs",
            "drafts",
            "review steps",
            "uploaded files",
            "revisions",
            "copy requests",
            "rubric changes",
            "key corrections",
            "feedback points",
            "attempts",
            "dates of pupils",
            "entered marks",
            "scores",
        ),
        *("launches", "refusals"),
        *("memberships", "audit entries", "tokens", "sign-ins", "people"),
    ],
    0,
)
# They are kept for 90 days, whatever the period.
BUT_REFUSALS = {**NOTHING, "refusals": 1}
TIMES = [
    (Attempt, ["started_at", "saved_at", "submitted_at", "released_at"]),
    (Answer, ["saved_at"]),
    (Mark, ["marked_at"]),
    (Delivery, ["updated_at", "delivered_at", "next_try_at"]),
    (StoredLaunch, ["created_at"]),
    (RefusedLaunch, ["created_at"]),
    (Membership, ["updated_at"]),
    (CopyRequest, ["asked_at"]),
    (Context, ["roster_read_at"]),
]


def let_pass(period: timedelta) -> None:
    """Everything was that much earlier."""
    for model, names in TIMES:
        model._default_manager.update(**{name: F(name) - period for name in names})
    # Of these nothing can be changed, not even here.
    entries = list(AuditEntry.for_privacy.all())
    AuditEntry.for_privacy.all().delete()
    for entry in entries:
        entry.at -= period
    AuditEntry.objects.bulk_create(entries)


@pytest.fixture
def worked(cast: Cast) -> Cast:
    """Amina has handed in and is marked; Ben has begun; a launch was refused."""
    assignment = place(cast)
    mark(hand_in(assignment, cast.amina), cast.ruth, q1="3", q2="2")
    attempts.save_answers(assignment, cast.ben.user, assignment.edition_id, {"g1": "Bavaria"})
    RefusedLaunch.objects.create(reference="ABCD-EFGH", reason="replayed")
    CopyRequest.objects.create(
        link=cast.other_course.link, worksheet=assignment.edition.worksheet, asked_by=cast.otis.user
    )
    return cast


def test_a_day_later_a_launch_keeps_nothing_of_the_browser(worked: Cast) -> None:
    launch = worked.amina.launch
    told = {"return_url": "https://lms.example/", "frame_ancestor": "https://lms.example"}
    StoredLaunch.objects.update(**told, locale="de", browser="x" * 64)
    long_ago = timezone.now() - timedelta(hours=25)
    StoredLaunch.objects.filter(pk=launch.pk).update(created_at=long_ago)
    asked = StoredLaunch.objects.filter(pk=worked.ruth.launch.pk)
    asked.update(message="LtiDeepLinkingRequest", link=None, deep_linking={"data": "secret"})
    forget_old()
    launch.refresh_from_db()
    assert (launch.browser, launch.return_url, launch.frame_ancestor, launch.locale) == ("",) * 4
    assert launch.link == worked.course.link
    assert asked.get().deep_linking == {"data": "secret"}  # a page that is open still needs it
    asked.update(created_at=long_ago)
    forget_old()
    assert asked.get().deep_linking == {}


def test_within_the_period_nothing_is_forgotten_but_refusals(worked: Cast) -> None:
    let_pass(PERIOD - timedelta(minutes=1))
    assert forget_old() == BUT_REFUSALS
    assert Attempt.objects.count() == 2


def test_after_it_work_and_traces_are_gone(worked: Cast) -> None:
    let_pass(PERIOD + timedelta(minutes=1))
    found: Mapping[str, int] = forget_old()
    assert found == {
        "jobs": 0,
        "drafts": 0,
        "review steps": 0,
        "uploaded files": 0,
        "revisions": 0,
        "copy requests": 1,
        "rubric changes": 0,
        "key corrections": 0,
        "dates of pupils": 0,
        "feedback points": 0,
        "attempts": 2,
        "entered marks": 0,
        "scores": 1,
        "launches": 5,
        "refusals": 1,
        "memberships": 5,
        "audit entries": 3,
        "tokens": 0,
        "sign-ins": 0,
        "people": 4,
    }
    for model in (Attempt, Answer, Mark, Delivery, StoredLaunch, RefusedLaunch, Membership):
        assert not model._default_manager.exists(), model


def test_worksheets_and_their_author_stay_and_so_do_courses(worked: Cast) -> None:
    let_pass(PERIOD * 2)
    forget_old()
    assert list(User.objects.all()) == [worked.ruth.user]
    assert (Worksheet.objects.count(), Edition.objects.count()) == (1, 1)
    assert (Context.objects.count(), ResourceLink.objects.count()) == (3, 3)
    assert LineItem.objects.count() == 3
    # Next year's class finds the worksheet where it was placed.
    membership = Membership.objects.create(
        user=worked.ruth.user, context=worked.course.context, roles=["Instructor"]
    )
    ruth = open_again(worked.course, membership)
    assert b"Nobody has started yet" in ruth.client.get(ruth.url("home")).content


def test_the_period_is_a_setting(worked: Cast, settings: Settings) -> None:
    settings.LTI_RETENTION_DAYS = 1000
    let_pass(timedelta(days=999))
    assert forget_old() == BUT_REFUSALS
    let_pass(timedelta(days=2))
    assert forget_old()["attempts"] == 2


@pytest.mark.parametrize("touch", ["saved", "marked", "released"])
def test_work_is_as_old_as_its_last_change(worked: Cast, touch: str) -> None:
    attempt = Attempt.objects.get(user=worked.amina.user)
    let_pass(PERIOD * 2)
    if touch == "saved":
        Attempt.objects.filter(pk=attempt.pk).update(saved_at=timezone.now())
    elif touch == "marked":
        mark(fresh(attempt), worked.ruth, q1="4")
    else:
        attempts.release(fresh(attempt), by=TOOL)
    assert forget_old()["attempts"] == 1
    assert list(Attempt.objects.all()) == [attempt]
    # With it stay its receipt, its pupil, the pupil's place in the course, and who marked it.
    assert gradebook.statuses_of(assignment_at(worked.course.link), worked.amina.user)
    assert Membership.objects.get().user == worked.amina.user
    assert Mark.objects.filter(marked_by=worked.ruth.user).count() == 2


def test_a_score_without_work_goes_by_its_own_age(worked: Cast) -> None:
    Attempt.objects.all().delete()
    let_pass(PERIOD * 2)
    Delivery.objects.update(delivered_at=timezone.now())
    assert forget_old()["scores"] == 0
    let_pass(PERIOD * 2)
    assert forget_old()["scores"] == 1


def test_whoever_launched_lately_is_known_though_their_roles_are_old(cast: Cast) -> None:
    Membership.objects.update(updated_at=timezone.now() - PERIOD * 2)
    assert forget_old() == NOTHING


@pytest.mark.parametrize(
    ("status", "kept"), [("active", True), ("inactive", True), ("gone", False)]
)
def test_whoever_stands_in_a_fresh_roster_is_kept(cast: Cast, status: str, kept: bool) -> None:
    Membership.objects.update(status=status)
    let_pass(PERIOD * 2)
    Context.objects.filter(pk=cast.course.context.pk).update(roster_read_at=timezone.now())
    forget_old()
    here = {cast.ruth.user, cast.amina.user, cast.ben.user} if kept else set()
    assert set(User.objects.all()) == here


def test_people_are_kept_for_whatever_names_them(worked: Cast) -> None:
    """Each relation to a person, also one without a way back, is asked."""
    registration = worked.ruth.user.registration
    people = [User.objects.create(registration=registration, sub=f"new-{n}") for n in range(3)]
    assert list(platform_retention.orphaned_people().order_by("pk")) == people
    Mark.objects.filter(source=Mark.Source.TEACHER).update(marked_by=people[0])
    StoredLaunch.objects.filter(pk=worked.ruth.launch.pk).update(reviewed=people[1])
    assert list(platform_retention.orphaned_people()) == people[2:]


def test_many_rows_take_few_statements(
    worked: Cast,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    StoredLaunch.objects.bulk_create(
        StoredLaunch(
            registration=worked.amina.launch.registration,
            nonce=f"n{number}",
            membership=worked.amina.membership,
            link=worked.course.link,
            created_at=timezone.now() - PERIOD * 2,
        )
        for number in range(1001)
    )
    # A few for each hundred: rows that belong to a launch are looked for as well. And what is
    # recorded of it.
    with django_assert_max_num_queries(58):
        assert forget_old()["launches"] == 1001


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("forget_old", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_what_would_go_and_then_does_it(worked: Cast) -> None:
    let_pass(PERIOD * 2)
    would = run("--dry-run")
    assert "attempts: 2" in would
    assert Attempt.objects.count() == 2
    assert old_rows()["attempts"] == 2
    assert not AuditEntry.objects.filter(kind="erasure").exists()
    did = run()
    assert "attempts: 2" in did
    assert not Attempt.objects.exists()
    for _time in range(2):
        row = AuditEntry.objects.get(kind="erasure")
        assert (row.operator, row.after["what"], row.after["days"]) == (
            "manage.py",
            "old rows",
            396,
        )
        assert (row.after["attempts"], row.after["audit entries"]) == (2, 3)
        assert "refusals" in row.after
        assert "tokens" not in row.after
        forget_old()  # which finds nothing more, and records nothing


def test_an_old_attempt_stays_while_its_pupil_has_a_younger_one(cast: Cast) -> None:
    """Else another one would count, without anybody's doing."""
    assignment = place(cast, attempt_limit=2)
    first = hand_in(assignment, cast.amina)
    hand_in(assignment, cast.ben)
    let_pass(PERIOD + timedelta(minutes=1))
    second = hand_in_again(assignment, cast.amina)
    assert forget_old()["attempts"] == 1
    assert set(Attempt.objects.all()) == {first, second}
    let_pass(PERIOD + timedelta(minutes=1))
    assert forget_old()["attempts"] == 2


def test_a_job_is_deleted_after_some_days(cast: Cast, settings: Settings) -> None:
    """Whatever the period, and with what was uploaded for it, if nobody ever did it."""
    now = timezone.now()
    for days in (settings.LTI_JOB_DAYS - 1, settings.LTI_JOB_DAYS + 1):
        Job.objects.create(
            kind="import",
            owner=cast.ruth.user,
            content=b"paper",
            created_at=now - timedelta(days=days),
        )
    assert forget_old() == {**NOTHING, "jobs": 1}
    assert Job.objects.get().created_at > now - timedelta(days=settings.LTI_JOB_DAYS)


def test_dates_of_pupils_go_after_the_work_and_once_they_have_passed(cast: Cast) -> None:
    assignment = place(cast)
    long_ago, soon = timezone.now() - PERIOD, timezone.now() + timedelta(days=1)
    pupils = [cast.amina.user, cast.ben.user, cast.otis.user]
    for user, due_at in zip(pupils, [long_ago, long_ago, soon], strict=True):
        assignment.pupil_dates.create(user=user, due_at=due_at, given_at=long_ago)
    assignment.attempts.create(user=cast.amina.user, edition=assignment.edition)
    assert forget_old()["dates of pupils"] == 1
    left = assignment.pupil_dates.values_list("user", flat=True)
    assert set(left) == {cast.amina.user.pk, cast.otis.user.pk}
