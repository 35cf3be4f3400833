"""Thirty pupils' varied answers to the sample, and a teacher who marks them by real key events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, expect

from tests.cast import PUPIL, Cast, make_someone
from tests.worksheets.sheets import assignment_at, hand_in
from tests.worksheets.static.served import Served
from worksheets import authoring
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import Assignment, Attempt, Mark

BLANK = 2  # of the thirty, at each question: they have their 0 when they are submitted
# What they write, and the mark that it is worth to the teacher of these tests.
KINDS: tuple[tuple[int, str], ...] = (
    (6, "The confessions were forced, the hall was chosen so that all could watch, and {n} dates."),
    (5, "It was staged: everybody could watch it, as in source {n}, and nobody had slept."),
    (4, "Because he wanted support for the plans that he had made already, and {n} more reasons."),
    (3, "He needed somebody to blame for accident number {n}."),
    (3, "Half of it is true I think, because of {n}"),
    (2, "becuase stalin was affraid of {n} peple"),
    (1, "Stalin was bad. {n}"),
    (0, "I do not know number {n}, sorry."),
    (0, "idk"),
    (0, "idk"),
    (5, "Das Verfahren war inszeniert, weil die Geständnisse erzwungen waren ({n})."),
    (4, "Процесс был показательным: признания получили силой, {n} человек."),
    (3, "كانت المحاكمة علنية لكي يراها الجميع {n}"),
    (4, "審判是公開的,讓所有人都能看到。{n}"),
    (6, "So everybody could see it, and be afraid of what came next in year {n}. " * 60),
    (1, "<b>History</b> & ___gaps___ {n} 🙂"),
)
CHOICES = {"q1": "ab", "q4": "ABC"}
COMMENTS = ("Evidence?", "Which date?", "Well argued.")
COMMENTED = 10  # answers of each question


@dataclass
class Counted:
    """What it took."""

    keys: int = 0
    clicks: int = 0
    loads: int = 0
    marks: int = 0  # by the teacher
    comments: int = 0
    waits: list[float] = field(default_factory=list)  # milliseconds from a mark's key to the next

    def __str__(self) -> str:
        waits = sorted(self.waits) or [0.0]
        return (
            f"{self.marks} marks and {self.comments} comments: {self.keys} keys,"
            f" {self.clicks} clicks, {self.loads} pages; between marks"
            f" {waits[len(waits) // 2]:.0f} ms, at most {waits[-1]:.0f} ms"
        )


def place_class(cast: Cast, pupils: int = 30) -> Assignment:
    """The sample, and the work of a class."""
    edition = authoring.publish(authoring.create_sample(cast.ruth.user))
    assigning.assign(cast.course.link, edition, AssignmentRules(), by=cast_actor())
    assignment = assignment_at(cast.course.link)
    questions = [question.key for question in assignment.edition.sheet.to_mark]
    for n in range(pupils):
        someone = make_someone(cast.course, f"30{n}", f"Pupil N{n}", PUPIL)
        fields = {key: _text(n, place) for place, key in enumerate(questions)}
        fields |= {
            f"{key}-choice": labels[n % len(labels)]
            for key, labels in CHOICES.items()
            if fields[key]
        }
        hand_in(assignment, someone, fields)
    return assignment


def cast_actor() -> Any:
    from lti_tool.audit import TOOL

    return TOOL


def _text(n: int, place: int) -> str:
    at = n + 7 * place
    if at % 30 < BLANK:
        return ""
    return KINDS[at % len(KINDS)][1].format(n=1900 + n + place)


def worth(text: str) -> int:
    """Return the mark that the teacher gives for a text."""
    start = text.strip()[:12]
    return next(mark for mark, kind in KINDS if kind[:12] == start)


class Marker:
    """A teacher who reads each answer that is active, and presses keys."""

    def __init__(self, served: Served, assignment: Assignment) -> None:
        self.page: Page = served.page
        self.served = served
        self.assignment = assignment
        self.counted = Counted()
        self.page.add_init_script(_COUNTING)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def gather(self) -> None:
        """Add what the page has counted, before it is left."""
        found = self.page.evaluate("({...window.counted})")
        self.counted.keys += found["keys"]
        self.counted.clicks += found["clicks"]
        self.counted.waits += found["waits"]
        self.counted.loads += 1

    def finish(self) -> Counted:
        rows = Mark.objects.filter(source=Mark.Source.TEACHER, attempt__assignment=self.assignment)
        self.counted.marks = rows.count()
        self.counted.comments = rows.exclude(comment="").count()
        return self.counted

    def mark_by_question(self) -> Counted:
        """Mark all of it, question by question."""
        keys = [question.key for question in self.assignment.edition.sheet.to_mark]
        self.served.open("mark-question", item=keys[0])
        for place, key in enumerate(keys):
            self.page.wait_for_url(f"**/{key}/*")
            self.page.locator(".scripted").wait_for()
            self._mark_question(is_first=place == 0)
            if key != keys[-1]:
                self.gather()
                self.page.locator("#end").get_by_role("link", name="Next question").click()
        self.gather()
        return self.finish()

    def _mark_question(self, *, is_first: bool) -> None:
        active = self.page.locator(".answer.active")
        commented, maximum = (
            0,
            int(self.page.locator("#mark-desk").get_attribute("data-maximum") or 0),
        )
        while self.page.locator(".answer:not(.marked)").count():
            points = min(worth(active.locator(".answer-text").inner_text()), maximum)
            if commented < COMMENTED and not active.locator("[data-alike]").count():
                if is_first and commented < len(COMMENTS):
                    self.press("c")
                    self.type(COMMENTS[commented])
                    self.press("Control+Enter")
                else:
                    self.press("adf"[commented % len(COMMENTS)])
                commented += 1
            if active.locator("[data-alike]").count():
                self.press(str(points))  # opens them: they are looked at first
            self.press(str(points))
        expect(self.page.locator("[data-kept]")).to_have_text("")

    def mark_pupil_by_pupil(self) -> Counted:
        """Mark all of it on the pages of single pupils, as quickly as their keys allow."""
        questions = [question.key for question in self.assignment.edition.sheet.to_mark]
        works = list(Attempt.objects.filter(assignment=self.assignment).order_by("pk"))
        given = 0
        self.served.open("attempt", number=works[0].pk)
        for _ in works:
            self.page.locator("form.marking").wait_for()
            number = int(self.page.url.partition("/class/")[2].partition("/")[0])
            texts = {row.item: row.text for row in _answers(number)}
            for place, key in enumerate(questions):
                self._to(f"{key}-points")
                text = texts.get(key, "")
                maximum = int(self.assignment.edition.sheet.question(key).marks or 0)
                self.press(str(min(worth(text), maximum) if text else 0))
                if text and given < COMMENTED * len(questions) and place < 2:
                    self._to(f"{key}-comment")
                    self.type(COMMENTS[given % len(COMMENTS)])
                    given += 1
            self.gather()
            self.page.get_by_role("button", name="Save and next pupil").click()
            self.page.wait_for_url(lambda url, n=number: f"/{n}/" not in url)  # type: ignore[misc]
        return self.finish()

    def _to(self, name: str) -> None:
        """Go on to a field by Tab, as somebody does without a mouse."""
        for _ in range(60):
            if self.page.evaluate("document.activeElement?.name ?? ''") == name:
                return
            self.press("Tab")
        raise AssertionError(name)


def _answers(number: int) -> Any:
    from worksheets.models import Answer

    return Answer.objects.filter(attempt=number)


# Real events as the page gets them; a mark's key, until the next frame has been painted.
_COUNTING = """
window.counted = { keys: 0, clicks: 0, waits: [] };
addEventListener("keydown", (event) => {
  if (!event.isTrusted || ["Control", "Shift"].includes(event.key)) return;
  window.counted.keys += 1;
  if (!/^[0-9]$/.test(event.key)) return;
  const began = performance.now();
  requestAnimationFrame(() => setTimeout(() => {
    window.counted.waits.push(performance.now() - began);
  }));
}, { capture: true });
addEventListener("click", (event) => {
  if (event.isTrusted && event.detail) window.counted.clicks += 1;
}, { capture: true });
"""
