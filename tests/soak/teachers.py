"""Teachers: one marks a pupil's work, one writes the text of a worksheet."""

from __future__ import annotations

from typing import ClassVar

from playwright.async_api import Locator, expect

from tests.soak.people import Person
from tests.soak.records import Items

KEPT = "Not saved yet. Kept as a draft."
WORKSHEET = 2  # the one at the activity that the marker marks; its text is changed, not placed


class Teacher(Person):
    kinds: ClassVar[dict[str, int]] = {
        "write": 60,
        "disconnect": 8,
        "reload": 8,
        "change_device": 8,
        "hand_in": 6,
    }
    pause = 2.5
    button: ClassVar[str]

    async def is_saved(self) -> bool:
        state = self.frame.locator(f"{self.form} [data-draft-state]")
        return (await state.text_content() or "") in (KEPT, "")

    async def press(self) -> None:
        await self._save_button().press("Enter")
        warning = self.frame.locator(f"{self.form} [data-draft-warning]")
        await expect(warning).to_contain_text("You are offline")

    async def hand_in(self) -> None:
        """Save the form, and stay on its page."""
        self.records.submissions += 1
        async with self.page.expect_event("framenavigated"):
            await self._save_button().press("Enter")
        await self.frame.get_by_text("Saved.").first.wait_for()
        await self.arrive()
        self.device.unsaved.clear()

    async def settle(self) -> None:
        for _ in range(2):  # the first try may meet a server that is away
            await self.survive(self.hand_in)

    def _save_button(self) -> Locator:
        return self.frame.get_by_role("button", name=self.button, exact=True)


class Marker(Teacher):
    """Gives marks and comments to one pupil."""

    form = "form[data-draft-url]:has([name$=-points])"
    button = "Save marks"

    async def enter(self) -> None:
        await self.frame.locator("a[id^='pupil-'][href]").first.click()

    async def write(self) -> None:
        """Give a mark, or write a comment; none without a mark, which would not be saved."""
        items = [f"q{n}" for n in range(1, 5)]
        free = [
            i for i in items if self.may_write(f"{i}-points") and self.may_write(f"{i}-comment")
        ]
        if not free:
            await self.change_device()
            return
        item = self.random.choice(free)
        mark, comment = (
            self.frame.locator(f"[name={item}-{what}]") for what in ("points", "comment")
        )
        if not await mark.input_value() or self.random.random() < 0.3:
            await mark.fill(self.random.choice(["0", "1", "2.5", "3", "4"]))
            self.records.keys += 1
            await self.stop(f"{item}-points")
        else:
            await self.type_into(f"{item}-comment", comment)

    def stored(self) -> Items:
        return {name: {name: text} for name, text in self.servers.marks().items()}

    def plain(self, text: str) -> str:
        """Return a text without the space around it, which is not saved."""
        return text.strip()


class Writer(Teacher):
    """Writes in the editor."""

    form = "form[data-draft-url]:has(#id_source)"  # the page before has another one
    button = "Save"
    longest = 12_000

    async def enter(self) -> None:
        await self.frame.locator(f"a[href$='/worksheets/{WORKSHEET}/']").first.click()

    async def write(self) -> None:
        if self.may_write("source"):
            await self.type_into("source", self.frame.locator("#id_source"))
        else:
            await self.change_device()

    def stored(self) -> Items:
        return {"source": {"source": self.servers.source(WORKSHEET)}}
