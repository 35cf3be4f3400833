"""The items of a sheet that a class, or some pupils of it, have missed. Reads only.

One attempt of each pupil is counted, as in ``class_answers``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from worksheets.markup import Gap, Sheet
from worksheets.models import Assignment, Attempt, Mark
from worksheets.questions import reading_order, same_items
from worksheets.rendering.context import gap_contexts
from worksheets.reports.class_attempts import counting_attempts
from worksheets.reports.gap_states import GapState, gap_states

ENOUGH_RIGHT = Fraction(2, 3)  # of the answers to a gap
ENOUGH_MARKS = Fraction(1, 2)  # of the marks for a question


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an item: of a gap how many have it right, of a question the marks given.

    ``number`` is the gap's, or the question's place among the questions; ``words`` are those around
    the gap, or what is asked. ``out_of`` is how many answers there are, or the best marks.
    ``is_known`` is False while fewer than half of the answers to a question have a mark: blank
    ones have their 0 before a teacher has read any.
    """

    key: str
    number: int
    words: str
    reached: Decimal
    out_of: Decimal
    is_gap: bool
    is_counted: bool = True
    is_known: bool = True

    @property
    def is_missed(self) -> bool:
        """Return whether it is worth another try; not where nothing is known, or counts."""
        if not self.out_of or not self.is_counted or not self.is_known:
            return False
        enough = ENOUGH_RIGHT if self.is_gap else ENOUGH_MARKS
        return Fraction(self.reached) / Fraction(self.out_of) < enough


def outcomes(assignment: Assignment, pupils: Collection[int] = ()) -> list[Outcome]:
    """Return what became of each item, in the order of the page.

    ``pupils`` are the ``User.pk`` of those who are looked at, of everybody if there are none. It
    takes seven or eight SQL statements for a class of any size.
    """
    sheet = assignment.edition.sheet
    attempts = counting_attempts(assignment, pupils=pupils)
    fits = {
        edition: same_items(edition.sheet, sheet)
        for edition in {attempt.edition for attempt in attempts}
    }
    counted = [attempt for attempt in attempts if fits[attempt.edition]]
    found = {one.key: one for one in [*_of_gaps(sheet, counted), *_of_questions(sheet, counted)]}
    return [found[key] for key in reading_order(sheet) if key in found]


def _of_gaps(sheet: Sheet, attempts: Sequence[Attempt]) -> list[Outcome]:
    words = gap_contexts(sheet)
    states = list(gap_states(attempts).values())
    return [
        _of_gap(gap, words.get(gap.key, ""), Counter(one[place] for one in states))
        for place, gap in enumerate(sheet.gaps)
    ]


def _of_gap(gap: Gap, words: str, counts: Counter[GapState]) -> Outcome:
    known = counts.total() - counts[GapState.NOT_COUNTED]
    right = Decimal(counts[GapState.RIGHT])
    return Outcome(
        gap.key,
        gap.number,
        words,
        right,
        Decimal(known),
        is_gap=True,
        is_counted=gap.is_counted,
    )


def _of_questions(sheet: Sheet, attempts: Sequence[Attempt]) -> list[Outcome]:
    points: defaultdict[str, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    if sheet.questions:
        rows = Mark.objects.filter(
            attempt__in=[attempt.pk for attempt in attempts],
            item__in=[question.key for question in sheet.questions],
        )
        for item, given, maximum in rows.values_list("item", "points", "maximum"):
            points[item].append((given, maximum))
    return [
        Outcome(
            question.key,
            position,
            question.prompt,
            sum((given for given, _most in points[question.key]), Decimal(0)),
            sum((most for _given, most in points[question.key]), Decimal(0)),
            is_gap=False,
            is_counted=question.key not in sheet.uncounted,
            is_known=2 * len(points[question.key]) >= len(attempts),
        )
        for position, question in enumerate(sheet.questions, 1)
    ]
