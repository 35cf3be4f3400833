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
from worksheets.models.attempt import MAX_BROWSERS
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


def test_so_it_does_where_another_browser_says_the_same_meanwhile(attempt: Attempt) -> None:
    write(attempt, sent=Sent("a", 1), q1=said("here"))
    seen = timezone.now()
    # Sent as number 2, 'between' is held up on its way.
    write(attempt, seen, Sent("a", 3), q1=said("here"))
    write(attempt, seen, Sent("b", 9), q1=said("here"))
    assert write(attempt, seen, Sent("a", 2), q1=said("between")) == 3
    assert texts(attempt)["q1"] == "here"
    assert not write(attempt, fresh(attempt).saved_at, Sent("a", 4), q1=said("there"))
    assert texts(attempt)["q1"] == "there"


def test_what_has_arrived_of_a_browser_is_known_whoever_writes_later(attempt: Attempt) -> None:
    write(attempt, sent=Sent("a", 3), q1=said("here"))
    write(attempt, timezone.now(), Sent("b", 9), q1=said("there"))
    write(attempt, timezone.now(), Sent("a", 2), q1=said("older"))
    answer = attempt.answers.get(item="q1")
    assert [answer.received_from(name) for name in "abc"] == [3, 9, 0]
    assert answer.text == "there"


def test_so_it_is_with_a_row_of_before_that_was_known(attempt: Attempt) -> None:
    attempt.answers.update(device="a", sent=3, received={})
    assert attempt.answers.get(item="q1").received_from("a") == 3
    assert write(attempt, sent=Sent("a", 2), q1=said("older")) == 3


def test_only_the_browsers_that_sent_last_are_known(attempt: Attempt) -> None:
    for number in range(1, MAX_BROWSERS + 3):
        write(attempt, timezone.now(), Sent(f"b{number}", number), q1=said(f"{number}"))
    known = attempt.answers.get(item="q1").received
    assert sorted(known.values()) == list(range(3, MAX_BROWSERS + 3))


@pytest.mark.parametrize("sent", [Sent("b", 1), UNNUMBERED, Sent("a", 2)])
def test_a_browser_that_has_seen_it_writes_whatever_its_number(
    attempt: Attempt, sent: Sent
) -> None:
    write(attempt, sent=Sent("a", 2), q1=said("here"))
    assert not write(attempt, timezone.now(), sent, q1=said("there"))
    assert texts(attempt)["q1"] == "there"


@pytest.mark.parametrize("words", [said("there"), said()])
def test_what_another_browser_has_saved_unseen_stays(attempt: Attempt, words: ItemAnswer) -> None:
    """One that was closed while the server stood still: its last words arrive after newer ones."""
    before = timezone.now()
    write(attempt, before, Sent("a", 2), q1=said("here"))
    assert write(attempt, before, Sent("b", 9), q1=words, g1=said("Manchuria")) == 9
    assert texts(attempt) == {"q1": "here", "g1": "Manchuria"}
    assert not write(attempt, before, Sent("b", 10), q1=said("here"))
    assert not write(attempt, timezone.now(), Sent("b", 11), q1=words)
    assert texts(attempt)["q1"] == words.text


def test_what_a_browser_has_saved_itself_is_not_unseen(attempt: Attempt) -> None:
    before = timezone.now()
    write(attempt, before, Sent("a", 2), q1=said("here"))
    assert not write(attempt, before, Sent("a", 3), q1=said())
    assert texts(attempt)["q1"] == ""


def test_words_that_were_taken_away_before_they_arrived_stay_out(attempt: Attempt) -> None:
    assert write(attempt, sent=Sent("a", 2), g1=said()) == 0
    assert write(attempt, sent=Sent("a", 1), g1=said("Man")) == 2
    assert texts(attempt) == {"q1": "old", "g1": ""}
    assert attempt.answers.get(item="g1").saved_at == attempt.started_at
