"""A sheet to fill in, made of what everyone sees alike and of a few places that differ.

An edition never changes and a whole class opens it, so what is alike is rendered once a
process and language. Only what a pupil has touched is rendered for that pupil.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cachetools import LRUCache, cached
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from worksheets.markup import Message, Question, Sheet
from worksheets.models import Edition, Mark
from worksheets.models.worksheet import read_sheet
from worksheets.questions import ItemAnswer
from worksheets.rendering.document import PictureFile, Pictures, Widgets, render_sheet
from worksheets.rendering.filling import Filling
from worksheets.rendering.results import Results, ShownMark

_SIGN = "\x1f"  # never in a sheet's text: the parser leaves no control characters
_PARTS = ("", "-width", "-height")  # the places of one picture


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """A sheet in pieces: HTML, a place, HTML, a place … HTML.

    ``blank`` is what stands in a place that nobody touched, ``pictures`` the name of the
    picture in a place that wants its address, beside places for its size.
    """

    pieces: tuple[str, ...]
    blank: Mapping[str, str]
    pictures: Mapping[str, str]
    source: str

    @property
    def size(self) -> int:
        """Return the bytes of memory that it takes, with the text by which it is found."""
        return sum(map(sys.getsizeof, (*self.pieces, *self.blank.values(), self.source)))


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A question that a teacher has opened alone, its number on the sheet, and the comment."""

    question: Question[Any]
    number: int
    comment: str


@dataclass(frozen=True, slots=True)
class Reopened:
    """The differences in a sheet that was submitted before and is open again.

    ``fixed`` are the keys of the items that stay as they were submitted, with their ``marks``, by
    key, shown as far as ``shown`` says. ``comments`` are the teacher's about the other answers.
    ``again`` are the questions that a teacher has opened alone, in the order of the sheet, each
    with its number there and what the teacher said of it.
    """

    fixed: Collection[str]
    marks: Mapping[str, Mark]
    comments: Mapping[str, str]
    shown: ShownMark
    again: Sequence[AskedAgain] = ()


def fill_in(
    edition: Edition,
    answers: Mapping[str, ItemAnswer],
    errors: Mapping[str, Message],
    pictures: Pictures,
    reopened: Reopened | None = None,
) -> SafeString:
    """Return the edition as ``render_sheet`` renders it with the widgets of ``Filling``.

    Its title is the page's.
    """
    language = get_language() or ""
    # With DEBUG a template may have changed since the last page.
    make = _skeleton.__wrapped__ if settings.DEBUG else _skeleton
    skeleton = make(edition.source, language, frozenset())
    files = {name: pictures(name) for name in skeleton.pictures.values()}
    if missing := frozenset(name for name, file in files.items() if file is None):
        skeleton = make(edition.source, language, missing)
    places = {
        **skeleton.blank,
        **dict(_picture_places(skeleton, files)),
        **dict(_touched(edition.sheet, answers, errors, reopened)),
    }
    pieces = list(skeleton.pieces)
    pieces[1::2] = [places[place] for place in pieces[1::2]]
    return mark_safe("".join(pieces))  # noqa: S308


def _picture_places(
    skeleton: _Skeleton, files: Mapping[str, PictureFile | None]
) -> Iterator[tuple[str, str]]:
    for place, name in skeleton.pictures.items():
        if file := files[name]:
            parts = (file.url, file.width, file.height)
            yield from (
                (place + end, escape(part)) for end, part in zip(_PARTS, parts, strict=True)
            )


def _touched(
    sheet: Sheet,
    answers: Mapping[str, ItemAnswer],
    errors: Mapping[str, Message],
    reopened: Reopened | None,
) -> Iterator[tuple[str, str]]:
    comments = reopened.comments if reopened else {}
    if touched := answers.keys() | errors.keys() | comments.keys():
        widgets = Filling(sheet, answers, errors, _no_picture, comments).widgets
        yield from ((gap.key, widgets.gap(gap.key)) for gap in sheet.gaps if gap.key in touched)
        yield from ((q.key, widgets.question(q.key)) for q in sheet.questions if q.key in touched)
    if reopened and (keys := reopened.fixed):
        fixed = Results(sheet, answers, reopened.marks, reopened.shown, _no_picture).widgets
        yield from ((gap.key, fixed.gap(gap.key)) for gap in sheet.gaps if gap.key in keys)
        yield from ((q.key, fixed.question(q.key)) for q in sheet.questions if q.key in keys)


def _no_picture(_name: str) -> None:
    return None


# A usual sheet has some twenty kilobytes, the largest a few megabytes.
_MAX_BYTES = 32_000_000


_skeletons: LRUCache[Any, _Skeleton] = LRUCache(
    _MAX_BYTES, getsizeof=lambda skeleton: skeleton.size
)


# Threads that want the same sheet wait for the one that renders it.
@cached(_skeletons, condition=threading.Condition())
def _skeleton(source: str, language: str, missing: frozenset[str]) -> _Skeleton:  # noqa: ARG001
    """Return the skeleton of a sheet; ``missing`` are names of pictures not uploaded yet.

    ``language`` is the active one: it is a key of the cache.
    """
    sheet = read_sheet(source)
    untouched = Filling(sheet, {}, {}, _no_picture).widgets
    blank: dict[str, str] = {}
    pictures: dict[str, str] = {}

    def gap(key: str) -> str:
        blank[key] = untouched.gap(key)
        return f"{_SIGN}{key}{_SIGN}"

    def question(key: str) -> str:
        blank[key] = untouched.question(key)
        return f"{_SIGN}{key}{_SIGN}"

    def picture(name: str) -> PictureFile | None:
        if name in missing:
            return None
        place = f"picture-{len(pictures)}"
        pictures[place] = name
        return PictureFile(*(f"{_SIGN}{place}{part}{_SIGN}" for part in _PARTS))

    html = render_sheet(sheet, Widgets(gap, question, untouched.bank, picture), below=0)
    return _Skeleton(tuple(html.split(_SIGN)), blank, pictures, source)
