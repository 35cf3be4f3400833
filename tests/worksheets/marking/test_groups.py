from decimal import Decimal
from itertools import permutations

from tests.reported import reported
from tests.worksheets.marking.sheets import STRICT, gap, mark, sheet
from worksheets.marking import GapVerdict
from worksheets.markup.sheet import Sheet
from worksheets.words.key import Mode

RIGHT, PARTLY, WRONG, UNANSWERED = (
    *(GapVerdict.RIGHT, GapVerdict.PARTLY),
    *(GapVerdict.WRONG, GapVerdict.UNANSWERED),
)
MEDALS = sheet(*[gap("gold", "silver", "bronze", group="medals")] * 3)
POWERS = sheet(
    gap("Germany", group="axis"),
    gap("Italy", group="axis"),
    gap("the Empire of Japan", group="axis"),
)


def verdicts(worksheet: Sheet, *responses: str) -> list[GapVerdict]:
    return [result.verdict for result in mark(worksheet, *responses).results]


def test_answers_may_stand_in_any_order() -> None:
    for order in permutations(["germany", "Italy", "Empire of Japan"]):
        assert mark(POWERS, *order).points == 3


@reported("R09")
def test_one_of_three_earns_one_of_three() -> None:
    three = [gap("gold", "silver", "bronze", group="medals") for _ in range(3)]
    marks = mark(sheet(*three), "silver")
    assert marks.points == 1
    assert marks.maximum == 3


def test_the_same_answer_earns_once() -> None:
    marks = mark(MEDALS, "gold", "gold", "gold")

    assert marks.points == 1
    assert sorted(result.repeated for result in marks.results) == [False, True, True]


def test_the_same_answer_earns_once_however_it_is_written() -> None:
    assert mark(MEDALS, "Gold", "gold.", "silver").points == 2
    assert mark(MEDALS, "bronze", "the bronze", "bonze").points == 1
    assert mark(POWERS, "Italy", "the Italy", "Itally").points == 1


def test_the_answer_without_a_slip_is_the_one_that_counts() -> None:
    first, second, _ = mark(MEDALS, "sylver", "silver", "").results

    assert (first.verdict, first.repeated) == (WRONG, True)
    assert (second.verdict, second.repeated) == (RIGHT, False)


def test_two_names_of_one_answer_fill_one_place() -> None:
    names = sheet(gap("Comintern", "Third International", group="g"), gap("NKVD", group="g"))

    assert mark(names, "Third International", "Comintern").points == 1
    assert mark(names, "nkvd", "Third International").points == 2


def test_a_wrong_answer_is_not_a_repeated_one() -> None:
    marks = mark(MEDALS, "gold", "iron", "")

    assert [result.verdict for result in marks.results] == [RIGHT, WRONG, UNANSWERED]
    assert not any(result.repeated for result in marks.results)
    assert marks.answered == 2


def test_weights_are_given_so_that_all_earn_most() -> None:
    weighted = sheet(
        gap("Rhineland", ("Ruhr", "0.5"), group="g"), gap("Rhineland", ("Saar", "0.5"), group="g")
    )

    assert mark(weighted, "Rhineland", "Ruhr").points == Decimal("1.5")
    assert mark(weighted, "Saar", "Rhineland").points == Decimal("1.5")
    assert mark(weighted, "Saar", "Ruhr").points == 1
    assert verdicts(weighted, "Saar", "Ruhr") == [PARTLY, PARTLY]


def test_slips_are_forgiven_and_the_spelling_of_their_place_shown() -> None:
    first, second, _ = mark(POWERS, "Itally", "Germny", "").results

    assert (first.spelling, second.spelling) == ("Italy", "Germany")


def test_no_slip_is_forgiven_where_spelling_counts() -> None:
    strict = sheet(gap("Germany", group="g"), gap("Italy", group="g"), settings=STRICT)

    assert verdicts(strict, "Italy", "Germny") == [RIGHT, WRONG]


def test_a_gap_with_a_bank_is_chosen_from_in_a_group_too() -> None:
    mixed = sheet(
        gap("Germany", group="g", bank=0), gap("Italy", group="g"), words=("Germany", "Italy")
    )

    assert verdicts(mixed, "Itally", "Germny") == [WRONG, RIGHT]


def test_numbers_and_patterns_in_any_order() -> None:
    years = sheet(*[gap("1936", "1937", mode=Mode.NUMBER, group="y")] * 2)
    isms = sheet(*[gap("*ism", mode=Mode.PATTERN, group="i")] * 2)

    assert mark(years, "1,936", "AD 1936").points == 1
    assert mark(years, "1937", "1,936").points == 2
    assert mark(isms, "communism", "fascism").points == 2
    assert mark(isms, "communism", "the communism").points == 1


def test_groups_do_not_mix() -> None:
    two = sheet(gap("gold", group="a"), gap("silver", group="b"))

    assert verdicts(two, "silver", "gold") == [WRONG, WRONG]


def test_feedback_of_the_own_gap_comes_first() -> None:
    pair = sheet(
        gap("Germany", group="g", wrong={"Spain": "not Spain"}),
        gap("Italy", group="g", wrong={"Spain": "neutral", "Hungary": "later"}),
    )

    assert [r.feedback for r in mark(pair, "Spain", "Spain").results] == ["not Spain", "neutral"]
    assert [r.feedback for r in mark(pair, "Hungary", "").results] == ["later", ""]


def test_what_one_gap_foresees_may_be_right_in_another() -> None:
    pair = sheet(gap("Germany", group="g", wrong={"Italy": "no"}), gap("Italy", group="g"))

    assert mark(pair, "Italy", "Germany").points == 2
    assert [r.feedback for r in mark(pair, "Italy", "Germany").results] == ["", ""]
