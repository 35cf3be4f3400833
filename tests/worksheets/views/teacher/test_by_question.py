"""The page that marks one question: forms without a script, JSON with it."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lti_tool.audit import TOOL
from lti_tool.models import Delivery
from tests.cast import PUPIL, TEACHER, Cast, Course, Someone, make_someone
from tests.worksheets.hidden import number_of, sign_of
from tests.worksheets.html import Page, are_in_order
from tests.worksheets.sheets import (
    CAUSES,
    GAPS_ONLY,
    WRITTEN_ONLY,
    assignment_at,
    fresh,
    hand_in,
    mark,
    marks_of,
    place,
    publish,
    release,
    save,
)
from worksheets import attempts, authoring
from worksheets.attempts import GivenMark, give_marks
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import Assignment, Attempt, Mark


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


@pytest.fixture
def amina(cast: Cast, assignment: Assignment) -> Attempt:
    return hand_in(assignment, cast.amina)


def address(someone: Someone, item: str = "q1", query: str = "") -> str:
    return someone.url("mark-question", item=item) + (f"?{query}" if query else "")


def get(someone: Someone, item: str = "q1", query: str = "") -> Page:
    return Page(someone.client.get(address(someone, item, query)))


def post(someone: Someone, posted: dict[str, Any], item: str = "q1", query: str = "") -> Any:
    """Post a form as the page of now has it: its submissions are those read."""
    works = Attempt.objects.all()
    numbers = {work.pk: number_of(work, item) for work in works}
    read = {f"read-{numbers[work.pk]}": sign_of(work, item) for work in works}
    seen = {f"seen-{pk}": f"seen-{number}" for pk, number in numbers.items()}
    named = {seen.get(name, name): value for name, value in posted.items()}
    if isinstance(named.get("attempt"), int):
        named["attempt"] = numbers[named["attempt"]]
    return someone.client.post(address(someone, item, query), {**read, **named})


def send(someone: Someone, *marks: dict[str, Any], item: str = "q1") -> Any:
    works = {work.pk: work for work in Attempt.objects.all()}
    shown = [{**one, "attempt": number_of(works[one["attempt"]], item)} for one in marks]
    body = json.dumps({"marks": shown})
    return someone.client.post(address(someone, item), body, content_type="application/json")


def sent(
    attempt: Attempt, points: str | None, *seen: str, item: str = "q1", **more: object
) -> dict[str, Any]:
    read = sign_of(fresh(attempt), item)
    mark = {"attempt": attempt.pk, "points": points, "comment": "", "seen": [*seen], "read": read}
    return mark | more


def first_form(page: Page) -> dict[str, str]:
    """What the first form of a page posts, but for the button."""
    form = page.html.split('class="answer', 1)[1].split("<form", 1)[1].split("</form>")[0]
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def pupil(cast: Cast, assignment: Assignment, sub: str, text: str) -> Attempt:
    someone = make_someone(cast.course, sub, f"Cleo Number{sub}", PUPIL)
    return hand_in(assignment, someone, {"q1": text, "q2": "The evidence."})


class TestTheWayThere:
    def test_the_tab_leads_to_what_waits(self, cast: Cast, amina: Attempt) -> None:
        page = Page(cast.ruth.client.get(cast.ruth.url("class")))
        assert cast.ruth.url("mark") in page.links
        answer = cast.ruth.client.get(cast.ruth.url("mark"))
        assert answer["Location"] == address(cast.ruth, "q1", "go-on=1")
        mark(amina, cast.ruth, q1="1")
        answer = cast.ruth.client.get(cast.ruth.url("mark"))
        assert answer["Location"] == address(cast.ruth, "q2", "go-on=1")

    def test_without_a_worksheet_or_such_a_question(self, cast: Cast) -> None:
        assert cast.ruth.client.get(cast.ruth.url("mark"))["Location"] == cast.ruth.url("home")
        place(cast, GAPS_ONLY)
        answer = cast.ruth.client.get(cast.ruth.url("mark"), follow=True)
        assert "has no answers that a teacher marks" in Page(answer).text

    @pytest.mark.parametrize("item", ["q3", "g1", "x", "q" * 200])
    def test_only_what_a_teacher_marks(self, cast: Cast, amina: Attempt, item: str) -> None:
        assert cast.ruth.client.get(address(cast.ruth, item)).status_code == 404
        assert post(cast.ruth, {"attempt": amina.pk, "points": "1"}, item).status_code == 404


class TestThePage:
    @pytest.mark.usefixtures("amina")
    def test_the_question_and_the_answers(self, cast: Cast) -> None:
        page = get(cast.ruth)
        assert "Question 1 of 2 0 of 1 · names hidden Show" in page.text
        assert "Why was the trial held in public?" in page.text
        assert "MODELANSWER" in page.text
        assert "RUBRICTEXT" in page.text
        assert "So that all could see it." in page.text
        assert "6 words" in page.text
        assert are_in_order(page.headings)

    @pytest.mark.usefixtures("amina")
    def test_names_are_hidden_until_they_are_asked_for(self, cast: Cast) -> None:
        assert "Amina" not in get(cast.ruth).html
        page = get(cast.ruth, query="names=1")
        assert "Amina Abdullahi" in page.text
        assert "names shown Hide" in page.text
        assert "names=1" in page.html.split('class="answer"')[1]  # the forms keep it

    @pytest.mark.usefixtures("amina")
    def test_a_choice_has_its_options_and_the_label(self, cast: Cast) -> None:
        page = get(cast.ruth, "q2")
        assert "It was staged." in page.text
        assert "chosen: a" in page.text

    @pytest.mark.usefixtures("amina")
    def test_buttons_up_to_nine_and_a_field_above(self, cast: Cast) -> None:
        page = get(cast.ruth)
        assert re.findall(r'value="([\d.]+)"\s+aria-pressed="false"', page.html) == [
            *("0", "0.5", "1", "1.5", "2", "2.5", "3", "3.5", "4")
        ]
        other = cast.other_course
        ruth = make_someone(other, "12", "Ruth Other", TEACHER)
        authoring_place(other, cast, WRITTEN_ONLY)
        hand_in(assignment_at(other.link), cast.otis, {"q1": "Because."})
        assert "aria-pressed" not in get(ruth).html
        assert "Mark / 10" in get(ruth).text

    def test_what_was_given_is_pressed(self, cast: Cast, amina: Attempt) -> None:
        mark(amina, cast.ruth, q1="2.5")
        page = get(cast.ruth)
        assert re.findall(r'value="([\d.]+)"\s+aria-pressed="true"', page.html) == ["2.5"]
        assert "2.5 · saved" in page.text
        assert "data-has-halves" in page.html

    def test_a_name_and_an_answer_are_text(self, cast: Cast, assignment: Assignment) -> None:
        evil = make_someone(cast.course, "77", "<b>Bobby</b>", PUPIL)
        hand_in(assignment, evil, {"q1": "<script>alert(1)</script> {{ x }}\n\nTwo"})
        page = get(cast.ruth, query="names=1")
        assert "<script>alert" not in page.html
        assert "<b>Bobby" not in page.html
        assert "{{ x }}" in page.text

    def test_answers_that_are_named_wrongly_are_left_out(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        mine = pupil(cast, assignment, "901", "Mine.")
        for named in (
            *("", "_", "7_", "7_x", "x_7", f"7_{mine.pk}-", "7_-1", "99999999999999999999_1"),
            *(".".join([f"1_{'-'.join('2' * 99)}"] * 40), f"7_{mine.pk}.8_{mine.pk}"),
            f"7_{10**9}",
        ):
            part = get(cast.ruth, query=f"part=answers&answers={named}")
            assert part.status == 200
            shown = re.findall(r'id="answer-(\d+)"', part.html)
            assert shown in ([], [str(mine.pk)]), named

    def test_thirty_answers_a_page_and_the_rest_by_name(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        works = [pupil(cast, assignment, f"90{n}", f"{n} " * 120) for n in range(65)]
        page = get(cast.ruth)
        shown = re.findall(r'id="answer-(\d+)"', page.html)
        assert len(shown) == 30
        rest = re.findall(r"part=answers&amp;answers=([\d._-]+)", page.html)
        assert [len(chunk.split(".")) for chunk in rest] == [30, 5]
        mark(works[0], cast.ruth, q1="1")  # while the page is open
        chunks = [[one.partition("_")[2] for one in chunk.split(".")] for chunk in rest]
        named = [one for chunk in chunks for one in chunk]
        assert sorted(map(int, [*shown, *named])) == sorted(map(number_of, works))
        part = get(cast.ruth, query=f"part=answers&answers={rest[0]}")
        assert re.findall(r'id="answer-(\d+)"', part.html) == chunks[0]
        assert "<html" not in part.html
        second = get(cast.ruth, query="page=2")
        assert len(re.findall(r'id="answer-(\d+)"', second.html)) == 30
        assert len(re.findall(r'id="answer-', get(cast.ruth, query="page=3").html)) == 5

    @pytest.mark.parametrize(
        "query",
        [
            *("page=0", "page=-1", "page=99999", "page=x", "names", "read=x", "read=1e9"),
            *("read=99999999999", "answers=", "answers=x.y.1", "answers=" + "9" * 400),
            *("part=answers&answers=1.2.3&alone=1", "part=end", "part=other", "read=%D9%A3"),
        ],
    )
    @pytest.mark.usefixtures("amina")
    def test_odd_addresses(self, cast: Cast, query: str) -> None:
        assert cast.ruth.client.get(address(cast.ruth, "q1", query)).status_code == 200

    def test_a_class_costs_fourteen_queries(
        self,
        cast: Cast,
        assignment: Assignment,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for n in range(40):
            pupil(cast, assignment, f"90{n}", f"{n} " * 300)
        with django_assert_max_num_queries(14):
            assert get(cast.ruth).status == 200
        rest = re.findall(r"part=answers&amp;answers=([\d._-]+)", get(cast.ruth).html)
        with django_assert_max_num_queries(11):
            get(cast.ruth, query=f"part=answers&answers={rest[0]}")

    def test_names_cost_as_many_queries_for_every_class(
        self,
        cast: Cast,
        assignment: Assignment,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        """Also where work is late, and where pupils left the question blank."""
        Assignment.objects.update(due_at=timezone.now() - timedelta(days=1))
        for n in range(8):
            mark(pupil(cast, assignment, f"90{n}", f"{n} " * 300), cast.ruth, q1="1")
            pupil(cast, assignment, f"91{n}", "")
        with django_assert_max_num_queries(18):
            page = get(cast.ruth, query="names=1")
        assert page.html.count("Cleo Number90") == page.html.count("late") == 8
        assert page.html.count("Cleo Number91") == 8

    def test_the_end(self, cast: Cast, assignment: Assignment, amina: Attempt) -> None:
        assert "1 answer to this question waits for a mark." in get(cast.ruth).text
        other = pupil(cast, assignment, "9", "Another one")
        mark(amina, cast.ruth, q1="3")
        mark(other, cast.ruth, q1="4")
        page = get(cast.ruth, query="part=end")
        assert "Question 1: 2 marked, average 3.5." in page.text
        assert (
            "Next question Read all the 3s again (1) Read all the 4s again (1) Class" in page.text
        )
        again = get(cast.ruth, query="read=3")
        assert re.findall(r'id="answer-(\d+)"', again.html) == [str(number_of(amina))]

    def test_an_earlier_version_is_named(self, cast: Cast, assignment: Assignment) -> None:
        hand_in(assignment, cast.amina)
        newer = place_newer(cast, assignment)
        assert newer.edition_id != assignment.edition_id
        assert "1 pupil has an earlier version" in get(cast.ruth).text


def authoring_place(course: Course, cast: Cast, source: str) -> None:
    edition = publish(cast.ruth.user, source)
    assigning.assign(course.link, edition, AssignmentRules("score"), by=TOOL)


def place_newer(cast: Cast, assignment: Assignment) -> Assignment:
    worksheet = assignment.edition.worksheet
    worksheet.source = CAUSES.replace("Why was the trial", "When was the trial")
    worksheet.save()
    Assignment.objects.filter(pk=assignment.pk).update(edition=authoring.publish(worksheet))
    return assignment_at(assignment.link)


class TestForms:
    def test_a_button_gives_its_mark(self, cast: Cast, amina: Attempt) -> None:
        posted = {"attempt": amina.pk, f"seen-{amina.pk}": "", "points": "3", "number": ""}
        answer = post(cast.ruth, {**posted, "comment": "Why?"}, query="names=1")
        assert answer["Location"] == address(cast.ruth, "q1", "notice=marks-saved&names=1")
        row = amina.marks.get(item="q1")
        assert (row.points, row.comment) == (Decimal(3), "Why?")
        assert row.marked_by == cast.ruth.user

    def test_a_number_gives_it_too(self, cast: Cast, amina: Attempt) -> None:
        posted = {"attempt": amina.pk, "number": "2,5", "comment": ""}
        assert post(cast.ruth, posted).status_code == 302
        assert marks_of(amina)["q1"] == 2.5

    @pytest.mark.parametrize(
        ("number", "words"),
        [
            *(("4.5", "At most 4."), ("-1", "greater than or equal to 0"), ("x", "Enter a number")),
            *(("", "Enter a mark too."), ("NaN", "Enter a number"), ("1e99", "At most 4.")),
        ],
    )
    def test_what_is_wrong_is_shown_with_what_was_typed(
        self, cast: Cast, amina: Attempt, number: str, words: str
    ) -> None:
        posted = {"attempt": amina.pk, "number": number, "comment": "Well argued"}
        answer = post(cast.ruth, posted)
        page = Page(answer)
        assert (page.status, marks_of(amina).get("q1")) == (422, None)
        assert words in page.text
        assert page.fields["comment"].value == "Well argued"
        assert page.fields["number"].value == number

    def test_a_group_is_marked_by_one_press(self, cast: Cast, assignment: Assignment) -> None:
        works = [pupil(cast, assignment, str(n), "So that all see.") for n in range(4)]
        page = get(cast.ruth)
        assert "4 equal answers" in page.text
        ticked = [str(number_of(work)) for work in works[:3]]
        post(cast.ruth, {"attempt": ticked, "points": "2"})
        assert [marks_of(work).get("q1") for work in works] == [2, 2, 2, None]

    @pytest.mark.usefixtures("assignment")
    def test_another_mark_is_asked_about(self, cast: Cast, amina: Attempt) -> None:
        okafor = make_someone(cast.course, "11", "Chidi Okafor", TEACHER)
        mark(amina, okafor, q1="3")
        answer = post(cast.ruth, {"attempt": amina.pk, f"seen-{amina.pk}": "", "points": "4"})
        page = Page(answer)
        assert page.status == 409
        assert re.search(r"Chidi Okafor gave 3 at \d\d:\d\d\. Keep 3 Use my 4", page.text)
        assert marks_of(amina)["q1"] == 3
        assert post(cast.ruth, {**first_form(page), "points": "4"}).status_code == 302
        assert marks_of(amina)["q1"] == 4

    def test_a_released_mark_says_so_first(self, cast: Cast, amina: Attempt) -> None:
        release(amina, cast.ruth, q1="3", q2="2")
        posted = {"attempt": amina.pk, f"seen-{amina.pk}": "3|", "points": "4"}
        before = Delivery.objects.get().revision
        page = Page(post(cast.ruth, posted))
        assert page.status == 409
        assert "This mark is released." in page.text
        assert "Leave 3 Change to 4" in page.text
        assert Delivery.objects.get().revision == before
        answer = post(cast.ruth, {**posted, "confirmed": "1"})
        assert "marks-saved-shown" in answer["Location"]
        assert Delivery.objects.get().revision == before + 1

    def test_mine_over_another_mark_that_is_released_asks_about_the_release(
        self, cast: Cast, amina: Attempt
    ) -> None:
        okafor = make_someone(cast.course, "11", "Chidi Okafor", TEACHER)
        release(amina, okafor, q1="3", q2="2")
        page = Page(post(cast.ruth, {"attempt": amina.pk, f"seen-{amina.pk}": "", "points": "4"}))
        assert "Use my 4" in page.text
        page = Page(post(cast.ruth, {**first_form(page), "points": "4"}))
        assert "This mark is released." in page.text
        assert marks_of(amina)["q1"] == 3
        assert post(cast.ruth, {**first_form(page), "points": "4"}).status_code == 302
        assert marks_of(amina)["q1"] == 4

    def test_an_answer_that_was_submitted_since_is_read_first(
        self, cast: Cast, assignment: Assignment, amina: Attempt
    ) -> None:
        old = {**first_form(get(cast.ruth)), "points": "3", "comment": "Why?"}
        attempts.reopen(amina, by=TOOL)
        hand_in(assignment, cast.amina, {"q1": "A wholly new text."})
        page = Page(post(cast.ruth, old))
        assert (page.status, marks_of(amina).get("q1")) == (409, None)
        assert "The pupil has submitted this again since it was read." in page.text
        assert "Leave it without a mark Use my 3" in page.text
        assert "A wholly new text." in page.text
        assert post(cast.ruth, {**first_form(page), "points": "3"}).status_code == 302
        row = amina.marks.get(item="q1")
        assert (row.points, row.comment) == (Decimal(3), "Why?")

    def test_work_that_is_open_again(self, cast: Cast, amina: Attempt) -> None:
        attempts.reopen(amina, by=TOOL)
        page = Page(post(cast.ruth, {"attempt": amina.pk, "points": "3.5", "comment": "Why?"}))
        assert (page.status, marks_of(amina)) == (409, {})
        said = "The pupil is working on this again. No mark was saved. Your mark: 3.5. “Why?”"
        assert said in page.text

    def test_what_was_typed_for_an_answer_that_is_gone(self, cast: Cast, amina: Attempt) -> None:
        attempts.reopen(amina, by=TOOL)
        page = Page(post(cast.ruth, {"attempt": amina.pk, "number": "9", "comment": "Why?"}))
        assert page.status == 422
        assert "At most 4. Your mark: 9. “Why?”" in page.text

    def test_another_question_by_now(
        self, cast: Cast, assignment: Assignment, amina: Attempt
    ) -> None:
        place_newer(cast, assignment)
        page = Page(post(cast.ruth, {"attempt": amina.pk, "points": "2", "comment": "Why?"}))
        assert page.status == 409
        assert "This question has changed since this page was opened." in page.text
        assert "Your mark: 2. “Why?”" in page.text

    @pytest.mark.parametrize("attempt", ["", "x", "0", "9" * 30, "999999"])
    def test_an_attempt_that_is_not_here(self, cast: Cast, amina: Attempt, attempt: str) -> None:
        answer = post(cast.ruth, {"attempt": attempt, "points": "4"})
        assert answer.status_code in {302, 409}
        assert "q1" not in marks_of(amina)

    def test_blank_ones_get_0_and_it_can_be_taken_back(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        works = [pupil(cast, assignment, str(n), "") for n in range(3)]
        Mark.objects.filter(item="q1").exclude(attempt=works[0]).delete()
        page = get(cast.ruth)
        assert "3 left blank Give 0 to all 2 pupils get 0 for this question. Give 0" in page.text
        shown = [number_of(work) for work in works]
        # One that comes blank after the page was shown gets nothing by its press.
        late = pupil(cast, assignment, "9", "")
        Mark.objects.filter(attempt=late, item="q1").delete()
        give = {"blank": "give", "answer": [*shown, "x", "0", "9" * 30]}
        assert post(cast.ruth, give)["Location"].endswith("#blank")
        assert [marks_of(work)["q1"] for work in works] == [0, 0, 0]
        assert "q1" not in marks_of(late)
        assert "Take 2 zeros back" in get(cast.ruth).text
        post(cast.ruth, {"blank": "take"})
        assert [marks_of(work).get("q1") for work in works] == [0, None, None]


class TestJson:
    def test_marks_are_saved_and_told(self, cast: Cast, amina: Attempt) -> None:
        answer = send(cast.ruth, sent(amina, "3", "", comment="Why?"))
        assert answer.json()["marks"] == [
            {
                **{"attempt": number_of(amina), "state": "saved", "seen": "3|Why?", "points": "3"},
                **{"comment": "Why?", "said": "", "keep": "", "use": ""},
            }
        ]
        assert marks_of(amina)["q1"] == 3
        assert send(cast.ruth, sent(amina, None, "3|Why?")).json()["marks"][0]["seen"] == ""
        assert "q1" not in marks_of(amina)

    def test_another_mark_is_told_with_the_ways_on(
        self, cast: Cast, assignment: Assignment, amina: Attempt
    ) -> None:
        okafor = make_someone(cast.course, "11", "Chidi Okafor", TEACHER)
        given = GivenMark(amina.pk, Decimal(3), "Hm.")
        give_marks(assignment, assignment.edition.sheet.question("q1"), [given], okafor.user)
        (told,) = send(cast.ruth, sent(amina, "4", "")).json()["marks"]
        assert (told["state"], told["seen"], told["comment"]) == ("other", "3|Hm.", "Hm.")
        assert re.fullmatch(r"Chidi Okafor gave 3 at \d\d:\d\d\.", told["said"])
        assert (told["keep"], told["use"]) == ("Keep 3", "Use my 4")

    def test_what_is_wrong_is_told_and_the_rest_saved(
        self, cast: Cast, assignment: Assignment, amina: Attempt
    ) -> None:
        ben = hand_in(assignment, cast.ben)
        told = send(cast.ruth, sent(amina, "5", ""), sent(ben, "2", "")).json()["marks"]
        assert [(one["attempt"], one["state"]) for one in told] == [
            *((number_of(amina), "wrong"), (number_of(ben), "saved"))
        ]
        assert told[0]["said"] == "At most 4."

    def test_what_cannot_be_stored_is_replaced(self, cast: Cast, amina: Attempt) -> None:
        body = (
            '{"marks": [{"attempt": %d, "points": "3", "comment": "a\\u0000b\\ud800", "seen": [],'
            f' "read": "{sign_of(amina)}"}}]}}'
        )
        answer = cast.ruth.client.post(
            address(cast.ruth), body % number_of(amina), content_type="application/json"
        )
        assert answer.json()["marks"][0]["state"] == "other"  # nothing was seen there
        answer = cast.ruth.client.post(
            address(cast.ruth),
            (body % number_of(amina)).replace("[]", '[""]'),
            content_type="application/json",
        )
        assert answer.json()["marks"][0]["comment"] == "a\ufffdb\ufffd"

    def test_an_answer_that_was_submitted_since_is_not_marked(
        self, cast: Cast, assignment: Assignment, amina: Attempt
    ) -> None:
        old = sent(amina, "3", "")
        attempts.reopen(amina, by=TOOL)
        hand_in(assignment, cast.amina, {"q1": "A wholly new text."})
        unnamed = {name: value for name, value in old.items() if name != "read"}
        for one in (old, unnamed):
            (told,) = send(cast.ruth, one).json()["marks"]
            assert (told["state"], told["use"]) == ("unread", "Use my 3")
        assert "q1" not in marks_of(amina)

    @pytest.mark.parametrize(
        "body",
        [
            *(b"[]", b"{}", b'{"marks": {}}', b'{"marks": [1]}', b"\xff", b"[" * 100_000),
            b'{"marks": [{"attempt": "1", "points": "1", "seen": []}]}',
            b'{"marks": [{"attempt": true, "points": "1", "seen": []}]}',
            b'{"marks": [{"attempt": 1, "points": 1, "seen": []}]}',
            b'{"marks": [{"attempt": 1, "points": "1"}]}',
            b'{"marks": [{"attempt": 1, "points": "1", "seen": [1]}]}',
            b'{"marks": [{"attempt": 1, "points": "1", "seen": [], "read": 1}]}',
            b'{"marks": [{"attempt": 1, "points": "1", "comment": 1, "seen": []}]}',
            b'{"marks": [{"attempt": 1e99, "points": "1", "seen": []}]}',
            json.dumps({"marks": [{}] * 2000}).encode(),
        ],
    )
    def test_what_is_no_mark(self, cast: Cast, amina: Attempt, body: bytes) -> None:
        answer = cast.ruth.client.post(address(cast.ruth), body, content_type="application/json")
        assert answer.status_code == 400
        assert "q1" not in marks_of(amina)

    def test_nothing_reaches_the_pupil_before_the_release(self, cast: Cast, amina: Attempt) -> None:
        before = Delivery.objects.get().revision
        send(cast.ruth, sent(amina, "3", "", comment="Why?"))
        assert Delivery.objects.get().revision == before
        page = Page(cast.amina.client.get(cast.amina.url("home")))
        assert "Why?" not in page.text
        assert not fresh(amina).is_released

    def test_it_counts_as_marked_on_the_class_page(self, cast: Cast, amina: Attempt) -> None:
        send(cast.ruth, sent(amina, "3", ""))
        send(cast.ruth, sent(amina, "5", "", item="q2"), item="q2")
        assert "Release marks to 1 pupil" in Page(cast.ruth.client.get(cast.ruth.url("class"))).text


def test_a_review_of_one_submission_is_not_for_this(cast: Cast, amina: Attempt) -> None:
    cast.ruth.launch.reviewed = cast.amina.user
    cast.ruth.launch.save()
    assert cast.ruth.client.get(address(cast.ruth)).status_code == 403
    assert send(cast.ruth, sent(amina, "3", "")).status_code == 403


def test_begun_work_is_not_there(cast: Cast, assignment: Assignment) -> None:
    save(assignment, cast.amina, {"q1": "Not yet"})
    assert "Nobody has submitted an answer to this question yet." in get(cast.ruth).text
