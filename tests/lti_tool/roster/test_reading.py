"""The roster becomes memberships: roles replaced, people gone and back, nothing by accident."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lti_tool.adapter import tokens
from lti_tool.models import Context, Delivery, Membership, User
from lti_tool.protocol.vocabulary import TEST_USER_ROLE
from lti_tool.roster import is_due, refresh
from lti_tool.roster import rows as roster_rows
from lti_tool.services import nrps
from lti_tool.services.errors import DeliveryProblem
from tests.cast import PUPIL, TEACHER, Cast, make_someone
from tests.lti_tool.rosters import FAULTY, connect, following, page, person, questions
from tests.platform.fake import FakePlatform
from tests.platform.server import Fault

ACTIVE, INACTIVE, GONE = (
    Membership.Status.ACTIVE,
    Membership.Status.INACTIVE,
    Membership.Status.GONE,
)
RUTH = person("10", "Instructor")
AMINA, BEN = person("101"), person("102")


@pytest.fixture
def lms(fake_platform: FakePlatform, cast: Cast) -> FakePlatform:
    # The cast launched a while ago.
    Membership.objects.update(updated_at=timezone.now() - timedelta(hours=1))
    connect(fake_platform, cast.course)
    return fake_platform


def read(cast: Cast, lms: FakePlatform, *pages: Fault) -> Context:
    """A reading of its own, however soon after another."""
    context = cast.course.context
    Context.objects.filter(pk=context.pk).update(roster_tried_at=None)
    lms.fail(FAULTY, *pages)
    refresh(context)
    return context


def long_ago(membership: Membership) -> None:
    """As if the last launch was not just now."""
    old = timezone.now() - timedelta(hours=1)
    Membership.objects.filter(pk=membership.pk).update(updated_at=old)


def statuses(cast: Cast) -> dict[str, str]:
    rows = Membership.objects.filter(context=cast.course.context)
    return dict(rows.values_list("user__sub", "status"))


def roles_of(cast: Cast, sub: str) -> list[str]:
    row = Membership.objects.get(context=cast.course.context, user__sub=sub)
    assert isinstance(row.roles, list)
    return row.roles


# --- who is in it ---


def test_whoever_never_opened_anything_becomes_a_member(cast: Cast, lms: FakePlatform) -> None:
    chiara = person("103", name="Chiara Bellini", given_name="Chiara", family_name="Bellini")
    context = read(cast, lms, page(RUTH, AMINA, BEN, chiara))
    member = Membership.objects.get(context=context, user__sub="103")
    assert (member.roles, member.status) == (["Learner"], ACTIVE)
    assert member.user.display_name == "Chiara Bellini"
    assert member.user.registration == cast.course.deployment.registration
    assert (context.roster_problem, context.roster_read_at) == ("", context.roster_tried_at)


def test_the_same_id_on_another_platform_is_somebody_else(cast: Cast, lms: FakePlatform) -> None:
    read(cast, lms, page(person("10", "Learner", name="Not Zara")))
    assert User.objects.get(pk=cast.zara.user.pk).name == "Zara Quist"
    assert Membership.objects.get(pk=cast.zara.membership.pk).roles == [TEACHER]
    assert User.objects.filter(sub="10").count() == 2


def test_roles_of_a_roster_are_replaced_and_never_added_to(cast: Cast, lms: FakePlatform) -> None:
    read(cast, lms, page(RUTH, AMINA, BEN, person("11", "Instructor"), person("103")))
    read(cast, lms, page(RUTH, AMINA, BEN, person("11"), person("103", "Mentor")))
    assert roles_of(cast, "11") == ["Learner"]
    assert roles_of(cast, "103") == ["Mentor"]


@pytest.mark.parametrize("told", ["Learner", "Instructor", f"{PUPIL}"])
def test_a_launch_tells_better_what_somebody_may_do(
    cast: Cast, lms: FakePlatform, told: str
) -> None:
    """Moodle's roster calls a non-editing teacher Learner, its launch Instructor."""
    student = make_someone(cast.course, "999", "Test Student", PUPIL, TEST_USER_ROLE)
    long_ago(student.membership)
    people = [person(sub, told, status="Inactive") for sub in ("10", "101", "999")]
    read(cast, lms, page(*people, BEN))
    assert roles_of(cast, "10") == [TEACHER]
    assert roles_of(cast, "101") == [PUPIL]
    assert roles_of(cast, "999") == [PUPIL, TEST_USER_ROLE]
    assert statuses(cast)["10"] == INACTIVE


def test_a_roster_that_names_other_roles_than_the_one_before_is_newer_than_a_launch(
    cast: Cast, lms: FakePlatform
) -> None:
    """A demoted teacher sees nothing more; one whom Moodle always called Learner stays one."""
    colleague = make_someone(cast.course, "11", "Colin Ferris", TEACHER)
    for someone in (cast.ruth, cast.amina, cast.ben, colleague):
        long_ago(someone.membership)
    read(cast, lms, page(RUTH, AMINA, BEN, person("11")))
    assert [roles_of(cast, sub) for sub in ("10", "11", "101")] == [[TEACHER], [TEACHER], [PUPIL]]
    read(cast, lms, page(person("10"), person("101", "Instructor"), BEN, person("11")))
    assert roles_of(cast, "10") == ["Learner"]
    assert roles_of(cast, "11") == [TEACHER]
    assert roles_of(cast, "101") == ["Instructor"]
    # In another order they are the same.
    read(cast, lms, page(person("10"), person("101", "Mentor", "Instructor"), BEN))
    read(cast, lms, page(person("10"), person("101", "Instructor", "Mentor"), BEN))
    assert roles_of(cast, "101") == ["Instructor", "Mentor"]


def test_names_come_and_are_corrected_and_never_erased(cast: Cast, lms: FakePlatform) -> None:
    married = person("102", name="Ben Okafor", given_name="Ben", family_name="Okafor")
    read(cast, lms, page(RUTH, AMINA, married))
    assert User.objects.get(pk=cast.amina.user.pk).name == "Amina Abdullahi"
    assert User.objects.get(pk=cast.ben.user.pk).sort_name == "okafor ben"
    assert User.objects.filter(registration=cast.course.deployment.registration).count() == 4


# --- who is not ---


def test_who_is_no_longer_in_it_has_left_and_can_come_back(cast: Cast, lms: FakePlatform) -> None:
    read(cast, lms, page(RUTH, AMINA))
    assert statuses(cast) == {"10": ACTIVE, "101": ACTIVE, "102": GONE}
    read(cast, lms, page(RUTH, AMINA, BEN))
    assert statuses(cast)["102"] == ACTIVE


def test_inactive_and_deleted(cast: Cast, lms: FakePlatform) -> None:
    read(cast, lms, page(RUTH, person("101", status="Inactive"), person("102", status="Deleted")))
    assert statuses(cast) == {"10": ACTIVE, "101": INACTIVE, "102": GONE}


def test_other_courses_keep_their_members(cast: Cast, lms: FakePlatform) -> None:
    read(cast, lms, page(RUTH))
    for someone in (cast.otis, cast.zara):
        assert Membership.objects.get(pk=someone.membership.pk).status == ACTIVE


@pytest.mark.parametrize(
    "fault", [Fault(500), Fault(200, b"<html>"), Fault(reset=True), Fault(404)], ids=repr
)
def test_a_reading_that_breaks_off_marks_nobody(
    cast: Cast, lms: FakePlatform, fault: Fault
) -> None:
    first = page(RUTH, person("103"), Link=following(f"{lms.url}/members?p=2"))
    context = read(cast, lms, first, fault)
    assert statuses(cast) == dict.fromkeys(["10", "101", "102", "103"], ACTIVE)
    assert context.roster_problem
    assert context.roster_read_at


@pytest.mark.parametrize("pages", [[page()], [page(RUTH, "odd")]], ids=["empty", "odd"])
def test_a_list_that_is_not_to_be_believed_marks_nobody(
    cast: Cast, lms: FakePlatform, pages: list[Fault]
) -> None:
    read(cast, lms, *pages)
    assert statuses(cast) == dict.fromkeys(["10", "101", "102"], ACTIVE)


def test_whoever_launches_while_it_is_read_is_left_alone(cast: Cast, lms: FakePlatform) -> None:
    """Ben is back, and Amina a teacher now, and the answer that is on its way does not know."""
    later = timezone.now() + timedelta(hours=1)
    Membership.objects.filter(pk=cast.ben.membership.pk).update(updated_at=later)
    Membership.objects.filter(pk=cast.amina.membership.pk).update(updated_at=later, roles=[TEACHER])
    read(cast, lms, page(RUTH, AMINA))
    assert statuses(cast)["102"] == ACTIVE
    assert roles_of(cast, "101") == [TEACHER]


def test_whoever_launches_first_while_it_is_written_is_left_alone(
    cast: Cast, lms: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched = roster_rows._launched

    def after_another_launch(context: Context) -> set[int]:
        make_someone(cast.course, "104", "Dora Lind", TEACHER)
        return launched(context)

    monkeypatch.setattr(roster_rows, "_launched", after_another_launch)
    read(cast, lms, page(RUTH, AMINA, BEN, person("104")))
    assert roles_of(cast, "104") == [TEACHER]


def test_who_comes_back_gets_the_grade_that_the_lms_refused(cast: Cast, lms: FakePlatform) -> None:
    def delivery(user: User, problem: DeliveryProblem) -> Delivery:
        return Delivery.objects.create(
            registration=cast.course.deployment.registration,
            line_item=cast.course.line_item,
            user=user,
            score_given=1,
            score_maximum=2,
            state=Delivery.State.REFUSED,
            problem=problem,
        )

    bens = delivery(cast.ben.user, DeliveryProblem.NOT_ACCEPTED)
    aminas = delivery(cast.amina.user, DeliveryProblem.NOT_ACCEPTED)
    read(cast, lms, page(RUTH, AMINA))
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.REFUSED}
    read(cast, lms, page(RUTH, AMINA, BEN))
    assert Delivery.objects.get(pk=bens.pk).state == Delivery.State.DUE
    assert Delivery.objects.get(pk=aminas.pk).state == Delivery.State.REFUSED


# --- when it is read ---


@override_settings(LTI_ROSTER_MINUTES=5)
def test_a_roster_is_due_after_some_minutes(cast: Cast, lms: FakePlatform) -> None:
    context = cast.course.context
    assert is_due(context)
    context.roster_tried_at = timezone.now() - timedelta(minutes=4)
    assert not is_due(context)
    context.roster_tried_at = timezone.now() - timedelta(minutes=5)
    assert is_due(context)
    context.roster_url = ""
    assert not is_due(context)


def test_where_there_is_no_roster_nobody_is_asked(cast: Cast, lms: FakePlatform) -> None:
    cast.course.context.roster_url = ""
    cast.course.context.save()
    refresh(cast.course.context)
    assert lms.asked == []


def refresh_again(cast: Cast, seconds: float) -> None:
    """Somebody presses the button so long after the last reading."""
    context = Context.objects.get(pk=cast.course.context.pk)
    assert context.roster_tried_at
    earlier = context.roster_tried_at - timedelta(seconds=seconds)
    done = {"roster_read_at": earlier} if context.roster_read_at else {}
    Context.objects.filter(pk=context.pk).update(roster_tried_at=earlier, **done)
    refresh(context)


@pytest.mark.parametrize(("seconds", "times"), [(0, 1), (4, 1), (6, 2), (61, 2)])
def test_it_is_read_again_after_a_breath(
    cast: Cast, lms: FakePlatform, seconds: float, times: int
) -> None:
    lms.fail(FAULTY, page(RUTH, AMINA, BEN), page(RUTH, AMINA, BEN))
    refresh(cast.course.context)
    refresh_again(cast, seconds)
    assert len(questions(lms)) == times


@pytest.mark.parametrize(("seconds", "times"), [(6, 1), (59, 1), (61, 2)])
def test_what_failed_is_let_alone_for_a_minute(
    cast: Cast, lms: FakePlatform, seconds: float, times: int
) -> None:
    """It may still be on its way."""
    lms.fail(FAULTY, Fault(500), Fault(500))
    refresh(cast.course.context)
    refresh_again(cast, seconds)
    assert len(questions(lms)) == times


def test_what_has_not_changed_is_not_sent_again(cast: Cast, lms: FakePlatform) -> None:
    context = read(cast, lms, page(RUTH, AMINA, ETag='"1"'))
    before = context.roster_read_at
    Membership.objects.filter(user=cast.ben.user).update(status=ACTIVE)  # by a launch, say
    context = read(cast, lms, Fault(304))
    assert questions(lms)[1].headers["if-none-match"] == '"1"'
    assert context.roster_etag == '"1"'
    assert before is not None
    assert context.roster_read_at is not None
    assert context.roster_read_at > before
    assert statuses(cast)["102"] == ACTIVE


@pytest.mark.parametrize(
    ("endpoint", "fault", "problem"),
    [
        (FAULTY, Fault(500), DeliveryProblem.SERVER_ERROR),
        (FAULTY, Fault(403), DeliveryProblem.NOT_ALLOWED),
        (FAULTY, Fault(hang=True), DeliveryProblem.UNREACHABLE),
        (FAULTY, Fault(200, b"<html>"), DeliveryProblem.ANSWER_UNREADABLE),
        ("token", Fault(401), DeliveryProblem.TOKEN_REFUSED),
        ("token", Fault(hang=True), DeliveryProblem.UNREACHABLE),
    ],
    ids=repr,
)
def test_what_goes_wrong_is_noted_and_raises_nothing(
    cast: Cast,
    lms: FakePlatform,
    monkeypatch: pytest.MonkeyPatch,
    endpoint: str,
    fault: Fault,
    problem: DeliveryProblem,
) -> None:
    known = read(cast, lms, page(RUTH, AMINA, BEN)).roster_read_at
    if endpoint == "token":
        cast.course.deployment.registration.access_tokens.all().delete()
        tokens._cache.clear()
    lms.fail(endpoint, fault)
    with monkeypatch.context() as hurried:
        if fault.hang:  # nobody else is hurried: a busy machine answers late
            hurried.setattr("lti_tool.roster.reading.CALL_SECONDS", 1.0)
        context = read(cast, lms)
    assert context.roster_problem == problem
    assert context.roster_read_at == known
    assert not is_due(context)
    tokens._cache.clear()  # also that it has just failed
    assert read(cast, lms, page(RUTH, AMINA, BEN)).roster_problem == ""


def test_an_answer_that_comes_after_a_later_reading_is_dropped(
    cast: Cast, lms: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that slept through its lease must not bring back yesterday."""
    context = cast.course.context
    read_roster = nrps.read_roster

    def slowly(*arguments: Any) -> object:
        found = read_roster(*arguments)
        Context.objects.filter(pk=context.pk).update(roster_tried_at=timezone.now())
        return found

    monkeypatch.setattr(nrps, "read_roster", slowly)
    read(cast, lms, page(RUTH))
    assert statuses(cast)["102"] == ACTIVE
    assert context.roster_read_at is None


def test_while_one_reads_the_others_do_not(
    cast: Cast, lms: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = cast.course.context
    read_roster = nrps.read_roster

    def while_another_teacher_looks(*arguments: Any) -> object:
        refresh(Context.objects.get(pk=context.pk))
        return read_roster(*arguments)

    monkeypatch.setattr(nrps, "read_roster", while_another_teacher_looks)
    read(cast, lms, page(RUTH, AMINA, BEN))
    assert len(questions(lms)) == 1
    assert context.roster_read_at


# --- what it costs ---


def class_of(size: int) -> Fault:
    return page(RUTH, *(person(f"p{n:04}", name=f"Pupil {n}") for n in range(size)))


def statements(cast: Cast, lms: FakePlatform, size: int) -> int:
    with CaptureQueriesContext(connection) as asked:
        read(cast, lms, class_of(size))
    return len(asked)


def test_a_reading_costs_the_same_for_thirty_and_for_a_hundred(
    cast: Cast, lms: FakePlatform
) -> None:
    read(cast, lms, class_of(1))  # fetches the token
    assert statements(cast, lms, 30) == statements(cast, lms, 120)
    assert Membership.objects.filter(status=ACTIVE).count() == 123


def test_a_reading_that_brings_nothing_new_writes_nothing(cast: Cast, lms: FakePlatform) -> None:
    read(cast, lms, class_of(1000))
    with CaptureQueriesContext(connection) as asked:
        read(cast, lms, class_of(1000))
    written = [q["sql"] for q in asked if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(written) == 3  # that it is read again, by whom it is claimed, how it ended
    assert len(asked) <= 14
    assert Membership.objects.filter(context=cast.course.context).count() == 1003


def test_an_accent_makes_no_other_letter() -> None:
    names = ["Zoë Ahlers", "Åsa Berg", "Amina Abdullahi", "Żaneta Cichy", "Émile Ézan"]
    people = [User(given_name=n.split()[0], family_name=n.split()[1]) for n in names]
    people.append(User(name="Örjan"))
    ordered = sorted(people, key=lambda person: person.sort_name)
    assert [p.family_name or p.name for p in ordered] == [
        "Abdullahi",
        "Ahlers",
        "Berg",
        "Cichy",
        "Ézan",
        "Örjan",
    ]
