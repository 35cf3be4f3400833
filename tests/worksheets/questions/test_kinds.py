"""What holds for every kind of question, and for the code that has no business knowing one."""

from __future__ import annotations

import re

import pytest

from tests import ROOT
from worksheets.questions import KINDS

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


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_complete(name: str) -> None:
    kind = KINDS[name]
    assert kind.name == name
    for page in ("fill", "result"):
        assert (ROOT / "templates" / "worksheets" / "questions" / name / f"{page}.html").exists()
    for script in kind.scripts:
        assert (ROOT / "worksheets" / "static" / script).exists()


def test_a_word_of_the_grammar_belongs_to_one_kind() -> None:
    words = [word.name for kind in KINDS.values() for word in (*kind.details, *kind.lines)]
    assert len(words) == len(set(words))
