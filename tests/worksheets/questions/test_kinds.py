"""What holds for every kind of question, and for the code that has no business knowing one."""

from __future__ import annotations

import re

import pytest

from tests import ROOT
from tests.worksheets.sheets import no_picture
from worksheets.markup import Message
from worksheets.questions import BLANK, KINDS, parse_sheet, read_answers, saved_fields
from worksheets.rendering import render_sheet
from worksheets.rendering.filling import Filling
from worksheets.rendering.results import TO_TEACHER, Results

# 'question.kind == …', '… in (q.kind', 'match question.kind'; not the chunks of a paper.
ASKED = re.compile(
    r"\b(?:question|q|item|asked)\.kind\s*(?:==|!=|\bis\b|\bin\b|\bnot\b)"
    r"|(?:==|!=|\bis|\bin)\s*\(?(?:question|q|item|asked)\.kind\b"
    r"|match (?:question|q|item|asked)\.kind\b"
)
KNOW_KINDS = ("worksheets/questions/", "worksheets/markup/")


def test_nobody_else_asks_which_kind_a_question_is() -> None:
    files = [*(ROOT / "worksheets").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
    names = {path: path.relative_to(ROOT).as_posix() for path in files}
    asking = [
        name
        for path, name in names.items()
        if not name.startswith(KNOW_KINDS) and ASKED.search(path.read_text(encoding="utf-8"))
    ]
    assert asking == []


@pytest.mark.parametrize(
    "text",
    [
        'if question.kind == "ranking":',
        '{% if question.kind == "options" %}',
        'return q.kind in ("written", "complete")',
        'if "written" == question.kind',
        "match question.kind:",
    ],
)
def test_whoever_asks_is_found(text: str) -> None:
    assert ASKED.search(text)


# A sheet with one question of each kind, and an answer that is complete.
EXAMPLES = {
    "written": ("Why?\n\n???", {"q1": "So."}),
    "options": ("Which?\n\n(a) x\n(b) y\n\n???", {"q1-choice": "a", "q1": "So."}),
    "complete": ("A. x > y\n???", {"q1": "So."}),
    "convincing": ("A. x > y\ntext\n\n??? which", {"q1-choice": "A", "q1": "So."}),
    "choice": (
        "Which?\n\n(a) x\n(b) y\n\n??? choose several",
        {"q1-a": "", "q1-b": "b"},
    ),
    "statements": ("1. x\n2. y\n??? true or false", {"q1-1": "true", "q1-2": "false"}),
    "matching": ("1. x\n2. y\n\n(a) v\n(b) w\n??? match", {"q1-1": "b", "q1-2": "a"}),
    "ranking": ("???\nrank: A | B", {"q1-1": "2", "q1-2": "1"}),
}


def test_every_kind_has_an_example() -> None:
    assert EXAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_kind_keeps_the_rules(name: str) -> None:
    """Those of docs/layout.md that the rest of the product counts on."""
    source, posted = EXAMPLES[name]
    sheet, kind = parse_sheet(source), KINDS[name]
    (question,) = sheet.questions
    assert (question.kind, kind.name) == (name, name)
    read = read_answers(sheet, posted)
    answer = read.accepted["q1"]
    assert answer.value["v"] == 1
    assert answer.text
    assert saved_fields(sheet, read.accepted) == posted
    assert read.blank == frozenset()
    assert kind.missing(question, answer) is None
    assert kind.is_blank(BLANK)
    errors = {"q1": Message("A SIGN OF ERROR.")}
    page = render_sheet(sheet, Filling(sheet, read.accepted, errors, no_picture).widgets)
    assert page.count('data-item="q1"') == page.count('id="question-q1"') == 1
    assert page.count("A SIGN OF ERROR.") == page.count('class="question') == 1
    assert set(re.findall(r'name="([^"]+)"', page)) == posted.keys()
    result = render_sheet(sheet, Results(sheet, read.accepted, {}, TO_TEACHER, no_picture).widgets)
    assert result.count('id="question-q1"') == 1
    for script in kind.scripts:
        assert (ROOT / "worksheets" / "static" / script).exists()


def test_a_word_of_the_grammar_belongs_to_one_kind() -> None:
    words = [word.name for kind in KINDS.values() for word in (*kind.details, *kind.lines)]
    assert len(words) == len(set(words))
