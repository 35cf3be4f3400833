import pytest

from tests.worksheets.marking.sheets import EVERYDAY
from worksheets.words.settings import Settings
from worksheets.words.terms import term
from worksheets.words.typos import is_nearest, is_slip


def slip(given: str, right: str, settings: Settings = EVERYDAY) -> bool:
    return is_slip(term(given, settings), term(right, settings))


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("Mancuria", "Manchuria"),  # missing
        ("Manchurria", "Manchuria"),  # too many
        ("Manchurja", "Manchuria"),  # replaced
        ("Mancuhria", "Manchuria"),  # swapped
        ("the Rhinelnd", "Rhineland"),
        ("Anti Commintern Pact", "Anti-Comintern Pact"),
        ("garcon", "garçon"),
        ("Stalins", "Stalin's"),
        ("milion", "million"),
        ("5 year plan", "5-Year Plans"),
        ("коллективизацыя", "коллективизация"),
        ("tsars", "tsar's"),
        ("שלומם", "שלוםם"),
    ],
)
def test_one_letter_wrong(given: str, right: str) -> None:
    assert slip(given, right)


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("Manchuria", "Manchuria"),  # nothing wrong
        ("Mancura", "Manchuria"),
        ("Cominform", "Comintern"),
        ("Forth Internationel", "Fourth International"),  # one in each of two words
        ("cot", "cat"),
        ("tzar", "tsar"),
        ("eleve", "élève"),
        ("FourthInternational", "Fourth International"),
        ("1935", "1936"),
        ("19356", "19366"),
        ("4-Year Plans", "5-Year Plans"),
        ("21st century", "20th century"),
        ("Louis XVII", "Louis XVIII"),
        ("billion", "million"),
        ("sixth", "sixty"),
        ("hello!", "hello?"),
        ("中国人民共和国", "中华人民共和国"),
        ("カタカテ", "カタカナ"),
        ("naïve$", "naïve"),
        ("", "Manchuria"),
    ],
)
def test_more_than_a_letter_wrong_or_something_else(given: str, right: str) -> None:
    assert not slip(given, right)


def test_capitals_are_no_slip_where_they_count() -> None:
    counting = Settings(case_counts=True)

    assert not slip("stalin", "Stalin", counting)
    assert slip("Stalln", "Stalin", counting)


def test_what_is_as_near_to_something_else() -> None:
    given = term("Stalinis", EVERYDAY)

    assert is_nearest(given, [term("Lenin", EVERYDAY), term("the Stalinist", EVERYDAY)])
    assert is_nearest(given, [term("Stalinis", EVERYDAY)])
    assert not is_nearest(given, [term("Lenin", EVERYDAY), term("Leninist", EVERYDAY)])
    assert not is_nearest(given, [])
