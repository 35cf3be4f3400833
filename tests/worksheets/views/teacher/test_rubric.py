"""The page that changes how a question is marked, and the lines in the forms of its answers."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from lti_tool.audit import TOOL
from tests.cast import Cast
from tests.reported import reported
from tests.worksheets.hidden import number_of, sign_of
from tests.worksheets.html import Page
from tests.worksheets.sheets import fresh, hand_in, marks_of, place
from worksheets import attempts
from worksheets.attempts import GivenMark, give_marks
from worksheets.attempts.rubrics import last_change, rubric_of
from worksheets.marking.rubric import digest
from worksheets.models import Assignment, Attempt, Mark, RubricChange

SOURCE = """# Causes

Explain.

??? 6 marks
rubric: level 2: names one cause
- level 4: explains it
- 1 mark for a date
"""


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast, SOURCE)


@pytest.fixture
def amina(cast: Cast, assignment: Assignment) -> Attempt:
    return hand_in(assignment, cast.amina, {"q1": "Because of the harvest."})


@pytest.fixture
def ben(cast: Cast, assignment: Assignment) -> Attempt:
    return hand_in(assignment, cast.ben, {"q1": "Because of the war."})


def get(cast: Cast, query: str = "", view: str = "rubric") -> Page:
    return Page(cast.ruth.client.get(cast.ruth.url(view, item="q1") + query))


def post(cast: Cast, posted: dict[str, Any], query: str = "", view: str = "rubric") -> Any:
    return cast.ruth.client.post(cast.ruth.url(view, item="q1") + query, posted)


def shown(assignment: Assignment) -> list[tuple[str, Decimal]]:
    lines = rubric_of(assignment, assignment.edition.sheet.question("q1"))
    return [(one.text, one.points) for one in lines]


class TestAnswers:
    """Without a script: lines are ticked, and make the mark where no number is typed."""

    def post(self, cast: Cast, work: Attempt, **posted: Any) -> Any:
        rubric = digest(rubric_of(work.assignment, work.assignment.edition.sheet.question("q1")))
        number = number_of(work)
        fields = {"attempt": number, f"read-{number}": sign_of(work), "rubric": rubric}
        return post(cast, fields | posted, view="mark-question")

    def test_lines_make_the_mark(self, cast: Cast, amina: Attempt) -> None:
        page = get(cast, view="mark-question")
        assert "explains it 4" in page.text
        assert "a date +1" in page.text
        assert self.post(cast, amina, line=["2", "3"], number="").status_code == 302
        row = Mark.objects.get(attempt=amina)
        assert row.points == 5
        assert [one["text"] for one in row.rubric] == ["explains it", "a date"]
        # Other lines make another mark, though the number that the page showed is posted again.
        seen = {f"seen-{number_of(amina)}": "5#2.3|"}
        assert self.post(cast, amina, line=["1"], number="5", **seen).status_code == 302
        assert marks_of(amina)["q1"] == 2
        # A number that was typed stands, and so does the line.
        seen = {f"seen-{number_of(amina)}": "2#1|"}
        assert self.post(cast, amina, line=["1"], number="3,5", **seen).status_code == 302
        row.refresh_from_db()
        assert (row.points, len(row.rubric)) == (Decimal("3.5"), 1)

    @pytest.mark.parametrize("lines", [["1", "2"], ["9"], ["0", "x", "-1"] * 40 + ["77"]])
    def test_lines_that_cannot_be_chosen(
        self, cast: Cast, amina: Attempt, lines: list[str]
    ) -> None:
        answer = self.post(cast, amina, line=lines, points="2")
        assert answer.status_code in {302, 409}
        assert not Mark.objects.filter(attempt=amina).exclude(rubric=[]).exists()

    def test_the_pupil_reads_them_after_the_release(self, cast: Cast, amina: Attempt) -> None:
        self.post(cast, amina, line=["2"])
        home = cast.amina.url("home")
        assert "explains it" not in cast.amina.client.get(home).content.decode()
        attempts.release(fresh(amina), by=TOOL)
        assert "explains it (+4)" in Page(cast.amina.client.get(home)).text


def test_a_line_is_added_while_marking(cast: Cast, assignment: Assignment, amina: Attempt) -> None:
    page = get(cast, view="mark-question")
    form = page.html.split('class="mark-lines"')[1].split("</form>")[0]
    hidden = dict(re.findall(r'type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', form))
    typed = {"line-new-text": "a <name>", "line-new-points": "0,5"}
    answer = post(cast, hidden | typed)
    assert answer["Location"].split("?")[0] == cast.ruth.url("mark-question", item="q1")
    assert shown(assignment)[-1] == ("a <name>", Decimal("0.5"))
    assert "Saved. No mark changes by it." in Page(cast.ruth.client.get(answer["Location"])).text
    # The same page once more: somebody has changed the lines since, so it is shown first.
    assert post(cast, hidden | typed).status_code == 409
    assert len(shown(assignment)) == 4


@reported("desk-07")
def test_a_change_says_first_whose_marks_change(
    cast: Cast, assignment: Assignment, amina: Attempt, ben: Attempt
) -> None:
    question = assignment.edition.sheet.question("q1")
    rubric = digest(rubric_of(assignment, question))
    for work, points in ((amina, "2"), (ben, "3")):
        given = GivenMark(work.pk, Decimal(points), lines=[1], rubric=rubric)
        give_marks(assignment, question, [given], cast.ruth.user)
    attempts.release(amina, by=TOOL)
    posted = get(cast).posted | {"line-1-points": "3"}
    preview = Page(post(cast, posted))
    assert "1 goes up 0 go down" in preview.text
    assert "1 pupil sees it at once" in preview.text
    assert "Amina Abdullahi: 2 → 3 · released" in preview.text
    assert "Ben Ashworth" not in preview.text  # hidden, as at the answers
    assert "3 → 3" in preview.text
    assert "Ben Ashworth: 3 → 3" in Page(post(cast, posted, "?names=1")).text
    assert [marks_of(amina)["q1"], shown(assignment)[0][1]] == [2, 2]
    # Confirmed, but something is another thing by then: shown anew.
    again = post(cast, posted | {"seen": "x"})
    assert again.status_code == 409
    answer = post(cast, {name: f.value for name, f in preview.fields.items() if name != "too"})
    assert answer.status_code == 302
    assert [marks_of(one)["q1"] for one in (amina, ben)] == [3, 3]
    assert "1 pupil sees it at once" in get(cast).text  # beside the way back
    change = last_change(assignment, question)
    assert change is not None
    # A pupil would see that at once too, so it is shown first.
    asked = Page(post(cast, {"undo": change.pk}))
    assert "0 go up 1 goes down" in asked.text
    assert "Amina Abdullahi: 3 → 2 · released" in asked.text
    assert [marks_of(one)["q1"] for one in (amina, ben)] == [3, 3]
    assert post(cast, {"undo": change.pk, "seen": "x"}).status_code == 409
    undone = post(cast, {name: field.value for name, field in asked.fields.items()})
    assert "as before" in Page(cast.ruth.client.get(undone["Location"])).text
    assert [marks_of(one)["q1"] for one in (amina, ben)] == [2, 3]
    undone = post(cast, {"undo": change.pk})
    assert "Not taken back" in Page(cast.ruth.client.get(undone["Location"])).text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"line-1-points": "7"}, "At most 6."),
        ({"line-1-points": "-1"}, "greater than or equal to 0"),
        ({"line-1-points": "2.,5"}, "Enter a number."),
        ({"line-1-points": "NaN"}, "Enter a number."),
        ({"line-1-text": " "}, "Write what earns these marks."),
        ({"line-new-text": "a date"}, "Enter the marks too."),
        ({"line-new-points": "1"}, "Write what earns these marks."),
        ({"line-1-text": "x" * 4001}, "at most 4000 characters"),
    ],
)
def test_what_is_no_line(
    cast: Cast, assignment: Assignment, typed: dict[str, str], says: str
) -> None:
    answer = post(cast, get(cast).posted | typed)
    assert answer.status_code == 422
    assert says in Page(answer).text
    assert not RubricChange.objects.exists()


def test_lines_change_and_go(cast: Cast, assignment: Assignment) -> None:
    posted = get(cast).posted
    assert "line-1-is_deleted" in posted
    posted = {name: text for name, text in posted.items() if not name.endswith("is_deleted")}
    posted |= {"line-3-is_deleted": "on", "line-2-text": "explains <it> & why"}
    assert post(cast, posted).status_code == 302
    assert shown(assignment) == [
        ("names one cause", Decimal(2)),
        ("explains <it> & why", Decimal(4)),
    ]


def test_pages_that_are_open_hear_of_it(cast: Cast, assignment: Assignment) -> None:
    question = assignment.edition.sheet.question("q1")
    url = cast.ruth.url("mark-question", item="q1")
    seen = digest(rubric_of(assignment, question))
    answer = cast.ruth.client.get(f"{url}?part=rubric&seen={seen}")
    assert (answer.status_code, answer.content) == (204, b"")
    posted = {"line-new-text": "b", "line-new-points": "1", "rubric": seen}
    post(cast, posted)
    answer = cast.ruth.client.get(f"{url}?part=rubric&seen={seen}")
    assert answer.content.decode() == digest(rubric_of(assignment, question))
