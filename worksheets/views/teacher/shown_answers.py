"""The answers that the page of one question shows: which, in which parts, with what was posted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.http import QueryDict

from lti_tool.models import User
from lti_tool.protocol.values import whole_number
from worksheets.attempts import standing
from worksheets.models import Mark
from worksheets.reports.by_question import AnswerGroup, QuestionMarking
from worksheets.reports.groups import MAX_ID
from worksheets.reports.question_answers import MarkRow, QuestionAnswer
from worksheets.views.base import MAX_DIGITS
from worksheets.views.teacher.given_marks import as_query
from worksheets.wording.mark_outcomes import OutcomeWords
from worksheets.wording.numbers import number, plain

PAGE = 30  # groups of answers
MAX_NAMED = 100  # answers in one address, but for a group that has more
MAX_KEYS = 9  # the highest mark that one key gives; above it there is a field for a number
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class MarkingQuery:
    """The part of an address that says which answers are shown, and whether with names."""

    names: bool = False
    read: str = ""  # a mark: the answers that have it are read again
    together: bool = False  # with the parallel classes of this teacher
    page: int = 1
    group: str = ""  # of this class, whose answers alone are shown

    @classmethod
    def parse(cls, query: QueryDict) -> MarkingQuery:
        """Return what an address asks for; what it cannot ask for is left out."""
        read = query.get("read", "")[:10]
        page = whole_number(query.get("page", ""), 4) or 1
        group = query.get("group", "")[:MAX_ID]
        # Other classes have other groups.
        together = "together" in query and not group
        return cls("names" in query, read if _is_mark(read) else "", together, page, group)

    @property
    def kept(self) -> str:
        """Return the query of another question's address, on which it goes on as here."""
        kept = MarkingQuery(names=self.names, together=self.together, group=self.group)
        return kept.urlencode()

    def urlencode(self) -> str:
        values = {
            "names": "1" if self.names else "",
            "read": self.read,
            "together": "1" if self.together else "",
            "page": "" if self.page == 1 else str(self.page),
            "group": self.group,
        }
        return urlencode(as_query(values))


def _is_mark(text: str) -> bool:
    whole, _point, part = text.partition(".")
    return (whole + part).isdecimal() and text.isascii() and bool(whole)


@dataclass(frozen=True, slots=True)
class Point:
    """A mark to press."""

    value: str
    label: str
    is_half: bool


@dataclass(frozen=True, slots=True)
class Chunk:
    """The answers that are fetched together once somebody has come so far."""

    count: int
    page_query: str  # of the page that has them, without a script
    part_query: str


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group with what was posted for it and could not be saved, if anything was."""

    group: AnswerGroup
    points: str = ""
    comment: str = ""
    posted_lines: Collection[int] = ()
    error: str = ""
    words: OutcomeWords | None = None
    asks_for_release: bool = False  # the words say that the mark is released
    takes_lines: bool = True  # the page's rubric is that of these answers' class

    @property
    def shown_points(self) -> str:
        """Return what stands in the field for a number."""
        mark = self.group.first.mark
        return self.points if self.error or mark is None else number(mark.points)

    @property
    def shown_comment(self) -> str:
        mark = self.group.first.mark
        return self.comment if self.error or mark is None else mark.comment

    @property
    def lines(self) -> Collection[int]:
        """Return the numbers of the rubric's lines that are ticked."""
        mark = self.group.first.mark
        if self.error or self.words or mark is None:
            return self.posted_lines
        return [line["number"] for line in mark.rubric]

    @property
    def seen(self) -> list[tuple[QuestionAnswer, str]]:
        """Return the mark that the page shows of each answer."""
        return [(one, standing(one.mark)) for one in self.group.answers]


@dataclass(frozen=True, slots=True)
class LostMark:
    """A mark that was posted for an answer that the page does not have any more."""

    said: str
    points: str
    comment: str


def asked_groups(text: str) -> list[tuple[int, list[int]]] | None:
    """Return the groups that a page names, each with its number; None if it names only answers."""
    found: list[tuple[int, list[int]]] = []
    for part in text.split(".")[: PAGE * MAX_NAMED]:
        number, _sign, answers = part.partition("_")
        place = whole_number(number, MAX_DIGITS)
        keys = [whole_number(key, MAX_DIGITS) for key in answers.split("-")[:MAX_NAMED]]
        if place is None or None in keys:
            return None
        found.append((place, [key for key in keys if key is not None]))
    return found if sum(len(keys) for _place, keys in found) <= PAGE * MAX_NAMED else None


def asked_numbers(text: str) -> list[int]:
    parts = (whole_number(part, MAX_DIGITS) for part in text.split(".")[: PAGE * MAX_NAMED])
    return [part for part in parts if part is not None]


def named_groups(
    marking: QuestionMarking, keys: Sequence[int], *, is_alone: bool = False
) -> list[AnswerGroup]:
    """Return the groups of the answers to these attempts, in their order; each alone if so."""
    asked = dict.fromkeys(keys)
    found: dict[int, AnswerGroup] = {}
    blank = [AnswerGroup(0, [one]) for one in marking.blank]
    for group in [*marking.groups, *blank]:
        answers = [one for one in group.answers if one.row.pk in asked]
        if is_alone:
            found |= {one.row.pk: AnswerGroup(group.number, [one]) for one in answers}
        elif answers:
            found[answers[0].row.pk] = AnswerGroup(group.number, answers)
    return [found[key] for key in asked if key in found]


def groups_read(marking: QuestionMarking, query: MarkingQuery) -> Sequence[AnswerGroup]:
    """Return the groups that the address asks for: those with a mark, or all."""
    if not query.read:
        return marking.groups
    points = Decimal(query.read)
    return [one for one in marking.groups if one.first.given and one.first.given.points == points]


def zeros(marking: QuestionMarking, teacher: User) -> list[QuestionAnswer]:
    """Return the blank answers to which this teacher gave 0, and that are not released."""
    return [
        one
        for one in marking.blank
        if one.given is not None and is_zero_of(one.given, teacher) and not one.is_shown
    ]


def is_zero_of(mark: Mark | MarkRow, teacher: User) -> bool:
    """Return whether a mark is a 0 of this teacher's about which nothing is said."""
    return mark.marked_by_id == teacher.pk and not (mark.points or mark.comment)


def page_chunks(groups: Sequence[AnswerGroup]) -> list[tuple[str, int]]:
    """Return the answers of each page, as an address names them, and the number of its groups."""
    pages: list[list[AnswerGroup]] = []
    for group in groups:
        last = pages[-1] if pages else []
        is_full = (
            len(last) == PAGE
            or sum(len(one.answers) for one in last) + len(group.answers) > MAX_NAMED
        )
        if not last or is_full:
            pages.append([])
        pages[-1].append(group)
    return [(".".join(map(_name, page)), len(page)) for page in pages]


def _name(group: AnswerGroup) -> str:
    """Return a group as ``asked_groups`` reads it."""
    return f"{group.number}_{'-'.join(str(one.number) for one in group.answers)}"


def link_to_chunk(query: MarkingQuery, page: int, answers: str, count: int) -> Chunk:
    rest = replace(query, page=1).urlencode()
    part = urlencode({"part": "answers", "answers": answers})
    return Chunk(count, replace(query, page=page).urlencode(), f"{part}{rest and '&'}{rest}")


def start_of(chunks: Sequence[tuple[str, int]], page: int) -> int:
    return sum(count for _answers, count in chunks[: page - 1])


def points_to_press(maximum: Decimal) -> list[Point]:
    """Return the marks to press, halves too; none for a maximum that has no key."""
    if maximum > MAX_KEYS:
        return []
    steps = [_HALF * n for n in range(int(maximum / _HALF) + 1)]
    values = steps if maximum in steps else [*steps, maximum]
    return [Point(plain(value), number(value), bool(value % 1)) for value in values]
