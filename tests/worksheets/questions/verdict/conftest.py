"""The kind of this folder among those of the product, for as long as a test of this folder runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.worksheets.questions.verdict import Verdict
from worksheets.models import worksheet
from worksheets.questions import KINDS
from worksheets.questions.kind import QuestionKind
from worksheets.rendering import skeleton

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def _with_verdicts(settings: Settings) -> Iterator[None]:
    """Register the kind above the one that takes every box, and let Django find its templates."""
    kinds = dict(KINDS)
    *others, last = kinds.values()
    _replace([*others, Verdict(), last])
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], TEMPLATES]}]
    yield
    _replace(kinds.values())


def _replace(kinds: Iterable[QuestionKind]) -> None:
    KINDS.clear()
    KINDS.update((kind.name, kind) for kind in kinds)
    # What was read and rendered with other kinds.
    worksheet._read.cache_clear()
    skeleton._skeleton.cache_clear()
