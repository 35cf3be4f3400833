"""A person with devices: types, loses the network, reloads, changes the device, compares.

What they typed is what the field held when they stopped typing. It has to stand there again on
every page that is opened later: on this device at once, on another one as soon as the page has
said that it is saved.
"""

from __future__ import annotations

import asyncio
import collections
import time
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import ClassVar

from playwright.async_api import (
    Browser,
    BrowserContext,
    Error,
    FrameLocator,
    Locator,
    Page,
    Response,
    expect,
)

from tests.soak.records import Fault, Fields, Items, Records
from tests.soak.servers import Servers

PATIENCE = 60  # seconds until a page must say that all is saved, or show it, on a busy machine
TIMEOUT = 60_000  # milliseconds for a page, and for whatever is done on it

expect.set_options(timeout=20_000)

TEXT = (
    "the party of Stalin feared war, and so did “Bukharin” – não? Gründe, où l’élève 中文 🙂 Łódź "
    'naïve (a) > b & c < d; "quoted" it\'s 50 % \\ __init__ [[ ]] * # e\u0301 \u00a0 fin.'
)
WORDS = TEXT.split(" ")

READ = """form => {
    const items = {};
    for (const field of form.querySelectorAll("input, select, textarea")) {
        if (!field.name || ["hidden", "file", "search", "submit"].includes(field.type)) continue;
        if ("noDraft" in field.dataset) continue;
        const item = field.closest("[data-item]")?.dataset.item ?? field.name;
        const fields = items[item] ??= {};
        if (field.type !== "radio" || field.checked) fields[field.name] = field.value;
    }
    return items;
}"""
# Modules have run when the page is loaded.
LOADED = """() => document.readyState === 'complete' ||
    new Promise((done) => addEventListener('load', done))"""
# What a page says, offers and keeps on the device: for whoever looks for a fault.
KNOWN = """form => JSON.stringify({
    said: form.querySelector("[data-save-state]")?.textContent,
    offered: [...form.querySelectorAll(".other-answer")].map((box) => box.textContent),
    kept: Object.entries(localStorage).filter(([key]) => key !== "worksheet-browser"),
    data: { ...form.dataset, now: Date.now() },
}, (name, value) => name.startsWith("says") ? undefined : value)"""
# What a browser does when another tab or another program is in front: Playwright shows all pages.
SHOW = """(form, state) => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@dataclass
class Device:
    """A browser profile: what is kept there stays while no page is open."""

    name: str
    context: BrowserContext
    page: Page | None = None
    visits: int = 0  # as the servers had it when the page was opened
    # The items typed here of which no page has said yet that they are saved.
    unsaved: set[str] = field(default_factory=set)


class Patience:
    """The time for which a person waits for a page; it begins anew while the tool is away."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.end = time.monotonic() + PATIENCE

    @property
    def is_over(self) -> bool:
        if not self.servers.is_up:
            self.end = time.monotonic() + PATIENCE
        return time.monotonic() > self.end


class Gone(Exception):
    """The page is not there any more; the person opens it again."""


class Lost(Exception):
    """The page does not open, however often the person tries."""


class Person:
    """One person; what they do is drawn from one seed."""

    form: ClassVar[str]  # the selector of the form
    kinds: ClassVar[dict[str, int]]  # how often a step of each kind is drawn
    pause: ClassVar[float] = 1  # seconds after which the page has noticed that typing has paused
    longest: ClassVar[int] = 1200  # characters, until the person begins anew

    def __init__(
        self,
        who: str,
        sub: int,
        activity: int,
        browser: Browser,
        servers: Servers,
        records: Records,
    ) -> None:
        self.who, self.sub, self.activity = who, sub, activity
        self.browser, self.servers, self.records = browser, servers, records
        self.typed: Items = {}
        self.typing = ""  # the item that is being typed
        self.devices: list[Device] = []
        self.history: collections.deque[str] = collections.deque(maxlen=40)

    # What the kinds of people have each for themselves.

    async def enter(self) -> None:
        """Go from what a launch shows to the form."""
        raise NotImplementedError

    async def is_saved(self) -> bool:
        """Return whether the page says that the server has everything."""
        raise NotImplementedError

    async def write(self) -> None:
        """Type something somewhere."""
        raise NotImplementedError

    async def hand_in(self) -> None:
        """Press the button of the form, and come back to it."""
        raise NotImplementedError

    async def press(self) -> None:
        """Press the button of the form without a network; the page has to say so."""
        raise NotImplementedError

    def stored(self) -> Items:
        """Return what the database holds."""
        raise NotImplementedError

    def kept(self) -> object:
        """Return what the server has, with when it came: for whoever looks for a fault."""
        return self.stored()

    # The life.

    async def live(self, seed: int, steps: int, end: float) -> None:
        """Take so many steps, or as many as fit into the time; then compare everything."""
        try:
            await self._live(seed, steps, end)
        except Lost as error:
            self.complain(str(error), "for good")

    async def _live(self, seed: int, steps: int, end: float) -> None:
        self.random = Random(f"{seed} {self.who}")
        await self.on(await self.new_device())
        taken = 0
        while taken < steps and time.monotonic() < end:
            taken += 1
            self.records.steps += 1
            (kind,) = self.random.choices(list(self.kinds), list(self.kinds.values()))
            self.note(f"{kind}, on {self.device.name}")
            await self.survive(getattr(self, kind))
        await self.finish()

    async def survive(self, step: Callable[[], Awaitable[object]]) -> None:
        """Take a step; a page that breaks off is opened again, as a person would."""
        try:
            await step()
        except AssertionError as error:
            self.complain(str(error), "while it was done")
        except (Error, Gone) as error:
            self.records.stumbles += 1
            self.note(f"broken off: {str(error).splitlines()[0][:100]}")
            # Nobody knows how far they came with it: the next page says.
            self.typed.pop(self.typing, None)
        else:
            return
        await self.device.context.set_offline(False)
        await self.open()

    async def finish(self) -> None:
        """Open each device that has something unsaved until it is saved; compare."""
        self.note("the end")
        for device in [self.device, *(d for d in self.devices if d is not self.device)]:
            if device.unsaved or device is self.device:
                self.current = device
                await self.survive(partial(self.on, device))
                await self.survive(self.be_patient)
        await self.settle()
        stored = self.stored()
        self.note(f"the server has: {self.kept()}")
        for item, fields in self.typed.items():
            self._compare(fields, stored.get(item, {}), "in the database")
        self.note("a new launch")
        for device in self.devices:
            await device.context.close()
        self.devices.clear()
        await self.on(await self.new_device())
        await self.device.context.close()

    async def settle(self) -> None:
        """Do what has to be done before the database is looked at."""

    # Steps.

    async def reload(self) -> None:
        self.records.reloads += 1
        how = self.random.choice(["the frame", "the page", "left by a link", "closed"])
        self.note(f"loads again: {how}")
        if how == "the frame":
            async with self.page.expect_event("framenavigated"):
                await self.frame.locator(self.form).evaluate("() => location.reload()")
            await self.arrive()
        elif how == "the page":
            await self.page.reload(wait_until="commit")
            await self.enter()
            await self.arrive()
        else:
            if how == "closed":
                await self.close(self.device)
            else:
                await self.page.goto(f"{self.servers.lms.url}/courses/2/", wait_until="commit")
            await self.open()

    async def disconnect(self) -> None:
        """Type without a network, and press the button perhaps; then go on, or go elsewhere."""
        self.records.disconnections += 1
        device = self.device
        await device.context.set_offline(True)
        for _ in range(self.random.randint(1, 3)):
            await self.write()
        if self.random.random() < 0.4:
            self.note("presses the button offline")
            await self.press()
            shown = await self.read()
            if any(shown[item] != self.typed.get(item) for item in shown if self.may_write(item)):
                self.complain("the page is not as it was", "after pressing offline")
        how = self.random.choice(["stay", "stay", "close", "leave"])
        self.note(f"offline, then: {how}")
        if how == "stay":
            await device.context.set_offline(False)
            await self.be_patient()
            return
        await self.close(device)
        await device.context.set_offline(False)
        if how == "close":
            await self.open()
        else:
            await self.change_device()

    async def change_device(self) -> None:
        """Go on at the other device: in a hurry, or once the page says that all is saved."""
        self.records.devices += 1
        if self.device.page is not None:
            if self.random.random() < 0.5:
                await self.be_patient()
            if self.random.random() < 0.5:
                await self.close(self.device)
            else:
                self.note(f"hides {self.device.name}")
                await self.show(self.device, "hidden")
        if len(self.devices) < 2:
            await self.on(await self.new_device())
        else:
            await self.on(next(d for d in self.devices if d is not self.device))

    async def be_patient(self) -> None:
        """Wait until the page says that all is saved, for as long as a server may be away."""
        await asyncio.sleep(self.pause)
        waiting = Patience(self.servers)
        while not await self.is_saved():
            if self.has_ended(self.device):
                raise Gone("its visit has ended")
            if waiting.is_over:
                self.note(f"the page knows: {await self.frame.locator(self.form).evaluate(KNOWN)}")
                self.note(f"the server has: {self.kept()}")
                self.complain("the page does not say that all is saved", "when all is well")
                return
            await asyncio.sleep(0.2)
        self.note("the page says: saved")
        self.device.unsaved.clear()

    # Devices and pages.

    @property
    def device(self) -> Device:
        """Return the device that the person is at."""
        return self.current

    @property
    def page(self) -> Page:
        if self.device.page is None:
            raise Gone("closed")
        return self.device.page

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("iframe[name=activity]")

    async def new_device(self) -> Device:
        context = await self.browser.new_context()
        context.set_default_timeout(TIMEOUT)
        context.on("response", self._count)
        device = Device(f"device {len(self.devices) + 1}", context)
        self.devices.append(device)
        return device

    async def on(self, device: Device) -> None:
        """Go to a device: its page shows up again, or is opened."""
        self.current = device
        if self.has_ended(device):
            await self.close(device)
        self.note(f"goes to {device.name}, {'shown' if device.page else 'opened'}")
        if device.page is None:
            await self.open()
        else:
            await self.show(device, "visible")
            await self.look("shown again")

    def has_ended(self, device: Device) -> bool:
        """Return whether the page is of before a restore: it keeps what is typed, and no more."""
        return device.page is not None and device.visits < self.servers.visits

    async def show(self, device: Device, state: str) -> None:
        if device.page is not None:
            form = device.page.frame_locator("iframe[name=activity]").locator(self.form)
            await form.evaluate(SHOW, state)

    async def close(self, device: Device) -> None:
        """Close the page as a person does: it may still send something."""
        self.note(f"closes {device.name}")
        page, device.page = device.page, None
        if page is not None:
            page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
            async with page.expect_event("close"):
                await page.close(run_before_unload=True)

    async def open(self) -> None:
        """Open the activity in this device's page, again and again where it does not open."""
        for _ in range(12):
            try:
                async with self.servers.door:
                    await self._open()
                await self.look("on the page")
            except (Error, Gone) as error:
                self.note(f"not opened: {str(error).splitlines()[0][:100]}")
                await asyncio.sleep(1)
            else:
                return
        raise Lost("the worksheet cannot be opened")

    async def _open(self) -> None:
        if self.device.page is None:
            self.device.page = await self.device.context.new_page()
            await sign_in(self.page, self.servers.lms.url, self.sub)
        has_ended = self.device.visits < self.servers.visits
        self.device.visits = self.servers.visits
        # Each page that is not there yet is waited for below.
        address = f"{self.servers.lms.url}/activities/{self.activity}/"
        await self.page.goto(address, wait_until="commit")
        await self.enter()
        await self.wait_for_page()
        if has_ended:
            await self.take_offers()

    async def take_offers(self) -> None:
        """Take what a page that closed has kept: it offers that, and asks whose it is."""

    async def arrive(self) -> None:
        """Wait for the page; compare what it shows."""
        await self.wait_for_page()
        await self.look("on the page")

    async def wait_for_page(self) -> None:
        await self.frame.locator(self.form).wait_for()
        await self.frame.locator(self.form).evaluate(LOADED)

    async def look(self, where: str) -> None:
        """Compare what the page shows with what was typed; what is saved elsewhere may be late."""
        late = set().union(*(d.unsaved for d in self.devices if d is not self.device))
        waiting = Patience(self.servers)
        while True:
            shown = await self.read()
            wrong = {i for i in shown if i in self.typed and not self.same(self.typed[i], shown[i])}
            if not wrong - late or waiting.is_over:
                break
            if self.has_ended(self.device):
                raise Gone("its visit has ended")
            await asyncio.sleep(0.3)
        self.note(f"looks {where}: {sorted(wrong - late)} wrong, {sorted(wrong & late)} late")
        if wrong - late:
            self.note(f"the page knows: {await self.frame.locator(self.form).evaluate(KNOWN)}")
            self.note(f"the server has: {self.kept()}")
        for item in shown.keys() - late:
            self.typed.setdefault(item, shown[item])
        for item in shown:
            if item not in self.typed or item in wrong & late:
                continue
            self._compare(self.typed[item], shown[item], f"{where} of {self.device.name}")
            # A fault is told once.
            self.typed[item] = shown[item]
            for device in self.devices:
                if device is not self.device:
                    device.unsaved.discard(item)

    async def read(self) -> Items:
        """Return what stands on the page, by item and field."""
        found: Items = await self.frame.locator(self.form).evaluate(READ)
        return found

    # Typing.

    def may_write(self, item: str) -> bool:
        """Return whether what the page shows of an item is the newest of it."""
        return not any(item in d.unsaved for d in self.devices if d is not self.device)

    async def type_into(self, item: str, box: Locator) -> None:
        """Type a burst of words, at the end or in the middle, and correct some of it perhaps."""
        self.typing = item
        text = " ".join(self.random.choices(WORDS, k=self.random.randint(1, 6)))
        text += self.random.choice([" ", "", "\n", "\n\n", "  "])
        before = await box.input_value()
        if len(before) > self.longest:
            await box.press("Control+a")
            await box.press("Delete")
            before = ""
        at = len(before)
        if self.random.random() < 0.25:
            at = self.random.randint(0, len(before))
        while unicodedata.combining(before[at : at + 1] or " "):
            at += 1  # no caret stands between a letter and its accent
        # The browser counts UTF-16.
        units = len(before[:at].encode("utf-16-le")) // 2
        await box.evaluate("(box, at) => { box.focus(); box.setSelectionRange(at, at); }", units)
        self.device.unsaved.add(item)
        await box.press_sequentially(text, delay=self.random.uniform(5, 60))
        self.records.keys += len(text)
        after = await box.input_value()
        wanted = before[:at] + text + before[at:]
        if after != wanted:
            self.records.add(self._fault(item, "while it was typed", wanted, after))
        if self.random.random() < 0.3:
            back = self.random.randint(1, 5)
            for _ in range(back):
                await box.press("Backspace")
            self.records.keys += back
        await self.stop(item)

    async def stop(self, item: str) -> None:
        """Remember what stands in an item now that the person has stopped."""
        self.device.unsaved.add(item)
        self.typed[item] = (await self.read())[item]
        self.typing = ""
        self.note(f"left {item} as {str(self.typed[item])[-60:]}")
        await asyncio.sleep(self.random.choice([0, 0.2, 0.8, 2, 4]))

    # Records.

    def note(self, words: str) -> None:
        self.history.append(f"{time.strftime('%H:%M:%S')} {words}")

    def complain(self, what: str, where: str) -> None:
        self.records.add(self._fault(what, where, "", ""))

    def _compare(self, typed: Fields, found: Fields, where: str) -> None:
        for name in sorted(typed | found):
            wanted, there = self.plain(typed.get(name, "")), self.plain(found.get(name, ""))
            self.records.compare(self._fault(name, where, wanted, there))

    def same(self, typed: Fields, found: Fields) -> bool:
        """Return whether both have the same in each field; '' is as good as none."""
        names = typed | found
        return all(self.plain(typed.get(n, "")) == self.plain(found.get(n, "")) for n in names)

    def plain(self, text: str) -> str:
        """Return a text as it is kept."""
        return text

    def _fault(self, name: str, where: str, typed: str, found: str) -> Fault:
        return Fault(self.who, where, name, typed, found, list(self.history))

    def _count(self, response: Response) -> None:
        if response.request.method == "POST" and response.ok:
            self.records.saves += "/answers/" in response.url or "/drafts/" in response.url


async def sign_in(page: Page, lms: str, sub: int) -> None:
    """Be the person of this number in the LMS."""
    await page.goto(f"{lms}/", wait_until="commit")
    await page.locator(f"button[name=person][value='{sub}']").first.click()
    await page.wait_for_url("**/courses/**", wait_until="commit")
