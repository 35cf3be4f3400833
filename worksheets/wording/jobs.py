"""The words for a kind of job on the pages, and the pages that it leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Destination:
    """A page by its name, with a notice there, '' for none; ``values`` are of the address or it."""

    page: str
    notice: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def _no_page(_values: Mapping[str, Any]) -> None:
    return None


def _no_line(_count: int, _seconds: int) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class JobPages:
    """The words and pages that a kind of job brings.

    ``back`` is the page where its result belongs, ``result`` what has come of a job that is done,
    by its result; ``settings`` the page on which it was asked for, by its arguments, if any.
    ``line`` says how many others come before it, and about how many seconds that takes.
    """

    heading: Promise
    step: Promise
    safe: Promise
    done: Promise
    open_result: Promise
    cancelled: Promise
    back: str
    back_words: Promise
    result: Callable[[Mapping[str, Any]], Destination]
    settings: Callable[[Mapping[str, Any]], Destination | None] = _no_page
    line: Callable[[int, int], str] = _no_line
