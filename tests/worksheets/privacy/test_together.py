"""Shared work, where one of those whose work it is is erased, exported, or forgotten."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from lti_tool.audit import TOOL
from lti_tool.models import Delivery
from tests.cast import Cast
from tests.worksheets.sheets import EVERYTHING, fresh, hand_in, mark, place, save
from worksheets import attempts
from worksheets.models import Assignment, Attempt, EnteredMark, Mark, Partner, PupilDates
from worksheets.privacy.erasure import count_rows_of_person, erase_person
from worksheets.privacy.exports import person_json
from worksheets.privacy.retention import forget_old

PERIOD = timedelta(days=400)


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast, may_work_together=True, attempt_limit=3)


@pytest.fixture
def shared(cast: Cast, assignment: Assignment) -> Attempt:
    """Amina's work with Ben, handed in and marked; it is Ben's second attempt."""
    hand_in(assignment, cast.ben, {"g1": "Bavaria"})
    save(assignment, cast.amina, EVERYTHING)
    attempts.name_partner(assignment, cast.amina.user, cast.ben.user.pk)
    attempt = attempts.submit(assignment, cast.amina.user, assignment.edition_id)
    mark(attempt, cast.ruth, q1="3")
    return attempt


def test_who_made_it_is_erased_and_the_partner_keeps_it(cast: Cast, shared: Attempt) -> None:
    assert count_rows_of_person(cast.amina.user)["attempts"] == 0
    erase_person(cast.amina.user, by=TOOL)
    kept = fresh(shared)
    assert (kept.user, kept.number) == (cast.ben.user, 2)
    assert kept.answers.count() == len(EVERYTHING) - 1  # a choice and its reasons are one
    assert Mark.objects.get(attempt=kept, item="q1").points == 3
    assert not Partner.objects.exists()
    attempts.give_mark(kept, kept.edition.sheet.question("q2"), Decimal(6), "", cast.ruth.user)
    attempts.release(fresh(kept), by=TOOL)
    assert Delivery.objects.get().score_given == 13


def test_work_that_is_open_again_goes_to_who_has_no_open_one(
    cast: Cast, assignment: Assignment, shared: Attempt
) -> None:
    attempts.begin_again(assignment, cast.ben.user)
    attempts.reopen(shared, by=TOOL)
    erase_person(cast.amina.user, by=TOOL)
    assert set(Attempt.objects.values_list("user", "number")) == {
        (cast.ben.user.pk, 1),
        (cast.ben.user.pk, 3),
    }


def test_the_partner_is_erased_and_the_work_stays(cast: Cast, shared: Attempt) -> None:
    erase_person(cast.ben.user, by=TOOL)
    assert Attempt.objects.get().user == cast.amina.user
    assert not Partner.objects.exists()
    attempts.give_mark(
        fresh(shared), shared.edition.sheet.question("q1"), Decimal(4), "", cast.ruth.user
    )


def test_the_export_of_each_has_it(cast: Cast, shared: Attempt) -> None:
    for who in (cast.amina, cast.ben):
        exported = json.loads(person_json(who.user))
        (found,) = (one for one in exported["attempts"] if one["id"] == shared.pk)
        assert len(found["answers"]) == shared.answers.count()
        assert [one["number"] for one in found["partners"]] == [2]
    assert len(exported["partnerships"]) == 1
    attempts.leave(Partner.objects.get())
    after = json.loads(person_json(cast.ben.user))
    assert [one["id"] for one in after["attempts"]] != [shared.pk]
    assert after["partnerships"][0]["left_at"]


def test_it_is_forgotten_with_all_that_it_is_compared_with(cast: Cast, shared: Attempt) -> None:
    old = timezone.now() - PERIOD
    rows = Attempt.objects.exclude(pk=shared.pk)
    Mark.objects.update(marked_at=old)
    Attempt.objects.update(saved_at=old, submitted_at=old)
    rows.update(saved_at=timezone.now())
    assert forget_old()["attempts"] == 0  # Ben's own is new, and is compared with it
    rows.update(saved_at=old)
    Attempt.objects.filter(pk=shared.pk).update(saved_at=timezone.now())
    assert forget_old()["attempts"] == 0
    Attempt.objects.update(saved_at=old)
    assert forget_old()["attempts"] == 2
    assert not Partner.objects.exists()


def test_dates_and_entries_of_a_partner_stay_as_long_as_the_work(
    cast: Cast, assignment: Assignment
) -> None:
    old, ben = timezone.now() - PERIOD, cast.ben.user
    PupilDates.objects.create(assignment=assignment, user=ben, due_at=old, given_at=old)
    EnteredMark.objects.create(
        assignment=assignment, user=ben, outcome="absent", maximum=14, entered_at=old
    )
    save(assignment, cast.amina, EVERYTHING)
    attempts.name_partner(assignment, cast.amina.user, ben.pk)
    attempts.submit(assignment, cast.amina.user, assignment.edition_id)
    forget_old()
    assert (PupilDates.objects.count(), EnteredMark.objects.count()) == (1, 1)
    Mark.objects.update(marked_at=old)
    Attempt.objects.update(saved_at=old, submitted_at=old)
    forget_old()
    assert (PupilDates.objects.count(), EnteredMark.objects.count()) == (0, 0)
