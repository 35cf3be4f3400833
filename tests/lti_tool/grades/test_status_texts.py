"""Receipts in words."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from lti_tool.grades import ScoreProgress, ScoreStatus
from lti_tool.grades.status_texts import explanation, sentence
from lti_tool.services.errors import DeliveryProblem
from lti_tool.services.verdicts import VERDICTS

PASSING = {verdict.problem for verdict in VERDICTS.values() if not verdict.permanent} | {
    DeliveryProblem.OUR_FAULT,
    DeliveryProblem.WAITING,
    DeliveryProblem.UNREACHABLE,
    DeliveryProblem.SERVER_ERROR,
    DeliveryProblem.ANSWER_UNREADABLE,
}


def receipt(progress: ScoreProgress, problem: DeliveryProblem | None = None) -> ScoreStatus:
    return ScoreStatus(progress, Decimal(6), Decimal(8), problem, datetime.now(UTC))


@pytest.mark.parametrize("problem", DeliveryProblem)
def test_every_problem_is_explained_to_teachers(problem: DeliveryProblem) -> None:
    words = str(explanation(receipt(ScoreProgress.NOT_ACCEPTED, problem)))
    assert words.endswith(".")
    assert len(words) > 20
    assert problem.value not in words.split()


@pytest.mark.parametrize("problem", DeliveryProblem)
def test_only_what_is_tried_again_says_so(problem: DeliveryProblem) -> None:
    words = str(explanation(receipt(ScoreProgress.TRYING_AGAIN, problem)))
    assert ("We keep trying." in words) == (problem in PASSING)


@pytest.mark.parametrize("progress", ScoreProgress)
def test_every_progress_has_a_sentence_for_pupils(progress: ScoreProgress) -> None:
    assert str(sentence(receipt(progress))).endswith((".", "trying."))


def test_sentences_differ() -> None:
    assert len({str(sentence(receipt(progress))) for progress in ScoreProgress}) == len(
        ScoreProgress
    )
    explained = {str(explanation(receipt(ScoreProgress.NOT_ACCEPTED, p))) for p in DeliveryProblem}
    assert len(explained) == len(DeliveryProblem)


def test_nothing_wrong_needs_no_explanation() -> None:
    assert explanation(receipt(ScoreProgress.IN_GRADEBOOK)) is None


def test_a_pupil_whose_mark_is_late_reads_that_the_work_is_safe() -> None:
    words = str(sentence(receipt(ScoreProgress.TRYING_AGAIN, DeliveryProblem.UNREACHABLE)))
    assert words == (
        "Your work is safe. The mark has not reached the gradebook yet; we keep trying."
    )
