"""Short ways to look at a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal

from worksheets.markup import (
    GapRef,
    InterpretationBlock,
    QuestionBlock,
    Sheet,
    Text,
)
from worksheets.questions import parse_sheet


def codes(source: str) -> list[str]:
    """The codes of a text's problems, in the order of the text."""
    return [problem.code for problem in parse_sheet(source).problems]


def where(source: str, code: str) -> tuple[int, int]:
    """The line and column of the one problem of that code."""
    (problem,) = [p for p in parse_sheet(source).problems if p.code == code]
    return problem.line, problem.column


def answers(source: str) -> list[list[str]]:
    """The accepted answers of each gap."""
    return [[answer.text for answer in gap.accepted] for gap in parse_sheet(source).gaps]


def shape(source: str) -> list[str]:
    """The names of the top-level blocks."""
    return [type(block).__name__ for block in parse_sheet(source).blocks]


def walk(value: object) -> Iterator[object]:
    """Every node below a value."""
    yield value
    if isinstance(value, tuple):
        for child in value:
            yield from walk(child)
    elif is_dataclass(value):
        for row in fields(value):
            yield from walk(getattr(value, row.name))


def gap_keys(value: object) -> list[str]:
    return [node.key for node in walk(value) if isinstance(node, GapRef)]


def question_keys(sheet: Sheet) -> list[str]:
    """The keys of the questions that have a place in the blocks, in order."""
    keys: list[str] = []
    for node in walk(sheet.blocks):
        if isinstance(node, QuestionBlock):
            keys.append(node.key)
        elif isinstance(node, InterpretationBlock):
            keys.extend(node.questions)
    return keys


def shown(value: object) -> str:
    """All the text below a value, joined."""
    return " ".join(node.text for node in walk(value) if isinstance(node, Text))


def weights(source: str) -> list[Decimal]:
    return [answer.weight for gap in parse_sheet(source).gaps for answer in gap.accepted]
