"""The order in which a teacher reads answers: shuffled once, equal ones together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worksheets.marking.pile import MAX_ALIKE, MAX_COMPARED, MAX_SHORT, PileAnswer, arrange
from worksheets.words.settings import Settings

SETTINGS = Settings()
texts = st.text(max_size=12) | st.sampled_from(["Abyssinia", "Abyssina", "the Rhineland", "USSR"])
answers = st.dictionaries(st.integers(1, 10**9), texts, max_size=12)


def pile(
    texts: dict[int, str], seed: str = "1-q1", settings: Settings = SETTINGS
) -> list[list[int]]:
    found = arrange((PileAnswer(number, text) for number, text in texts.items()), settings, seed)
    return [[one.number for one in group] for group in found]


def essays(n: int) -> dict[int, str]:
    """Answers of which none is near another."""
    return {number: f"{number} " * 100 for number in range(1, n + 1)}


@given(answers)
def test_each_answer_is_there_once(texts: dict[int, str]) -> None:
    found = [number for group in pile(texts) for number in group]
    assert sorted(found) == sorted(texts)


@given(answers, st.randoms())
def test_nobody_s_order_has_a_part_in_it(texts: dict[int, str], random: object) -> None:
    mixed = list(texts.items())
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert pile(dict(mixed)) == pile(texts)


@given(answers)
def test_equal_answers_are_a_group(texts: dict[int, str]) -> None:
    for group in pile(texts):
        forms = {arrange([PileAnswer(1, texts[n])], SETTINGS, "")[0][0].text for n in group}
        assert len(forms) <= len(group)
    again = dict.fromkeys(texts, "The same.")
    assert len(pile(again)) == min(1, len(texts))


def test_one_that_comes_later_moves_no_other() -> None:
    before = [group[0] for group in pile(essays(40))]
    after = [group[0] for group in pile(essays(41)) if group[0] != 41]
    assert before == after


def test_it_is_shuffled_by_question_and_assignment() -> None:
    orders = [pile(essays(40), seed) for seed in ("1-q1", "1-q2", "2-q1")]
    assert [[n] for n in sorted(essays(40))] not in orders
    assert len({str(order) for order in orders}) == 3


def test_the_sheet_s_settings_say_what_is_equal() -> None:
    texts = {1: "the U.S.S.R.", 2: "USSR", 3: "ussr"}
    assert sorted(map(len, pile(texts))) == [3]
    strict = Settings(spelling_counts=True, case_counts=True)
    assert sorted(map(len, pile(texts, settings=strict))) == [1, 1, 1]


def test_the_same_reasons_for_another_choice_are_another_answer() -> None:
    rows = [PileAnswer(1, "Because.", "a"), PileAnswer(2, "Because.", "b")]
    assert [len(group) for group in arrange(rows, SETTINGS, "s")] == [1, 1]


def test_those_that_say_the_same_are_one_group() -> None:
    texts = {
        1: "Because it scared people.",
        2: "It scares the people",
        3: "It did not scare people",
    }
    assert sorted(map(len, pile(texts))) == [1, 2]


def test_nearly_equal_ones_stand_next_to_each_other() -> None:
    texts = {n: f"{n} " * 30 for n in range(1, 20)} | {50: "Abyssinia", 60: "Abissinya"}
    texts[70] = "Abyssinja"
    order = [group[0] for group in pile(texts)]
    places = sorted(order.index(n) for n in (50, 60, 70))
    assert places[2] - places[0] == 2


def test_long_answers_and_large_classes_are_not_compared_with_each_other() -> None:
    long = {n: "x" * (MAX_SHORT + n) for n in range(1, 5)}
    assert len(pile(long)) == 4
    many = {n: f"answer {n:05}" for n in range(1, MAX_COMPARED + 50)}
    assert len(pile(many)) == len(many)


def test_a_group_has_an_end() -> None:
    found = pile(dict.fromkeys(range(1, 2 * MAX_ALIKE + 2), "No idea"))
    assert [len(group) for group in found] == [MAX_ALIKE, MAX_ALIKE, 1]
