"""Functions that compute the score a gradebook should show from a pupil's attempts. Reads only.

By default the points that the machine gives, for gaps and other automatic items, are sent when an
attempt is submitted, out of their maximum, and the total replaces them when the teacher releases
it. An answer that waits for the teacher's mark does not count as 0: it is left out of the score.
Questions that are released by themselves count, out of their maximum, where the gaps are shown at
once; all else is left out until it is released, too. A column that waits for the total waits on.

What a class's rules take off late work is taken off here alone, of whatever is shown or compared:
marks are kept as they were earned, so that they are right again once a date or a rule changes.

A link has one column of the gradebook, whose tag is '', and under ``Sending.GAPS_COLUMN`` another
beside it, GAPS, for the points that the machine gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.utils import translation
from django.utils.translation import gettext as _

from lti_tool.grades import Score
from lti_tool.models import User
from worksheets.gradebook.shared_work import shared_with
from worksheets.marking.counting_attempt import Candidate, CountingRule, counting, may_count
from worksheets.markup import Message, Sheet
from worksheets.models import Assignment, Attempt, Mark, Partner, Policy, Sending
from worksheets.policy.late_work import late_work
from worksheets.questions import (
    are_written,
    automatic_part,
    listed_questions,
    listed_text,
    teacher_part,
)
from worksheets.wording.messages import translate
from worksheets.wording.numbers import number
from worksheets.wording.shortening import fit, shorten

TOTAL, GAPS = "", "gaps"  # tags of columns
# Points, None if none may be shown yet, and their maximum.
ShownPoints = tuple[Decimal | None, Decimal]
MAX_COMMENT = 4000  # characters; what is longer is cut between words and ends with "…"
MAX_PREFIX = 120  # of them for the number of the attempt, and what was taken off
_STEP = Decimal("0.0001")  # of saved points


@dataclass(frozen=True, slots=True)
class Tally:
    """The points of one attempt: those that the machine gives, and those that a teacher gives.

    ``unmarked`` is the number of answers that wait for a teacher's mark. ``shown`` is how many
    questions are released by themselves, with their points and maximum.
    """

    automatic: Decimal
    automatic_maximum: Decimal
    by_teacher: Decimal
    teacher_maximum: Decimal
    unmarked: int
    shown: int = 0
    shown_points: Decimal = Decimal(0)
    shown_maximum: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.automatic + self.by_teacher

    @property
    def maximum(self) -> Decimal:
        return self.automatic_maximum + self.teacher_maximum


@dataclass(frozen=True, slots=True)
class MarkedAttempt:
    """A submitted attempt with its marks by the key of ``sheet``.

    ``partner_number`` is the number that it has for a partner of the pupil, and ``partner_id``
    the partner's ``User.pk``; both are 0 for the pupil.
    """

    attempt: Attempt
    sheet: Sheet
    marks: Sequence[Mark]
    tally: Tally
    partner_number: int = 0
    partner_id: int = 0

    @property
    def number(self) -> int:
        """Return which attempt it is of the person whose attempts are looked at."""
        return self.partner_number or self.attempt.number

    @property
    def user_id(self) -> int:
        """Return the ``User.pk`` of that person, whose dates hold."""
        return self.partner_id or self.attempt.user_id


def tally(sheet: Sheet, marks: Iterable[Mark]) -> Tally:
    """Return the sums of an attempt's marks, and the maximum points of its sheet.

    A mark for what is not counted stays, and adds nothing: a question waits for none then.
    """
    marks, left_out = list(marks), sheet.uncounted
    points = {mark.item: mark.points for mark in marks if mark.item not in left_out}
    by_teacher = {question.key for question in sheet.to_mark}
    awaited = {question.key for question in sheet.must_be_marked}
    shown = [mark for mark in marks if mark.released_at and mark.item in awaited]
    return Tally(
        automatic=sum((points[key] for key in points.keys() - by_teacher), Decimal(0)),
        automatic_maximum=sheet.automatic_marks,
        by_teacher=sum((points[key] for key in by_teacher & points.keys()), Decimal(0)),
        teacher_maximum=sheet.teacher_marks,
        unmarked=len(awaited - points.keys()),
        shown=len(shown),
        shown_points=sum((mark.points for mark in shown), Decimal(0)),
        shown_maximum=sum((mark.maximum for mark in shown), Decimal(0)),
    )


def saved_tallies(assignment: Assignment, attempts: Sequence[Attempt]) -> dict[int, Tally]:
    """Return the tallies of these submitted attempts by ``Attempt.pk``, of their saved marks.

    The database adds them up, in one SQL statement: a class has many thousand marks.
    """
    edition_of = {attempt.pk: attempt.edition_id for attempt in attempts}
    sheets = {attempt.edition_id: attempt.edition.sheet for attempt in attempts}
    nothing = {edition: tally(sheet, []) for edition, sheet in sheets.items()}
    of_teacher = _of_teacher(sheets)
    is_shown = of_teacher & Q(released_at__isnull=False)
    marks = Mark.objects.filter(attempt__assignment=assignment, attempt__submitted_at__isnull=False)
    if any(sheet.uncounted for sheet in sheets.values()):
        marks = marks.exclude(_in_editions(sheets, lambda sheet: sheet.uncounted))
    sums = marks.values_list("attempt").annotate(
        automatic=Sum("points", filter=~of_teacher, default=Decimal(0)),
        by_teacher=Sum("points", filter=of_teacher, default=Decimal(0)),
        marked=Count("pk", filter=of_teacher),
        shown=Count("pk", filter=is_shown),
        shown_points=Sum("points", filter=is_shown, default=Decimal(0)),
        shown_maximum=Sum("maximum", filter=is_shown, default=Decimal(0)),
    )
    found = {pk: nothing[edition] for pk, edition in edition_of.items()}
    for pk, automatic, by_teacher, marked, shown, shown_points, shown_maximum in sums:
        if pk in found:
            found[pk] = replace(
                found[pk],
                # SQLite adds binary fractions, fifteen digits of which are right.
                automatic=automatic.quantize(_STEP),
                by_teacher=by_teacher.quantize(_STEP),
                unmarked=found[pk].unmarked - marked,
                shown=shown,
                shown_points=shown_points.quantize(_STEP),
                shown_maximum=shown_maximum.quantize(_STEP),
            )
    return found


def _of_teacher(sheets: Mapping[int, Sheet]) -> Q:
    """Return which marks are a teacher's to give, by the number of the edition of their sheet."""
    return _in_editions(sheets, lambda sheet: frozenset(one.key for one in sheet.to_mark))


def _in_editions(sheets: Mapping[int, Sheet], keys_of: Callable[[Sheet], frozenset[str]]) -> Q:
    """Return which marks are for these items of their sheet, by the number of its edition."""
    editions: defaultdict[frozenset[str], list[int]] = defaultdict(list)
    for edition, sheet in sheets.items():
        editions[keys_of(sheet)].append(edition)
    found = Q(pk__in=[])
    for items, numbers in editions.items():
        found |= Q(item__in=items) & (Q(attempt__edition__in=numbers) if len(editions) > 1 else Q())
    return found


def mark_attempt(
    attempt: Attempt,
    marks: Iterable[Mark],
    sheet: Sheet | None = None,
    *,
    partner_number: int = 0,
    partner_id: int = 0,
) -> MarkedAttempt:
    """Return the attempt with these marks, which are by ``sheet`` (default: its edition's)."""
    sheet, marks = sheet or attempt.edition.sheet, tuple(marks)
    return MarkedAttempt(attempt, sheet, marks, tally(sheet, marks), partner_number, partner_id)


def mark_attempts(
    attempts: Iterable[Attempt], shared: Iterable[Partner] = ()
) -> list[MarkedAttempt]:
    """Return the attempts with their saved marks, which should be prefetched, by number.

    ``shared`` are those of others in which the person has a part.
    """
    marked = [mark_attempt(attempt, attempt.marks.all()) for attempt in attempts]
    marked += [
        mark_attempt(
            one.attempt,
            one.attempt.marks.all(),
            partner_number=one.number or 0,
            partner_id=one.user_id,
        )
        for one in shared
        if one.attempt.is_submitted
    ]
    return sorted(marked, key=lambda item: item.number)


def submitted_attempts(assignment: Assignment, user: User) -> list[MarkedAttempt]:
    """Return this pupil's submitted attempts with their saved marks, shared ones too, by number."""
    rows = assignment.attempts.filter(user=user, submitted_at__isnull=False)
    own = rows.select_related("edition").prefetch_related("marks")
    return mark_attempts(own, shared_with(assignment, user))


def full_marks(policy: Policy, sheet: Sheet) -> Decimal:
    """Return the highest score that the column of this sheet can show."""
    if policy.sending == Sending.GAPS_ONLY:
        return sheet.automatic_marks
    return sheet.automatic_marks + sheet.teacher_marks


def columns(policy: Policy) -> tuple[str, ...]:
    """Return the tags of the columns that a policy has."""
    return (TOTAL, GAPS) if policy.sending == Sending.GAPS_COLUMN else (TOTAL,)


def column_maxima(policy: Policy, sheet: Sheet) -> dict[str, Decimal]:
    """Return the highest score of each column, by its tag; none where no points can be earned."""
    maxima = {TOTAL: full_marks(policy, sheet), GAPS: sheet.automatic_marks}
    return {tag: maxima[tag] for tag in columns(policy) if maxima[tag]}


def counting_attempt(policy: Policy, attempts: Iterable[MarkedAttempt]) -> MarkedAttempt | None:
    """Return the one of a pupil's submitted attempts that counts, or None if there are none."""
    by_number = {marked.number: marked for marked in attempts}
    candidates = [_candidate(policy, marked) for marked in by_number.values()]
    counted = counting(CountingRule(policy.counting), candidates)
    return by_number[counted.number] if counted else None


def numbers_to_mark(policy: Policy, attempts: Iterable[MarkedAttempt]) -> frozenset[int]:
    """Return the numbers of a pupil's submitted attempts that can count once they are marked."""
    candidates = [_candidate(policy, marked) for marked in attempts]
    return may_count(CountingRule(policy.counting), candidates)


def _candidate(policy: Policy, marked: MarkedAttempt) -> Candidate:
    """Return the number of the attempt, its share of the full marks, and whether that is final."""
    whole, part = marked.tally.maximum, marked.tally.automatic_maximum
    maximum = part if policy.sending == Sending.GAPS_ONLY else whole
    points = _visible_points(policy, marked) or Decimal(0)
    if policy.sending == Sending.GAPS_COLUMN and not marked.attempt.is_released:
        points = after_deduction(policy, marked, marked.tally.automatic)
    share = Fraction(points) / Fraction(maximum) if maximum else Fraction(0)
    return Candidate(marked.number, share, _is_final(policy, marked))


def _is_final(policy: Policy, marked: MarkedAttempt) -> bool:
    match policy.sending:
        case Sending.GAPS_ONLY:
            return True
        case Sending.RELEASED | Sending.GAPS_COLUMN:
            return marked.attempt.is_released
        case _:
            return marked.attempt.is_released or not marked.tally.teacher_maximum


def scores_of(policy: Policy, attempts: Sequence[MarkedAttempt]) -> dict[str, Score]:
    """Return what the columns should show for a pupil with these submitted attempts, by tag.

    No column has a score if there are none, or if no points can be earned there. A score's
    ``given`` is None if its marks are not to be shown before they are released. The comment is in
    the language in which the pupil began the attempt, so that it does not depend on who causes the
    report.
    """
    marked = counting_attempt(policy, attempts)
    if marked is None:
        return {}
    is_one_of_several, scores = len(attempts) > 1, {}
    with translation.override(marked.attempt.language or settings.LANGUAGE_CODE):
        for tag, shown in shown_points(policy, marked).items():
            comment = _automatic_comment(marked) if tag == GAPS else _comment(policy, marked)
            comment = f"{_taken_off(policy, marked, tag)} {comment}".lstrip()
            scores[tag] = _score(marked, shown, comment, is_one_of_several)
    return scores


def shown_points(policy: Policy, marked: MarkedAttempt) -> dict[str, ShownPoints]:
    """Return the points that each column may show of an attempt, and their maximum, by tag."""
    points = after_deduction(policy, marked, marked.tally.automatic)
    automatic = points, marked.tally.automatic_maximum
    shown: dict[str, ShownPoints] = {
        TOTAL: (_visible_points(policy, marked), _visible_maximum(policy, marked)),
        GAPS: automatic,
    }
    return {tag: shown[tag] for tag in columns(policy) if shown[tag][1]}


def score_of(policy: Policy, attempts: Sequence[MarkedAttempt]) -> Score | None:
    """Return what the column of the worksheet should show, as ``scores_of``; None for nothing."""
    return scores_of(policy, attempts).get(TOTAL)


def _score(
    marked: MarkedAttempt, shown: ShownPoints, comment: str, is_one_of_several: bool
) -> Score:
    if is_one_of_several:
        comment = _("Attempt %(number)s.") % {"number": marked.number} + f" {comment}"
    points, maximum = shown
    given = None if points is None else points.quantize(_STEP, ROUND_HALF_UP)
    return Score(given, maximum, shorten(comment, MAX_COMMENT), marked.attempt.submitted_at)


def after_deduction(policy: Policy, marked: MarkedAttempt, points: Decimal) -> Decimal:
    """Return what is left of points of this attempt, exact, once its lateness is taken off."""
    found = late_work(policy, marked.attempt, marked.user_id) if policy.late_deduction else None
    return found.left_of(points) if found else points


def _taken_off(policy: Policy, marked: MarkedAttempt, tag: str) -> str:
    """Return what lateness takes off the points that a column shows, '' for nothing."""
    earned = marked.tally.automatic if tag == GAPS else _earned_points(policy, marked)
    if earned is None or not policy.late_deduction:
        return ""
    left = after_deduction(policy, marked, earned)
    if left == earned:
        return ""
    return _("Late: %(earned)s − %(taken_off)s = %(left)s.") % {
        "earned": number(earned),
        "taken_off": number(earned - left),
        "left": number(left),
    }


def _shows_total(policy: Policy, marked: MarkedAttempt) -> bool:
    """Return whether the gradebook may show the total, not only the points for gaps."""
    return marked.attempt.is_released and policy.sending != Sending.GAPS_ONLY


def _visible_points(policy: Policy, marked: MarkedAttempt) -> Decimal | None:
    """Return the points that the gradebook may show, None if it may show none yet."""
    earned = _earned_points(policy, marked)
    return None if earned is None else after_deduction(policy, marked, earned)


def _earned_points(policy: Policy, marked: MarkedAttempt) -> Decimal | None:
    """Return the points of which the gradebook may show what is left, None if it may none yet."""
    if _shows_total(policy, marked):
        return marked.tally.total
    if Sending(policy.sending).holds_total_back:
        return None
    return marked.tally.automatic + _alone(policy, marked)[0]


def _visible_maximum(policy: Policy, marked: MarkedAttempt) -> Decimal:
    """Return the maximum of the points that the gradebook may show."""
    if _shows_total(policy, marked) or Sending(policy.sending).holds_total_back:
        return marked.tally.maximum
    return marked.tally.automatic_maximum + _alone(policy, marked)[1]


def _alone(policy: Policy, marked: MarkedAttempt) -> tuple[Decimal, Decimal]:
    """Return the points, and their maximum, of questions released by themselves that count."""
    if policy.sending != Sending.GAPS_FIRST:
        return Decimal(0), Decimal(0)
    return marked.tally.shown_points, marked.tally.shown_maximum


def _comment(policy: Policy, marked: MarkedAttempt) -> str:
    if _shows_total(policy, marked):
        return _released_comment(marked)
    if Sending(policy.sending).holds_total_back:
        return _("Submitted. You will see your mark when your teacher releases it.")
    if marked.tally.shown and policy.sending == Sending.GAPS_FIRST:
        return _released_comment(marked)
    comment = _automatic_comment(marked)
    if policy.sending == Sending.GAPS_FIRST and marked.tally.teacher_maximum:
        if marked.attempt.reopened_at and not marked.tally.unmarked:
            # The marks from before stand, and are not released again.
            waiting = _("Your teacher has not released the other marks yet.")
        elif are_written(marked.sheet):
            waiting = _("Your teacher has not marked your written answers yet.")
        else:
            waiting = _("Your teacher has not marked your other answers yet.")
        return f"{comment} {waiting}"
    return comment


def _automatic_comment(marked: MarkedAttempt) -> str:
    tally = marked.tally
    return _part(automatic_part(marked.sheet), tally.automatic, tally.automatic_maximum)


def _part(name: Message, points: Decimal, maximum: Decimal) -> str:
    return _("%(part)s: %(points)s out of %(maximum)s.") % {
        "part": translate(name),
        "points": number(points),
        "maximum": number(maximum),
    }


def _released_comment(marked: MarkedAttempt) -> str:
    """Return sums, the overall comment, and of each question its mark and what was said of it.

    Where only some questions are released, return what is about these, and that others wait.
    Where that is too long, texts are cut, the longest first; no sum and no mark is.
    """
    tally, attempt = marked.tally, marked.attempt
    lines = [_automatic_comment(marked)] if tally.automatic_maximum else []
    overall: list[tuple[str, str]] = []
    if not attempt.is_released:
        lines.append(_("Your teacher has not released the other marks yet."))
    else:
        if tally.teacher_maximum:
            lines.append(_part(teacher_part(marked.sheet), tally.by_teacher, tally.teacher_maximum))
        overall = [
            (_("What went well:"), attempt.went_well),
            (_("Even better if:"), attempt.better_if),
        ]
    said = [*(one for one in overall if one[1]), *_question_comments(marked)]
    heads = [*lines, *(head for head, _text in said)]
    # A line end or a blank between each two, and 'Attempt 2.' perhaps before all of it.
    room = MAX_COMMENT - MAX_PREFIX - sum(len(head) + 2 for head in heads)
    texts = fit([text for _head, text in said], max(room, 0))
    lines += [f"{head} {text}".rstrip() for (head, _text), text in zip(said, texts, strict=True)]
    return "\n".join(lines)


def _question_comments(marked: MarkedAttempt) -> Iterator[tuple[str, str]]:
    """Yield for each released question its mark, and in one text what was answered and said."""
    marks, texts = {mark.item: mark for mark in marked.marks}, _listed_answers(marked)
    questions = list(enumerate(marked.sheet.questions, 1))
    # The mark of a sheet's only question is its sum.
    has_several = sum(question.marks is not None for _number, question in questions) > 1
    if not marked.attempt.is_released:
        questions = [one for one in questions if marked.attempt.shows(marks.get(one[1].key))]
    for position, question in questions:
        mark = marks.get(question.key)
        said = [texts.get(question.key, "")]
        if mark:
            said += [*_rubric_texts(mark), mark.comment]
        text = " – ".join(filter(None, said))
        stands_alone = has_several or not question.is_counted
        if stands_alone and mark and question.marks is not None:
            values = {"points": number(mark.points), "maximum": number(question.marks)}
            words = _("Question %(number)s: %(points)s out of %(maximum)s.")
            if not question.is_counted:
                words = _("Question %(number)s: %(points)s out of %(maximum)s, not counted.")
            yield words % {"number": position, **values}, text
        elif text:
            yield _("Question %(number)s:") % {"number": position}, text


def _rubric_texts(mark: Mark) -> list[str]:
    return [f"{line['text']} (+{number(Decimal(line['points']))})" for line in mark.rubric]


def _listed_answers(marked: MarkedAttempt) -> dict[str, str]:
    """Return the answers that are short enough for a comment, by item key."""
    listed = listed_questions(marked.sheet)
    if not listed:
        return {}
    rows = marked.attempt.answers.all()
    return {row.item: listed_text(row.text) for row in rows if row.item in listed and row.text}
