"""The pile of a large class is arranged once, and anew with whatever it is made of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from lti_tool.audit import TOOL
from lti_tool.models import Membership
from tests.cast import PUPIL, TEACHER, Cast, make_someone
from tests.worksheets.sheets import CAUSES, assignment_at, hand_in, place, publish, save
from worksheets import attempts
from worksheets.marking.pile import arrange
from worksheets.markup import Question
from worksheets.models import Answer, Assignment
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


@pytest.mark.django_db
def test_what_is_kept_follows_whoever_belongs_to_the_class(cast: Cast, arranged: list[int]) -> None:
    """Reopened and submitted again, shared, of one group, gone from the course, another key."""
    assignment = place(cast, may_work_together=True)
    link = assignment.link

    def texts(group: str = "") -> list[str]:
        fresh = assignment_at(link)
        question = fresh.edition.sheet.question("q1")
        kept = question_marking(fresh, question, group=group)
        kept_piles._kept.clear()  # as in another process
        found = question_marking(fresh, question, group=group)
        places = [
            [(group.number, [one.number for one in group.answers]) for group in pile.groups]
            for pile in (kept, found)
        ]
        assert places[0] == places[1]
        assert {one.submission for one in kept.answers} == {one.submission for one in found.answers}
        return sorted(one.answer.text for one in kept.answers)

    save(assignment, cast.amina, {"q1": "Fear"})
    attempts.name_partner(assignment, cast.amina.user, cast.ben.user.pk)
    shared = attempts.submit(assignment, cast.amina.user, assignment.edition_id)
    cem, dora = (make_someone(cast.course, sub, sub, PUPIL) for sub in ("901", "902"))
    groups = [{"id": "group-3", "name": ""}]
    Membership.objects.filter(user__in=[cast.ben.user, dora.user]).update(groups=groups)
    work = hand_in(assignment, cem, {"q1": "Debts"})
    hand_in(assignment, dora, {"q1": "Rumours"})
    assert (texts(), texts("group-3")) == (["Debts", "Fear", "Rumours"], ["Fear", "Rumours"])
    attempts.reopen(work, by=TOOL)
    assert texts() == ["Fear", "Rumours"]
    save(assignment, cem, {"q1": "Hunger"})
    attempts.submit(assignment, cem.user, assignment.edition_id)
    assert texts() == ["Fear", "Hunger", "Rumours"]
    Membership.objects.filter(user=cast.amina.user).update(status=Membership.Status.GONE)
    assert texts() == ["Fear", "Hunger", "Rumours"]  # still the partner's
    Membership.objects.filter(user=cast.ben.user).update(status=Membership.Status.GONE)
    assert texts() == ["Hunger", "Rumours"]
    Membership.objects.filter(user=cem.user).update(roles=[TEACHER])
    assert texts() == ["Rumours"]
    shared.user.delete()
    newer = publish(cast.ruth.user, CAUSES.replace("Why was the trial", "When was the trial"))
    Assignment.objects.filter(pk=assignment.pk).update(edition=newer)
    assert texts() == []
    assert arranged
