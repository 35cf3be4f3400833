"""The reporting of scores to the gradebook: the one file that calls ``lti_tool.grades.api``.

What is reported is the score of the attempt that counts, under the assignment's policy, and
only where it differs from what was reported before.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from lti_tool import grades
from lti_tool.grades import Score, ScoreStatus
from lti_tool.models import ResourceLink, User
from worksheets.gradebook import scoring
from worksheets.gradebook.scoring import handed_in
from worksheets.models import Assignment, Attempt


def report(attempt: Attempt) -> None:
    """Report what the gradebook should show for this pupil, if that has changed.

    Call it in the transaction that changed the marks.
    """
    assignment, user = attempt.assignment, attempt.user
    score = scoring.score_of(assignment, handed_in(assignment, user))
    told = grades.reported_scores(assignment.link, user).get(user.pk)
    if score is not None and is_changed(score, told):
        report_score(assignment, user, score)


def is_changed(score: Score, told: Score | None) -> bool:
    """Return whether a score has to be reported: a mark stays until the next one replaces it."""
    if told is not None and told.given is not None and score.given is None:
        return False
    return score != told


def reported(link: ResourceLink) -> dict[int, Score]:
    """Return what the gradebook was told last, of everybody, by user id."""
    return grades.reported_scores(link)


def report_score(assignment: Assignment, user: User, score: Score) -> bool:
    """Report a score; return False if the gradebook has no cell or no use for it."""
    most = scoring.full_marks(assignment, assignment.edition.sheet)
    return grades.report_score(assignment.link, user, score, column_maximum=most or None)


def score_statuses(link: ResourceLink) -> dict[int, ScoreStatus]:
    """Return everybody's receipts at this link, by user id."""
    return grades.score_statuses(link)


def score_status(link: ResourceLink, user: User) -> ScoreStatus | None:
    """Return this person's receipt, or None if no score was reported."""
    return grades.score_status(link, user)


def send_again(link: ResourceLink, user: User) -> int:
    """Try this person's score at once; return 0 if there is none that waits or was refused."""
    return grades.send_again(link, user)


def send_all_again(link: ResourceLink, users: Iterable[User]) -> int:
    """Try these people's scores at once, and return how many waited or were refused."""
    with transaction.atomic():  # in the order in which deliverers lock rows
        in_order = sorted(users, key=lambda user: user.pk)
        return sum(send_again(link, user) for user in in_order)


def accept_lms_grade(link: ResourceLink, user: User) -> bool:
    """Keep the grade that somebody gave in the LMS; return False without one."""
    return grades.accept_lms_grade(link, user)


def overwrite(link: ResourceLink, user: User) -> bool:
    """Send our score over the grade that somebody gave in the LMS; return False without one."""
    return grades.overwrite(link, user)
