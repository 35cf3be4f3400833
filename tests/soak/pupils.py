"""A pupil: fills gaps, writes, ticks, orders; submits, takes it back, goes on."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from playwright.async_api import expect

from tests.soak.people import LOADED, Gone, Person
from tests.soak.records import Items


class Pupil(Person):
    form = "#worksheet"
    kinds: ClassVar[dict[str, int]] = {
        "write": 60,
        "disconnect": 8,
        "reload": 8,
        "change_device": 8,
        "hand_in": 3,
    }

    def __init__(self, *common: Any) -> None:
        super().__init__(*common)
        self.marked: Items = {}

    async def enter(self) -> None:
        """Wait for the worksheet; of one that is submitted take it back."""
        sheet, back = (
            self.frame.locator(self.form),
            self.frame.get_by_role("button", name="Take it back"),
        )
        await sheet.or_(back).first.wait_for()
        if await back.count():
            await back.press("Enter")
            await sheet.wait_for()

    async def wait_for_page(self) -> None:
        """Wait for the sheet with its scripts; the server may go away between the two."""
        await super().wait_for_page()
        if await self.frame.get_by_text("Not saved by itself.").count():
            raise Gone("the page says that it saves nothing by itself")
        # What was marked stays, also where a page of before was still asking for it.
        for item in self.typed.keys() - (await self.read()).keys():
            typed = self.typed.pop(item)
            # Submitted without what another device had not sent: that comes too late for good.
            if not any(item in device.unsaved for device in self.devices):
                self.marked.setdefault(item, typed)

    async def take_offers(self) -> None:
        offers = self.frame.get_by_role("button", name="Use this")
        while await offers.count():
            await offers.first.press("Enter")

    async def is_saved(self) -> bool:
        state = self.frame.locator("[data-save-state]")
        # '' where nothing was typed yet, and nothing was kept.
        return (await state.text_content() or "") in ("Saved", "")

    async def write(self) -> None:
        """Type into a field, choose a word, tick an option, or put something in order."""
        shown = await self.read()
        free = [item for item in shown if self.may_write(item)]
        if not free:
            await self.change_device()
            return
        texts = [item for item in free if item in shown[item] and item[0] == "q"]
        item = self.random.choice(texts if texts and self.random.random() < 0.7 else free)
        box = self.frame.locator(f"[data-item='{item}']")
        if item in texts and self.random.random() < 0.8:
            await self.type_into(item, box.locator("textarea"))
            return
        lists, ticks = box.locator("select"), box.locator("input[type=radio]")
        if await lists.count():
            count = await lists.locator("option").count()
            await lists.select_option(index=self.random.randrange(count))
        elif await ticks.count():
            await ticks.nth(self.random.randrange(await ticks.count())).check()
        elif await box.locator("[data-move]").count():
            await box.locator("[data-move]").nth(self.random.randrange(6)).press("Enter")
        else:
            await self.type_into(item, box.locator("textarea"))
            return
        self.records.keys += 1
        await self.stop(item)

    async def press(self) -> None:
        """Press the button: the page says why not, and stays."""
        await self.frame.get_by_role("button", name="Check and submit").press("Enter")
        state = self.frame.locator("[data-save-state]")
        await expect(state).to_have_text(re.compile("^You are offline"))

    async def hand_in(self) -> None:
        """Submit, on the check page without a network first perhaps; then go on."""
        await self.frame.get_by_role("button", name="Check and submit").press("Enter")
        submit = self.frame.get_by_role("button", name=re.compile("^Submit"))
        await submit.wait_for()
        if self.random.random() < 0.3:
            self.note("submits offline")
            await submit.evaluate(LOADED)
            await self.device.context.set_offline(True)
            await submit.press("Enter")
            await expect(self.frame.locator("[data-offline]")).to_be_visible()
            await self.device.context.set_offline(False)
        await submit.press("Enter")
        await self.frame.get_by_role("heading", name="Submitted").wait_for()
        self.records.submissions += 1
        self.note("has submitted")
        await self.frame.get_by_role("button", name="Take it back").press("Enter")
        await self.arrive()

    async def settle(self) -> None:
        self.typed |= self.marked

    def kept(self) -> object:
        return self.servers.rows(self.sub)

    def stored(self) -> Items:
        return self.servers.answers(self.sub)
