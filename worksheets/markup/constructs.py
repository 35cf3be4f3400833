"""The constructs that a teacher can have written into a text at one press. Pure.

What stands in braces is a word in the teacher's language, or ``n`` for a number that is still free.
What stands between « and » is selected afterwards, and gives way to what was selected before.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """The place of a construct: in a line, on lines of its own, at the very top of the text."""

    INLINE = "inline"
    BLOCK = "block"
    TOP = "top"


@dataclass(frozen=True, slots=True)
class Construct:
    """A construct as it is written; ``below`` stands below the paragraph that it is in.

    With ``each``, several lines that are selected become as many of its items.
    """

    name: str
    text: str
    place: Place = Place.BLOCK
    each: str = ""
    below: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    constructs: tuple[Construct, ...]


_INLINE = Place.INLINE

GROUPS = (
    Group(
        "gaps",
        (
            Construct("gap", "___«{answer}»___", _INLINE),
            Construct("blank", "«»______", _INLINE),
            Construct("answers", "___«{answer}» | {another}___", _INLINE),
            Construct("wrong", "___«{answer}» | !{mistake}: {note}___", _INLINE),
            Construct("partly", "___«{answer}» | 50%: {another}___", _INLINE),
            Construct("number", "___#«1936» ±1___", _INLINE),
            Construct("pattern", "___~«{beginning}»*___", _INLINE),
            Construct("any-order", "___&{name}: «{answer}»___, ___&{name}: {another}___", _INLINE),
        ),
    ),
    Group(
        "banks",
        (
            Construct("bank", "[[ «{word}» | {another} ]]"),
            Construct("bank-once", "[[ each word once: «{word}» | {another} ]]"),
            Construct("bank-all", "[[ * | «{distractor}» ]]"),
        ),
    ),
    Group(
        "questions",
        (
            Construct("box", "??? «4» marks"),
            Construct("words", "??? 6 marks, «40»-120 words"),
            Construct("model", "??? 4 marks\nmodel: «{model}»\nrubric: {rubric}"),
            Construct("options", "(a) «{option}»\n(b) {another}\n\n??? 4 marks", each="(a) "),
            Construct(
                "choose-one",
                "(a) «{option}»\n(b) {another}\n\n??? choose one, 1 mark\ncorrect: a",
                each="(a) ",
            ),
            Construct(
                "choose-several",
                "(a) «{option}»\n(b) {another}\n(c) {another}\n\n"
                "??? choose several, 2 marks\ncorrect: a, c",
            ),
            Construct(
                "true-false",
                "1. «{statement}»\n2. {another}\n\n??? true or false, 2 marks\ntrue: 1",
                each="1. ",
            ),
            Construct(
                "matching",
                "1. «{first}»\n2. {second}\n\n(a) {another}\n(b) {another}\n\n"
                "??? match, 2 marks\npairs: 1b, 2a",
            ),
            Construct("to-read", "(a) «{option}»\n(b) {another}", each="(a) "),
            Construct(
                "ranking",
                "??? 3 marks\nrank: «{first}» | {second} | {third}\n"
                "right: {second} > {first} > {third}\nbecause: 2 marks",
            ),
            Construct("interpretation", "A. «{first}» > {second}\n{text}"),
            Construct("complete", "A. «{first}» > {second}\n??? 6 marks"),
            Construct(
                "which",
                "A. «{first}» > {second}\n{text}\n\nB. {second} > {first}\n{text}\n\n"
                "??? which, 6 marks",
            ),
        ),
    ),
    Group(
        "text",
        (
            Construct("title", "# «{title}»"),
            Construct("part", "## «{part}»"),
            Construct("smaller", "### «{heading}»"),
            Construct("strong", "**«{word}»**", _INLINE),
            Construct("weak", "*«{word}»*", _INLINE),
            Construct("new-line", "«»\\\n", _INLINE),
            Construct("bullets", "- «{item}»\n- {another}", each="- "),
            Construct("numbers", "1. «{item}»\n2. {another}", each="1. "),
            Construct("quotation", "> «{text}»", each="> "),
            Construct("table", "| «{head}» | {head} |\n| --- | --- |\n| {text} | {text} |"),
            Construct("footnote", "«»[^{n}]", _INLINE, below="[^{n}]: {note}"),
            Construct("formula", "\\(«x^2»\\)", _INLINE),
            Construct("link", "[«{word}»](https://example.org)", _INLINE),
            Construct("code", "`«{word}»`", _INLINE),
            Construct("rule", "«»---"),
            Construct(
                "settings",
                "---\nspelling: «forgiven»\ncapitals: free\naccents: count\n---",
                Place.TOP,
            ),
        ),
    ),
)

CONSTRUCTS = {row.name: row for group in GROUPS for row in group.constructs}
