"""The effects on the gradebook if a release is taken back. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from lti_tool import grades
from lti_tool.grades import Grade, ScoreProgress, ScoreStatus
from worksheets.gradebook import reporting, scoring
from worksheets.gradebook.entered import entered_marks, scores_of
from worksheets.gradebook.scoring import TOTAL, MarkedAttempt, Tally
from worksheets.gradebook.shared_work import by_person, partners_of, people_of
from worksheets.models import Assignment, Attempt, Edition, EnteredMark, Mark


class LmsEffect(StrEnum):
    """The effects that it can have on one pupil's mark in the LMS."""

    NOTHING = "nothing"  # it is not about what is taken back
    NOT_SENT = "not-sent"  # it has not reached the LMS, and is not sent any more
    GOES_BACK = "goes-back"  # the LMS shows it, and shows the mark from before then
    EMPTIED = "emptied"  # the LMS shows it, and is told to show none
    STAYS = "stays"  # the LMS shows a mark that was entered there
    WAITS = "waits"  # the LMS shows what it has until open work is submitted again


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The effect for one pupil: the grade that the LMS shows, and the one after, if any."""

    effect: LmsEffect
    shown: Grade | None = None
    after: Grade | None = None


def effects(
    assignment: Assignment,
    attempts: Iterable[Attempt],
    *,
    item: str = "",
    moment: datetime | None = None,
    entered: Iterable[EnteredMark] = (),
    tag: str = TOTAL,
) -> dict[int, TakenBack]:
    """Return the effects of ``attempts.take_back_release`` on a column, by ``User.pk``.

    They are those of all whose work these attempts are, and of ``attempts.take_back_entered`` for
    what is ``entered``. It takes eleven SQL statements for a class of any size.
    """
    chosen = {attempt.pk: attempt for attempt in attempts}
    taken = {row.user_id for row in entered} if tag == TOTAL else set()
    if not (chosen or taken):
        return {}
    by_hand = entered_marks(assignment)
    for user in taken & by_hand.keys():
        by_hand[user].released_at = None
    following = {one.pk for one in people_of(filter(reporting.is_withdrawn, chosen.values()))}
    if tag != TOTAL:
        following = reporting.followed_in_all(assignment, chosen.values())
    sent = grades.sent_grades(assignment.link, tag=tag)
    known = grades.reported_scores(assignment.link, tag=tag)
    statuses = grades.score_statuses(assignment.link, tag=tag)
    waiting = people_of(one for one in chosen.values() if not reporting.is_withdrawn(one))
    found = {user.pk: TakenBack(LmsEffect.WAITS) for user in waiting if user.pk in sent}
    after_all = _after(assignment, chosen, following | taken, item, moment)
    for user, marked in after_all.items():
        after = _grade(assignment, marked, by_hand.get(user), tag)
        before = known.get(user)
        if before is None or _is_same(Grade(before.given, before.maximum), after):
            found[user] = TakenBack(LmsEffect.NOTHING)
        elif _is_theirs(statuses.get(user)):
            found[user] = TakenBack(LmsEffect.STAYS)
        elif user not in sent or _is_same(sent[user], after):
            found[user] = TakenBack(LmsEffect.NOT_SENT)
        else:
            effect = LmsEffect.GOES_BACK if after else LmsEffect.EMPTIED
            found[user] = TakenBack(effect, sent.get(user), after)
    return found


def _grade(
    assignment: Assignment,
    attempts: Sequence[MarkedAttempt],
    entered: EnteredMark | None,
    tag: str,
) -> Grade | None:
    """Return the grade that a column shows for a pupil, None for none."""
    if entered is not None and entered.counts:
        score = scores_of(assignment, (), entered).get(tag)
        return Grade(score.given, score.maximum) if score else None
    counted = scoring.counting_attempt(assignment, attempts)
    shown = scoring.shown_points(assignment, counted).get(tag) if counted else None
    return Grade(*shown) if shown and shown[0] is not None else None


def _is_same(one: Grade | None, other: Grade | None) -> bool:
    """Return whether two grades show the same; no grade is the same as one without points."""
    shown = one if one and one.given is not None else None
    return shown == other


def _is_theirs(status: ScoreStatus | None) -> bool:
    theirs = {ScoreProgress.CHANGED, ScoreProgress.KEPT}
    return status is not None and status.progress in theirs


def _after(
    assignment: Assignment,
    chosen: Mapping[int, Attempt],
    users: Collection[int],
    item: str,
    moment: datetime | None,
) -> dict[int, list[MarkedAttempt]]:
    """Return all submitted attempts of these users as they are afterwards, by ``User.pk``."""
    attempts = list(assignment.attempts.filter(submitted_at__isnull=False).select_related("user"))
    editions = Edition.objects.in_bulk({row.edition_id for row in attempts})
    for row in attempts:
        row.assignment, row.edition = assignment, editions[row.edition_id]
    tallies = scoring.saved_tallies(assignment, attempts)
    marks: defaultdict[int, list[Mark]] = defaultdict(list)
    keys = {q.key for edition in editions.values() for q in edition.sheet.to_mark}
    for mark in Mark.objects.filter(attempt__assignment=assignment, item__in=keys):
        marks[mark.attempt_id].append(mark)
    found: dict[int, list[MarkedAttempt]] = {user: [] for user in users}
    for user, works in by_person(attempts, partners_of(attempts)).items():
        for number, row in sorted(works, key=lambda one: one[0]) if user in users else ():
            one, tally = row, tallies[row.pk]
            if row.pk in chosen:
                one, tally = _taken_back(row, tally, marks[row.pk], item, moment)
            found[user].append(MarkedAttempt(one, one.edition.sheet, (), tally, number, user))
    return found


def _taken_back(
    attempt: Attempt, tally: Tally, marks: Sequence[Mark], item: str, moment: datetime | None
) -> tuple[Attempt, Tally]:
    """Return an attempt, and its tally, as ``attempts.releasing`` leaves it."""
    after, left_out = copy(attempt), attempt.edition.sheet.uncounted
    is_whole = attempt.is_released and moment in (None, attempt.released_at)
    if is_whole:
        after.released_at = None
    shown = [
        mark
        for mark in marks
        if mark.item not in left_out
        and (mark.released_at or (is_whole and item))
        and not (item in ("", mark.item) and moment in (None, mark.released_at))
    ]
    return after, replace(
        tally,
        shown=len(shown),
        shown_points=sum((mark.points for mark in shown), Decimal(0)),
        shown_maximum=sum((mark.maximum for mark in shown), Decimal(0)),
    )
