"""A class as tables: its marks, its answers, its gaps. Reads only.

A row is a pupil with the attempt that counts; who has none has empty cells. The part of a head in
brackets is the same in each language: ``marks_file`` finds the columns of a file by it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from worksheets.formats.tables import Cell, Table
from worksheets.marking.entered import Outcome
from worksheets.markup import Gap, Sheet
from worksheets.models import Answer, Assignment, Attempt, Mark
from worksheets.questions import (
    ItemAnswer,
    automatic_part,
    same_items,
    teacher_part,
)
from worksheets.rendering.context import gap_contexts
from worksheets.reports.class_overview import AttemptProgress, Row, overview
from worksheets.reports.gap_states import GapState, gap_states
from worksheets.reports.marks_file import submission_number
from worksheets.wording.entered import OUTCOMES, typed
from worksheets.wording.messages import translate
from worksheets.wording.numbers import number

MAX_WRONG = 20  # wrong answers to a gap, commonest first

STANDINGS = {
    AttemptProgress.NEVER_OPENED: gettext_lazy("not opened"),
    AttemptProgress.OPENED: gettext_lazy("opened, not started"),
    AttemptProgress.BEGUN: gettext_lazy("in progress"),
    AttemptProgress.SUBMITTED: gettext_lazy("submitted"),
    AttemptProgress.MARKED: gettext_lazy("marked, not released"),
    AttemptProgress.RELEASED: gettext_lazy("released"),
}


def marks_table(assignment: Assignment, group: str = "") -> Table:
    """Return each pupil's points, comments and total, as ``marks_file`` reads them again."""
    sheet, rows = assignment.edition.sheet, overview(assignment).in_group(group).rows
    found: defaultdict[int, dict[str, Mark]] = defaultdict(dict)
    for mark in Mark.objects.filter(attempt__in=_submitted(rows)):
        found[mark.attempt_id][mark.item] = mark
    commented = [question.key for question in sheet.questions if not question.automatic]
    head = [_("Activity [activity]"), *_head()]
    head += [_item_head(sheet, key) for key in _keys(sheet)]
    head += [_comment_head(sheet, key) for key in commented]
    head += [_("Submission [submission]"), _("On paper, absent or excused [paper]")]
    head += [translate(automatic_part(sheet)), translate(teacher_part(sheet))]
    head += [_("Total"), _("Maximum"), _("Days late"), _("Taken off")]
    made = []
    for row in rows:
        marks = found[row.work.attempt.pk] if row.work and _is_of(row.work.attempt, sheet) else {}
        made.append(
            [
                assignment.pk,
                *_who(row),
                *(marks[key].points if key in marks else None for key in _keys(sheet)),
                *(marks[key].comment if key in marks else None for key in commented),
                submission_number(row.work.attempt) if row.work else None,
                _entered(row),
                *_sums(row),
                *_late(row),
            ]
        )
    return Table(_("Marks"), head, made)


def answers_table(assignment: Assignment, group: str = "") -> Table:
    """Return what each pupil has answered to each item."""
    sheet, rows = assignment.edition.sheet, overview(assignment).in_group(group).rows
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for answer in Answer.objects.filter(attempt__in=_submitted(rows)):
        found[answer.attempt_id][answer.item] = _said(answer)
    keys = _keys(sheet)
    made = []
    for row in rows:
        is_of = row.work is not None and _is_of(row.work.attempt, sheet)
        said = found[row.work.attempt.pk] if row.work and is_of else {}
        made.append([*_who(row), *(said.get(key) or None for key in keys)])
    return Table(_("Answers"), [*_head(), *(_item_head(sheet, key) for key in keys)], made)


def gaps_table(assignment: Assignment, group: str = "") -> Table:
    """Return what became of each gap, over the attempts that count, and what was wrong."""
    sheet, rows = assignment.edition.sheet, overview(assignment).in_group(group).rows
    counted = [
        row.work.attempt
        for row in rows
        if row.work and row.work.tally and not row.has_left and _is_of(row.work.attempt, sheet)
    ]
    states = gap_states(counted)
    answers: defaultdict[str, dict[int, str]] = defaultdict(dict)
    rows_of_gaps = Answer.objects.filter(
        attempt__in=[one.pk for one in counted], item__startswith="g"
    )
    for pk, item, text in rows_of_gaps.values_list("attempt", "item", "text"):
        answers[item][pk] = text
    contexts = gap_contexts(sheet)
    made = []
    for place, gap in enumerate(sheet.gaps):
        of_gap = {pk: found[place] for pk, found in states.items()}
        counts = Counter(of_gap.values())
        wrong = Counter(answers[gap.key].get(pk, "") for pk, s in of_gap.items() if _is_wrong(s))
        made.append(
            [
                gap.number,
                contexts.get(gap.key, ""),
                _accepted(gap),
                *(counts[state] for state in GapState if state is not GapState.NOT_COUNTED),
                _share(counts) if gap.is_counted else _("not counted"),
                "; ".join(f"{text} ({n})" for text, n in wrong.most_common(MAX_WRONG)) or None,
            ]
        )
    head = [
        *(_("Gap"), _("In the text"), _("Right answers")),
        *(_("right"), _("partly right"), _("wrong"), _("left blank")),
        *(_("Share of right answers"), _("Wrong answers")),
    ]
    return Table(translate(automatic_part(sheet)), head, made)


TABLES: dict[str, Callable[[Assignment, str], Table]] = {
    "marks": marks_table,
    "answers": answers_table,
    "gaps": gaps_table,
}


def cut_note(length: int) -> str:
    """Return what stands where a spreadsheet's cell cannot hold a text of this length."""
    words = ngettext(
        "(cut, %(length)s character: see CSV)", "(cut, %(length)s characters: see CSV)", length
    )
    return words % {"length": number(length)}


def _head() -> list[str]:
    return [
        *(_("Pupil [pupil]"), _("Attempt [attempt]"), _("Name"), _("Status")),
        *(_("Submitted"), _("Version")),
    ]


def _who(row: Row) -> list[Cell]:
    attempt = row.work.attempt if row.work else None
    at = attempt.submitted_at if attempt else None
    standing = _("left the course") if row.has_left else _standing(row)
    return [
        row.user.pk,
        attempt.number if attempt else None,
        row.user.display_name,
        standing,
        timezone.localtime(at) if at else None,
        attempt.edition.number if attempt else None,
    ]


def _standing(row: Row) -> str:
    if row.entered is not None and row.entered.counts:
        return str(OUTCOMES[row.entered.entry.outcome])
    return str(STANDINGS[row.standing])


def _entered(row: Row) -> Cell:
    """Return what is entered without an attempt, as a file can bring it in again."""
    entry = row.entered.entry if row.entered else None
    if entry is None or (entry.points is not None and entry.outcome is Outcome.ON_PAPER):
        return entry.points if entry else None
    return typed(entry)


def _sums(row: Row) -> list[Cell]:
    tally = row.work.tally if row.work else None
    parts: list[Cell] = [None, None]
    whole: list[Cell] = [None, None]
    if tally is not None:
        is_whole = not tally.unmarked
        parts = [tally.automatic, tally.by_teacher if is_whole or tally.by_teacher else None]
        whole = [tally.total if is_whole else None, tally.maximum]
    if row.entered is not None and row.entered.counts:
        whole = [row.entered.points, row.entered.maximum]
    return parts + whole


def _late(row: Row) -> list[Cell]:
    """Return the days of lateness that have begun, and the marks that are taken off the total.

    Nothing is taken off what a teacher has entered, where that counts.
    """
    work = None if row.counts_entered else row.work
    late, tally = (work.late, work.tally) if work else (None, None)
    if late is None or tally is None:
        return [None, None]
    return [late.days, None if tally.unmarked else late.taken_off(tally.total)]


def _keys(sheet: Sheet) -> list[str]:
    return [*(gap.key for gap in sheet.gaps), *(question.key for question in sheet.questions)]


def _item_head(sheet: Sheet, key: str) -> str:
    """Return 'Gap 3 [g3]', or 'Answer 2 / 6 [q2]' with the maximum of its marks."""
    if key in sheet.uncounted and key.startswith("g"):
        words = {"number": sheet.gap(key).number, "key": key}
        return _("Gap %(number)s, not counted [%(key)s]") % words
    if key.startswith("g"):
        return _("Gap %(number)s [%(key)s]") % {"number": sheet.gap(key).number, "key": key}
    question, position = sheet.question(key), _position(sheet, key)
    maximum = question.marks
    if maximum is None:
        return _("Answer %(number)s [%(key)s]") % {"number": position, "key": key}
    words = {"number": position, "maximum": number(maximum), "key": key}
    if not question.is_counted:
        return _("Answer %(number)s / %(maximum)s, not counted [%(key)s]") % words
    return _("Answer %(number)s / %(maximum)s [%(key)s]") % words


def _comment_head(sheet: Sheet, key: str) -> str:
    values = {"number": _position(sheet, key), "key": key}
    return _("Comment on answer %(number)s [%(key)s comment]") % values


def _position(sheet: Sheet, key: str) -> int:
    return 1 + [question.key for question in sheet.questions].index(key)


def _submitted(rows: Iterable[Row]) -> list[int]:
    works = (row.work for row in rows)
    return [work.attempt.pk for work in works if work and work.attempt.is_submitted]


def _is_of(attempt: Attempt, sheet: Sheet) -> bool:
    """Return whether an attempt answers this sheet, and not an earlier version of other items."""
    if not attempt.is_submitted:
        return False
    answered = attempt.edition.sheet
    return answered is sheet or same_items(answered, sheet)


def _said(answer: Answer) -> str:
    """Return an answer in words; where an option was chosen for reasons, its label before them."""
    choice = ItemAnswer.stored(answer.value, answer.text).get("choice")
    return f"({choice}) {answer.text}".strip() if choice else answer.text


def _is_wrong(state: GapState) -> bool:
    return state in {GapState.WRONG, GapState.PARTLY}


def _accepted(gap: Gap) -> str:
    return " | ".join(answer.text for answer in gap.accepted)


def _share(counts: Counter[GapState]) -> Cell:
    return round(Decimal(counts[GapState.RIGHT]) / counts.total(), 2) if counts.total() else None
