"""A part of a worksheet as a worksheet of its own: some of its gaps and questions. Pure.

What stands around them comes along: their paragraphs, list items and tables, the headings above,
the words of their banks, what asks a question and the material above it, and the footnotes that are
mentioned. Other gaps in these lines are filled with their right answer, as plain text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from .editing import CannotEdit, Kinds, set_keys
from .excerpt_text import Cutter, shown_answer
from .parser import parse
from .sheet import (
    BankBlock,
    Code,
    Formula,
    Gap,
    GapRef,
    InterpretationBlock,
    Question,
    QuestionBlock,
    Sheet,
    Text,
)


def together(sheet: Sheet, items: Collection[str]) -> frozenset[str]:
    """Return those of the keys that the sheet has, with the questions that the same boxes ask."""
    lines = {question.line for question in sheet.questions if question.key in items}
    asked = {question.key for question in sheet.questions if question.line in lines}
    return frozenset({gap.key for gap in sheet.gaps if gap.key in items} | asked)


def excerpt(source: str, items: Collection[str], title: str, kinds: Kinds) -> str:
    """Return a text with these gaps and questions alone, by their keys, under another title.

    Questions that one box asks stay together. Keys, marks, groups and banks are those of the
    source; a gap that is left alone in its group leaves it. Raise CannotEdit if the source has
    errors, none of the items, or cannot be cut so.
    """
    before = parse(source, kinds)
    wanted = together(before, items)
    if before.errors or not wanted:
        raise CannotEdit
    cutter = Cutter(source, before, wanted, kinds)
    # A list whose items cannot be told apart stays whole, and so does a bank.
    for trims, filters in ((True, True), (False, True), (False, False)):
        text = _without_lone_groups(cutter.text(title, trims=trims, filters=filters), kinds)
        after = parse(text, kinds)
        if _is_kept(cutter, after) and after.title == " ".join(title.split()):
            return text
    raise CannotEdit


def _without_lone_groups(text: str, kinds: Kinds) -> str:
    gaps = parse(text, kinds).gaps
    members = Counter(gap.group for gap in gaps)
    alone = [gap for gap in gaps if gap.group and members[gap.group] == 1]
    return set_keys(text, [(gap, replace(gap, group="")) for gap in alone], kinds)


def _is_kept(cutter: Cutter, after: Sheet) -> bool:
    """Return whether a sheet has what was wanted, and no problem that the source had not."""
    before = cutter.sheet
    codes = {problem.code for problem in after.problems}
    gaps = [gap for gap in before.gaps if gap.key in cutter.wanted]
    questions = [one for one in before.questions if one.key in cutter.wanted]
    answers = {gap.key: shown_answer(gap) for gap in before.gaps}
    for gap in gaps:
        answers.pop(gap.key)
    return (
        codes <= {problem.code for problem in before.problems}
        and list(map(_traits_of_gap, gaps)) == list(map(_traits_of_gap, after.gaps))
        and list(map(_traits_of_question, questions))
        == list(map(_traits_of_question, after.questions))
        and _words(cutter.shown, answers) == _words(after.blocks[1:], {})
    )


def _words(node: object, answers: Mapping[str, str]) -> str:
    """Return the letters of blocks, without '…' and white space; ``answers`` are for gaps."""
    return re.sub(r"[\s…]+", "", "".join(_texts(node, answers)))


def _texts(node: object, answers: Mapping[str, str]) -> Iterator[str]:
    match node:
        case Text() | Code():
            yield node.text
        case Formula():
            yield node.source
        case GapRef():
            yield answers.get(node.key, "\0")
        case BankBlock() | QuestionBlock():
            pass
        case InterpretationBlock():
            yield from (node.label, *node.order)
            yield from _texts(node.blocks, answers)
        case tuple() | list():
            for one in node:
                yield from _texts(one, answers)
        case _ if is_dataclass(node):
            for row in fields(node):
                yield from _texts(getattr(node, row.name), answers)


def _traits_of_gap(gap: Gap) -> Gap:
    """Return what of a gap is the same in another place, but for its group."""
    same = replace(gap, key="", number=0, part=0, group="", before="", after="")
    return replace(same, bank=0 if gap.bank is not None else None)


def _traits_of_question(question: Question[Any]) -> Question[Any]:
    return replace(question, key="", number=0, part=0, prompt="")
