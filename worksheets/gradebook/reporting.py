"""From marks to the gradebook: the one file that calls ``lti_tool.grades.api``.

What is told is the score of the attempt that counts, under the assignment's policy; and
only where it differs from what was told before.
"""

from __future__ import annotations

from lti_tool import grades
from lti_tool.grades import Receipt, Score
from lti_tool.models import ResourceLink, User
from worksheets.gradebook import scoring
from worksheets.gradebook.scoring import handed_in
from worksheets.models import Assignment, Attempt


def report(attempt: Attempt) -> None:
    """Say what the gradebook should show for this pupil, if that has changed.

    Call it in the transaction that changed the marks.
    """
    assignment, user = attempt.assignment, attempt.user
    score = scoring.score_of(assignment, handed_in(assignment, user))
    told = grades.reported(assignment.link, user).get(user.pk)
    if score is not None and is_news(score, told):
        tell(assignment, user, score)


def is_news(score: Score, told: Score | None) -> bool:
    """Whether the gradebook has to hear it: a mark that is there stays until the next one."""
    if told is not None and told.given is not None and score.given is None:
        return False
    return score != told


def reported(link: ResourceLink) -> dict[int, Score]:
    """What the gradebook was told last, of everybody, by user."""
    return grades.reported(link)


def tell(assignment: Assignment, user: User, score: Score) -> bool:
    """Report it. Gives False for whom no gradebook has a cell, or no use for such a score."""
    most = scoring.full_marks(assignment, assignment.edition.sheet)
    return grades.report_score(assignment.link, user, score, column_maximum=most or None)


def receipts(link: ResourceLink) -> dict[int, Receipt]:
    """Everybody's receipts at this link, by user."""
    return grades.receipts(link)


def receipt(link: ResourceLink, user: User) -> Receipt | None:
    """This person's receipt, if a score was reported."""
    return grades.receipt(link, user)


def send_again(link: ResourceLink, user: User) -> int:
    """Try this person's score at once. Gives 0 if there is none that waits or was refused."""
    return grades.send_again(link, user)


def keep_theirs(link: ResourceLink, user: User) -> bool:
    """The grade that somebody gave in the LMS stays. Gives False if there is none."""
    return grades.keep_theirs(link, user)


def send_ours(link: ResourceLink, user: User) -> bool:
    """Our score replaces the grade that somebody gave in the LMS. Gives False if there is none."""
    return grades.send_ours(link, user)
