"""The reporting of scores to the gradebook: the one file that calls ``lti_tool.grades.api``.

What is reported is the score of the attempt that counts, under the assignment's policy, and
only where it differs from what was reported before.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from lti_tool import grades
from lti_tool.grades import Score
from lti_tool.models import ResourceLink, User
from worksheets.gradebook import scoring
from worksheets.models import Assignment, Attempt


def report(attempt: Attempt) -> None:
    """Report what the gradebook should show for this pupil, if that has changed.

    Call it in the transaction that changed the marks.
    """
    assignment, user = attempt.assignment, attempt.user
    score = scoring.score_of(assignment, scoring.submitted_attempts(assignment, user))
    before = grades.reported_scores(assignment.link, user).get(user.pk)
    if score is not None and is_changed(score, before):
        report_score(assignment, user, score)


def is_changed(score: Score, before: Score | None) -> bool:
    """Return whether a score has to be reported: a mark stays until the next one replaces it."""
    if before is not None and before.given is not None and score.given is None:
        return False
    return score != before


def report_score(assignment: Assignment, user: User, score: Score) -> bool:
    """Report a score; return False if the gradebook has no cell or no use for it."""
    most = scoring.full_marks(assignment, assignment.edition.sheet)
    return grades.report_score(assignment.link, user, score, column_maximum=most or None)


def send_all_again(link: ResourceLink, users: Iterable[User]) -> int:
    """Try these people's scores at once, and return how many waited or were refused."""
    with transaction.atomic():  # in the order in which deliverers lock rows
        in_order = sorted(users, key=lambda user: user.pk)
        return sum(grades.send_again(link, user) for user in in_order)
