"""Erasing a person or a course: all of it, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import Model
from pytest_django import DjangoAssertNumQueries

from lti_tool import audit
from lti_tool.audit import TOOL, AuditKind
from lti_tool.models import (
    AuditEntry,
    Context,
    Delivery,
    Job,
    LineItem,
    Membership,
    ResourceLink,
    StoredLaunch,
    User,
)
from tests.cast import PUPIL, TEACHER, Cast, make_someone
from tests.worksheets.sheets import hand_in, mark, place, publish
from worksheets.models import (
    Answer,
    Assignment,
    Attempt,
    Edition,
    IncomingFile,
    Mark,
    PendingAssignment,
    Share,
    Worksheet,
)
from worksheets.privacy.erasure import (
    NotTheSamePlatform,
    StillInUse,
    count_rows_of_course,
    count_rows_of_person,
    erase_course,
    erase_person,
)
from worksheets.privacy.exports import export_course, export_person

TABLES: list[type[Model]] = [
    *(User, Membership, StoredLaunch, Delivery, Attempt, Answer, Mark, Worksheet, Edition),
    *(Context, ResourceLink, LineItem, Assignment, PendingAssignment),
]


@pytest.fixture
def worked(cast: Cast) -> Cast:
    """Amina and Ben have handed in Ruth's worksheet and are marked."""
    assignment = place(cast)
    for pupil in (cast.amina, cast.ben):
        mark(hand_in(assignment, pupil), cast.ruth, q1="3", q2="2")
    return cast


def counts() -> dict[str, int]:
    return {table.__name__: table._default_manager.count() for table in TABLES}


def test_a_pupil_is_erased_with_everything(worked: Cast) -> None:
    before = counts()
    losses = count_rows_of_person(worked.amina.user)
    erase_person(worked.amina.user, by=TOOL)
    lost = {name: before[name] - number for name, number in counts().items()}
    assert lost == {
        **dict.fromkeys(before, 0),
        "User": 1,
        "Membership": 1,
        "StoredLaunch": 1,
        "Delivery": 1,
        "Attempt": 1,
        "Answer": 6,
        "Mark": 6,
    }
    assert losses == {
        "worksheets": 0,
        "audit entries": 2,
        "dates of pupils": 0,
        "entered marks": 0,
        "attempts": 1,
        "answers": 6,
        "marks": 6,
        "scores": 1,
        "memberships": 1,
        "launches": 1,
    }


def test_afterwards_their_page_is_closed_and_the_class_goes_on(worked: Cast) -> None:
    erase_person(worked.amina.user, by=TOOL)
    assert worked.amina.client.get(worked.amina.url("home")).status_code == 403
    page = worked.ruth.client.get(worked.ruth.url("class")).content
    assert (b"Amina" in page, b"Ben Ashworth" in page) == (False, True)


def test_whoever_comes_again_is_somebody_new(worked: Cast) -> None:
    erase_person(worked.amina.user, by=TOOL)
    again = make_someone(worked.course, "101", "Amina Abdullahi", PUPIL)
    assert count_rows_of_person(again.user)["answers"] == 0


def test_a_review_of_their_work_is_erased_too(worked: Cast) -> None:
    StoredLaunch.objects.filter(pk=worked.ruth.launch.pk).update(reviewed=worked.amina.user)
    erase_person(worked.amina.user, by=TOOL)
    assert not StoredLaunch.objects.filter(pk=worked.ruth.launch.pk).exists()


@pytest.mark.parametrize("placed", ["here", "in two courses", "picked"])
def test_an_author_of_placed_worksheets_is_kept_and_it_is_said_where(
    worked: Cast, placed: str
) -> None:
    edition = Edition.objects.get()
    where = ["Course 2"]
    if placed == "in two courses":
        Assignment.objects.create(link=worked.other_course.link, edition=edition)
        where.append("Course 3")
    if placed == "picked":
        erase_course(worked.course.context, by=TOOL)
        PendingAssignment.objects.create(context=worked.other_course.context, edition=edition)
        where = ["Course 3"]
    before = counts()
    with pytest.raises(StillInUse, match=f"in use in {', '.join(where)}. Give the worksheets"):
        erase_person(worked.ruth.user, by=TOOL)
    assert counts() == before


def test_an_author_goes_when_another_teacher_takes_the_worksheets(worked: Cast) -> None:
    new_owner = make_someone(worked.course, "11", "Colin Ferris", TEACHER)
    erase_person(worked.ruth.user, new_owner.user, by=TOOL)
    assert Worksheet.objects.get().author == new_owner.user
    assert not User.objects.filter(pk=worked.ruth.user.pk).exists()
    # The marks that she gave still count; by whom they are is not told any more.
    assert Mark.objects.filter(source=Mark.Source.TEACHER, marked_by=None).count() == 4
    assert new_owner.client.get(new_owner.url("class")).status_code == 200


def test_worksheets_that_are_placed_nowhere_go_with_their_author(worked: Cast) -> None:
    publish(worked.zara.user)
    assert count_rows_of_person(worked.zara.user)["worksheets"] == 1
    erase_person(worked.zara.user, by=TOOL)
    assert Worksheet.objects.get().author == worked.ruth.user


@pytest.mark.parametrize("new_owner", ["zara", "ruth"])
def test_worksheets_never_cross_to_another_platform(worked: Cast, new_owner: str) -> None:
    before = counts()
    with pytest.raises(NotTheSamePlatform):
        erase_person(worked.ruth.user, getattr(worked, new_owner).user, by=TOOL)
    assert counts() == before


def test_a_course_is_erased_with_everything_but_worksheets(worked: Cast) -> None:
    before = counts()
    losses = count_rows_of_course(worked.course.context)
    erase_course(worked.course.context, by=TOOL)
    assert not Attempt.objects.exists()
    assert not Delivery.objects.exists()
    left = counts()
    assert (left["Worksheet"], left["Edition"]) == (before["Worksheet"], before["Edition"])
    assert set(Context.objects.all()) == {worked.other_course.context, worked.elsewhere.context}
    # Ruth is the author of her worksheet; Amina and Ben are nowhere any more.
    assert {user.sub for user in User.objects.all()} == {"10", "201"}
    assert losses == {
        "activities": 1,
        "audit entries": 5,
        "dates of pupils": 0,
        "entered marks": 0,
        "attempts": 2,
        "answers": 12,
        "marks": 12,
        "scores": 2,
        "memberships": 3,
        "launches": 3,
    }


def test_whoever_is_in_another_course_stays(worked: Cast) -> None:
    Membership.objects.create(
        user=worked.amina.user, context=worked.other_course.context, roles=[PUPIL]
    )
    erase_course(worked.course.context, by=TOOL)
    assert User.objects.filter(pk=worked.amina.user.pk).exists()
    assert not User.objects.filter(pk=worked.ben.user.pk).exists()


def test_people_of_other_platforms_are_not_touched(worked: Cast) -> None:
    registration = worked.zara.user.registration
    User.objects.create(registration=registration, sub="named by nothing")
    erase_course(worked.course.context, by=TOOL)
    assert User.objects.filter(registration=registration).count() == 2


def test_statements_do_not_grow_with_the_class(
    worked: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    registration = worked.amina.user.registration
    people = User.objects.bulk_create(
        User(registration=registration, sub=f"n{number}") for number in range(300)
    )
    memberships = Membership.objects.bulk_create(
        Membership(user=user, context=worked.course.context, roles=[PUPIL]) for user in people
    )
    StoredLaunch.objects.bulk_create(
        StoredLaunch(
            registration=registration,
            nonce=f"n{number}",
            membership=membership,
            link=worked.course.link,
        )
        for number, membership in enumerate(memberships)
    )
    with django_assert_max_num_queries(99):
        erase_course(worked.course.context, by=TOOL)
    assert not User.objects.filter(pk__in=[people[0].pk, people[-1].pk]).exists()


def test_jobs_go_with_who_asked_for_them_and_with_the_course(worked: Cast) -> None:
    Job.objects.create(kind="import", owner=worked.zara.user, content=b"paper")
    Job.objects.create(kind="mark-again", owner=worked.ruth.user, link=worked.course.link)
    erase_course(worked.course.context, by=TOOL)
    assert Job.objects.get().owner == worked.zara.user
    erase_person(worked.zara.user, by=TOOL)
    assert not Job.objects.exists()


def test_of_an_erased_pupil_the_audit_trail_keeps_how_much_and_by_whom(worked: Cast) -> None:
    amina, kept = worked.amina.user.pk, AuditEntry.objects.exclude(person=worked.amina.user)
    before = list(kept.values())
    erase_person(worked.amina.user, by=audit.command_line())
    assert not AuditEntry.objects.filter(person=amina).exists()
    erasure = AuditEntry.objects.get(kind=AuditKind.ERASURE)
    assert (erasure.operator, erasure.registration) == ("manage.py", worked.ruth.user.registration)
    assert (erasure.after["what"], erasure.after["marks"]) == ("person", 6)
    assert erasure.after["worksheets given"] == 0
    assert "Amina" not in str(erasure.__dict__)
    assert list(AuditEntry.objects.exclude(pk=erasure.pk).values()) == before


def test_what_an_erased_teacher_did_stays_without_a_name(worked: Cast) -> None:
    new_owner = make_someone(worked.course, "11", "Colin Ferris", TEACHER)
    done = AuditEntry.objects.filter(kind=AuditKind.MARK, person=worked.amina.user)
    assert {row.actor for row in done} == {worked.ruth.user}
    erase_person(worked.ruth.user, new_owner.user, by=TOOL)
    assert [(row.by, row.actor) for row in done.all()] == [("person", None)] * 2
    assert AuditEntry.objects.get(kind=AuditKind.ERASURE).after["worksheets given"] == 1


def test_that_data_was_exported_is_known_after_an_erasure(worked: Cast) -> None:
    ben, course = worked.ben.user.pk, worked.course.context.pk
    for user in (worked.amina.user, worked.ben.user):
        export_person(user, by=audit.command_line())
    export_course(worked.course.context, by=audit.command_line())
    erase_person(worked.amina.user, by=TOOL)
    erase_course(worked.course.context, by=TOOL)
    kept = AuditEntry.objects.filter(kind=AuditKind.EXPORT).order_by("pk")
    subjects = [row.subject for row in kept]
    assert subjects[1:] == [f"person-{ben}", f"course-{course}"]
    assert len(subjects) == 3
    # It keeps nobody who would go otherwise.
    assert not User.objects.filter(pk=ben).exists()
    assert "Course 2" not in str(list(kept.values()))


def test_of_an_erased_course_only_the_erasure_is_left(worked: Cast) -> None:
    elsewhere = audit.record(AuditKind.ROLE, audit.TOOL, context=worked.other_course.context)
    erase_course(worked.course.context, by=audit.command_line())
    found = {row.kind for row in AuditEntry.objects.exclude(pk=elsewhere.pk)}
    assert found == {AuditKind.ERASURE}
    assert AuditEntry.objects.get(kind=AuditKind.ERASURE).after["what"] == "course"


def test_an_erasure_that_fails_is_not_recorded(worked: Cast) -> None:
    with pytest.raises(StillInUse):
        erase_person(worked.ruth.user, by=TOOL)
    assert not AuditEntry.objects.filter(kind=AuditKind.ERASURE).exists()


def test_what_was_shared_goes_with_its_author_or_its_course(cast: Cast) -> None:
    erasures: list[Callable[[], object]] = [
        lambda: erase_course(cast.other_course.context, by=TOOL),
        lambda: erase_person(cast.ruth.user, by=TOOL),
    ]
    for erase in erasures:
        worksheet = publish(cast.ruth.user).worksheet
        context = cast.other_course.context if Context.objects.count() == 3 else cast.course.context
        Share.objects.create(worksheet=worksheet, context=context)
        IncomingFile.objects.get_or_create(owner=cast.ruth.user, content=b"zip")
        erase()
        assert not Share.objects.exists()
    assert not IncomingFile.objects.exists()
    assert not Worksheet.objects.exists()
