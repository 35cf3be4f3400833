"""The pile of a large class is arranged once, and anew with whatever it is made of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cast import PUPIL, Cast, make_someone
from tests.worksheets.sheets import assignment_at, hand_in, place
from worksheets.marking.pile import arrange
from worksheets.markup import Question
from worksheets.models import Answer
from worksheets.questions import parse_sheet
from worksheets.reports import kept_piles
from worksheets.reports.by_question import question_marking
from worksheets.reports.kept_piles import MAX_KEPT, Pile, RawAnswer, pile_of
from worksheets.words.settings import Settings


@pytest.fixture(autouse=True)
def arranged(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Keep the piles of small classes too; return of each pile that is arranged how many answers.

    The answers that are blank are not among them.
    """
    counts: list[int] = []

    def counted(answers: Any, *more: Any) -> Any:
        answers = list(answers)
        counts.append(len(answers))
        return arrange(answers, *more)

    monkeypatch.setattr(kept_piles, "arrange", counted)
    monkeypatch.setattr(kept_piles, "MIN_KEPT", 1)
    kept_piles._kept.clear()
    yield counts
    kept_piles._kept.clear()


def written(*texts: str, choice: str = "") -> dict[int, RawAnswer]:
    more = {"choice": choice} if choice else {}
    return {
        pk: RawAnswer(json.dumps({"v": 1, "text": text, **more}), text)
        for pk, text in enumerate(texts, 1)
    }


def question(prompt: str = "Why?") -> Question[Any]:
    return parse_sheet(f"# S\n\n1. {prompt}\n\n??? 6 marks\n").question("q1")


def pile(answers: dict[int, RawAnswer], seed: str = "s", **more: Any) -> Pile:
    return pile_of(answers, more.get("asked", question()), more.get("settings", Settings()), seed)


def test_the_same_answers_are_arranged_once(arranged: list[int]) -> None:
    first = pile(written("fear", "hunger", "fear", " "))
    assert (sorted(map(sorted, first.groups)), first.blank) == ([[1, 3], [2]], [4])
    assert pile(written("fear", "hunger", "fear", " ")) == first
    assert arranged == [3]


def test_whatever_is_different_is_arranged_anew(arranged: list[int]) -> None:
    """Also where two pupils' texts end to end are the same."""
    answers = written("fear", "hunger")
    for changed in (
        answers,
        written("fear", "rumours"),
        written("fearh", "unger"),
        written("fear", ""),
        written("fear", "hunger", choice="a"),
        written("fear", "hunger", "debts"),
        {1: answers[1], 3: answers[2]},
        {1: answers[2], 2: answers[1]},
    ):
        found = pile(changed)
        assert sorted([*found.blank, *(pk for one in found.groups for pk in one)]) == [*changed]
    pile(answers, "another seed")
    pile(answers, asked=question("When?"))
    pile(answers, settings=Settings(case_counts=True))
    assert len(arranged) == 11


def test_the_piles_that_were_made_last_are_kept(arranged: list[int]) -> None:
    for n in range(MAX_KEPT + 1):
        pile(written(f"answer {n}"))
    assert len(kept_piles._kept) == MAX_KEPT
    pile(written(f"answer {MAX_KEPT}"))
    assert len(arranged) == MAX_KEPT + 1
    pile(written("answer 0"))
    assert len(arranged) == MAX_KEPT + 2


@pytest.mark.django_db
def test_a_page_shows_what_stands_now(cast: Cast, arranged: list[int]) -> None:
    link = place(cast).link

    def texts() -> list[list[str]]:
        fresh = assignment_at(link)
        found = question_marking(fresh, fresh.edition.sheet.question("q1"))
        return sorted([one.answer.text for one in group.answers] for group in found.groups)

    works = [
        hand_in(assignment_at(link), make_someone(cast.course, sub, f"Pupil {sub}", PUPIL), given)
        for sub, given in (("901", {"q1": "Fear"}), ("902", {"q1": "Fear"}))
    ]
    assert texts() == texts() == [["Fear", "Fear"]]
    assert arranged == [2]
    # Even a change that the submission does not tell of.
    value = {"v": 1, "text": "A show"}
    Answer.objects.filter(attempt=works[0], item="q1").update(text="A show", value=value)
    assert texts() == [["A show"], ["Fear"]]
    hand_in(assignment_at(link), cast.amina, {"q1": "Fear"})
    assert texts() == [["A show"], ["Fear", "Fear"]]
    Answer.objects.filter(attempt=works[0], item="q1").delete()
    assert texts() == [["Fear", "Fear"]]
    assert arranged == [2, 2, 3, 2]
