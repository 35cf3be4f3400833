"""ranking.js: things that are moved by buttons, keys, mouse and finger, and what is saved of it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from playwright.sync_api import Browser, BrowserContext, Locator, expect

from tests.worksheets.static.tool import Tool, fill_page, saved

pytestmark = pytest.mark.browser

OpenedPage = Callable[[str], Tool]
CAUSES = ("Economic", "Diplomatic", "Political")
SHOWN = {"edition": "7", "attempt": "1"}
PAUSE = 700


class TestBeforeAnythingIsMoved:
    def test_nothing_is_chosen(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2")))
        assert order(tool) == list(CAUSES)
        assert numbers(tool) == ["", "", ""]
        expect(state(tool)).to_have_text(says(tool, "blank"))
        expect(state(tool)).to_be_visible()
        expect(tool.page.get_by_role("button", name="Clear order")).to_be_disabled()
        tool.wait(60_000)
        tool.settle()
        assert tool.saves == []
        assert tool.kept() == {}

    def test_the_list_takes_the_place_of_the_number_fields(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2")))
        expect(tool.field("q2-1")).to_be_hidden()
        expect(tool.page.get_by_text("Number them from 1 to 3")).to_be_hidden()
        group = tool.page.get_by_role("group", name="Put the causes in order.")
        expect(group.get_by_role("listitem")).to_have_count(3)
        for cause in CAUSES:
            for name in (f"Move {cause} up", f"Move {cause} down"):
                button = group.get_by_role("button", name=name, exact=True)
                expect(button).to_have_attribute("type", "button")
                box = button.bounding_box()
                assert box is not None
                assert min(box["width"], box["height"]) >= 24

    def test_what_is_saved_is_shown_in_its_order(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2", places=("2", "3", "1"))))
        assert order(tool) == ["Political", "Economic", "Diplomatic"]
        assert shown(tool) == ["1", "2", "3"]
        expect(state(tool)).to_have_text(says(tool, "ordered"))
        expect(tool.page.get_by_role("button", name="Keep this order")).to_be_disabled()

    @pytest.mark.parametrize(
        ("places", "expected"),
        [
            (("", "1", ""), ["Diplomatic", "Economic", "Political"]),
            (("3", "", "1"), ["Political", "Economic", "Diplomatic"]),
            (("2", "2", "1"), ["Political", "Economic", "Diplomatic"]),
            (("9", "", "0"), ["Economic", "Diplomatic", "Political"]),
        ],
    )
    def test_a_part_of_the_numbers_is_left_as_it_is(
        self, opened_page: OpenedPage, places: tuple[str, str, str], expected: list[str]
    ) -> None:
        tool = opened_page(page(ranking("q2", places=places)))
        assert order(tool) == expected
        assert fields(tool) == list(places)
        expect(state(tool)).to_have_text(says(tool, "partly"))
        button(tool, "Keep this order").click()
        assert order(tool) == expected
        assert numbers(tool) == ["1", "2", "3"]

    def test_a_number_out_of_range_keeps_nobody_from_submitting(
        self, opened_page: OpenedPage
    ) -> None:
        """A browser would point at its field, which nobody sees."""
        tool = opened_page(page(ranking("q2", places=("9", "x", "1.5"), error="Number them.")))
        button(tool, "Check and submit …").click()
        tool.page.wait_for_url("**/answers/")
        assert tool.posted[0]["q2-1"] == "9"


class TestButtons:
    def test_a_thing_is_moved_said_and_saved(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2")))
        button(tool, "Move Political up").click()
        assert order(tool) == ["Economic", "Political", "Diplomatic"]
        assert shown(tool) == ["1", "2", "3"]
        tool.announces("Political is now 2 of 3.")
        expect(state(tool)).to_have_text(says(tool, "ordered"))
        expect(button(tool, "Move Political up")).to_be_focused()
        tool.wait(PAUSE)
        tool.tells("saved")
        assert tool.saves == [{"q2-1": "1", "q2-2": "3", "q2-3": "2", **SHOWN}]

    def test_every_field_has_its_number_when_the_page_hears_of_it(
        self, opened_page: OpenedPage
    ) -> None:
        tool = opened_page(page(ranking("q2")))
        tool.page.evaluate("""() => {
            globalThis.heard = [];
            document.addEventListener("input", () => {
                const fields = [...document.querySelectorAll("[data-item] input")];
                heard.push(fields.map((field) => field.value).join(""));
            });
        }""")
        button(tool, "Move Economic down").click()
        assert tool.page.evaluate("heard") == ["123"]

    def test_at_the_ends_there_is_nowhere_to_go(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2")))
        for name in ("Move Economic up", "Move Political down"):
            expect(button(tool, name)).to_be_disabled()
            button(tool, name).press("Enter")
            expect(button(tool, name)).to_be_focused()
        assert numbers(tool) == ["", "", ""]
        button(tool, "Move Economic down").click()
        expect(button(tool, "Move Economic up")).to_be_enabled()
        expect(button(tool, "Move Diplomatic up")).to_be_disabled()

    def test_the_order_may_be_kept_as_it_stands(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2")))
        button(tool, "Keep this order").click()
        assert numbers(tool) == ["1", "2", "3"]
        tool.announces(says(tool, "ordered"))
        expect(button(tool, "Keep this order")).to_be_focused()
        expect(button(tool, "Keep this order")).to_be_disabled()
        tool.wait(PAUSE)
        tool.tells("saved")
        assert tool.saves == [{"q2-1": "1", "q2-2": "2", "q2-3": "3", **SHOWN}]

    def test_it_may_be_taken_back_and_that_too(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2", places=("2", "3", "1"))))
        button(tool, "Clear order").click()
        assert fields(tool) == ["", "", ""]
        tool.announces(says(tool, "blank"))
        tool.wait(PAUSE)
        tool.tells("saved")
        assert tool.saves == [{"q2-1": "", "q2-2": "", "q2-3": "", **SHOWN}]
        button(tool, "Keep this order").click()
        assert fields(tool) == ["2", "3", "1"]

    def test_each_list_is_its_own(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q1", ("cat", "dog")) + ranking("q2")))
        button(tool, "Move dog up").click()
        assert fields(tool, "q1") == ["2", "1"]
        assert fields(tool, "q2") == ["", "", ""]
        tool.wait(PAUSE)
        tool.tells("saved")
        assert tool.saves == [{"q1-1": "2", "q1-2": "1", **SHOWN}]

    def test_a_thing_is_called_by_what_it_is(self, opened_page: OpenedPage) -> None:
        thing = """Tom & "Jerry" <b> $& {place}"""
        tool = opened_page(page(ranking("q2", ("Spike", thing))))
        button(tool, f"Move {thing} up").click()
        tool.announces(f"{thing} is now 1 of 2.")

    def test_what_the_tool_refuses_is_said_in_its_item(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2")))
        tool.saving = saved({"q2": "Not these."})
        button(tool, "Keep this order").click()
        tool.wait(PAUSE)
        tool.says("Not these.", failed=True)
        expect(tool.page.locator(".ranking")).to_contain_class("has-error")
        expect(tool.page.locator(".ranking").get_by_role("alert")).to_have_text("Not these.")
        assert tool.kept() == {"q2-1": "1", "q2-2": "2", "q2-3": "3"}


class TestKeyboard:
    def test_arrows_move_the_thing_that_has_the_focus(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2")))
        name = "Move Economic up"
        for key, expected in [
            ("ArrowDown", ["Diplomatic", "Economic", "Political"]),
            ("ArrowDown", ["Diplomatic", "Political", "Economic"]),
            ("ArrowDown", ["Diplomatic", "Political", "Economic"]),
            ("ArrowUp", ["Diplomatic", "Economic", "Political"]),
        ]:
            button(tool, name).focus()
            tool.page.keyboard.press(key)
            assert order(tool) == expected
            expect(button(tool, name)).to_be_focused()
        tool.announces("Economic is now 2 of 3.")
        assert fields(tool) == ["2", "1", "3"]

    def test_other_keys_are_the_pages(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2")))
        for key in ("ArrowLeft", "ArrowRight", "Escape", "x"):
            button(tool, "Move Economic down").press(key)
        button(tool, "Keep this order").press("ArrowUp")
        assert order(tool) == list(CAUSES)
        assert numbers(tool) == ["", "", ""]

    def test_what_is_moved_stays_in_sight(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2", tuple(f"thing {n}" for n in range(40)))))
        button(tool, "Move thing 0 down").focus()
        for _ in range(39):
            tool.page.keyboard.press("ArrowDown")
        assert order(tool)[-1] == "thing 0"
        expect(tool.page.get_by_text("thing 0", exact=True)).to_be_in_viewport(ratio=1)


class TestDragging:
    @pytest.fixture(params=["mouse", "finger"])
    def hand(self, request: pytest.FixtureRequest) -> Callable[[Tool], Mouse | Finger]:
        hands: dict[str, Callable[[Tool], Mouse | Finger]] = {"mouse": Mouse, "finger": Finger}
        return hands[request.param]

    def test_by_its_handle_to_where_another_is(
        self, opened_page: OpenedPage, hand: Callable[[Tool], Mouse | Finger]
    ) -> None:
        tool = opened_page(page(ranking("q2")))
        pointer = hand(tool)
        pointer.down(*grip(tool, "Economic"))
        pointer.move(*grip(tool, "Political"))
        assert order(tool) == ["Diplomatic", "Political", "Economic"]
        assert numbers(tool) == ["", "", ""]
        pointer.up()
        assert numbers(tool) == ["1", "2", "3"]
        assert fields(tool) == ["3", "1", "2"]
        tool.announces("Economic is now 3 of 3.")
        pointer.down(*grip(tool, "Economic"))
        pointer.move(*grip(tool, "Political"))
        pointer.up()
        tool.announces("Economic is now 2 of 3.")
        expect(tool.page.locator(".held")).to_have_count(0)
        tool.wait(PAUSE)
        tool.tells("saved")
        assert tool.saves == [{"q2-1": "2", "q2-2": "1", "q2-3": "3", **SHOWN}]

    def test_beside_and_beyond_the_list_it_goes_to_the_end(
        self, opened_page: OpenedPage, hand: Callable[[Tool], Mouse | Finger]
    ) -> None:
        tool = opened_page(page(ranking("q2")))
        pointer = hand(tool)
        x, y = grip(tool, "Political")
        pointer.down(x, y)
        pointer.move(x + 200, 1)
        pointer.up()
        assert order(tool) == ["Political", "Economic", "Diplomatic"]

    def test_what_comes_back_to_its_place_is_not_moved(
        self, opened_page: OpenedPage, hand: Callable[[Tool], Mouse | Finger]
    ) -> None:
        tool = opened_page(page(ranking("q2")))
        pointer = hand(tool)
        x, y = grip(tool, "Diplomatic")
        pointer.down(x, y)
        pointer.move(x, y + 100)
        pointer.move(x, y)
        pointer.up()
        assert order(tool) == list(CAUSES)
        assert numbers(tool) == ["", "", ""]
        tool.announces("")

    @pytest.mark.parametrize("end", ["Escape", "cancelled"])
    def test_what_is_given_up_goes_back(self, opened_page: OpenedPage, end: str) -> None:
        tool = opened_page(page(ranking("q2", places=("1", "2", "3"))))
        finger = Finger(tool)
        finger.down(*grip(tool, "Economic"))
        finger.move(*grip(tool, "Political"))
        assert order(tool) == ["Diplomatic", "Political", "Economic"]
        if end == "Escape":
            tool.page.keyboard.press("Escape")
            finger.move(*grip(tool, "Political"))
            finger.up()
        else:
            finger.cancel()
        assert order(tool) == list(CAUSES)
        tool.settle()
        assert tool.kept() == {}

    def test_elsewhere_a_finger_scrolls_the_page(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2", tuple(f"thing {n}" for n in range(40)))))
        finger = Finger(tool)
        x, y = grip(tool, "thing 5")
        way = grip(tool, "thing 3")[1] - y
        moved = ["thing 0", "thing 1", "thing 2", "thing 5", "thing 3"]
        finger.stroke(x, y, way)
        assert order(tool)[:5] == moved
        assert tool.page.evaluate("scrollY") == 0
        finger.stroke(x + 150, y, way)
        tool.page.wait_for_function("scrollY > 0")
        assert order(tool)[:5] == moved

    def test_at_the_edge_of_the_window_the_page_follows(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2", tuple(f"thing {n}" for n in range(40)))))
        mouse = Mouse(tool)
        x, y = grip(tool, "thing 0")
        mouse.down(x, y)
        for step in range(40):
            mouse.move(x, 715 + step % 2)
        assert tool.page.evaluate("scrollY") > 200
        mouse.up()
        expect(tool.page.get_by_text("thing 0", exact=True)).to_be_in_viewport()
        assert order(tool).index("thing 0") > 12

    def test_only_the_first_button_of_a_mouse_drags(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2")))
        mouse = Mouse(tool)
        mouse.down(*grip(tool, "Economic"), button="right")
        mouse.move(*grip(tool, "Political"))
        assert order(tool) == list(CAUSES)

    def test_a_tall_thing_and_a_low_one_change_places(self, opened_page: OpenedPage) -> None:
        tall = (
            "The peasants were told to hand over their cattle, their seed and their ploughs. " * 6
        )
        tool = opened_page(page(ranking("q2", (tall.strip(), "low", "lower"))))
        mouse = Mouse(tool)
        x, y = grip(tool, "low")
        mouse.down(x, y)
        mouse.move(x, y - 150)
        mouse.up()
        assert order(tool) == ["low", tall.strip(), "lower"]
        mouse.down(*grip(tool, tall.strip()))
        mouse.move(*grip(tool, "lower"))
        mouse.up()
        assert order(tool) == ["low", "lower", tall.strip()]


class TestValuesFromElsewhere:
    def test_work_of_an_earlier_visit_is_put_back(
        self, context: BrowserContext, opened_page: OpenedPage
    ) -> None:
        context.add_init_script("""localStorage.setItem("worksheet-draft-1",
            JSON.stringify({ "q2-1": "2", "q2-2": "3", "q2-3": "1" }))""")
        tool = opened_page(page(ranking("q2")))
        tool.tells("restored")
        assert order(tool) == ["Political", "Economic", "Diplomatic"]
        tool.wait(0)
        tool.tells("saved")
        assert tool.saves == [{"q2-1": "2", "q2-2": "3", "q2-3": "1", **SHOWN}]

    def test_the_list_follows_the_fields(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2", places=("1", "2", "3"))))
        restore(tool, "3", "", "1")
        assert order(tool) == ["Political", "Economic", "Diplomatic"]
        assert fields(tool) == ["3", "", "1"]
        restore(tool, "", "", "")
        assert numbers(tool) == ["", "", ""]
        expect(state(tool)).to_have_text(says(tool, "blank"))
        tool.announces("")

    def test_the_focus_stays_where_nothing_has_changed(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2", places=("2", "1", "3"))))
        button(tool, "Move Economic up").focus()
        restore(tool, "2", "1", "3")
        expect(button(tool, "Move Economic up")).to_be_focused()

    def test_what_is_in_hand_is_let_go(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2")))
        mouse = Mouse(tool)
        mouse.down(*grip(tool, "Economic"))
        mouse.move(*grip(tool, "Political"))
        restore(tool, "2", "1", "3")
        mouse.up()
        assert order(tool) == ["Diplomatic", "Economic", "Political"]
        assert fields(tool) == ["2", "1", "3"]


class TestWithoutAScript:
    def test_the_things_are_numbered_by_hand(self, real_browser: Browser) -> None:
        context = real_browser.new_context(java_script_enabled=False)
        tool = Tool(context.new_page(), page(ranking("q2", places=("", "", "1"))))
        tool.page.goto(f"{tool.origin}/")
        group = tool.page.get_by_role("group", name="Put the causes in order.")
        expect(group).to_contain_text("Number them from 1 to 3: 1 comes first.")
        expect(group.get_by_role("button")).to_have_count(0)
        expect(group.get_by_role("textbox", name="Political")).to_have_value("1")
        group.get_by_role("textbox", name="Economic").fill("2")
        group.get_by_role("textbox", name="Diplomatic").fill("3")
        button(tool, "Check and submit …").click()
        tool.page.wait_for_url("**/answers/")
        context.close()
        assert tool.posted[0] == {"q2-1": "2", "q2-2": "3", "q2-3": "1", "seen": "", **SHOWN}

    def test_an_error_is_shown_at_its_fields(self, opened_page: OpenedPage) -> None:
        tool = opened_page(page(ranking("q2", places=("1", "1", ""), error="1 stands twice.")))
        expect(tool.page.locator(".ranking.has-error")).to_contain_text("1 stands twice.")


class Mouse:
    def __init__(self, tool: Tool) -> None:
        self._mouse = tool.page.mouse

    def down(self, x: float, y: float, button: str = "left") -> None:
        self._mouse.move(x, y)
        self._mouse.down(button=button)  # type: ignore[arg-type]

    def move(self, x: float, y: float) -> None:
        self._mouse.move(x, y)

    def up(self) -> None:
        self._mouse.up()


class Finger:
    """Touches as the browser gets them from a screen, with what it makes of them by itself."""

    def __init__(self, tool: Tool) -> None:
        self._session = tool.page.context.new_cdp_session(tool.page)

    def down(self, x: float, y: float) -> None:
        self._touch("touchStart", {"x": x, "y": y})

    def move(self, x: float, y: float) -> None:
        self._touch("touchMove", {"x": x, "y": y})

    def up(self) -> None:
        self._touch("touchEnd")

    def cancel(self) -> None:
        self._touch("touchCancel")

    def stroke(self, x: float, y: float, way: float) -> None:
        """Go up or down by so many pixels, in small steps."""
        self.down(x, y)
        for step in range(1, 9):
            self.move(x, y + way * step / 8)
        self.up()

    def _touch(self, kind: str, *points: dict[str, float]) -> None:
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})


def ranking(
    key: str, things: tuple[str, ...] = CAUSES, places: tuple[str, ...] = (), error: str = ""
) -> SafeString:
    """A ranking to fill in."""
    rows = [
        {"name": f"{key}-{n}", "text": text, "place": places[n - 1] if places else ""}
        for n, text in enumerate(things, start=1)
    ]
    context = {
        "question": SimpleNamespace(key=key, prompt="Put the causes in order."),
        "things": rows,
        "marks": "3 marks",
        "error": error and mark_safe(f'<span class="input-error">{error}</span>'),
    }
    return mark_safe(render_to_string("worksheets/questions/ranking/fill.html", context))


def page(document: SafeString) -> str:
    """The page on which a pupil fills in this document."""
    return fill_page(document, ["worksheets/questions/ranking.js"])


def button(tool: Tool, name: str) -> Locator:
    return tool.page.get_by_role("button", name=name, exact=True)


def state(tool: Tool) -> Locator:
    """What the page says of the order."""
    return tool.page.locator("[data-order-state]")


def says(tool: Tool, name: str) -> str:
    """The words that the ranking has for its script under this name."""
    words = tool.page.locator(".ranking").get_attribute(f"data-says-{name}")
    assert words
    return words


def order(tool: Tool) -> list[str]:
    """The things from top to bottom."""
    return tool.page.locator(".things label").all_inner_texts()


def shown(tool: Tool) -> list[str]:
    """The numbers that a pupil sees, from top to bottom."""
    return tool.page.locator(".things .place").all_inner_texts()


def numbers(tool: Tool) -> list[str]:
    """The numbers in the fields from top to bottom; a pupil sees the same."""
    values: list[str] = tool.page.locator(".things input").evaluate_all(
        "(fields) => fields.map((field) => field.value)"
    )
    assert shown(tool) == values
    return values


def fields(tool: Tool, key: str = "q2") -> list[str]:
    """What is posted, by the names of the fields."""
    found: dict[str, str] = dict(
        tool.page.locator(f"[data-item='{key}'] input").evaluate_all(
            "(fields) => fields.map((field) => [field.name, field.value])"
        )
    )
    return [found[name] for name in sorted(found)]


def grip(tool: Tool, thing: str) -> tuple[float, float]:
    """Where a thing's handle is."""
    line = tool.page.locator(".things li", has=tool.page.get_by_text(thing, exact=True))
    box = line.locator(".grip").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def restore(tool: Tool, *values: str) -> None:
    """Put values into the fields as autosave.js does."""
    tool.page.evaluate(
        """(values) => {
            const form = document.getElementById("worksheet");
            values.forEach((value, i) => { form.elements[`q2-${i + 1}`].value = value; });
            form.dispatchEvent(new Event("worksheet:restored"));
        }""",
        list(values),
    )
