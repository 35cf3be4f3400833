"""Keeping answers: what is written, and what is left alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from tests.worksheets.sheets import fresh, place, said, save
from worksheets.attempts.answers import UNNUMBERED, Sent, write_answers
from worksheets.models import Answer, Attempt
from worksheets.questions.answers import ItemAnswer


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    """Amina wrote 'old' to the first question, a while ago."""
    made = save(place(cast), cast.amina, {"q1": "old"})
    Answer.objects.update(saved_at=timezone.now() - timedelta(minutes=5))
    return made


def write(
    attempt: Attempt,
    seen: datetime | None = None,
    sent: Sent = UNNUMBERED,
    **given: ItemAnswer,
) -> int:
    """Write these answers; those without a text or choice are blank."""
    blank = {item for item, answer in given.items() if answer == said()}
    return write_answers(attempt, given, blank, seen, sent)


def texts(attempt: Attempt) -> dict[str, str]:
    return dict(attempt.answers.values_list("item", "text"))


def test_only_what_differs_is_written(
    attempt: Attempt, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    before = fresh(attempt).saved_at
    with django_assert_num_queries(1):
        write(attempt, q1=said("old"))
    assert fresh(attempt).saved_at == before
    write(attempt, q1=said("old"), g1=said("Manchuria"))
    assert texts(attempt) == {"q1": "old", "g1": "Manchuria"}
    assert fresh(attempt).saved_at > before
    assert attempt.answers.get(item="q1").saved_at < before


def test_a_choice_is_a_difference(attempt: Attempt) -> None:
    write(attempt, q2=said("", "a"))
    write(attempt, q2=said("", "b"))
    assert attempt.answers.get(item="q2").value["choice"] == "b"


@pytest.mark.parametrize(
    ("minutes", "kept"), [(-10, "old"), (-1, ""), (None, "")], ids=["older", "newer", "unknown"]
)
def test_a_blank_wipes_only_what_its_page_has_shown(
    attempt: Attempt, minutes: int | None, kept: str
) -> None:
    seen = None if minutes is None else timezone.now() + timedelta(minutes=minutes)
    write(attempt, seen, q1=said())
    assert texts(attempt)["q1"] == kept


def test_words_of_an_older_page_are_kept_all_the_same(attempt: Attempt) -> None:
    seen = timezone.now() - timedelta(hours=1)
    write(attempt, seen, q1=said("new"))
    assert texts(attempt)["q1"] == "new"


def test_what_arrives_after_something_newer_of_its_browser_stays_out(attempt: Attempt) -> None:
    assert not write(attempt, sent=Sent("a", 2), q1=said("newer"))
    before = fresh(attempt).saved_at
    assert write(attempt, sent=Sent("a", 1), q1=said("older")) == 2
    assert write(attempt, sent=Sent("a", 1), q1=said()) == 2
    assert write(attempt, sent=Sent("a", 1), q1=said("newer")) == 0
    assert texts(attempt)["q1"] == "newer"
    assert fresh(attempt).saved_at == before


def test_what_is_late_for_one_answer_is_in_time_for_another(attempt: Attempt) -> None:
    write(attempt, sent=Sent("a", 2), q1=said("newer"))
    assert write(attempt, sent=Sent("a", 1), q1=said("older"), g1=said("Manchuria"))
    assert texts(attempt) == {"q1": "newer", "g1": "Manchuria"}


def test_the_same_again_counts_against_what_was_sent_between(attempt: Attempt) -> None:
    saved_at = attempt.answers.get(item="q1").saved_at
    write(attempt, sent=Sent("a", 3), q1=said("old"))
    assert write(attempt, sent=Sent("a", 2), q1=said("between"))
    assert texts(attempt)["q1"] == "old"
    assert attempt.answers.get(item="q1").saved_at == saved_at


@pytest.mark.parametrize("sent", [Sent("b", 1), UNNUMBERED, Sent("a", 2)])
def test_another_browser_writes_whatever_its_number(attempt: Attempt, sent: Sent) -> None:
    write(attempt, sent=Sent("a", 2), q1=said("here"))
    assert not write(attempt, sent=sent, q1=said("there"))
    assert texts(attempt)["q1"] == "there"


def test_words_that_were_taken_away_before_they_arrived_stay_out(attempt: Attempt) -> None:
    assert write(attempt, sent=Sent("a", 2), g1=said()) == 0
    assert write(attempt, sent=Sent("a", 1), g1=said("Man")) == 2
    assert texts(attempt) == {"q1": "old", "g1": ""}
    assert attempt.answers.get(item="g1").saved_at == attempt.started_at
