"""What goes wrong at marking desks elsewhere: presses too many, slow saves, several markers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from lti_tool.audit import TOOL
from lti_tool.models import AuditEntry
from tests.cast import PUPIL, TEACHER, Cast, make_someone
from tests.reported import reported
from tests.worksheets.hidden import number_of
from tests.worksheets.sheets import hand_in_again, mark, marks_of, place
from tests.worksheets.static.served import Served
from tests.worksheets.static.test_marking import SIX, WORDS, Desk, answered, submit_again
from worksheets import attempts
from worksheets.attempts import GivenMark, give_marks
from worksheets.models import Assignment, Attempt, Mark

pytestmark = pytest.mark.browser


class SlowServed(Served):
    """Answers what is posted when the test lets it; ``fate`` may do something else to each."""

    def __init__(self, *args: object) -> None:
        self.held: list[Route] = []
        self.holds = False
        super().__init__(*args)  # type: ignore[arg-type]

    def _answer(self, route: Route) -> None:
        if self.holds and route.request.headers.get("content-type") == "application/json":
            self.held.append(route)
        else:
            super()._answer(route)

    def let(self, fate: Callable[[Route], None] | None = None) -> None:
        """Answer what has arrived by now."""
        held, self.held = self.held, []
        for route in held:
            (fate or super()._answer)(route)


@pytest.fixture
def served(cast: Cast, context: BrowserContext) -> Iterator[SlowServed]:
    served = SlowServed(context.new_page(), cast.ruth)
    yield served
    assert served.complaints == []


@pytest.fixture
def desk(cast: Cast, served: SlowServed) -> Desk:
    assignment = place(cast, SIX)
    works = [answered(cast, assignment, text, f"90{n}") for n, text in enumerate(WORDS)]
    return Desk(served, assignment, works)


def give(desk: Desk, work: Attempt, teacher: object, points: str, comment: str = "") -> None:
    question = desk.assignment.edition.sheet.question("q1")
    stands = Mark.objects.filter(attempt=work, item="q1").first()
    seen = [attempts.standing(stands)]
    given = GivenMark(work.pk, Decimal(points), comment, seen)
    (outcome,) = give_marks(desk.assignment, question, [given], teacher.user)  # type: ignore[attr-defined]
    assert outcome.state == "saved"


class TestPressesTooMany:
    @reported("desk-01")
    def test_a_held_key_marks_one_and_two_presses_two(self, desk: Desk, served: SlowServed) -> None:
        desk.open()
        first, second, third = desk.order()[:3]
        served.holds = True
        for _ in range(30):  # a second: all but the first are repeats
            desk.page.keyboard.down("4")
        desk.page.keyboard.up("4")
        served.holds = False
        served.let()
        desk.settle()
        assert desk.given()[:2] == [4, None]
        # Two presses that somebody makes, one right after the other, are two marks.
        desk.page.keyboard.press("4")
        desk.page.keyboard.press("4")
        desk.settle()
        assert desk.given()[:4] == [4, 4, 4, None]
        for work in (first, second, third):
            state = desk.page.locator(f"#answer-{number_of(work)} [data-state]")
            expect(state).to_have_text("4 · saved")
        for left in (second, first):
            desk.page.keyboard.press("z")
            desk.settle()
            here = (work for work in (first, second, third) if "q1" in marks_of(work))
            assert left in list(here)
        assert [marks_of(work).get("q1") for work in (first, second, third)] == [4, None, None]

    @reported("desk-01")
    def test_a_double_click_marks_one_whatever_comes_under_the_pointer(self, desk: Desk) -> None:
        desk.open()
        box = desk.active.get_by_role("button", name="4", exact=True).bounding_box()
        assert box
        desk.page.mouse.dblclick(box["x"] + 5, box["y"] + 5)
        desk.settle()
        assert sorted(desk.given(), key=str) == [4, *[None] * 5]

    def test_the_second_press_on_another_button_counts_no_more(self, desk: Desk) -> None:
        desk.open()
        desk.page.evaluate(
            "() => [...document.querySelectorAll('.answer')].slice(2, 4).forEach((one, at) =>"
            " one.querySelector(`.point[value='${at + 1}']`).dispatchEvent(new MouseEvent('click',"
            " {bubbles: true, cancelable: true, detail: 1})))"
        )
        desk.settle()
        assert desk.given() == [None, None, 1, None, None, None]

    def test_enter_that_is_held_presses_a_button_once(self, desk: Desk) -> None:
        desk.open(item="q3")
        desk.page.keyboard.press("1")
        desk.page.keyboard.press("2")
        for _ in range(6):
            desk.page.keyboard.down("Enter")
        # Numbers follow each other as fast as somebody types them.
        desk.page.keyboard.up("Enter")
        for key in ("7", "Enter", "2", ",", "5", "Enter", "x", "Enter"):
            desk.page.keyboard.press(key)
        desk.settle()
        assert desk.given("q3")[:4] == [12, 7, Decimal("2.5"), None]


class TestFasterThanTheServer:
    @reported("desk-04")
    @pytest.mark.parametrize("way", ["close", "class", "frame"])
    def test_thirty_marks_are_there_however_the_page_is_left(
        self, cast: Cast, desk: Desk, served: SlowServed, way: str
    ) -> None:
        words = [f"{word} {n}" for n, word in enumerate(WORDS * 4)]
        desk.works += [answered(cast, desk.assignment, w, f"7{n}") for n, w in enumerate(words)]
        desk.open()
        order = desk.order()
        assert len(order) == 30
        typed = [str((7 * n) % 5 + n % 2) for n in range(30)]
        served.holds = True
        fates = [
            lambda route: route.abort("connectionreset"),
            lambda route: route.fulfill(status=503),
        ]
        for n, key in enumerate(typed):
            desk.page.keyboard.press(key)
            if n in (9, 19):  # meanwhile the first ones are answered, badly
                served.let(fates.pop())
                desk.page.evaluate("dispatchEvent(new Event('online'))")
        # The page says how many the server has not got.
        expect(desk.page.locator("[data-kept]")).to_contain_text("30 marks")
        assert not Mark.objects.filter(item="q1").exists()
        context = desk.page.context
        if way == "close":
            desk.page.close(run_before_unload=False)
        elif way == "class":
            served.is_cut_off = True  # what is sent in parting is lost as well
            desk.page.get_by_role("link", name="This activity").click(no_wait_after=True)
        else:
            desk.page.evaluate("location.replace('about:blank')")
        served.held.clear()
        again = SlowServed(context.new_page(), cast.ruth)
        back = Desk(again, desk.assignment, desk.works)
        back.open()
        back.settle()
        assert [marks_of(work).get("q1") for work in order] == [Decimal(key) for key in typed]
        assert again.complaints == []


class TestThreeMarkers:
    @reported("desk-06")
    def test_a_press_is_checked_against_what_stands_then(self, cast: Cast, desk: Desk) -> None:
        okafor = make_someone(cast.course, "11", "Chidi Okafor", TEACHER)
        weber = make_someone(cast.course, "12", "Lena Weber", TEACHER)
        desk.open()
        first, second = desk.order()[:2]
        give(desk, first, okafor, "3", "x")
        desk.press("c")
        desk.page.keyboard.type("y")
        desk.press("Control+Enter", "4")
        article = desk.page.locator(f"#answer-{number_of(first)}")
        told = article.get_by_role("group", name="Chidi Okafor gave 3 at")
        expect(told).to_contain_text("“x”")
        expect(told.get_by_role("button")).to_have_text(
            ["Keep 3", "Use my 4", "Use my 4 and both comments"]
        )
        expect(desk.page.locator("#live")).to_contain_text("Chidi Okafor gave 3 at")
        give(desk, first, weber, "5", "z")  # knowing of the 3, while nobody has chosen here
        told.get_by_role("button", name="Use my 4", exact=True).click()
        now = article.get_by_role("group", name="Lena Weber gave 5 at")
        expect(now).to_contain_text("“z”")
        assert marks_of(first)["q1"] == 5
        now.get_by_role("button", name="Use my 4 and both comments").click()
        expect(now).to_have_count(0)
        desk.settle()
        row = Mark.objects.get(attempt=first, item="q1")
        assert (row.points, row.comment) == (Decimal(4), "z\ny")
        # Each comment can be had for other answers.
        for text in ("x", "y", "z"):
            expect(desk.page.get_by_role("button", name=text, exact=True)).to_be_visible()
        trail = AuditEntry.objects.filter(kind="mark", subject=f"attempt-{first.pk}").order_by("pk")
        whos = [entry.actor_id for entry in trail]
        assert whos == [okafor.user.pk, weber.user.pk, cast.ruth.user.pk]
        # Equal marks are no conflict.
        give(desk, second, okafor, "3")
        desk.page.locator(f"#answer-{number_of(second)}").focus()
        desk.press("3")
        desk.settle()
        expect(desk.page.locator(f"#answer-{number_of(second)} [data-about]")).to_have_count(0)
        assert Mark.objects.get(attempt=second, item="q1").marked_by == okafor.user

    def test_a_mark_that_was_asked_about_is_taken_back_and_theirs_stays(
        self, cast: Cast, desk: Desk
    ) -> None:
        okafor = make_someone(cast.course, "11", "Chidi Okafor", TEACHER)
        desk.open()
        first = desk.order()[0]
        give(desk, first, okafor, "3", "x")
        desk.press("4")
        article = desk.page.locator(f"#answer-{number_of(first)}")
        expect(article.get_by_text("Chidi Okafor gave 3 at")).to_be_visible()
        desk.press("z")
        desk.settle()
        expect(article.locator("[data-about]")).to_have_count(0)
        expect(article.locator("[data-state]")).to_have_text("3 · saved")
        assert Mark.objects.get(attempt=first, item="q1").points == 3


class TestEqualAnswersThatAreNotShown:
    @pytest.fixture
    def equal(self, cast: Cast, desk: Desk) -> list[Attempt]:
        for work in desk.works:
            mark(work, cast.ruth, q1="1")
        works = [answered(cast, desk.assignment, "Fear", f"80{n}") for n in range(5)]
        desk.works += works
        mark(works[0], cast.ruth, q1="3")
        return works

    @reported("desk-09")
    def test_a_press_marks_what_is_shown_opened_and_unchanged(
        self, cast: Cast, desk: Desk, equal: list[Attempt]
    ) -> None:
        okafor = make_someone(cast.course, "11", "Chidi Okafor", TEACHER)
        desk.open()
        by_hand, changed, others, *rest = equal
        group = desk.page.locator(".answer:has([data-alike])")
        expect(group.locator("[data-alike]")).to_contain_text("4 equal answers")
        submit_again(changed, "Something else.")
        give(desk, others, okafor, "2")
        desk.press("4")  # not opened yet: nothing is marked
        assert desk.served.posted == []
        expect(group.get_by_role("button", name="4 for 4 answers")).to_be_visible()
        expect(group.locator("[data-for-many]")).to_have_text("for 4 answers")
        desk.press("4")
        left = desk.page.locator(f"#answer-{number_of(changed)}")
        expect(left.locator("[data-state]")).to_contain_text("Left out")
        expect(left.locator("[data-about]")).to_contain_text("has submitted this again")
        marked = desk.page.locator(f"#answer-{number_of(others)}")
        expect(marked.locator("[data-state]")).to_contain_text("Left out")
        expect(marked.locator("[data-about]")).to_contain_text("Chidi Okafor gave 2")
        assert [marks_of(work).get("q1") for work in (by_hand, changed, others)] == [3, None, 2]
        assert [marks_of(work).get("q1") for work in rest] == [4, 4]
        desk.press("z")
        desk.settle()
        assert [marks_of(work).get("q1") for work in (by_hand, changed, others)] == [3, None, 2]
        assert [marks_of(work).get("q1") for work in rest] == [None, None]
        expect(desk.page.locator("[data-about]")).to_have_count(0)
        for work in rest:
            state = desk.page.locator(f"#answer-{number_of(work)}")
            expect(state).not_to_have_class("answer marked")

    @reported("desk-09")
    def test_an_older_attempt_is_in_no_group(self, cast: Cast, desk: Desk) -> None:
        Assignment.objects.filter(pk=desk.assignment.pk).update(attempt_limit=2, counting="last")
        desk.assignment.refresh_from_db()
        for work in desk.works:
            mark(work, cast.ruth, q1="1")
        old = answered(cast, desk.assignment, "Fear", "801")
        someone = make_someone(cast.course, "802", "Pupil Two", PUPIL)
        attempts.save_answers(
            desk.assignment, someone.user, desk.assignment.edition_id, {"q1": "Fear"}
        )
        attempts.submit(desk.assignment, someone.user, desk.assignment.edition_id)
        pupil = type(someone)(old.user, someone.membership, someone.launch, someone.client)
        new = hand_in_again(desk.assignment, pupil, {"q1": "Fear"})
        desk.open()
        expect(desk.page.locator("[data-alike]")).to_contain_text("2 equal answers")
        desk.press("4", "4")
        desk.settle()
        assert "q1" not in marks_of(old)
        assert marks_of(new)["q1"] == 4

    def test_the_rest_that_is_marked_at_once_is_not_where_the_next_key_goes(
        self, cast: Cast, desk: Desk, equal: list[Attempt]
    ) -> None:
        del equal
        answered(cast, desk.assignment, "A text of its own that comes last, or first.", "811")
        desk.open()
        group = desk.page.locator(".answer:has([data-alike])")
        group.focus()
        desk.press("x", "x", "4")  # the one taken out comes by itself
        desk.settle()
        given = Mark.objects.filter(item="q1", points=4).count()
        assert given == 3
        desk.press("5")
        desk.settle()
        assert Mark.objects.filter(item="q1", points=4).count() == 3


def test_work_reopened_while_equal_answers_are_shown(cast: Cast, desk: Desk) -> None:
    for work in desk.works:
        mark(work, cast.ruth, q1="1")
    works = [answered(cast, desk.assignment, "Fear", f"80{n}") for n in range(3)]
    desk.open()
    attempts.reopen(works[1], by=TOOL)
    desk.press("2", "2")
    expect(desk.page.get_by_text("The pupil is working on this again.")).to_be_visible()
    assert [marks_of(work).get("q1") for work in works] == [2, None, 2]
