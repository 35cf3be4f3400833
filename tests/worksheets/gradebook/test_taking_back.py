"""What is said of the gradebook before a release is taken back, and that it becomes so."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lti_tool.audit import TOOL
from lti_tool.grades import Grade
from lti_tool.models import Delivery
from tests.cast import PUPIL, Cast, Someone, make_someone
from tests.lti_tool.clock import Clock
from tests.lti_tool.delivering import deliver_due
from tests.platform.fake import FakePlatform
from tests.reported import reported
from tests.worksheets.html import Page
from tests.worksheets.sheets import (
    WRITTEN,
    assignment_at,
    fresh,
    hand_in,
    hand_in_again,
    mark,
    marks_of,
    place,
)
from worksheets import attempts
from worksheets.gradebook.taking_back import LmsEffect, TakenBack, effects
from worksheets.models import Attempt, EnteredMark, Sending


def page_of(someone: Someone) -> str:
    return Page(someone.client.get(someone.url("home"))).text


def post(cast: Cast, **posted: str) -> Any:
    return cast.ruth.client.post(cast.ruth.url("selected"), posted, follow=True)


@reported("desk-13")
@pytest.mark.parametrize("seconds", [0, 60])
def test_a_release_by_mistake(cast: Cast, lms: FakePlatform, clock: Clock, seconds: int) -> None:
    """Two have the released mark in the LMS, one waits, one was never marked."""
    assignment = place(cast)
    people = [make_someone(cast.course, f"9{n}", f"Pupil {n}", PUPIL) for n in range(4)]
    works = [hand_in(assignment, one) for one in people]
    deliver_due()
    for attempt in works[:3]:
        mark(attempt, cast.ruth, q1="3", q2="5")
    clock.go_on(60)
    # Only two of the released marks reach the LMS.
    released = cast.ruth.client.post(cast.ruth.url("release-all"))
    deliver_due(2)
    done = set(
        Delivery.objects.filter(state="delivered", score_given=12).values_list("user_id", flat=True)
    )
    assert len(done) == 2
    assert "3 / 4" in page_of(people[0])
    told = Page(cast.ruth.client.get(released["Location"]))
    assert "Released to 3 pupils." in told.text
    assert "Take this release back for 3 pupils …" in told.text
    # A press that comes twice has the same way back.
    again = Page(cast.ruth.client.post(cast.ruth.url("release-all"), follow=True))
    assert "Released to 0 pupils." in again.text
    assert again.fields["release"].value == told.fields["release"].value
    clock.go_on(seconds)

    asked = Page(post(cast, act="take-back", release=told.fields["release"].value))
    assert "1 mark has not reached LMS of client-1 yet. It is not sent." in asked.text
    assert "LMS of client-1 shows 12/14 for 2 pupils; it goes back to 4/4." in asked.text
    assert "1 pupil has opened the result since the release: Pupil 0." in asked.text
    assert Attempt.objects.filter(released_at__isnull=False).count() == 3  # nothing is done yet

    answer = Page(post(cast, **{**asked.posted, "act": "take-back"}))
    assert "Taken back for 3 pupils. These marks are not shown to them any more." in answer.text
    clock.go_on(60)
    deliver_due()
    cells = [lms.gradebook.cell(one.user.sub) for one in people]
    assert [(cell.given, cell.maximum) for cell in cells] == [(4, 4)] * 4
    sent = [score["userId"] for score in lms.scores if score.get("scoreGiven") == 12]
    assert len(sent) == 2  # the third never was
    assert "3 / 4" not in page_of(people[0])
    assert "Total" not in page_of(people[0])
    # Marks stay here; who was not marked was never released, and has no 0.
    assert [marks_of(one).get("q1") for one in works] == [3, 3, 3, None]
    assert fresh(works[3]).released_at is None


@reported("desk-13")
def test_where_the_lms_showed_nothing_before_it_shows_nothing_again(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    attempt = hand_in(place(cast, sending=Sending.RELEASED), cast.amina)
    mark(attempt, cast.ruth, q1="3", q2="5")
    attempts.release(attempt, by=TOOL)
    user, assignment = cast.amina.user.pk, assignment_at(cast.course.link)
    assert effects(assignment, [fresh(attempt)])[user].effect is LmsEffect.NOT_SENT
    deliver_due()
    expected = TakenBack(LmsEffect.EMPTIED, Grade(Decimal(12), Decimal(14)))
    assert effects(assignment, [fresh(attempt)]) == {user: expected}
    clock.go_on(60)
    attempts.take_back_release(assignment, [attempt], by=TOOL)
    deliver_due()
    assert lms.gradebook.cell(cast.amina.user.sub).given is None
    # A mark given afterwards is no release, and brings nothing back.
    mark(fresh(attempt), cast.ruth, q1="4")
    assert deliver_due() == 0


def test_a_mark_that_was_entered_there_stays(cast: Cast) -> None:
    attempt = hand_in(place(cast), cast.amina)
    mark(attempt, cast.ruth, q1="3", q2="5")
    attempts.release(attempt, by=TOOL)
    Delivery.objects.update(state=Delivery.State.KEPT, theirs_given=20, theirs_maximum=26)
    found = effects(assignment_at(cast.course.link), [fresh(attempt)])
    assert found[cast.amina.user.pk].effect is LmsEffect.STAYS


def test_one_question_of_two_attempts_as_it_is_done(cast: Cast) -> None:
    """What is said is what is reported then, whichever attempt counts."""
    assignment = place(cast, attempt_limit=0)
    works = [hand_in(assignment, cast.amina), hand_in_again(assignment, cast.amina)]
    for attempt, points in zip(works, ("4", "1"), strict=True):
        mark(attempt, cast.ruth, q1=points, q2="2")
        attempts.release(attempt, by=TOOL)
    Delivery.objects.update(state=Delivery.State.DELIVERED, sent_given=10, sent_maximum=14)
    for item, chosen in (("q1", works), ("", works[:1]), ("", works)):
        rows = [fresh(one) for one in chosen]
        said = effects(assignment, rows, item=item)[cast.amina.user.pk]
        before = Grade(*Delivery.objects.values_list("score_given", "score_maximum").get())
        attempts.take_back_release(assignment, rows, by=TOOL, item=item)
        row = Delivery.objects.get()
        now = Grade(row.score_given, row.score_maximum)
        assert now == (before if said.effect is LmsEffect.NOTHING else said.after)
        Delivery.objects.update(
            state=Delivery.State.DELIVERED,
            sent_given=row.score_given,
            sent_maximum=row.score_maximum,
        )


def test_with_the_gaps_only_nothing_is_said(cast: Cast) -> None:
    attempt = hand_in(place(cast, sending=Sending.GAPS_ONLY), cast.amina)
    mark(attempt, cast.ruth, q1="3", q2="5")
    attempts.release(attempt, by=TOOL)
    found = effects(assignment_at(cast.course.link), [fresh(attempt)])
    assert found[cast.amina.user.pk] == TakenBack(LmsEffect.NOTHING)


def test_what_is_entered_and_counts_stays(cast: Cast) -> None:
    """The mark in the LMS is of the paper, and not of the work that is taken back."""
    assignment = place(cast)
    attempt = hand_in(assignment, cast.amina)
    mark(attempt, cast.ruth, q1="3", q2="5")
    entered = EnteredMark.objects.create(
        assignment=assignment, user=cast.amina.user, outcome="on-paper", points=9, maximum=14
    )
    attempts.release(fresh(attempt), by=TOOL)
    attempts.release_entered(assignment, by=TOOL)
    Delivery.objects.update(state=Delivery.State.DELIVERED, sent_given=9, sent_maximum=14)
    user = cast.amina.user.pk
    assert effects(assignment, [fresh(attempt)]) == {user: TakenBack(LmsEffect.NOTHING)}
    attempts.take_back_release(assignment, [attempt], by=TOOL)
    assert Delivery.objects.get().score_given == 9
    # Where it waits for its own release, nothing stands in the place of the work.
    EnteredMark.objects.filter(pk=entered.pk).update(released_at=None)
    attempts.release(fresh(attempt), by=TOOL)
    assert effects(assignment, [fresh(attempt)])[user].effect is LmsEffect.EMPTIED
    attempts.take_back_release(assignment, [attempt], by=TOOL)
    assert Delivery.objects.get().score_given is None


def test_a_release_of_work_and_of_entered_marks_is_one(
    cast: Cast, lms: FakePlatform, clock: Clock
) -> None:
    """One has handed in, one's paper is in the LMS, one's is not yet, one was away, one is late."""
    assignment = place(cast)
    mark(hand_in(assignment, cast.amina), cast.ruth, q1="3", q2="5")
    people = [make_someone(cast.course, f"9{n}", f"Pupil {n}", PUPIL) for n in range(4)]
    for one, points in zip(people, (9, 7, None, 5), strict=True):
        EnteredMark.objects.create(
            assignment=assignment,
            user=one.user,
            outcome="on-paper" if points else "absent",
            points=points,
            maximum=14,
        )
    attempts.release_entered(assignment, [people[3].user.pk], by=TOOL)
    deliver_due()
    clock.go_on(60)
    told = Page(cast.ruth.client.post(cast.ruth.url("release-all"), follow=True))
    assert "Released to 4 pupils." in told.text
    assert "Take this release back for 4 pupils …" in told.text
    paper = Delivery.objects.filter(user=people[1].user)
    paper.update(next_try_at=clock() + timedelta(days=1))
    deliver_due()
    asked = Page(post(cast, act="take-back", release=told.fields["release"].value))
    assert "Take the release back for 4 pupils?" in asked.text
    assert "1 mark has not reached LMS of client-1 yet. It is not sent." in asked.text
    assert "shows the mark of 1 pupil; it goes back to what counts" in asked.text
    assert "shows the mark of 1 pupil. It is told to show none again." in asked.text
    words = " ".join(asked.text.split())
    assert "Amina Abdullahi 12/14 4/4" in words
    assert "Pupil 0 9/14 –" in words
    answer = Page(post(cast, **{**asked.posted, "act": "take-back"}))
    assert "Taken back for 4 pupils. These marks are not shown to them any more." in answer.text
    clock.go_on(60)
    deliver_due()
    there = (cast.amina, people[0], people[3])
    assert [lms.gradebook.cell(one.user.sub).given for one in there] == [4, None, 5]
    assert not [score for score in lms.scores if score.get("scoreGiven") == 7]
    assert list(EnteredMark.objects.order_by("pk").values_list("points", flat=True)) == [
        9, 7, None, 5,
    ]  # fmt: skip
    assert "9 / 14" not in page_of(people[0])
    # A mark that was entered in the LMS stays there.
    Delivery.objects.filter(user=people[3].user).update(
        state=Delivery.State.KEPT, theirs_given=1, theirs_maximum=14
    )
    row = EnteredMark.objects.get(user=people[3].user)
    assert effects(assignment, [], entered=[row])[row.user_id].effect is LmsEffect.STAYS


def test_the_column_of_gaps_follows_the_attempt_that_counts(cast: Cast) -> None:
    """Without its release the second attempt counts no longer: the gaps' column shows the first."""
    assignment = place(cast, attempt_limit=0, new_attempt="blank", sending=Sending.GAPS_COLUMN)
    first, second = hand_in(assignment, cast.amina), hand_in_again(assignment, cast.amina, WRITTEN)
    for attempt, points in ((first, "0"), (second, "6")):
        mark(attempt, cast.ruth, q1="4" if points == "6" else "0", q2=points)
    attempts.release(second, by=TOOL)
    for tag, given in (("", 10), ("gaps", 0)):
        rows = Delivery.objects.filter(line_item__tag=tag)
        assert rows.get().score_given == given
        rows.update(state="delivered", sent_given=given, sent_maximum=14 if not tag else 4)
    user = cast.amina.user.pk
    said = effects(assignment, [fresh(second)], tag="gaps")[user]
    assert said == TakenBack(LmsEffect.GOES_BACK, Grade(Decimal(0), Decimal(4)), said.after)
    assert said.after == Grade(Decimal(4), Decimal(4))
    asked = Page(post(cast, act="take-back", all="1"))
    assert "In the column for the gaps 1 mark changes too" in asked.text
    post(cast, **{**asked.posted, "act": "take-back"})
    assert Delivery.objects.get(line_item__tag="gaps").score_given == 4
    # With one attempt it stays, and the page says so.
    attempts.release(fresh(first), by=TOOL)
    assert (
        "The column for the gaps does not change."
        in Page(post(cast, act="take-back", all="1")).text
    )


@pytest.mark.parametrize("sending", [Sending.GAPS_ONLY, Sending.GAPS_FIRST])
@pytest.mark.parametrize("outcome", ["on-paper", "excused"])
def test_what_the_release_has_not_sent_is_not_taken_from_the_lms(
    cast: Cast, sending: Sending, outcome: str
) -> None:
    """The gaps' points of work stay, whose teacher lets a mark count that was entered."""
    assignment = place(cast, sending=sending)
    attempt = hand_in(assignment, cast.amina)
    points = 9 if outcome == "on-paper" else None
    row = EnteredMark.objects.create(
        assignment=assignment, user=cast.amina.user, outcome=outcome, points=points, maximum=14
    )
    mark(attempt, cast.ruth, q1="3", q2="5")
    user, cells = row.user_id, Delivery.objects
    attempts.release(fresh(attempt), by=TOOL)
    assert effects(assignment, [fresh(attempt)])[user].effect is LmsEffect.NOTHING
    attempts.take_back_release(assignment, [attempt], by=TOOL)
    assert cells.get().score_given == 4
    attempts.release_entered(assignment, by=TOOL)
    is_sent = outcome == "on-paper" and sending is Sending.GAPS_FIRST
    assert cells.get().score_given == (9 if is_sent else 4)
    cells.update(state="delivered", sent_given=9 if is_sent else 4, sent_maximum=14)
    said = effects(assignment, [], entered=[row])[user].effect
    assert said is (LmsEffect.EMPTIED if is_sent else LmsEffect.NOTHING)
    assert attempts.take_back_entered(assignment, [user], by=TOOL) == {user}
    assert cells.get().score_given == (None if is_sent else 4)


def test_the_column_of_gaps_stays_while_an_entered_mark_counts(cast: Cast) -> None:
    assignment = place(cast, sending=Sending.GAPS_COLUMN)
    attempt = hand_in(assignment, cast.amina)
    mark(attempt, cast.ruth, q1="3", q2="5")
    attempts.release(attempt, by=TOOL)
    EnteredMark.objects.create(
        assignment=assignment, user=cast.amina.user, outcome="on-paper", points=9, maximum=14
    )
    assert effects(assignment, [fresh(attempt)], tag="gaps") == {}
    attempts.take_back_release(assignment, [attempt], by=TOOL)
    given = dict(Delivery.objects.values_list("line_item__tag", "score_given"))
    assert given["gaps"] == 4
    assert not given.get("")


@pytest.mark.parametrize("sending", [Sending.GAPS_FIRST, Sending.GAPS_COLUMN, Sending.RELEASED])
def test_while_an_answer_is_handed_back(
    cast: Cast, lms: FakePlatform, clock: Clock, sending: Sending
) -> None:
    assignment = place(cast, sending=sending)
    attempt = hand_in(assignment, cast.amina)
    mark(attempt, cast.ruth, q1="3", q2="5")
    attempts.release(attempt, by=TOOL)

    def totals() -> list[Decimal | None]:
        clock.go_on(60)
        deliver_due()
        return [row.sent_given for row in Delivery.objects.filter(line_item__tag="")]

    assert totals() == [12]
    gaps_before = list(Delivery.objects.filter(line_item__tag="gaps").values_list("score_given"))
    attempts.reopen_question(fresh(attempt), attempt.edition.sheet.to_mark[1], by=TOOL)
    said = effects(assignment, [fresh(attempt)])[cast.amina.user.pk].effect
    asked = Page(post(cast, act="take-back", all="1")).text
    attempts.take_back_release(assignment, [attempt], by=TOOL)
    waits = sending is Sending.GAPS_FIRST
    assert said is (LmsEffect.WAITS if waits else LmsEffect.EMPTIED)
    assert ("keeps its mark until that is submitted" in asked) is waits
    assert totals() == ([12] if waits else [None])
    attempts.submit(assignment, cast.amina.user, assignment.edition_id)
    assert totals() == ([4] if waits else [None])  # the gaps, or nothing
    gaps = list(Delivery.objects.filter(line_item__tag="gaps").values_list("score_given"))
    assert gaps == gaps_before
