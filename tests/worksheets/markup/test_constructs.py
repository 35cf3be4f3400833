"""What the editor's bar writes is read as what it is called, wherever it is written."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests import ROOT
from worksheets.markup import (
    BankBlock,
    Code,
    Emphasis,
    Formula,
    Heading,
    InterpretationBlock,
    LineBreak,
    Link,
    Mode,
    NumberedList,
    OptionsBlock,
    Paragraph,
    Question,
    Quotation,
    Sheet,
    Strong,
    Table,
)
from worksheets.markup.constructs import CONSTRUCTS, GROUPS, Place
from worksheets.markup.sheet import BulletList, HorizontalRule
from worksheets.questions import parse_sheet
from worksheets.wording.constructs import in_words

# A gap is served by a bank, and needs one of its answers there: what is inserted next.
MAY_BE_WRONG = {"answer-not-in-bank", "gap-without-key", "bank-without-gaps", "unused-bank"}


def only(sheet: Sheet) -> object:
    """The one block of a sheet; of a paragraph what is in it."""
    (block,) = sheet.blocks
    if not isinstance(block, Paragraph):
        return block
    return next((node for node in block.children if not hasattr(node, "text")), block.children[0])


def question(sheet: Sheet) -> Question[object]:
    (found,) = sheet.questions
    return found


IS: dict[str, Callable[[Sheet], bool]] = {
    "gap": lambda s: len(s.gaps[0].accepted) == 1,
    "blank": lambda s: not s.gaps[0].accepted,
    "answers": lambda s: len(s.gaps[0].accepted) == 2,
    "wrong": lambda s: bool(s.gaps[0].anticipated[0].feedback),
    "partly": lambda s: s.gaps[0].accepted[1].weight < 1,
    "number": lambda s: s.gaps[0].mode is Mode.NUMBER and s.gaps[0].tolerance == 1,
    "pattern": lambda s: s.gaps[0].mode is Mode.PATTERN,
    "any-order": lambda s: len(s.gaps) == 2 and s.gaps[0].group == s.gaps[1].group != "",
    "bank": lambda s: isinstance(only(s), BankBlock) and len(s.banks[0].words) == 2,
    "bank-once": lambda s: s.banks[0].each_once,
    "bank-all": lambda s: isinstance(only(s), BankBlock),
    "box": lambda s: question(s).marks == 4,
    "words": lambda s: (question(s).words_min, question(s).words_max) == (40, 120),
    "model": lambda s: bool(question(s).model and question(s).rubric),
    "options": lambda s: question(s).kind == "options",
    "choose-one": lambda s: question(s).kind == "choice",
    "choose-several": lambda s: question(s).kind == "choice" and question(s).marks == 2,
    "true-false": lambda s: question(s).kind == "statements",
    "matching": lambda s: question(s).kind == "matching",
    "to-read": lambda s: isinstance(only(s), OptionsBlock),
    "ranking": lambda s: [q.kind for q in s.questions] == ["ranking", "written"],
    "interpretation": lambda s: isinstance(only(s), InterpretationBlock) and not s.questions,
    "complete": lambda s: question(s).kind == "complete",
    "which": lambda s: question(s).kind == "convincing",
    "title": lambda s: isinstance(only(s), Heading) and s.title == "The title",
    "part": lambda s: len(s.parts) == 2,
    "smaller": lambda s: isinstance(block := only(s), Heading) and block.level == 3,
    "strong": lambda s: isinstance(only(s), Strong),
    "weak": lambda s: isinstance(only(s), Emphasis),
    "new-line": lambda s: isinstance(only(s), LineBreak),
    "bullets": lambda s: isinstance(block := only(s), BulletList) and len(block.items) == 2,
    "numbers": lambda s: isinstance(block := only(s), NumberedList) and len(block.items) == 2,
    "quotation": lambda s: isinstance(only(s), Quotation),
    "table": lambda s: isinstance(only(s), Table),
    "footnote": lambda s: len(s.footnotes) == 1,
    "formula": lambda s: isinstance(only(s), Formula),
    "link": lambda s: isinstance(only(s), Link),
    "code": lambda s: isinstance(only(s), Code),
    "rule": lambda s: isinstance(only(s), HorizontalRule),
    "settings": lambda s: not s.blocks,
}


def written(name: str) -> str:
    """A construct as it is written into an empty text."""
    row = CONSTRUCTS[name]
    text = re.sub("[«»]", "", in_words(row.text))
    if name == "new-line":
        text = f"Above{text}Below"
    if row.below:
        text = f"A word{text}\n\n{in_words(row.below)}"
    return text.replace("{n}", "1")


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_a_construct_is_read_as_what_it_is_called(name: str) -> None:
    sheet = parse_sheet(f"{written(name)}\n")
    assert IS[name](sheet)
    assert {problem.code for problem in sheet.problems} <= MAY_BE_WRONG


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_it_leaves_what_stands_around_it_as_it_was(name: str) -> None:
    above, below = "Some words before ___it___.\n", "And a ___gap___ after it.\n"
    alone = parse_sheet(f"{above}\n{below}")
    if CONSTRUCTS[name].place is Place.TOP:
        source = f"{written(name)}\n{above}\n{below}"
    else:
        source = f"{above}\n{written(name)}\n\n{below}"
    sheet = parse_sheet(source)
    texts = [gap.accepted[0].text for gap in sheet.gaps if gap.accepted]
    assert [texts[0], texts[-1]] == [gap.accepted[0].text for gap in alone.gaps]
    assert {problem.code for problem in sheet.problems} <= MAY_BE_WRONG


def test_each_part_of_the_page_about_formatting_has_its_constructs() -> None:
    page = (ROOT / "docs" / "markup.md").read_text(encoding="utf-8")
    page = re.sub(r"^```worksheet$.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
    parts = set(re.findall(r"^## (.+)$", page, re.MULTILINE))
    covered = {
        *("Gaps", "Word banks", "Answer boxes", "Options", "Interpretations", "Rankings", "Text"),
        *("Choices", "True or false", "Matching", "Settings of the sheet"),
    }
    others = {"A whole worksheet, small", "Where marks collide", "Limits", "Problems", "From paper"}
    assert parts == covered | others, "what the bar does not write yet"


def test_each_construct_has_one_stretch_to_select() -> None:
    for group in GROUPS:
        for row in group.constructs:
            assert (row.text.count("«"), row.text.count("»")) == (1, 1), row.name
