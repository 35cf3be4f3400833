"""``make soak``: thirty pupils and two teachers type while network and server fail.

    python -m tests.soak [--browsers 30] [--minutes 10] [--steps …] [--seed …] [--restores]

All that they do is drawn from one seed, which is printed; when it happens is the machine's affair.
The exit status is 1 if a character is missing, or if one is there that nobody typed.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, async_playwright

from tests.chromium import ARGUMENTS, find_chromium
from tests.scheduling import install
from tests.soak.people import Person, sign_in
from tests.soak.pupils import Pupil
from tests.soak.records import Records
from tests.soak.servers import MARKED, PLACED, WRITTEN, Servers
from tests.soak.teachers import Marker, Writer

# One process for a page with its frame, where each site would have its own.
FEW_PROCESSES = [
    "--disable-site-isolation-trials",
    "--disable-features=IsolateOrigins,site-per-process,SpareRendererForSitePerProcess",
]
# Their numbers in the LMS.
TEACHER, FIRST_PUPIL, MAX_PUPILS = 10, 101, 30


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--browsers", type=int, default=30, help="pupils, each with their own")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--steps", type=int, help="of each person, however long they take")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--restores", action="store_true", help="restore from a backup at times")
    options = parser.parse_args()
    sys.stdout.write(f"SEED={options.seed}\n")
    install(["browser"])
    records = Records()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        servers = Servers(Path(folder), restores=options.restores)
        with servers.serving():
            asyncio.run(run(options, servers, records))
    sys.stdout.write(records.table(min(options.browsers, MAX_PUPILS), teachers=2) + "\n")
    return 1 if records.faults else 0


async def run(options: argparse.Namespace, servers: Servers, records: Records) -> None:
    """Let everybody live until they have compared everything; disturb the tool meanwhile."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium() or None, args=[*ARGUMENTS, *FEW_PROCESSES]
        )
        people = list(everybody(options.browsers, browser, servers, records))
        await submit_work(browser, servers.lms.url)
        chance = random.Random(f"{options.seed} servers")
        disturbing = asyncio.create_task(servers.disturb(chance, records, len(people)))
        steps = options.steps or 10**9
        end = math.inf if options.steps else time.monotonic() + options.minutes * 60
        lives = asyncio.gather(*(person.live(options.seed, steps, end) for person in people))
        both: list[asyncio.Future[Any]] = [lives, disturbing]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if disturbing.done():
            disturbing.result()  # the tool could not be started again: nothing can be said
        await lives
        servers.is_over = True
        await disturbing
        await browser.close()


def everybody(
    browsers: int, browser: Browser, servers: Servers, records: Records
) -> Iterator[Person]:
    """Yield the pupils of the course, as many as there are browsers, and two teachers."""
    for sub in range(FIRST_PUPIL, FIRST_PUPIL + min(browsers, MAX_PUPILS)):
        yield Pupil(f"pupil {sub}", sub, PLACED, browser, servers, records)
    yield Marker("teacher who marks", TEACHER, MARKED, browser, servers, records)
    yield Writer("teacher who writes", TEACHER, WRITTEN, browser, servers, records)


async def submit_work(browser: Browser, lms: str) -> None:
    """Let a pupil submit an answer at the activity where the teacher marks."""
    async with await browser.new_context() as context:
        page = await context.new_page()
        await sign_in(page, lms, FIRST_PUPIL)
        await page.goto(f"{lms}/activities/{MARKED}/")
        frame = page.frame_locator("iframe[name=activity]")
        await frame.locator("textarea#q2").fill("To be marked.")
        await frame.get_by_role("button", name="Check and submit").press("Enter")
        await frame.get_by_role("button", name="Submit anyway").press("Enter")
        await frame.get_by_role("heading", name="Submitted").wait_for()


if __name__ == "__main__":
    raise SystemExit(main())
