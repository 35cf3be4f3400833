"""The answers of a class, gap by gap: how many are right, and what the wrong ones are. Reads only.

One attempt of each pupil is counted, the one that counts, once it is submitted.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, Max, Sum

from worksheets.marking.spellings import together
from worksheets.markup import Gap, Mode, Sheet
from worksheets.models import Answer, Assignment, Attempt, KeyCorrection, Mark
from worksheets.questions import same_items
from worksheets.questions.picture import MIN_TO_TELL
from worksheets.rendering.context import gap_contexts
from worksheets.reports.class_attempts import counting_attempts
from worksheets.reports.gap_states import GapState
from worksheets.words.terms import key_term


@dataclass(frozen=True, slots=True)
class Spelling:
    """An answer as it was typed or chosen, and the attempts with it."""

    text: str
    attempts: Sequence[int]

    @property
    def count(self) -> int:
        return len(self.attempts)


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """Answers to a gap that are the same, or one word in several spellings, commonest first.

    ``name`` stands for it in addresses. ``correction`` is the decision by which it is what it is.
    """

    name: str
    state: GapState
    spellings: Sequence[Spelling]
    correction: KeyCorrection | None = None

    @property
    def count(self) -> int:
        return sum(spelling.count for spelling in self.spellings)

    @property
    def attempts(self) -> list[int]:
        return [pk for spelling in self.spellings for pk in spelling.attempts]


@dataclass(frozen=True, slots=True)
class GapAnswers:
    """The answers of a class in one gap. ``words`` are those around it."""

    gap: Gap
    words: str
    groups: Sequence[AnswerGroup]
    blank: int
    points: Decimal
    by_hand: int

    def count(self, state: GapState) -> int:
        return sum(group.count for group in self.groups if group.state is state)

    @property
    def right(self) -> int:
        return self.count(GapState.RIGHT)

    @property
    def partly(self) -> int:
        return self.count(GapState.PARTLY)

    @property
    def wrong(self) -> int:
        return self.count(GapState.WRONG)

    @property
    def answered(self) -> int:
        return self.total - self.blank

    @property
    def total(self) -> int:
        """Return the number of pupils whose work is counted here."""
        return self.blank + sum(group.count for group in self.groups)

    @property
    def facility(self) -> Fraction | None:
        """Return the share of the points that the class has earned; None if nothing is counted."""
        if not self.total or not self.gap.is_counted:
            return None
        return Fraction(self.points) / (Fraction(self.gap.points) * self.total)

    @property
    def percent(self) -> int | None:
        """Return how many of a hundred are right, None if there are too few to tell."""
        is_telling = self.total >= MIN_TO_TELL and self.gap.is_counted
        return round(100 * self.right / self.total) if is_telling else None

    @property
    def right_groups(self) -> list[AnswerGroup]:
        return [group for group in self.groups if group.state is GapState.RIGHT]

    @property
    def other_groups(self) -> list[AnswerGroup]:
        """Return the answers that are not right, or not altogether, commonest first."""
        return [group for group in self.groups if group.state is not GapState.RIGHT]

    def group(self, name: str) -> AnswerGroup | None:
        """Return the group of that name that is not right, or in which its answer is now."""
        for group in self.other_groups:
            names = {name_of(self.gap.key, one.text, group.state) for one in group.spellings}
            if name in names:
                return group
        return None


@dataclass(frozen=True, slots=True)
class ClassAnswers:
    """The answers of a class in the order of the sheet.

    ``elsewhere`` is the number of pupils whose edition has other items: they are not counted.
    """

    gaps: Sequence[GapAnswers]
    pupils: int
    elsewhere: int

    @property
    def hardest_first(self) -> list[GapAnswers]:
        """Return the gaps with the least earned first, those that nobody has had last."""
        return sorted(
            self.gaps,
            key=lambda one: (one.facility is None, one.facility or Fraction(0), one.gap.number),
        )


def name_of(item: str, text: str, state: GapState = GapState.WRONG) -> str:
    """Return the short name of an answer to a gap, which may be half right for some pupils."""
    return hashlib.sha256(f"{item}:{state}:{text}".encode()).hexdigest()[:12]


def class_answers(
    assignment: Assignment, items: Collection[str] | None = None, group: str = ""
) -> ClassAnswers:
    """Return what the class has answered, or a group of it, in all gaps or in some of them.

    It takes six or seven SQL statements for a class of any size.
    """
    sheet = assignment.edition.sheet
    attempts = counting_attempts(assignment, group)
    fits = {
        edition: same_items(edition.sheet, sheet)
        for edition in {attempt.edition for attempt in attempts}
    }
    counted = [attempt for attempt in attempts if fits[attempt.edition]]
    gaps = [gap for gap in sheet.gaps if items is None or gap.key in items]
    texts = _texts(assignment, counted, gaps)
    marks = _marks(assignment, counted, gaps)
    decided = _decided(assignment)
    words = gap_contexts(sheet)
    return ClassAnswers(
        [
            _gap_answers(sheet, gap, words.get(gap.key, ""), counted, texts, marks, decided)
            for gap in gaps
        ],
        len(attempts),
        len(attempts) - len(counted),
    )


def class_version(assignment: Assignment) -> str:
    """Return a text that changes with what ``class_answers`` returns. Three SQL statements."""
    attempts = assignment.attempts.filter(submitted_at__isnull=False)
    marks = Mark.objects.filter(attempt__assignment=assignment)
    state = (
        assignment.edition_id,
        attempts.aggregate(Count("pk"), Max("submitted_at")),
        marks.aggregate(Count("pk"), Max("marked_at"), Sum("points")),
        assignment.key_corrections.aggregate(Count("pk"), Max("undone_at")),
    )
    return hashlib.sha256(repr(state).encode()).hexdigest()[:16]


_Texts = Mapping[tuple[int, str], str]
_Marks = Mapping[tuple[int, str], tuple[Decimal, Decimal, str]]


def _texts(assignment: Assignment, counted: Sequence[Attempt], gaps: Sequence[Gap]) -> _Texts:
    keys = {attempt.pk for attempt in counted}
    rows = Answer.objects.filter(
        attempt__assignment=assignment, item__in=[gap.key for gap in gaps]
    ).exclude(text="")
    found = rows.values_list("attempt_id", "item", "text")
    return {(pk, item): text for pk, item, text in found.iterator(2000) if pk in keys}


def _marks(assignment: Assignment, counted: Sequence[Attempt], gaps: Sequence[Gap]) -> _Marks:
    keys = {attempt.pk for attempt in counted}
    rows = Mark.objects.filter(
        attempt__assignment=assignment, item__in=[gap.key for gap in gaps]
    ).values_list("attempt_id", "item", "points", "maximum", "source")
    return {(row[0], row[1]): row[2:] for row in rows.iterator(2000) if row[0] in keys}


def _decided(assignment: Assignment) -> dict[tuple[str, str], KeyCorrection]:
    """Return the decisions that stand, by the gap and the answer: the last about each."""
    rows = assignment.key_corrections.filter(undone_at=None).select_related("made_by")
    found: dict[tuple[str, str], KeyCorrection] = {}
    for row in reversed(rows):
        for answer in row.answers:
            found[row.item, key_term(answer, assignment.edition.sheet.settings).plain] = row
    return found


def _gap_answers(
    sheet: Sheet,
    gap: Gap,
    words: str,
    counted: Sequence[Attempt],
    texts: _Texts,
    marks: _Marks,
    decided: Mapping[tuple[str, str], KeyCorrection],
) -> GapAnswers:
    given: defaultdict[tuple[GapState, str], list[int]] = defaultdict(list)
    blank, by_hand, points = 0, 0, Decimal(0)
    for attempt in counted:
        place = attempt.pk, gap.key
        text = texts.get(place, "").strip()
        earned, maximum, source = marks.get(place, (Decimal(0), gap.points, ""))
        points += earned
        by_hand += source == Mark.Source.TEACHER
        if text:
            state = _state(earned, maximum) if gap.is_counted else GapState.NOT_COUNTED
            given[state, text].append(attempt.pk)
        else:
            blank += 1
    groups: list[AnswerGroup] = []
    for state in (GapState.RIGHT, GapState.PARTLY, GapState.WRONG, GapState.NOT_COUNTED):
        found = [Spelling(text, keys) for (of, text), keys in given.items() if of is state]
        groups += _groups(sheet, gap, state, found, decided)
    return GapAnswers(gap, words, groups, blank, points, by_hand)


def _state(points: Decimal, maximum: Decimal) -> GapState:
    if points <= 0:
        return GapState.WRONG
    return GapState.RIGHT if points >= maximum else GapState.PARTLY


def _groups(
    sheet: Sheet,
    gap: Gap,
    state: GapState,
    spellings: Sequence[Spelling],
    decided: Mapping[tuple[str, str], KeyCorrection],
) -> list[AnswerGroup]:
    """Return the groups of answers of one state, commonest first."""
    equal: defaultdict[str, list[Spelling]] = defaultdict(list)
    for spelling in spellings:
        equal[key_term(spelling.text, sheet.settings).briefest].append(spelling)
    counts = Counter({form: sum(one.count for one in rows) for form, rows in equal.items()})
    forms = sorted(counts, key=lambda form: (-counts[form], form))
    is_typed = gap.bank is None and not gap.offers_choices and gap.mode is Mode.TEXT
    joined = together(forms) if is_typed and state is GapState.WRONG else [[one] for one in forms]
    groups = []
    for alike in joined:
        rows = [one for form in alike for one in equal[form]]
        rows.sort(key=lambda one: (-one.count, one.text))
        plain = (key_term(one.text, sheet.settings).plain for one in rows)
        found = (decided.get((gap.key, one)) for one in plain)
        groups.append(
            AnswerGroup(
                name_of(gap.key, rows[0].text, state), state, rows, next(filter(None, found), None)
            )
        )
    return sorted(groups, key=lambda group: -group.count)
