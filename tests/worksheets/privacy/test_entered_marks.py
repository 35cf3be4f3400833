"""What a teacher entered without an attempt is handed out, erased and forgotten like work."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from lti_tool.audit import TOOL, person
from lti_tool.models import AuditEntry, Delivery, Membership, StoredLaunch
from tests.cast import Cast
from tests.worksheets.sheets import place
from worksheets import attempts
from worksheets.attempts import Wanted
from worksheets.marking.entered import Entry, Outcome
from worksheets.models import EnteredMark, Worksheet
from worksheets.privacy.erasure import (
    count_rows_of_course,
    count_rows_of_person,
    erase_course,
    erase_person,
)
from worksheets.privacy.exports import course_json, person_json
from worksheets.privacy.retention import forget_old


@pytest.fixture
def entered(cast: Cast) -> Cast:
    """Ben has a released mark on paper; Amina is absent."""
    assignment, by = place(cast), person(cast.ruth.user)
    wanted = [
        Wanted(cast.ben.user.pk, Entry(Outcome.ON_PAPER, Decimal(7))),
        Wanted(cast.amina.user.pk, Entry(Outcome.ABSENT)),
    ]
    attempts.enter(assignment, wanted, by=by)
    attempts.release_entered(assignment, [cast.ben.user.pk], by=by)
    return cast


def test_it_is_in_the_exports(entered: Cast) -> None:
    own = json.loads(person_json(entered.ben.user))
    (mark,) = own["entered_marks"]
    assert (mark["outcome"], mark["activity"]) == ("on-paper", "Causes")
    assert Decimal(mark["points"]) == 7
    assert own["entered_marks_given"] == []
    given = json.loads(person_json(entered.ruth.user))["entered_marks_given"]
    assert {one["outcome"] for one in given} == {"on-paper", "absent"}
    assert all("user" not in one for one in given)
    assert len(json.loads(course_json(entered.course.context))["entered_marks"]) == 2


def test_it_is_erased_with_the_pupil_and_the_course(entered: Cast) -> None:
    assert count_rows_of_person(entered.ben.user)["entered marks"] == 1
    assert count_rows_of_course(entered.course.context)["entered marks"] == 2
    erase_person(entered.ben.user, by=TOOL)
    assert EnteredMark.objects.get().user == entered.amina.user
    erase_course(entered.course.context, by=TOOL)
    assert not EnteredMark.objects.exists()


def test_it_stays_without_the_name_of_who_entered_it(entered: Cast) -> None:
    Worksheet.objects.update(author=entered.ben.user)
    erase_person(entered.ruth.user, by=TOOL)
    assert set(EnteredMark.objects.values_list("entered_by", flat=True)) == {None}


def test_it_is_forgotten_after_the_period_and_keeps_what_it_needs_until_then(
    entered: Cast,
) -> None:
    long_ago = timezone.now() - timedelta(days=500)
    Membership.objects.update(updated_at=long_ago)
    Delivery.objects.update(updated_at=long_ago)
    StoredLaunch.objects.update(created_at=long_ago)
    AuditEntry.for_privacy.all().delete()
    ben, amina = (EnteredMark.objects.filter(user=one.user) for one in (entered.ben, entered.amina))
    amina.update(entered_at=long_ago)
    ben.update(entered_at=long_ago)  # released just now
    assert forget_old()["entered marks"] == 1
    assert Membership.objects.get().user == entered.ben.user
    assert Delivery.objects.exists()
    ben.update(released_at=long_ago)
    assert forget_old()["entered marks"] == 1
    assert not Membership.objects.exists()
    assert not Delivery.objects.exists()
