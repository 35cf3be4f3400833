"""The reporting of scores to the gradebook: the one file that calls ``lti_tool.grades.api``.

What is reported is the score of the attempt that counts, under the assignment's policy, and
only where it differs from what was reported before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from django.conf import settings
from django.utils import translation

from lti_tool import grades
from lti_tool.grades import Score, ScoreProgress, ScoreStatus
from lti_tool.models import User
from worksheets.gradebook import entered, scoring
from worksheets.gradebook.class_work import submitted_work
from worksheets.gradebook.scoring import TOTAL, MarkedAttempt
from worksheets.gradebook.shared_work import people_of
from worksheets.models import Assignment, Attempt, Sending
from worksheets.questions import automatic_part
from worksheets.wording.messages import translate

Scores = Mapping[str, Score]  # by the column's tag
Reported = Mapping[str, Mapping[int, Score]]  # by the column's tag and ``User.pk``


def report(attempt: Attempt) -> None:
    """Report what the gradebook should show for this pupil and partners, if that has changed.

    Call it in the transaction that changed the marks.
    """
    report_all([attempt])


def report_all(attempts: Collection[Attempt]) -> None:
    """Do what ``report`` does for several attempts at one assignment, in the order of locks."""
    if not attempts:
        return
    assignment, people = next(iter(attempts)).assignment, people_of(attempts)
    if len(people) > 1:
        grades.lock_columns(assignment.link)
    for user in people:
        report_pupil(assignment, user)


def report_pupil(assignment: Assignment, user: User) -> int:
    """Do what ``report`` does for whatever has changed, also for a pupil without an attempt.

    Return how many scores that were.
    """
    scores = _scores_of(assignment, user)
    return report_scores(assignment, user, changed_scores(scores, reported(assignment, user), user))


def report_pupils(
    assignment: Assignment, users: Collection[int], known: Mapping[int, MarkedAttempt]
) -> None:
    """Do what ``report_pupil`` does for several pupils, by a few SQL statements for all of them.

    ``known`` are attempts whose saved marks need not be read, as in ``submitted_work``.
    """
    works = submitted_work(assignment, users, known)
    own = {row.user_id: row for row in assignment.entered_marks.filter(user__in=users)}
    changed: dict[str, dict[int, Score]] = {tag: {} for tag in scoring.columns(assignment)}
    before = {tag: grades.reported_scores(assignment.link, users=users, tag=tag) for tag in changed}
    for pk in sorted(users):
        scores = entered.scores_of(assignment, works.get(pk, []), own.get(pk))
        for tag, score in scores.items():
            if is_changed(score, before[tag].get(pk)):
                changed[tag][pk] = score
    grades.report_scores(
        assignment.link,
        changed,
        maxima=scoring.column_maxima(assignment, assignment.edition.sheet),
        label=partial(_label, assignment),
    )


def withdraw_all(attempts: Collection[Attempt]) -> None:
    """Do what ``withdraw`` does for everybody whose work these attempts at one assignment are."""
    following = [attempt for attempt in attempts if is_withdrawn(attempt)]
    if not following:
        return
    assignment = following[0].assignment
    grades.lock_columns(assignment.link)
    in_all = followed_in_all(assignment, following)
    for user in people_of(following):
        withdraw(assignment, user, only_total=user.pk not in in_all)


def followed_in_all(assignment: Assignment, attempts: Collection[Attempt]) -> set[int]:
    """Return the ``User.pk`` of those for whom all columns follow, where a release is taken back.

    For others only the total does: their work is open again, or a mark that is entered counts, so
    that the points that the machine gave are not what is taken back.
    """
    users = {user.pk for user in people_of(one for one in attempts if one.is_submitted)}
    counting = assignment.entered_marks.filter(counts=True, user__in=users)
    return users - set(counting.values_list("user", flat=True))


def withdraw(assignment: Assignment, user: User, *, only_total: bool = False) -> None:
    """Report what the gradebook should show for a pupil of whom something counts no longer.

    Unlike ``report_pupil`` it takes a mark away where nothing is to be shown now. Call it in the
    transaction that took back a release, or took the pupil out of shared work. With ``only_total``,
    for work that is open again, the points that the machine gave stay until it is submitted.
    """
    scores = _scores_of(assignment, user)
    grades.lock_scores(assignment.link, user)
    before = reported(assignment, user)
    if only_total:
        scores = {tag: score for tag, score in scores.items() if tag == TOTAL}
        before = {TOTAL: before[TOTAL]}
    report_scores(assignment, user, changed_scores(scores, before, user))
    for tag, known in before.items():
        score = scores.get(tag)
        if user.pk in known and (score is None or score.given is None):
            comment = score.comment if score else ""
            grades.withdraw_score(assignment.link, user, comment, tag=tag)


def is_withdrawn(attempt: Attempt) -> bool:
    """Return whether the gradebook follows at once when a release of this attempt is taken back.

    For work that is open again it waits until the pupil submits, which replaces the mark: but not
    where a total is shown only once it is released, as nothing would replace it.
    """
    return attempt.is_submitted or Sending(attempt.assignment.sending).holds_total_back


def total_stays(attempts: Iterable[Attempt]) -> bool:
    """Return whether a total stays in the gradebook if these attempts are opened again.

    It is that of released work, in a column that shows none before the release: what the pupil
    submits then puts nothing in its place, and the next release does.
    """
    released = (one for one in attempts if one.is_released)
    return any(Sending(one.assignment.sending).holds_total_back for one in released)


def _scores_of(assignment: Assignment, user: User) -> Mapping[str, Score]:
    attempts = scoring.submitted_attempts(assignment, user)
    return entered.scores_of(assignment, attempts, entered.entered_mark(assignment, user))


def reported(assignment: Assignment, user: User | None = None) -> Reported:
    """Return the scores last reported by column and person; of one user or of all."""
    return {
        tag: grades.reported_scores(assignment.link, user, tag=tag)
        for tag in scoring.columns(assignment)
    }


def changed_scores(scores: Scores, before: Reported, user: User) -> Scores:
    """Return those of a user's scores that have to be reported."""
    return {
        tag: score for tag, score in scores.items() if is_changed(score, before[tag].get(user.pk))
    }


def is_changed(score: Score, before: Score | None) -> bool:
    """Return whether a score has to be reported: a mark stays until the next one replaces it."""
    if before is not None and before.given is not None and score.given is None:
        return False
    return score != before


def report_scores(assignment: Assignment, user: User, scores: Scores) -> int:
    """Report a user's scores by column; return for how many the gradebook has a cell and a use."""
    if len(scores) > 1:
        grades.lock_scores(assignment.link, user)
    maxima = scoring.column_maxima(assignment, assignment.edition.sheet)
    return sum(
        grades.report_score(
            assignment.link,
            user,
            score,
            column_maximum=maxima.get(tag),
            tag=tag,
            label=partial(_label, assignment),
        )
        for tag, score in scores.items()
    )


def _label(assignment: Assignment) -> str:
    """Return the name of the column beside the worksheet's own.

    It is in the site's language, not in that of the pupil who happens to submit first.
    """
    with translation.override(settings.LANGUAGE_CODE):
        part = translate(automatic_part(assignment.edition.sheet))
    return f"{assignment.link.title or assignment.edition.title}: {part}"


def statuses(assignment: Assignment) -> dict[int, list[ScoreStatus]]:
    """Return the status of all scores by ``User.pk``, the one in the worksheet's own column first.

    It takes one SQL statement for each column.
    """
    found: defaultdict[int, list[ScoreStatus]] = defaultdict(list)
    for tag in scoring.columns(assignment):
        for pk, status in grades.score_statuses(assignment.link, tag=tag).items():
            found[pk].append(status)
    return found


def statuses_of(assignment: Assignment, user: User) -> list[ScoreStatus]:
    """Return the status of one user's scores, as ``statuses``."""
    found = (
        grades.score_status(assignment.link, user, tag=tag) for tag in scoring.columns(assignment)
    )
    return [status for status in found if status is not None]


def leading_status(statuses: Sequence[ScoreStatus]) -> ScoreStatus | None:
    """Return the status that matters most; None if there is none.

    That is of a score on its way, else of one that a teacher has to decide about, else the first.
    """
    waiting = (status for status in statuses if not status.is_settled)
    undecided = (status for status in statuses if status.progress is ScoreProgress.CHANGED)
    return next(waiting, None) or next(undecided, statuses[0] if statuses else None)
