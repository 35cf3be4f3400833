"""autosave.js: what is sent when, what is kept on the device, and what the pupil is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Dialog, expect

from tests.platform.server import Server
from tests.reported import reported
from tests.worksheets.static.tool import (
    Held,
    Tool,
    cut_off,
    fill_page,
    not_json,
    reply,
    saved,
    sheet_document,
)

pytestmark = pytest.mark.browser

Opened = Callable[..., Tool]
TWO_GAPS = "Japan took ___Manchuria___ in ___#1931___.\n"
BANK = """Italy took ___Abyssinia___, Japan took ___Manchuria___.

[[ each word once: Abyssinia | Manchuria ]]
"""
WRITTEN = "Why?\n\n??? 2 marks\n"
CHOICE = """Which reading fits better?

(a) It was staged.
(b) It was believed.

??? 6 marks
"""
SHOWN = {"edition": "7", "attempt": "1"}
PAUSE = 700


class TestWhatIsSent:
    def test_typing_is_sent_once_when_it_pauses(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.field("g1").press_sequentially("Man")
        tool.wait(PAUSE - 1)
        tool.field("g1").press_sequentially("churia")
        tool.wait(PAUSE - 1)
        tool.settle()
        assert tool.saves == []
        tool.wait(1)
        tool.tells("saved")
        assert tool.saves == [{"g1": "Manchuria", **SHOWN}]
        tool.wait(60_000)
        tool.settle()
        assert len(tool.saves) == 1

    def test_what_is_typed_is_no_longer_called_saved(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.says("")
        tool.field("g1").fill("Manchuria")
        tool.tells("saving")
        tool.wait(PAUSE)
        tool.tells("saved")
        tool.field("g1").press("End")
        tool.field("g1").press_sequentially("!")
        tool.tells("saving")

    def test_what_is_typed_during_a_save_is_not_called_saved(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.saving = held = Held()
        tool.field("g1").fill("Man")
        tool.wait(PAUSE)
        tool.field("g1").fill("Manchuria")
        held.release(saved())
        tool.wait(1)
        tool.settle()
        tool.tells("saving")
        tool.saving = saved()
        tool.wait(PAUSE)
        tool.tells("saved")
        assert tool.saves[1:] == [{"g1": "Manchuria", **SHOWN}]

    def test_without_its_script_the_page_says_that_nothing_is_saved_by_itself(
        self, opened: Opened
    ) -> None:
        tool = opened(TWO_GAPS)
        tool.page.route("**/fill.js", cut_off)
        tool.page.goto(f"{tool.origin}/")
        tool.says("Not saved by itself.")

    def test_what_was_not_changed_here_is_not_sent(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS, g1="Manchuria", g2="1930")
        tool.field("g2").fill("1931")
        tool.wait(PAUSE)
        tool.tells("saved")
        assert tool.saves == [{"g2": "1931", **SHOWN}]

    def test_what_was_emptied_is_sent_as_empty(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS, g1="Manchuria")
        tool.field("g1").fill("")
        tool.wait(PAUSE)
        tool.tells("saved")
        assert tool.saves == [{"g1": "", **SHOWN}]

    def test_a_choice_goes_with_its_text_and_a_text_with_its_choice(self, opened: Opened) -> None:
        tool = opened(CHOICE)
        tool.field("q1").fill("The evidence.")
        tool.wait(PAUSE)
        tool.tells("saved")
        tool.page.get_by_label("It was believed.").check()
        tool.wait(PAUSE)
        tool.tells("saved")
        assert tool.saves == [
            {"q1": "The evidence.", "q1-choice": "", **SHOWN},
            {"q1": "The evidence.", "q1-choice": "b", **SHOWN},
        ]

    def test_all_fields_of_an_item_go_together_whatever_they_are_called(
        self, opened: Opened
    ) -> None:
        tool = opened(CHOICE + "\nWhy?\n\n??? 2 marks\n")
        add_fields(tool, "q2", "q2-1", "order")
        tool.field("order").fill("2")
        tool.wait(PAUSE)
        tool.tells("saved")
        assert tool.saves == [{"q2": "", "q2-1": "", "order": "2", **SHOWN}]

    def test_a_field_of_no_item_is_not_sent(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        add_fields(tool, "", "search")
        tool.field("search").fill("Manchuria")
        tool.wait(60_000)
        tool.settle()
        assert tool.saves == []
        assert tool.kept() == {}

    def test_a_save_says_what_the_page_has_seen_and_is_no_look_itself(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.saving = saved(seen="2026-03-01T09:00:01+00:00")
        for text in ("Man", "Manchuria"):
            tool.field("g1").fill(text)
            tool.wait(PAUSE)
            tool.tells("saved")
        tool.looking = elsewhere({"g1": "Manchuria", "g2": "1931"})
        show(tool)
        expect(tool.field("g2")).to_have_value("1931")
        tool.field("g2").fill("1932")
        tool.wait(PAUSE)
        tool.tells("saved")
        assert tool.seen == ["", "", "later"]

    def test_one_request_at_a_time_and_the_next_has_what_came_meanwhile(
        self, opened: Opened
    ) -> None:
        tool = opened(TWO_GAPS)
        tool.saving = held = Held()
        tool.field("g1").fill("Man")
        tool.wait(PAUSE)
        tool.tells("saving")
        tool.field("g1").fill("Manchuria")
        tool.field("g2").fill("1931")
        tool.wait(PAUSE)
        tool.settle()
        assert tool.saves == [{"g1": "Man", **SHOWN}]
        assert tool.kept() == {"g1": "Manchuria", "g2": "1931"}
        tool.saving = saved()
        held.release(saved())
        tool.tells("saved")
        # It waited for the reply; what was sent meanwhile in vain needs no pause of its own.
        assert tool.saves[1:] == [{"g1": "Manchuria", "g2": "1931", **SHOWN}]
        assert tool.kept() == {}
        tool.wait(60_000)
        tool.settle()
        assert len(tool.saves) == 2

    def test_what_is_changed_during_a_request_goes_again_as_a_whole(self, opened: Opened) -> None:
        tool = opened(CHOICE)
        tool.saving = held = Held()
        tool.page.get_by_label("It was believed.").check()
        tool.wait(PAUSE)
        tool.tells("saving")
        tool.field("q1").fill("The evidence.")
        tool.saving = saved()
        held.release(saved())
        tool.settle()
        assert tool.kept() == {"q1": "The evidence.", "q1-choice": "b"}
        tool.wait(PAUSE)
        tool.tells("saved")
        assert tool.saves[1:] == [{"q1": "The evidence.", "q1-choice": "b", **SHOWN}]
        assert tool.kept() == {}


class TestTheCount:
    def test_each_request_has_a_greater_number_on_the_next_page_too(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        for year in ("1930", "1931"):
            tool.field("g2").fill(year)
            tool.wait(PAUSE)
            tool.tells("saved")
        tool.page.reload()
        tool.wait(1)
        tool.field("g2").fill("1932")
        submitted(tool)
        devices, numbers = zip(*tool.counts, strict=True)
        assert len(set(devices)) == 1
        assert devices[0].isalnum()
        assert sorted(set(numbers)) == list(numbers)

    def test_a_page_that_can_store_nothing_counts_all_the_same(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
        tool.page.reload()
        for year in ("1930", "1931"):
            tool.field("g2").fill(year)
            tool.wait(PAUSE)
            tool.tells("saved")
        (before, first), (after, second) = tool.counts
        assert before == after
        assert first < second

    def test_other_work_in_this_browser_has_another_name(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        devices = {
            call(tool, f"new module.Draft('{key}', 0).count().device")
            for key in ("worksheet-draft-1", "worksheet-draft-2", "worksheet-draft-1")
        }
        assert len(devices) == 2

    def test_a_clock_that_was_set_back_counts_on(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        numbers = call(
            tool,
            """(() => {
                const draft = new module.Draft("k", 9e12);
                const first = draft.count().sent;
                draft.sent = 9e13;
                return [first, draft.count().sent];
            })()""",
        )
        assert numbers == ["9000000000001", "90000000000001"]

    def test_before_something_too_late_goes_again_the_newer_is_looked_at(
        self, opened: Opened
    ) -> None:
        tool = opened(TWO_GAPS)
        newest = 4_000_000_000_000
        tool.saving = reply({"seen": "", "errors": {}, "late": newest})
        tool.looking = elsewhere({"g1": "Korea", "g2": ""})
        tool.field("g1").fill("Manchuria")
        tool.wait(PAUSE)
        tool.tells("failed", failed=True)
        tool.saving = saved()
        tool.wait(4000)
        tool.tells("saved")
        assert tool.looks == 1
        assert tool.saves == [{"g1": "Manchuria", **SHOWN}] * 2
        (_, (_, second)) = tool.counts
        assert second == newest + 1
        assert tool.seen == ["", "later"]
        expect(tool.page.locator(".other-answer")).to_contain_text("Korea")

    def test_a_form_that_came_too_late_shows_both(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS + WRITTEN, g1="Manchuria", q1="a longer text")
        others = {"g1": {"g1": "Korea"}, "q1": {"q1": "longer"}}
        document = sheet_document(TWO_GAPS + WRITTEN, {"g1": "Manchuria", "q1": "a longer text"})
        tool.html = fill_page(document, others=json.dumps(others))
        tool.page.reload()
        expect(tool.page.locator(".other-answer")).to_contain_text(["Korea"])
        tool.wait(0)
        tool.tells("saved")
        assert tool.saves == [{"g1": "Manchuria", "q1": "a longer text", **SHOWN}]
        tool.page.get_by_role("button", name="Use this").click()
        expect(tool.field("g1")).to_have_value("Korea")

    def test_what_was_marked_since_is_sent_once_and_the_pupil_told(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.page.evaluate(
            """localStorage.setItem('worksheet-draft-1', '{"g1": "Man", "g7": "1936"}')"""
        )
        tool.saving = saved({"g7": "This was marked."})
        tool.page.reload()
        tool.wait(PAUSE)
        tool.says("This was marked.", failed=True)
        assert tool.saves == [{"g1": "Man", "g7": "1936", **SHOWN}]
        assert tool.kept() == {}


class TestTheEnd:
    def test_a_look_that_hears_it_is_told_at_once(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.looking = reply({"error": "Closed.", "ended": True, "saved": False}, status=403)
        hide(tool)
        show(tool)
        tool.says("Closed.", failed=True)
        tool.wait(60_000)
        tool.settle()
        assert tool.looks == 1

    def test_what_is_not_saved_is_sent_after_such_a_look(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.looking = reply({"error": "Closed.", "ended": True, "saved": False}, status=403)
        tool.saving = reply({"error": "Saved, closed.", "ended": True, "saved": True}, status=403)
        tool.field("g1").fill("Manchuria")
        show(tool)
        tool.says("Saved, closed.", failed=True)
        assert tool.saves == [{"g1": "Manchuria", **SHOWN}]
        assert tool.kept() == {}
        expect(tool.field("g1")).to_be_editable(editable=False)
        expect(tool.field("g1")).to_have_value("Manchuria")

    @pytest.mark.parametrize(("source", "name"), [(BANK, "g1"), (CHOICE, "q1-choice")])
    def test_what_cannot_be_copied_is_switched_off(
        self, opened: Opened, source: str, name: str
    ) -> None:
        tool = opened(source)
        tool.looking = reply({"error": "Closed.", "ended": True, "saved": False}, status=403)
        show(tool)
        tool.says("Closed.", failed=True)
        expect(tool.field(name).first).to_be_disabled()


class TestWhatIsKeptInAnotherWay:
    def test_it_is_no_other_answer(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.saving = reply({"seen": "", "errors": {}, "kept": {"g1": {"g1": "Manchuria"}}})
        tool.field("g1").fill("manchuria")
        tool.wait(PAUSE)
        tool.tells("saved")
        tool.looking = elsewhere({"g1": "Manchuria", "g2": ""})
        tool.field("g1").press("End")
        tool.field("g1").press_sequentially("!")
        show(tool)
        tool.tells("saved")
        expect(tool.page.locator(".other-answer")).to_have_count(0)


class TestWhatIsKeptOnTheDevice:
    def test_it_is_kept_until_it_is_saved(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.field("g1").fill("Manchuria")
        assert tool.kept() == {"g1": "Manchuria"}
        tool.wait(PAUSE)
        tool.tells("saved")
        assert tool.kept() == {}

    def test_what_was_refused_is_kept_shown_and_not_sent_again(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.saving = saved({"g1": "Too long."})
        tool.field("g1").fill("M" * 50)
        tool.field("g2").fill("1931")
        tool.wait(PAUSE)
        tool.says("Too long.", failed=True)
        box = tool.page.locator(".gap", has=tool.field("g1"))
        expect(box).to_have_attribute("data-item", "g1")
        expect(box).to_have_class("gap has-error")
        expect(box.get_by_role("alert")).to_have_text("Too long.")
        expect(tool.page.get_by_role("alert")).to_have_count(1)
        assert tool.kept() == {"g1": "M" * 50}
        tool.wait(60_000)
        tool.settle()
        assert len(tool.saves) == 1
        # Once it is right, nothing is left of it.
        tool.saving = saved()
        tool.field("g1").fill("Manchuria")
        tool.wait(PAUSE)
        tool.tells("saved")
        expect(box).to_have_class("gap")
        expect(tool.page.get_by_role("alert")).to_have_count(0)
        assert tool.kept() == {}

    def test_an_error_is_shown_once_however_often_it_comes(self, opened: Opened) -> None:
        tool = opened(CHOICE)
        tool.saving = saved({"q1": "Choose one of the options."})
        for text in ("The evidence", "The evidence."):
            tool.field("q1").fill(text)
            tool.wait(PAUSE)
            tool.says("Choose one of the options.", failed=True)
        box = tool.page.locator("[data-item='q1']")
        expect(box).to_have_class("question has-error")
        expect(box.get_by_role("alert")).to_have_text(["Choose one of the options."])
        expect(tool.page.get_by_role("alert")).to_have_count(1)
        assert tool.kept() == {"q1": "The evidence.", "q1-choice": ""}

    def test_work_of_an_earlier_visit_is_put_back_and_sent(
        self, context: BrowserContext, opened: Opened
    ) -> None:
        keep(context, {"g2": "Manchuria", "q1": "The evidence.", "q1-choice": "b"})
        tool = opened(BANK + CHOICE, q1="Older.")
        tool.tells("restored")
        expect(tool.field("q1")).to_have_value("The evidence.")
        expect(tool.page.get_by_label("It was believed.")).to_be_checked()
        expect(tool.page.locator(".bank .used")).to_have_text(["Manchuria"])
        tool.settle()
        assert tool.saves == []
        tool.wait(0)
        tool.tells("saved")
        assert tool.saves == [{"g2": "Manchuria", "q1": "The evidence.", "q1-choice": "b", **SHOWN}]
        assert tool.kept() == {}

    def test_a_part_of_an_item_is_sent_with_the_rest_of_it(
        self, context: BrowserContext, opened: Opened
    ) -> None:
        keep(context, {"q1-choice": "b"})
        tool = opened(CHOICE, q1="The evidence.")
        tool.wait(0)
        tool.tells("saved")
        assert tool.saves == [{"q1": "The evidence.", "q1-choice": "b", **SHOWN}]
        assert tool.kept() == {}

    def test_a_word_that_the_list_no_longer_has_is_sent_all_the_same(
        self, context: BrowserContext, opened: Opened
    ) -> None:
        keep(context, {"g1": "Bavaria"})
        tool = opened(BANK, g1="Abyssinia")
        tool.saving = saved({"g1": "Not in the word bank."})
        tool.wait(0)
        tool.says("Not in the word bank.", failed=True)
        assert tool.saves == [{"g1": "Bavaria", **SHOWN}]
        assert tool.kept() == {"g1": "Bavaria"}

    def test_work_of_which_this_page_has_no_field_is_sent_once(
        self, context: BrowserContext, opened: Opened
    ) -> None:
        keep(context, {"g9": "Manchuria"})
        tool = opened(TWO_GAPS)
        tool.wait(1)
        tool.tells("saved")
        assert tool.saves == [{"g9": "Manchuria", **SHOWN}]
        assert tool.kept() == {}

    @pytest.mark.parametrize("text", ["", "null", "{", "no JSON", "7"])
    def test_what_cannot_be_read_is_no_work(
        self, context: BrowserContext, opened: Opened, text: str
    ) -> None:
        put(context, text)
        tool = opened(TWO_GAPS, g1="Manchuria")
        tool.field("g2").fill("1931")
        tool.wait(PAUSE)
        tool.tells("saved")
        assert tool.saves == [{"g2": "1931", **SHOWN}]

    def test_without_storage_the_page_is_all_there_is(
        self, context: BrowserContext, opened: Opened
    ) -> None:
        context.add_init_script("""Object.defineProperty(window, "localStorage", {
            get() { throw new DOMException("denied", "SecurityError"); },
        })""")
        tool = opened(TWO_GAPS)
        tool.saving = cut_off
        tool.field("g1").fill("Manchuria")
        tool.wait(PAUSE)
        tool.tells("failed", failed=True)
        tool.saving = saved()
        tool.wait(4000)
        tool.tells("saved")
        assert tool.saves[1:] == [{"g1": "Manchuria", **SHOWN}]


class TestChangedElsewhereMeanwhile:
    """Work that this device keeps, and a newer answer that was written on another one."""

    def left(self, tool: Tool, text: str = "Two reasons.") -> None:
        """Type, and leave the page before the server has replied."""
        tool.saving = Held()
        tool.field("q1").fill(text)
        tool.page.goto("about:blank")

    def come_back(self, tool: Tool, answer: str) -> None:
        """Open the page again, with the answer that the server has now."""
        tool.saving = saved()
        tool.html = fill_page(sheet_document(WRITTEN, {"q1": answer}))
        tool.page.goto(f"{tool.origin}/")

    def test_what_nobody_changed_is_put_back(self, opened: Opened) -> None:
        tool = opened(WRITTEN, q1="One reason.")
        self.left(tool)
        self.come_back(tool, "One reason.")
        assert tool.field("q1").input_value() == "Two reasons."

    def test_what_this_device_has_sent_is_no_change(self, opened: Opened) -> None:
        """Its reply was lost, and the pupil went on."""
        tool = opened(WRITTEN)
        tool.saving = cut_off
        tool.field("q1").fill("One")
        tool.wait(PAUSE)
        tool.tells("failed", failed=True)
        self.left(tool)
        self.come_back(tool, "One")
        assert tool.field("q1").input_value() == "Two reasons."

    @pytest.mark.parametrize("is_asked", [False, True], ids=["unasked", "asked"])
    def test_what_is_saved_after_the_next_page_was_made_is_put_back(
        self, opened: Opened, *, is_asked: bool
    ) -> None:
        """The old page is there until the new one has come, and its save may be done meanwhile."""
        tool = opened(WRITTEN)
        if is_asked:
            tool.saving = cut_off
            tool.field("q1").fill("Two")
            tool.wait(PAUSE)
            tool.tells("failed", failed=True)
        tool.saving = held = Held()
        tool.field("q1").fill("Two reasons.")
        tool.wait(PAUSE)
        tool.tells("saving")
        assert asked(tool) == (["beforeunload"] if is_asked else [])
        held.release(saved())
        tool.settle()
        self.come_back(tool, "")
        assert tool.field("q1").input_value() == "Two reasons."

    def test_what_it_had_at_first_is_no_change_either(self, opened: Opened) -> None:
        """However often it tried to send what was typed since."""
        tool = opened(WRITTEN, q1="One")
        tool.saving = cut_off
        for number in range(30):
            tool.field("q1").fill(f"Reason {number}.")
            tool.wait(PAUSE)
            tool.tells("failed", failed=True)
        self.left(tool)
        self.come_back(tool, "One")
        assert tool.field("q1").input_value() == "Two reasons."

    def test_what_was_saved_after_all_and_went_on_elsewhere_stays(self, opened: Opened) -> None:
        tool = opened(WRITTEN)
        self.left(tool)
        self.come_back(tool, "Two reasons. And a third.")
        assert tool.field("q1").input_value() == "Two reasons. And a third."
        expect(tool.page.locator(".other-answer")).to_have_count(0)
        assert tool.kept() == {}
        tool.saves.clear()
        tool.wait(60_000)
        tool.settle()
        assert tool.saves == []

    def test_where_both_differ_both_are_shown(self, opened: Opened) -> None:
        tool = opened(WRITTEN)
        self.left(tool)
        self.come_back(tool, "Another answer.")
        assert tool.field("q1").input_value() == "Another answer."
        expect(tool.page.locator(".other-answer")).to_contain_text("Two reasons.")
        # As often as the page is opened, until somebody answers.
        self.come_back(tool, "Another answer, and longer.")
        tool.page.get_by_role("button", name="Use this").click()
        assert tool.field("q1").input_value() == "Two reasons."
        tool.saves.clear()
        tool.wait(PAUSE)
        tool.tells("saved")
        assert tool.saves == [{"q1": "Two reasons.", **SHOWN}]
        self.come_back(tool, "Two reasons.")
        expect(tool.page.locator(".other-answer")).to_have_count(0)

    def test_what_was_kept_can_be_discarded(self, opened: Opened) -> None:
        tool = opened(WRITTEN)
        self.left(tool)
        self.come_back(tool, "Another answer.")
        tool.page.get_by_role("button", name="Discard").click()
        self.come_back(tool, "Another answer.")
        expect(tool.page.locator(".other-answer")).to_have_count(0)
        assert tool.field("q1").input_value() == "Another answer."


class TestFailures:
    @pytest.mark.parametrize(
        "failure", [cut_off, not_json, reply({}, 503), reply({"error": "no"}, 403)]
    )
    def test_it_is_tried_again_after_longer_and_longer_pauses(
        self, opened: Opened, failure: Callable[..., None]
    ) -> None:
        tool = opened(TWO_GAPS)
        tool.saving = failure
        tool.field("g1").fill("Manchuria")
        for attempt, pause in enumerate([PAUSE, 4000, 8000, 15_000, 15_000]):
            tool.wait(pause - 1)
            tool.settle()
            assert len(tool.saves) == attempt
            tool.wait(1)
            tool.tells("failed", failed=True)
            assert len(tool.saves) == attempt + 1
        assert tool.kept() == {"g1": "Manchuria"}
        tool.saving = saved()
        tool.wait(15_000)
        tool.tells("saved")
        # The next failure is the first one again.
        tool.saving = failure
        tool.field("g1").fill("Abyssinia")
        tool.wait(PAUSE)
        tool.tells("failed", failed=True)
        tool.saving = saved()
        tool.wait(4000)
        tool.tells("saved")
        assert tool.kept() == {}

    def test_a_request_that_hangs_is_given_up(
        self, context: BrowserContext, opened: Opened
    ) -> None:
        # The clock of the tests moves setTimeout, not the browser's own time-out.
        context.add_init_script("""AbortSignal.timeout = (milliseconds) => {
            const controller = new AbortController();
            setTimeout(() => controller.abort(), milliseconds);
            return controller.signal;
        }""")
        tool = opened(TWO_GAPS)
        tool.saving = Held()
        tool.field("g1").fill("Manchuria")
        tool.wait(PAUSE)
        tool.wait(14_999)
        tool.tells("saving")
        tool.wait(1)
        tool.tells("failed", failed=True)
        tool.saving = saved()
        tool.wait(4000)
        tool.tells("saved")
        assert len(tool.saves) == 2

    def test_offline_the_pupil_is_told_and_online_it_is_sent_at_once(
        self, context: BrowserContext, opened: Opened
    ) -> None:
        tool = opened(TWO_GAPS)
        tool.field("g1").fill("Manchuria")
        tool.is_cut_off = True
        context.set_offline(True)
        tool.tells("offline", failed=True)
        tool.wait(PAUSE)
        tool.tells("offline", failed=True)
        tool.is_cut_off = False
        context.set_offline(False)
        tool.page.wait_for_function("navigator.onLine")
        tool.wait(1)
        tool.tells("saved")

    @pytest.mark.parametrize("code", ["closed", "submitted elsewhere", "another edition"])
    def test_after_a_conflict_nothing_is_sent_any_more(self, opened: Opened, code: str) -> None:
        tool = opened(TWO_GAPS)
        tool.saving = reply({"error": f"This is {code}.", "code": code}, 409)
        tool.field("g1").fill("Manchuria")
        tool.wait(PAUSE)
        tool.says(f"This is {code}.", failed=True)
        tool.field("g2").fill("1931")
        tool.wait(60_000)
        tool.page.evaluate("dispatchEvent(new Event('online'))")
        tool.wait(1)
        hide(tool)
        show(tool)
        tool.settle()
        assert len(tool.saves) == 1
        assert tool.looks == 0
        assert tool.kept() == {"g1": "Manchuria", "g2": "1931"}

    @pytest.mark.parametrize(("is_saved", "offers"), [(True, 0), (False, 1)])
    def test_who_was_removed_from_the_course_is_told_once(
        self, opened: Opened, is_saved: bool, offers: int
    ) -> None:
        """The server took what was sent, so that an older device brings it back nowhere."""
        tool = opened(TWO_GAPS)
        body = {"error": "This page has closed.", "ended": True, "saved": is_saved}
        tool.saving = reply(body, 403)
        tool.field("g1").fill("Manchuria")
        tool.wait(PAUSE)
        tool.says("This page has closed.", failed=True)
        assert tool.kept() == {}
        tool.wait(60_000)
        tool.settle()
        assert len(tool.saves) == 1
        # The next visit asks: on a shared computer nobody knows who typed it.
        tool.page.reload()
        expect(tool.field("g1")).to_have_value("")
        expect(tool.page.locator(".other-answer")).to_have_count(offers)
        tool.wait(60_000)
        tool.settle()
        assert len(tool.saves) == 1

    def test_a_conflict_without_words_is_a_failure_like_others(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.saving = not_json_conflict
        tool.field("g1").fill("Manchuria")
        tool.wait(PAUSE)
        tool.tells("failed", failed=True)
        tool.saving = saved()
        tool.wait(4000)
        tool.tells("saved")


class TestLeaving:
    def test_what_is_not_sent_goes_with_the_last_request(self, opened: Opened) -> None:
        # Playwright does not hand over the requests of a page that is gone.
        with Server() as server:
            tool = opened(TWO_GAPS, origin=server.url)
            tool.field("g1").fill("Manchuria")
            path = urlsplit(tool.field("g1").evaluate("(field) => field.form.action")).path
            tool.page.goto("about:blank")
            assert server.wait_for(path)
        sent = server.asked[0].json
        assert sent == {**sent, "g1": "Manchuria", **SHOWN}

    @pytest.mark.parametrize("event", ["pagehide", "hidden"])
    def test_each_sign_of_it_is_enough(self, opened: Opened, event: str) -> None:
        tool = opened(TWO_GAPS)
        tool.field("g1").fill("Manchuria")
        if event == "hidden":
            hide(tool)
        else:
            tool.page.evaluate("dispatchEvent(new Event('pagehide'))")
        tool.settle()
        assert tool.saves == [{"g1": "Manchuria", **SHOWN}]

    def test_it_goes_when_the_page_is_hidden_since_it_may_never_be_shown_again(
        self, opened: Opened
    ) -> None:
        tool = opened(TWO_GAPS)
        tool.field("g1").fill("Manchuria")
        hide(tool)
        tool.settle()
        assert tool.saves == [{"g1": "Manchuria", **SHOWN}]
        # No reply is read: it is sent again.
        tool.wait(PAUSE)
        tool.tells("saved")
        assert tool.saves == [{"g1": "Manchuria", **SHOWN}] * 2

    def test_nothing_is_sent_where_all_is_saved(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        hide(tool)
        tool.field("g1").fill("Manchuria")
        tool.wait(PAUSE)
        tool.tells("saved")
        hide(tool)
        tool.settle()
        assert len(tool.saves) == 1

    def test_whoever_leaves_at_once_is_not_asked(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.field("g1").press_sequentially("Manchuria")
        assert asked(tool) == []  # not sent yet, and the last request takes it along

    def test_whoever_would_lose_work_is_asked(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.saving = cut_off
        tool.field("g1").press_sequentially("Manchuria")
        tool.wait(PAUSE)
        tool.tells("failed", failed=True)
        assert asked(tool) == ["beforeunload"]
        tool.saving = saved()
        tool.wait(4000)
        tool.settle()
        assert tool.kept() == {"g1": "Manchuria"}  # for the next page, if they leave
        tool.field("g1").press_sequentially("!")  # but they stay
        tool.wait(4000)
        tool.tells("saved")
        assert tool.kept() == {}
        assert asked(tool) == []

    def test_whoever_submits_is_not_asked(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.saving = cut_off
        tool.field("g1").press_sequentially("Manchuria")
        tool.wait(PAUSE)
        tool.tells("failed", failed=True)
        dialogs = watched(tool)
        tool.page.get_by_role("button", name="Check and submit").click()
        tool.page.wait_for_url("**/answers/")
        assert dialogs == []
        assert tool.posted[0]["g1"] == "Manchuria"

    def test_a_form_that_is_submitted_needs_no_save_of_its_own(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.page.evaluate(
            "document.forms[0].addEventListener('submit', (event) => event.preventDefault())"
        )
        tool.field("g1").fill("Manchuria")
        tool.page.get_by_role("button", name="Check and submit").click()
        tool.wait(PAUSE)
        tool.settle()
        assert tool.saves == []


class TestSubmitting:
    def test_the_form_posts_what_is_not_saved_and_no_older_view_of_the_rest(
        self, opened: Opened
    ) -> None:
        tool = opened(TWO_GAPS, g1="Manchuria")
        tool.field("g2").fill("1931")
        assert submitted(tool) == {"g2": "1931", "seen": "", **SHOWN}

    def test_what_the_script_has_saved_is_not_posted(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.field("g2").fill("1931")
        tool.wait(PAUSE)
        tool.tells("saved")
        assert submitted(tool) == {"seen": "", **SHOWN}

    def test_a_save_on_its_way_comes_first(self, opened: Opened) -> None:
        """It is older; on another connection it might arrive later."""
        tool = opened(TWO_GAPS)
        tool.saving = held = Held()
        tool.field("g1").fill("Man")
        tool.wait(PAUSE)
        tool.tells("saving")
        tool.field("g1").fill("Manchuria")
        submit = tool.page.get_by_role("button", name="Check and submit")
        submit.click()
        submit.click()
        tool.settle()
        assert tool.posted == []
        held.release(saved())
        tool.page.wait_for_url("**/answers/")
        assert [fields["g1"] for fields in tool.posted] == ["Manchuria"]

    def test_an_item_is_posted_as_a_whole(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS + CHOICE, g1="Manchuria", q1="The evidence.")
        tool.page.get_by_label("It was believed.").check()
        assert submitted(tool) == {
            "q1": "The evidence.",
            "q1-choice": "b",
            "seen": "",
            **SHOWN,
        }

    def test_while_something_is_wrong_everything_goes(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS, g1="Manchuria")
        tool.saving = saved({"g2": "Too long."})
        tool.field("g2").fill("1931")
        tool.wait(PAUSE)
        tool.says("Too long.", failed=True)
        assert submitted(tool) == {"g1": "Manchuria", "g2": "1931", "seen": "", **SHOWN}

    def test_after_a_conflict_everything_goes(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS, g1="Manchuria")
        tool.saving = reply({"error": "Changed."}, 409)
        tool.field("g2").fill("1931")
        tool.wait(PAUSE)
        tool.says("Changed.", failed=True)
        assert submitted(tool) == {"g1": "Manchuria", "g2": "1931", "seen": "", **SHOWN}


class TestComingBack:
    """Meanwhile the pupil may have gone on at another device."""

    def test_what_was_saved_elsewhere_is_shown(self, opened: Opened) -> None:
        tool = opened(BANK + CHOICE)
        fields = {"g1": "Abyssinia", "q1": "The evidence.", "q1-choice": "a"}
        tool.looking = elsewhere(fields)
        show(tool)
        expect(tool.field("g1")).to_have_value("Abyssinia")
        expect(tool.field("q1")).to_have_value("The evidence.")
        expect(tool.page.get_by_label("It was staged.")).to_be_checked()
        expect(tool.field("seen")).to_have_value("later")
        expect(tool.page.locator(".bank .used")).to_have_text(["Abyssinia"])
        tool.wait(60_000)
        tool.settle()
        assert tool.saves == []

    def test_what_was_saved_elsewhere_before_the_last_save_of_this_page_is_shown(
        self, opened: Opened
    ) -> None:
        tool = opened(TWO_GAPS)
        tool.saving = saved(seen="later")
        tool.field("g1").fill("Manchuria")
        tool.wait(PAUSE)
        tool.tells("saved")
        tool.looking = elsewhere({"g1": "Manchuria", "g2": "1931"})
        show(tool)
        expect(tool.field("g2")).to_have_value("1931")

    def test_it_is_looked_for_before_anything_is_saved_here(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.looking = reply({}, 503)
        show(tool)
        tool.settle()
        tool.field("g1").fill("Manchuria")
        tool.wait(PAUSE)
        tool.tells("failed", failed=True)
        assert tool.saves == []
        tool.looking = elsewhere({"g1": "", "g2": "1931"})
        tool.wait(15_000)
        tool.tells("saved")
        assert tool.field("g1").input_value() == "Manchuria"
        assert tool.field("g2").input_value() == "1931"
        assert tool.saves == [{"g1": "Manchuria", **SHOWN}]

    def test_a_look_is_tried_again(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.looking = cut_off
        show(tool)
        tool.settle()
        tool.looking = elsewhere({"g2": "1931"})
        tool.wait(15_000)
        expect(tool.field("g2")).to_have_value("1931")

    def test_the_other_answer_is_offered_where_something_is_typed_here(
        self, opened: Opened
    ) -> None:
        tool = opened(WRITTEN)
        tool.looking = elsewhere({"q1": "Another answer."})
        tool.field("q1").fill("Two reasons.")
        show(tool)
        tool.tells("saved")
        assert tool.field("q1").input_value() == "Two reasons."
        expect(tool.page.locator(".other-answer")).to_contain_text("Another answer.")
        # It is no answer of this page that is shown as another one.
        tool.looking = elsewhere({"q1": "Two reasons."})
        show(tool)
        tool.settle()
        expect(tool.page.locator(".other-answer")).to_have_count(1)

    def test_what_is_typed_during_the_look_is_not_replaced(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.looking = held = Held()
        show(tool)
        tool.settle()
        assert tool.looks == 1
        tool.field("g1").fill("Manchuria")
        held.release(elsewhere({"g1": "Abyssinia"}))
        tool.settle()
        assert tool.field("g1").input_value() == "Manchuria"

    def test_what_was_submitted_elsewhere_is_no_page_to_fill_in(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.looking = elsewhere({}, state="1-submitted")
        with tool.page.expect_navigation(url=f"{tool.origin}/"):
            show(tool)

    @pytest.mark.parametrize("failure", [cut_off, not_json, reply({}, 403)])
    def test_a_look_that_fails_changes_nothing(
        self, opened: Opened, failure: Callable[..., None]
    ) -> None:
        tool = opened(TWO_GAPS, g1="Manchuria")
        tool.looking = failure
        show(tool)
        tool.settle()
        assert tool.looks == 1
        assert tool.field("g1").input_value() == "Manchuria"
        tool.says("")


class TestAfterARestore:
    """The server's database is that of a backup: it has less than it has confirmed."""

    BEFORE, BACKUP, AFTER = "2026-03-01T09:00:00+00:00", "2026-03-01T08:30:00+00:00", "2026-03-02"

    def saved_page(self, opened: Opened, text: str = "Two reasons.") -> Tool:
        tool = opened(WRITTEN)
        tool.saving = saved(seen=self.BEFORE)
        tool.field("q1").fill(text)
        tool.wait(PAUSE)
        tool.tells("saved")
        tool.saves.clear()
        return tool

    def come_back(self, tool: Tool, answer: str, written: str, count: int = 0, **page: str) -> None:
        """Open the page again, which shows an answer; a look says what else there is of it."""
        rows = {"q1": written} if written else {}
        counts = {"q1": count} if count else {}
        tool.looking = elsewhere({"q1": answer}, received=counts, written=rows)
        tool.html = fill_page(sheet_document(WRITTEN, {"q1": answer}), **page)
        tool.page.goto(f"{tool.origin}/")

    def test_what_was_confirmed_is_put_back_and_sent(self, opened: Opened) -> None:
        tool = self.saved_page(opened)
        self.come_back(tool, "One reason.", self.BACKUP, count=5)
        tool.wait(0)
        tool.tells("saved")
        assert tool.field("q1").input_value() == "Two reasons."
        assert tool.saves == [{"q1": "Two reasons.", **SHOWN}]
        expect(tool.page.locator(".other-answer")).to_have_count(0)

    def test_also_where_nothing_is_left(self, opened: Opened) -> None:
        tool = self.saved_page(opened)
        self.come_back(tool, "", "")
        tool.wait(0)
        tool.tells("saved")
        assert tool.saves == [{"q1": "Two reasons.", **SHOWN}]

    def test_what_was_emptied_is_empty_again(self, opened: Opened) -> None:
        tool = self.saved_page(opened)
        tool.field("q1").fill("")
        tool.wait(PAUSE)
        tool.tells("saved")
        tool.saves.clear()
        self.come_back(tool, "Two reasons.", self.BACKUP)
        tool.wait(0)
        tool.tells("saved")
        assert tool.saves == [{"q1": "", **SHOWN}]

    def test_beside_what_another_device_has_written_since_it_is_offered(
        self, opened: Opened
    ) -> None:
        tool = self.saved_page(opened)
        self.come_back(tool, "Another answer.", self.AFTER)
        for _ in range(2):
            tool.wait(0)
            tool.settle()
            assert tool.field("q1").input_value() == "Another answer."
            expect(tool.page.locator(".other-answer")).to_contain_text("Two reasons.")
            expect(tool.page.locator(".other-answer")).to_have_count(1)
            tool.page.reload()
        assert tool.saves == []
        tool.page.get_by_role("button", name="Discard").click()
        tool.page.reload()
        tool.wait(60_000)
        tool.settle()
        expect(tool.page.locator(".other-answer")).to_have_count(0)
        assert tool.field("q1").input_value() == "Another answer."

    def test_without_a_restore_another_devices_answer_is_shown(self, opened: Opened) -> None:
        tool = self.saved_page(opened)
        (_, number), *_ = tool.counts
        self.come_back(tool, "Another answer.", self.AFTER, count=number)
        tool.wait(60_000)
        tool.settle()
        assert tool.field("q1").input_value() == "Another answer."
        expect(tool.page.locator(".other-answer")).to_have_count(0)
        assert tool.saves == []
        # What was seen is no longer what this browser has written.
        self.come_back(tool, "One reason.", self.BACKUP)
        tool.wait(60_000)
        tool.settle()
        assert tool.field("q1").input_value() == "One reason."

    def test_where_all_is_there_nothing_is_asked(self, opened: Opened) -> None:
        tool = self.saved_page(opened)
        looks = tool.looks
        self.come_back(tool, "Two reasons.", self.BEFORE)
        tool.wait(60_000)
        tool.settle()
        assert (tool.looks, tool.saves) == (looks, [])

    def test_a_server_that_tells_no_counts_has_lost_nothing(self, opened: Opened) -> None:
        tool = self.saved_page(opened)
        self.come_back(tool, "One reason.", "")
        tool.looking = elsewhere({"q1": "One reason."})
        tool.wait(60_000)
        tool.settle()
        assert tool.field("q1").input_value() == "One reason."

    def test_what_arrived_without_a_reply_is_put_back_too(self, opened: Opened) -> None:
        """The page that came next showed it."""
        tool = opened(WRITTEN)
        tool.saving = Held()
        tool.field("q1").fill("Two reasons.")
        tool.wait(PAUSE)
        tool.settle()
        (_, number), *_ = tool.counts
        tool.saving = saved(seen=self.BEFORE)
        self.come_back(tool, "Two reasons.", self.BEFORE, count=number, seen=self.BEFORE)
        tool.wait(60_000)
        self.come_back(tool, "One reason.", self.BACKUP)
        tool.wait(0)
        tool.tells("saved")
        assert tool.field("q1").input_value() == "Two reasons."

    def test_what_was_typed_since_is_newer(self, opened: Opened) -> None:
        """A page that has closed keeps it; nobody knows who typed it."""
        tool = self.saved_page(opened)
        ended = {"error": "This page has closed.", "ended": True, "saved": False}
        tool.saving = reply(ended, 403)
        tool.field("q1").fill("Two reasons. And a third.")
        tool.wait(PAUSE)
        tool.says("This page has closed.", failed=True)
        tool.saving = saved()
        self.come_back(tool, "One reason.", self.BACKUP)
        tool.wait(0)
        tool.tells("saved")
        assert tool.field("q1").input_value() == "Two reasons."
        expect(tool.page.locator(".other-answer")).to_contain_text("And a third.")

    def test_a_teachers_mark_stops_it_once(self, opened: Opened) -> None:
        tool = self.saved_page(opened)
        tool.saving = saved({"q1": "This was marked when you submitted."})
        self.come_back(tool, "One reason.", self.BACKUP)
        tool.wait(0)
        tool.says("This was marked when you submitted.", failed=True)
        tool.page.evaluate("localStorage.removeItem('worksheet-draft-1')")
        tool.saves.clear()
        self.come_back(tool, "One reason.", self.BACKUP)
        tool.wait(60_000)
        tool.settle()
        assert tool.saves == []

    @pytest.mark.parametrize("work", ["amina-others", "ben-causes"])
    def test_other_work_with_the_same_keys_gets_nothing(self, opened: Opened, work: str) -> None:
        """Keys of rows are given again: neither what was confirmed nor what was not sent is put."""
        tool = self.saved_page(opened)
        tool.saving = cut_off
        tool.field("q1").fill("Three reasons.")
        tool.wait(PAUSE)
        tool.tells("failed", failed=True)
        tool.saving = saved()
        tool.saves.clear()
        self.come_back(tool, "One reason.", self.BACKUP, work=work)
        tool.wait(60_000)
        tool.settle()
        assert tool.field("q1").input_value() == "One reason."
        expect(tool.page.locator(".other-answer")).to_have_count(0)
        assert tool.saves == []

    def test_it_is_kept_for_a_week_and_not_beside_other_peoples(self, opened: Opened) -> None:
        tool = self.saved_page(opened)
        for work, kept in (("amina-others", 1), ("amina-causes", 1), ("ben-causes", 0)):
            self.come_back(tool, "One reason.", self.BACKUP, work=work)
            assert confirmed(tool) == kept
        tool = self.saved_page(opened)
        tool.page.clock.set_system_time("2026-03-08T09:01:00Z")
        tool.page.reload()
        assert confirmed(tool) == 0


class TestFunctions:
    """What the module exports beside the class."""

    def test_the_item_of_a_field(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS + CHOICE)
        names = ["g1", "q1", "q1-choice", "edition"]
        item = "module.itemOf(form.querySelector(`[name='${name}']`))?.dataset.item ?? null"
        assert call(tool, f"{names}.map((name) => {item})") == ["g1", "q1", "q1", None]

    def test_the_pause_before_another_attempt(self, opened: Opened) -> None:
        found = call(opened(TWO_GAPS), "[1, 2, 3, 4, 99].map(module.retryPause)")
        assert found == [4000, 8000, 15_000, 15_000, 15_000]

    def test_the_fields_in_which_a_pupil_answers(self, opened: Opened) -> None:
        tool = opened(BANK + CHOICE)
        found = call(tool, "module.answerFields(form).map((field) => field.name)")
        assert found == ["g1", "g2", "q1-choice", "q1-choice", "q1"]

    def test_what_the_fields_of_an_item_hold(self, opened: Opened) -> None:
        tool = opened(CHOICE, q1="The evidence.")
        values = "module.readItem(form.querySelector('[data-item]'))"
        assert call(tool, values) == {"q1": "The evidence.", "q1-choice": ""}
        tool.page.get_by_label("It was staged.").check()
        assert call(tool, values) == {"q1": "The evidence.", "q1-choice": "a"}

    def test_a_value_that_is_there_already_moves_no_cursor(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS, g1="Manchuria")
        tool.field("g1").evaluate("(field) => field.setSelectionRange(3, 3)")
        call(tool, "module.showValue(form, 'g1', 'Manchuria')")
        assert tool.field("g1").evaluate("(field) => field.selectionStart") == 3


def keep(context: BrowserContext, values: dict[str, str]) -> None:
    """Let the device keep these from an earlier visit."""
    put(context, json.dumps(values))


def put(context: BrowserContext, text: str) -> None:
    """Put a text where the page looks for its draft, once."""
    context.add_init_script(f"""if (location.pathname === "/" && !sessionStorage.once) {{
        sessionStorage.once = "1";
        localStorage.setItem("worksheet-draft-1", {json.dumps(text)});
    }}""")


def add_fields(tool: Tool, item: str, *names: str) -> None:
    """Add text fields to an item, '' for the form: items of other kinds have such."""
    tool.page.evaluate(
        """([item, names]) => {
            const selector = item ? `[data-item='${item}']` : "#worksheet";
            for (const name of names) {
                const field = document.createElement("input");
                field.name = name;
                document.querySelector(selector).append(field);
            }
        }""",
        [item, list(names)],
    )


def hide(tool: Tool) -> None:
    _become(tool, "hidden")


def show(tool: Tool) -> None:
    _become(tool, "visible")


def _become(tool: Tool, state: str) -> None:
    tool.page.evaluate(f"""() => {{
        Object.defineProperty(document, "visibilityState",
            {{ configurable: true, get: () => "{state}" }});
        document.dispatchEvent(new Event("visibilitychange"));
    }}""")


def watched(tool: Tool) -> list[str]:
    """Collect the kinds of dialogs that the browser shows, and stay on the page."""
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.dismiss()

    tool.page.on("dialog", dismiss)
    return dialogs


def asked(tool: Tool) -> list[str]:
    """The dialogs when the page is being left, by an event as the browser sends it."""
    prevented = tool.page.evaluate("""() => {
        const event = new Event("beforeunload", { cancelable: true });
        return !dispatchEvent(event);
    }""")
    return ["beforeunload"] if prevented else []


def confirmed(tool: Tool) -> int:
    """Of how many works the device keeps what was confirmed."""
    found: int = tool.page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('worksheet-confirmed-')).length"
    )
    return found


def submitted(tool: Tool) -> dict[str, str]:
    """What the form posts."""
    tool.page.get_by_role("button", name="Check and submit").click()
    tool.page.wait_for_url("**/answers/")
    (posted,) = tool.posted
    return posted


def elsewhere(fields: dict[str, str], **changes: object) -> Callable[..., None]:
    """The tool's reply where another device has saved these."""
    body = {"fields": fields, "seen": "later", "state": ""}
    return reply({**body, **changes})


def not_json_conflict(route: object) -> None:
    """A 409 that is not the tool's own."""
    route.fulfill(status=409, body="Conflict")  # type: ignore[attr-defined]


def call(tool: Tool, expression: str) -> object:
    """The value of an expression in which 'module' is autosave.js and 'form' the page's form."""
    address = tool.address("worksheets/autosave.js")
    return tool.page.evaluate(f"""async () => {{
        const module = await import("{address}");
        const form = document.getElementById("worksheet");
        return {expression};
    }}""")


class TestTheStrip:
    def test_somebody_who_types_without_a_pause_is_saved_all_the_same(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        for _ in range(21):
            tool.field("g1").press_sequentially("x")
            tool.wait(500)
        tool.settle()
        assert len(tool.saves) == 1

    def test_submitting_without_a_network_stays_and_says_so(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.field("g1").fill("Manchuria")
        tool.sees_no_network()
        tool.is_cut_off = True
        tool.page.get_by_role("button", name="Check and submit").click()
        tool.tells("offline", failed=True)
        assert tool.posted == []
        expect(tool.field("g1")).to_have_value("Manchuria")

    def test_a_browser_that_sees_no_network_where_there_is_one_saves_and_submits(
        self, opened: Opened
    ) -> None:
        tool = opened(TWO_GAPS)
        tool.sees_no_network()
        tool.page.evaluate("dispatchEvent(new Event('offline'))")
        tool.field("g1").fill("Manchuria")
        tool.wait(PAUSE)
        tool.tells("saved")
        tool.settle()
        tool.tells("saved")
        with tool.page.expect_navigation():
            tool.page.get_by_role("button", name="Check and submit").dblclick()
        assert [one["edition"] for one in tool.posted] == ["7"]

    def test_it_is_said_once_that_work_is_saved_and_each_time_that_it_is_not(
        self, opened: Opened
    ) -> None:
        tool = opened(TWO_GAPS)
        tool.field("g1").fill("Manchuria")
        tool.wait(PAUSE)
        tool.announces("Saved")
        tool.page.evaluate("document.querySelector('#live').textContent = ''")
        tool.field("g1").fill("Manchukuo")
        tool.wait(PAUSE)
        tool.tells("saved")
        tool.announces("")
        tool.saving = cut_off
        tool.field("g1").fill("Manchuria")
        tool.wait(PAUSE)
        tool.tells("failed", failed=True)
        expect(tool.page.locator("#live")).to_contain_text("Not saved yet")

    def test_it_counts_what_is_filled_and_leads_to_what_is_not(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS + "\nWhy?\n\n??? 2 marks\n", g1="Manchuria")
        progress = tool.page.locator("[data-progress]")
        expect(progress).to_have_text("Gaps: 1 of 2 · Answers: 0 of 1")
        button = tool.page.get_by_role("button", name="Next empty")
        button.click()
        expect(tool.field("g2")).to_be_focused()
        tool.field("g2").fill("1931")
        button.click()
        expect(tool.field("q1")).to_be_focused()
        tool.field("q1").fill("Because.")
        expect(progress).to_have_text("Gaps: 2 of 2 · Answers: 1 of 1")
        expect(button).to_be_hidden()

    def test_after_the_last_empty_one_comes_the_first(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.field("g2").focus()
        tool.page.get_by_role("button", name="Next empty").click()
        expect(tool.field("g1")).to_be_focused()

    @reported("F1")
    def test_enter_in_a_gap_leads_to_the_next_and_submits_nothing(self, opened: Opened) -> None:
        tool = opened(TWO_GAPS)
        tool.field("g1").press("Enter")
        expect(tool.field("g2")).to_be_focused()
        tool.field("g2").press("Enter")
        tool.settle()
        assert tool.posted == []
