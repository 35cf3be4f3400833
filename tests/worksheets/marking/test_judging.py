from decimal import Decimal

from tests.worksheets.marking.sheets import (
    BANK,
    EVERYDAY,
    STRICT,
    gap,
    mark,
    mark_one,
    sheet,
)
from worksheets.marking import GapVerdict
from worksheets.markup.sheet import Gap
from worksheets.words.key import Mode
from worksheets.words.settings import Settings

RIGHT, PARTLY, WRONG = GapVerdict.RIGHT, GapVerdict.PARTLY, GapVerdict.WRONG


def verdict(one: Gap, response: str, settings: Settings = EVERYDAY) -> GapVerdict:
    return mark_one(one, response, settings).verdict


def test_each_accepted_answer_is_right() -> None:
    either = gap("collectivisation", "collectivization")

    assert verdict(either, "Collectivisation") is RIGHT
    assert verdict(either, "COLLECTIVIZATION") is RIGHT


def test_a_weight_is_earned_exactly() -> None:
    result = mark_one(gap("Rhineland", ("Rhine", "0.333333333333333333333333333333333")), "Rhine")

    assert result.verdict is PARTLY
    assert result.points == Decimal("0.333333333333333333333333333333333")


def test_of_two_answers_that_fit_the_better_counts() -> None:
    either = gap(("the Rhineland!", "0.5"), ("the Rhineland?", "0.75"))

    assert mark_one(either, "Rhineland").points == Decimal("0.75")


def test_the_nearer_answer_decides_before_the_better() -> None:
    either = gap("the Rhineland", ("Rhineland", "0.5"))

    assert mark_one(either, "Rhineland").points == Decimal("0.5")


def test_a_foreseen_answer_says_why_it_is_wrong() -> None:
    result = mark_one(gap("Fourth International", wrong={"Comintern": "Stalin's"}), "the comintern")

    assert (result.verdict, result.feedback) == (WRONG, "Stalin's")


def test_a_foreseen_answer_is_known_in_spite_of_a_slip() -> None:
    result = mark_one(gap("Fourth International", wrong={"Comintern": "Stalin's"}), "Commintern")

    assert (result.verdict, result.feedback) == (WRONG, "Stalin's")


def test_a_foreseen_answer_wins_over_an_answer_that_is_only_alike() -> None:
    article = gap("the Rhineland", wrong={"Rhineland": "With its article, please."})

    assert mark_one(article, "Rhineland").feedback == "With its article, please."
    assert verdict(article, "the Rhineland") is RIGHT


def test_a_foreseen_number_wins_over_the_tolerance_but_has_none() -> None:
    about = gap("1936", wrong={"1935": "A", "1940": "F"}, mode=Mode.NUMBER, tolerance="2")

    assert mark_one(about, "1935").feedback == "A"
    assert verdict(about, "1934") is RIGHT
    assert mark_one(about, "1939").feedback == ""


def test_a_slip_is_forgiven_and_the_spelling_shown() -> None:
    result = mark_one(gap("Manchuria"), "mancuria")

    assert (result.verdict, result.spelling) == (RIGHT, "Manchuria")
    assert result.points == 1


def test_a_right_spelling_is_not_shown() -> None:
    assert mark_one(gap("Manchuria"), "manchuria.").spelling == ""


def test_a_slip_in_an_answer_that_earns_less_earns_less() -> None:
    result = mark_one(gap("Rhineland", ("Germany", "0.5")), "Germanny")

    assert (result.verdict, result.points, result.spelling) == (PARTLY, Decimal("0.5"), "Germany")


def test_no_slip_is_forgiven_where_spelling_counts() -> None:
    assert verdict(gap("Manchuria"), "Mancuria", STRICT) is WRONG


def test_no_slip_is_forgiven_in_a_number_or_a_pattern() -> None:
    assert verdict(gap("Manchuria", mode=Mode.NUMBER), "Mancuria") is WRONG
    assert verdict(gap("Manchuria", mode=Mode.PATTERN), "Mancuria") is WRONG


def test_no_slip_is_forgiven_where_there_is_a_bank() -> None:
    with_bank = sheet(gap("Manchuria", bank=0), words=BANK)

    assert mark(with_bank, "Mancuria").results[0].verdict is WRONG


def test_no_slip_is_forgiven_that_is_as_near_to_a_word_of_a_bank() -> None:
    typed = gap("Stalinism")

    assert mark_one(typed, "Stalinis", words=("Leninism",)).verdict is RIGHT
    assert mark_one(typed, "Stalinis", words=("Stalinist",)).verdict is WRONG
    assert mark_one(typed, "Stalinist", words=("Stalinist",)).verdict is WRONG


def test_no_slip_is_forgiven_that_is_as_near_to_the_answer_of_another_gap() -> None:
    two = sheet(gap("Stalinism"), gap("Stalinist"))

    assert [result.verdict for result in mark(two, "Stalinis", "Stalinist").results] == [
        WRONG,
        RIGHT,
    ]


def test_no_slip_is_forgiven_that_is_as_near_to_a_foreseen_answer() -> None:
    result = mark_one(gap("Stalinism", wrong={"Stalinist": "A person"}), "Stalinis")

    assert (result.verdict, result.feedback) == (WRONG, "A person")


def test_the_answer_itself_in_the_bank_or_in_another_gap_is_no_rival() -> None:
    twice = sheet(gap("Stalinism"), gap("the Stalinism"), words=("Stalinism",))

    assert mark(twice, "Stalinsm", "Stalinsm").points == 2


def test_another_spelling_of_the_same_answer_is_no_rival() -> None:
    assert verdict(gap("collectivisation", "collectivization"), "collectivication") is RIGHT


def test_a_gap_without_a_key_takes_nothing_for_right() -> None:
    assert verdict(gap(), "anything") is WRONG
