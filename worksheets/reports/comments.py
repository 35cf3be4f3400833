"""The comments that a teacher has used before, to be used again. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from lti_tool.models import User
from worksheets.markup import Question
from worksheets.models import Assignment, Attempt, Mark

MAX_COMMENTS = 15  # kept at hand, of which the page shows the first few
MAX_READ = 500  # of a teacher's newest marks, in which comments of other questions are looked for
MIN_USES = 2  # of a comment before it is offered at another question


@dataclass(frozen=True, slots=True)
class UsedComment:
    """A comment that was given, and the points that it was given with most, None elsewhere."""

    text: str
    points: Decimal | None


def used_comments(
    assignment: Assignment, question: Question[Any], teacher: User
) -> list[UsedComment]:
    """Return the comments given at this question, then the teacher's at others, commonest first.

    Those of the question are this class's, and those that the teacher gave at it in other classes
    with the worksheet. At another question a comment is offered once it was used twice; with it
    goes no mark. Two SQL statements.
    """
    here = Q(attempt__assignment=assignment)
    worksheet = assignment.edition.worksheet_id
    own = Q(marked_by=teacher, attempt__edition__worksheet=worksheet)
    rows = (
        Mark.objects.filter(here | own, item=question.key, source=Mark.Source.TEACHER)
        .exclude(comment="")
        .values_list("comment", "points")
        .annotate(often=Count("pk"))
    )
    counts: defaultdict[str, Counter[Decimal]] = defaultdict(Counter)
    for comment, points, often in rows:
        counts[comment][points] += often
    asked = sorted(counts, key=lambda text: (-counts[text].total(), text))[:MAX_COMMENTS]
    found = [UsedComment(text, counts[text].most_common(1)[0][0]) for text in asked]
    elsewhere = (text for text in _elsewhere(teacher) if text not in counts)
    return [*found, *(UsedComment(text, None) for text in elsewhere)][:MAX_COMMENTS]


def _elsewhere(teacher: User) -> list[str]:
    """Return the comments that a teacher has used more than once lately, commonest first."""
    newest = Mark.objects.filter(marked_by=teacher, source=Mark.Source.TEACHER)
    texts = list(newest.order_by("-marked_at").values_list("comment", flat=True)[:MAX_READ])
    return [text for text in _commonest(texts) if texts.count(text) >= MIN_USES]


@dataclass(frozen=True, slots=True)
class UsedOverallComments:
    """A teacher's comments on whole works, commonest first."""

    went_well: list[str]
    better_if: list[str]


def used_overall_comments(teacher: User) -> UsedOverallComments:
    """Return what a teacher wrote on the works commented on last. One SQL statement."""
    rows = Attempt.objects.filter(commented_by=teacher).order_by("-pk")
    texts = list(rows.values_list("went_well", "better_if")[:MAX_READ])
    return UsedOverallComments(
        _commonest(well for well, _better in texts)[:MAX_COMMENTS],
        _commonest(better for _well, better in texts)[:MAX_COMMENTS],
    )


def _commonest(texts: Iterable[str]) -> list[str]:
    """Return the texts, but for empty ones, those first that are there most often."""
    counts = Counter(filter(None, texts))
    return sorted(counts, key=lambda text: (-counts[text], text))
