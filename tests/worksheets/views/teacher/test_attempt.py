"""What a teacher does: see the class, mark, release, give back, send again."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.template.defaultfilters import linebreaksbr
from django.utils.html import escape

from lti_tool.audit import TOOL
from lti_tool.models import Delivery, Registration
from tests.cast import PUPIL, Cast, make_someone
from tests.reported import reported
from tests.worksheets.html import Page
from tests.worksheets.sheets import (
    EVERYTHING,
    GAPS_ONLY,
    RIGHT,
    fresh,
    hand_in,
    hand_in_again,
    mark,
    marks_of,
    place,
    release,
    save,
)
from worksheets import attempts
from worksheets.models import Assignment, Attempt, Mark, Sending
from worksheets.reports import class_overview


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


@pytest.fixture
def submitted(cast: Cast, assignment: Assignment) -> Attempt:
    return hand_in(assignment, cast.amina, {**EVERYTHING, "g1": "Bavaria"})


def get(cast: Cast, name: str, **arguments: object) -> Page:
    return Page(cast.ruth.client.get(cast.ruth.url(name, **arguments)))


def post(cast: Cast, name: str, posted: dict[str, str] | None = None, **arguments: object) -> Any:
    return cast.ruth.client.post(cast.ruth.url(name, **arguments), posted or {})


def follow(cast: Cast, answer: Any) -> Page:
    assert answer.status_code == 302
    return Page(cast.ruth.client.get(answer["Location"]))


# --- the class ---


def test_home_is_the_class(cast: Cast, assignment: Assignment) -> None:
    page = get(cast, "home")
    assert page.status == 200
    assert "Nobody has started yet" in page.text
    assert page.text == get(cast, "class").text


def test_the_class_says_how_far_everybody_is(
    cast: Cast, assignment: Assignment, submitted: Attempt
) -> None:
    save(assignment, cast.ben, RIGHT)
    someone = make_someone(cast.course, "901", "Cleo Cole", PUPIL)
    mark(hand_in(assignment, someone, EVERYTHING), cast.ruth, q1="3", q2="5")
    text = get(cast, "class").text
    assert "3 pupils 2 submitted 1 to mark 1 marked, not released 1 in progress" in text
    assert "Amina Abdullahi submitted" in text
    assert "3/4 –/10 · 2 to mark –/14 Sending …" in text
    assert "Ben Ashworth in progress" in text
    assert "Cleo Cole marked, not released" in text
    assert "4/4 8/10 12/14 Sending …" in text
    assert "Release marks to 1 pupil …" in text
    assert "Cleo Cole (12/14)" in text


def test_the_class_shows_what_is_wrong_with_a_score(cast: Cast, submitted: Attempt) -> None:
    Delivery.objects.update(state="refused", problem="newer-in-lms")
    text = get(cast, "class").text
    assert "Someone changed this mark in the gradebook." in text
    assert "1 not in the gradebook" in text
    Delivery.objects.update(state="delivered", problem="")
    assert "✓ 3/4" in get(cast, "class").text


def test_a_long_class_has_pages(cast: Cast, assignment: Assignment) -> None:
    for n in range(60):
        save(assignment, make_someone(cast.course, f"9{n:02}", f"P {n:02}", PUPIL), {"g4": "1"})
    first = get(cast, "class")
    assert "P 49" in first.text
    assert "P 50" not in first.text
    assert "Page 1 of 2" in first.text
    second = Page(cast.ruth.client.get(cast.ruth.url("class") + "?page=2"))
    assert "P 50" in second.text
    for odd in ("0", "-1", "x", "9" * 30):
        assert cast.ruth.client.get(f"{cast.ruth.url('class')}?page={odd}").status_code == 200


def test_dates_are_those_of_the_assignment(cast: Cast, assignment: Assignment) -> None:
    for year, words in [(2026, "closed on 31 January 2026"), (2126, "open until 31 January")]:
        assignment.closes_at = datetime(year, 1, 31, 14, 5, tzinfo=UTC)
        assignment.save()
        assert words in get(cast, "class").text
    assert "14:05 (UTC)" in get(cast, "class").text


def test_who_has_no_name_is_a_number(cast: Cast, assignment: Assignment) -> None:
    someone = make_someone(cast.course, "901", "", PUPIL)
    attempt = hand_in(assignment, someone, RIGHT)
    name = f"Pupil {someone.user.pk}"
    assert name in get(cast, "class").text
    assert name in get(cast, "attempt", number=attempt.pk).text


def test_a_name_is_text(cast: Cast, assignment: Assignment) -> None:
    someone = make_someone(cast.course, "901", "<b>Bobby</b> {{ x }}", PUPIL)
    attempt = hand_in(assignment, someone, RIGHT)
    for page in (get(cast, "class"), get(cast, "attempt", number=attempt.pk)):
        assert "<b>Bobby</b> {{ x }}" in page.text


# --- marking ---


def test_the_attempt_shows_what_was_written_with_all_that_helps(
    cast: Cast, submitted: Attempt
) -> None:
    page = get(cast, "attempt", number=submitted.pk)
    for words in (
        EVERYTHING["q1"],
        "MODELANSWER",
        "RUBRICTEXT",
        "Right: Manchuria",
        "Mark / 4",
        "Mark / 6",
        "3/4 gaps",
    ):
        assert words in page.text
    typed = {"q1-points", "q1-comment", "q2-points", "q2-comment"}
    typed |= {"overall-went_well", "overall-better_if"}
    seen = {"q1-seen", "q2-seen", "overall-seen", "read"}
    collected = {"collect", "from", "work"}
    assert set(page.fields) == typed | seen | collected | {"draft-base-mark", "draft-at-mark"}


def test_what_is_not_submitted_can_be_seen_and_not_marked(
    cast: Cast, assignment: Assignment
) -> None:
    attempt = save(assignment, cast.amina, EVERYTHING)
    page = get(cast, "attempt", number=attempt.pk)
    assert EVERYTHING["q1"] in page.text
    assert "not submitted" in page.text
    assert page.fields == {}
    answer = post(cast, "attempt", {"q1-points": "3"}, number=attempt.pk)
    assert "This worksheet is open again for the pupil. No mark was saved." in (
        follow(cast, answer).text
    )
    assert not Mark.objects.exists()


def test_marks_are_kept_with_their_comments(cast: Cast, submitted: Attempt) -> None:
    posted = {
        "q1-points": "2.5",
        "q1-comment": "Good. «Дальше» 🎉",
        "q2-points": "",
        "q2-comment": "",
    }
    page = follow(cast, post(cast, "attempt", posted, number=submitted.pk))
    assert "Saved. The pupil sees the marks when you release them." in page.text
    assert page.fields["q1-points"].value == "2.5"
    assert page.fields["q1-comment"].value == "Good. «Дальше» 🎉"
    given = Mark.objects.get(item="q1")
    assert (given.points, given.marked_by) == (Decimal("2.5"), cast.ruth.user)
    assert not Mark.objects.filter(item="q2").exists()


@pytest.mark.parametrize(
    "points",
    [
        *("NaN", "sNaN", "-NaN", "Infinity", "-Infinity", "1e999", "1e999999999", "1e-999999999"),
        *("-1", "-0.01", "4.01", "5", "1000000000", "2.555", "two", "1,5,5", "1 2", "٣x", "0x1"),
    ],
)
def test_a_bad_number_saves_nothing_and_says_where(
    cast: Cast, submitted: Attempt, points: str
) -> None:
    posted = {"q1-points": points, "q1-comment": "Kept?", "q2-points": "5", "q2-comment": ""}
    page = Page(post(cast, "attempt", posted, number=submitted.pk))
    assert page.status == 422
    assert "Nothing was saved yet" in page.text
    assert page.fields["q1-points"].value == points
    assert page.fields["q1-comment"].value == "Kept?"
    assert page.fields["q2-points"].value == "5"
    assert not Mark.objects.filter(source=Mark.Source.TEACHER).exists()


@pytest.mark.parametrize(
    ("points", "kept"), [("0", "0"), ("4", "4"), ("4.00", "4"), (" 3 ", "3"), ("1e0", "1")]
)
def test_good_numbers(cast: Cast, submitted: Attempt, points: str, kept: str) -> None:
    assert post(cast, "attempt", {"q1-points": points}, number=submitted.pk).status_code == 302
    assert marks_of(submitted)["q1"] == Decimal(kept)


def test_a_comment_needs_its_number(cast: Cast, submitted: Attempt) -> None:
    page = Page(post(cast, "attempt", {"q1-comment": "Well …"}, number=submitted.pk))
    assert page.status == 422
    assert "Enter a mark too" in page.text


def test_a_mark_cannot_be_emptied(cast: Cast, submitted: Attempt) -> None:
    mark(submitted, cast.ruth, q1="3")
    page = Page(post(cast, "attempt", {"q1-points": ""}, number=submitted.pk))
    assert page.status == 422
    assert "A mark can be changed. It cannot be taken away." in page.text
    assert marks_of(submitted)["q1"] == 3


@pytest.mark.parametrize("comment", ["x" * 4001, "a\0b"])
def test_a_comment_that_cannot_be_kept(cast: Cast, submitted: Attempt, comment: str) -> None:
    posted = {"q1-points": "3", "q1-comment": comment}
    assert post(cast, "attempt", posted, number=submitted.pk).status_code == 422
    assert "q1" not in marks_of(submitted)


EATEN = """a<b and c>d, <3, &amp; *not* [[x]] ___ \\n new line, 100 %, “Ω”

And so on."""


@reported("desk-12", "desk-23")
def test_an_overall_comment(cast: Cast, submitted: Attempt) -> None:
    before = cast.amina.client.get(cast.amina.url("home")).content
    page = get(cast, "attempt", number=submitted.pk)
    better = f"{EATEN} {'x' * 2900}"
    posted = page.posted | {"overall-went_well": EATEN, "overall-better_if": better}
    page = follow(cast, post(cast, "attempt", posted, number=submitted.pk))
    work = fresh(submitted)
    assert (work.went_well, work.better_if) == (EATEN, better)
    assert work.commented_by == cast.ruth.user
    # Nothing of it is seen before the release, and then all of it, letter for letter.
    assert cast.amina.client.get(cast.amina.url("home")).content == before
    release(submitted, cast.ruth, q1="1", q2="2")
    shown = cast.amina.client.get(cast.amina.url("home")).content.decode()
    assert linebreaksbr(EATEN, autoescape=True) in shown
    assert f"What went well: {EATEN}\n" in Delivery.objects.get().comment
    # It comes back as a chip at the next pupil.
    other = hand_in(submitted.assignment, cast.ben)
    page = get(cast, "attempt", number=other.pk)
    assert (
        f'<button type="button" class="mark-chip" dir="auto">{escape(EATEN)}</button>' in page.html
    )


def test_an_overall_comment_that_was_changed_elsewhere(cast: Cast, submitted: Attempt) -> None:
    page = get(cast, "attempt", number=submitted.pk)
    attempts.comment_overall(submitted, "Dates.", "", cast.ruth.user)
    posted = page.posted | {"overall-went_well": "Names."}
    again = post(cast, "attempt", posted, number=submitted.pk)
    assert again.status_code == 422
    assert "This was saved as “Dates.” meanwhile." in again.content.decode()
    assert fresh(submitted).went_well == "Dates."
    # What the page did not touch stays as it is by now.
    untouched = post(cast, "attempt", page.posted | {"q1-points": "1"}, number=submitted.pk)
    assert untouched.status_code == 302
    assert fresh(submitted).went_well == "Dates."
    attempts.reopen(submitted, by=TOOL)
    assert fresh(submitted).went_well == "Dates."


@reported("desk-05", "desk-14")
def test_a_mark_does_not_land_on_a_text_that_came_since(cast: Cast, submitted: Attempt) -> None:
    page = get(cast, "attempt", number=submitted.pk)
    attempts.reopen(submitted, by=TOOL)
    assignment, user = submitted.assignment, submitted.user
    attempts.save_answers(assignment, user, assignment.edition_id, {"q1": "Another text."})
    attempts.submit(assignment, user, assignment.edition_id)
    typed = {"q1-points": "4", "q1-comment": "Why?", "overall-went_well": "Dates."}
    answer = post(cast, "attempt", page.posted | typed, number=submitted.pk)
    now = Page(answer)
    assert now.status == 409
    assert "The pupil has submitted this again since it was read." in now.text
    assert "Another text." in now.text
    assert "q1" not in marks_of(submitted)
    assert fresh(submitted).went_well == ""
    # What was typed is there, and is saved once the new text has been read.
    assert now.fields["q1-comment"].value == "Why?"
    posted = {name: field.value for name, field in now.fields.items()}
    assert post(cast, "attempt", posted, number=submitted.pk).status_code == 302
    assert marks_of(submitted)["q1"] == 4


def test_saving_marks_unchanged_reports_nothing_again(cast: Cast, submitted: Attempt) -> None:
    mark(submitted, cast.ruth, q1="3", q2="5")
    attempts.release(submitted, by=TOOL)
    before = Delivery.objects.get().revision
    page = get(cast, "attempt", number=submitted.pk)
    again = follow(cast, post(cast, "attempt", page.posted, number=submitted.pk))
    assert "Nothing had changed since the last time." in again.text
    assert Delivery.objects.get().revision == before
    page = follow(
        cast, post(cast, "attempt", {**page.posted, "q1-points": "1"}, number=submitted.pk)
    )
    assert "the gradebook will update shortly" in page.text
    assert Delivery.objects.get().score_given == 9


def test_a_zero_for_a_blank_answer_can_be_changed(cast: Cast, assignment: Assignment) -> None:
    attempt = hand_in(assignment, cast.amina, RIGHT)
    page = get(cast, "attempt", number=attempt.pk)
    assert page.fields["q1-points"].value == "0"
    post(cast, "attempt", {"q1-points": "2", "q2-points": "0"}, number=attempt.pk)
    assert marks_of(attempt)["q1"] == 2


def test_on_to_the_next_pupil(cast: Cast, assignment: Assignment, submitted: Attempt) -> None:
    other = hand_in(assignment, cast.ben)
    posted = {"q1-points": "1", "q2-points": "1", "next": "1"}
    answer = post(cast, "attempt", posted, number=submitted.pk)
    assert answer["Location"].startswith(cast.ruth.url("attempt", number=other.pk))
    answer = post(cast, "attempt", posted, number=other.pk)
    assert answer["Location"].startswith(cast.ruth.url("class"))
    assert "All answers are marked now." in follow(cast, answer).text


# --- release ---


def test_release_of_one(cast: Cast, submitted: Attempt) -> None:
    page = follow(cast, post(cast, "release", number=submitted.pk))
    assert "Not released: an answer has no mark yet." in page.text
    mark(submitted, cast.ruth, q1="3", q2="5")
    assert "Release" in get(cast, "attempt", number=submitted.pk).text
    page = follow(cast, post(cast, "release", number=submitted.pk))
    assert "Released. The gradebook will update shortly." in page.text
    assert fresh(submitted).is_released
    assert Delivery.objects.get().score_given == 11


def test_release_of_all_who_are_marked(
    cast: Cast, assignment: Assignment, submitted: Attempt
) -> None:
    mark(submitted, cast.ruth, q1="3", q2="5")
    blank = hand_in(assignment, cast.ben, RIGHT)
    waiting = hand_in(assignment, make_someone(cast.course, "901", "Cleo Cole", PUPIL))
    begun = save(assignment, make_someone(cast.course, "902", "Dan Dale", PUPIL), RIGHT)
    page = follow(cast, post(cast, "release-all"))
    assert "Released to 2 pupils. The gradebook will update shortly." in page.text
    assert [fresh(a).is_released for a in (submitted, blank, waiting, begun)] == [
        *(True, True, False, False)
    ]
    assert "Released to 0 pupils." in follow(cast, post(cast, "release-all")).text


def test_release_of_all_passes_over_who_was_given_it_back_meanwhile(
    cast: Cast, assignment: Assignment, submitted: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark(submitted, cast.ruth, q1="3", q2="5")
    other = hand_in(assignment, cast.ben, RIGHT)
    seen = class_overview.overview(assignment)
    attempts.reopen(submitted, by=TOOL)
    monkeypatch.setattr("worksheets.views.teacher.releasing.overview", lambda _assignment: seen)
    page = follow(cast, post(cast, "release-all"))
    assert "Released to 1 pupil." in page.text
    assert fresh(other).is_released


def test_a_sheet_of_gaps_only(cast: Cast) -> None:
    attempt = hand_in(place(cast, GAPS_ONLY), cast.amina, {"g1": "Manchuria"})
    page = get(cast, "attempt", number=attempt.pk)
    assert page.status == 200
    assert "Save marks" not in page.text
    assert "Save the comment" in page.text
    assert "Written" not in get(cast, "class").text


# --- giving back, submitting for, sending again ---


def test_giving_back_asks_first(cast: Cast, submitted: Attempt) -> None:
    page = get(cast, "reopen", number=submitted.pk)
    assert "Reopen the worksheet for Amina Abdullahi?" in page.text
    assert "kept" not in page.text
    mark(submitted, cast.ruth, q1="3")
    page = get(cast, "reopen", number=submitted.pk)
    assert "Your marks and comments are kept." in page.text
    assert fresh(submitted).is_submitted
    page = follow(cast, post(cast, "reopen", number=submitted.pk))
    assert "Reopened. The pupil can continue and submit again." in page.text
    assert not fresh(submitted).is_submitted


def test_submitting_for_a_pupil(cast: Cast, assignment: Assignment) -> None:
    attempt = save(assignment, cast.amina, RIGHT)
    assert "Submit for this pupil" in get(cast, "attempt", number=attempt.pk).text
    page = follow(cast, post(cast, "submit-for", number=attempt.pk))
    assert "Submitted for the pupil." in page.text
    assert fresh(attempt).is_submitted
    assert Delivery.objects.get().user == cast.amina.user


def test_sending_again(cast: Cast, submitted: Attempt) -> None:
    assert "Send again" not in get(cast, "attempt", number=submitted.pk).text
    Delivery.objects.update(state="refused", problem="column-gone")
    page = get(cast, "attempt", number=submitted.pk)
    assert "The gradebook column of this activity no longer exists." in page.text
    assert "Send again" in page.text
    page = follow(cast, post(cast, "send-again", number=submitted.pk))
    assert "The mark is being sent again." in page.text
    assert Delivery.objects.get().state == Delivery.State.DUE


# --- several attempts ---


POOR = {**EVERYTHING, "g1": "Bavaria", "g2": "Bavaria"}


class TestSeveralAttempts:
    """The list shows the attempt that counts, and leads to the others."""

    @pytest.fixture
    def several(self, cast: Cast) -> Assignment:
        return place(cast, attempt_limit=3)

    def test_the_class_shows_the_one_that_counts(self, cast: Cast, several: Assignment) -> None:
        first = hand_in(several, cast.amina)
        second = hand_in_again(several, cast.amina, POOR)
        attempts.begin_again(several, cast.amina.user)
        page = get(cast, "class")
        assert "2 pupils 1 submitted 1 to mark" in page.text
        assert "attempt 1 counts; others: attempt 2 (to mark), attempt 3 (in progress)" in (
            page.text
        )
        assert "4/4 –/10 · 2 to mark" in page.text
        for attempt in (first, second):
            assert cast.ruth.url("attempt", number=attempt.pk) in page.links

    def test_who_only_writes_has_no_attempt_that_counts(
        self, cast: Cast, several: Assignment
    ) -> None:
        save(several, cast.amina, EVERYTHING)
        assert "counts" not in get(cast, "class").text

    def test_the_attempts_page_names_the_others(self, cast: Cast, several: Assignment) -> None:
        first = hand_in(several, cast.amina)
        second = hand_in_again(several, cast.amina, POOR)
        page = get(cast, "attempt", number=first.pk)
        assert "Attempt 1 of 2. This one counts. Attempt 2" in page.text
        assert "Reopen" not in page.text
        page = get(cast, "attempt", number=second.pk)
        assert "Attempt 2 of 2. Attempt 1 (counts)" in page.text
        assert "Reopen" in page.text

    def test_an_earlier_one_is_not_given_back(self, cast: Cast, several: Assignment) -> None:
        first = hand_in(several, cast.amina)
        hand_in_again(several, cast.amina, POOR)
        page = follow(cast, post(cast, "reopen", number=first.pk))
        assert "started another attempt" in page.text
        assert fresh(first).is_submitted

    @pytest.mark.parametrize(("rule", "numbers"), [("best", [1, 2]), ("last", [2]), ("first", [1])])
    def test_the_queue_has_those_that_can_count(
        self, cast: Cast, rule: str, numbers: list[int]
    ) -> None:
        assignment = place(cast, attempt_limit=2, counting=rule)
        hand_in(assignment, cast.amina)
        hand_in_again(assignment, cast.amina, POOR)
        works = class_overview.overview(assignment).works
        assert [w.attempt.number for w in works if w.waits_for_mark] == numbers
        for work in works:
            mark(work.attempt, cast.ruth, q1="1", q2="1")
        page = get(cast, "class")
        assert "Release marks to 1 pupil …" in page.text
        assert ("attempt 2: 4/14" in page.text) is (2 in numbers)
        assert "Released to 1 pupil." in follow(cast, post(cast, "release-all")).text
        released = Attempt.objects.filter(released_at__isnull=False)
        assert list(released.order_by("number").values_list("number", flat=True)) == numbers

    def test_saving_marks_goes_on_to_the_next_attempt(
        self, cast: Cast, several: Assignment
    ) -> None:
        first = hand_in(several, cast.amina)
        second = hand_in_again(several, cast.amina, POOR)
        marks = {"q1-points": "1", "q2-points": "1", "next": "1"}
        answer = post(cast, "attempt", marks, number=first.pk)
        assert f"/class/{second.pk}/" in answer["Location"]

    def test_a_pupils_mark_is_sent_again_once(self, cast: Cast, several: Assignment) -> None:
        hand_in(several, cast.amina)
        hand_in_again(several, cast.amina, POOR)
        Delivery.objects.update(state="refused", problem="column-gone")
        assert "Send 1 mark again" in get(cast, "class").text


# --- what goes to the gradebook ---


def test_gaps_alone_are_released_where_nothing_goes_before(cast: Cast) -> None:
    assignment = place(cast, GAPS_ONLY, sending=Sending.RELEASED)
    attempt = hand_in(assignment, cast.amina, {"g1": "Manchuria"})
    assert "Release marks to 1 pupil" in get(cast, "class").text
    assert not Delivery.objects.exists()
    page = follow(cast, post(cast, "release", number=attempt.pk))
    assert "Released. The gradebook will update shortly." in page.text
    assert Delivery.objects.get().score_given == 1


def test_where_only_gaps_go_the_release_says_so(cast: Cast) -> None:
    attempt = hand_in(place(cast, sending=Sending.GAPS_ONLY), cast.amina)
    mark(attempt, cast.ruth, q1="1", q2="1")
    page = follow(cast, post(cast, "release", number=attempt.pk))
    assert "The gradebook keeps what was marked at once" in page.text
    posted = {"q1-points": "2", "q2-points": "2"}
    page = follow(cast, post(cast, "attempt", posted, number=attempt.pk))
    assert "Saved. The pupil can see it now." in page.text
    assert Delivery.objects.get().revision == 1


def test_a_submission_without_a_mark_is_told(cast: Cast) -> None:
    Registration.objects.update(product="canvas")
    hand_in(place(cast, sending=Sending.RELEASED), cast.amina)
    Delivery.objects.update(state="delivered")
    assert "submitted, no mark yet" in get(cast, "class").text
    home = Page(cast.amina.client.get(cast.amina.url("home")))
    assert "The gradebook shows that you have submitted." in home.text


def test_the_first_mark_that_is_missing_has_the_focus(cast: Cast, submitted: Attempt) -> None:
    def focused() -> list[str]:
        page = get(cast, "attempt", number=submitted.pk)
        fields = re.findall(r"<input [^>]*>", page.html)
        return [one for one in fields if "autofocus" in one]

    (field,) = focused()
    assert 'name="q1-points"' in field
    mark(submitted, cast.ruth, q1="3")
    (field,) = focused()
    assert 'name="q2-points"' in field
    mark(submitted, cast.ruth, q2="3")
    assert focused() == []
