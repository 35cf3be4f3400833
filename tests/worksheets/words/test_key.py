from decimal import Decimal

import pytest

from tests.worksheets.marking.sheets import EVERYDAY, STRICT
from worksheets.words.key import Closeness, Mode, closeness
from worksheets.words.settings import Settings
from worksheets.words.terms import term

ZERO = Decimal(0)


def is_same(mode: Mode, given: str, key: str) -> bool:
    found = closeness(mode, term(given, EVERYDAY), term(key, EVERYDAY), ZERO)
    return found is Closeness.SAME


def is_alike(
    mode: Mode, given: str, key: str, tolerance: str = "0", settings: Settings = EVERYDAY
) -> bool:
    found = closeness(mode, term(given, settings), term(key, settings), Decimal(tolerance))
    return found is Closeness.ALIKE


@pytest.mark.parametrize("mode", Mode)
def test_a_key_is_the_same_as_itself(mode: Mode) -> None:
    assert is_same(mode, "1936", "1936")
    assert is_same(mode, "frog", "Frog")


def test_text_is_alike_without_its_article_but_not_the_same() -> None:
    assert not is_same(Mode.TEXT, "Rhineland", "the Rhineland")
    assert is_alike(Mode.TEXT, "Rhineland", "the Rhineland")
    assert not is_alike(Mode.TEXT, "Rhineland", "the Rhineland", settings=STRICT)


def test_a_number_is_the_same_however_it_is_written() -> None:
    assert is_same(Mode.NUMBER, "1,936", "1936")
    assert is_same(Mode.NUMBER, "1936.0", "1936")
    assert not is_same(Mode.TEXT, "1,936", "1936")


def test_a_tolerance_includes_its_ends() -> None:
    assert is_alike(Mode.NUMBER, "6", "7", "1")
    assert is_alike(Mode.NUMBER, "8", "7", "1")
    assert not is_alike(Mode.NUMBER, "5.99", "7", "1")
    assert not is_alike(Mode.NUMBER, "8.0000000000000000000000000000000001", "7", "1")


@pytest.mark.parametrize("given", ["(5)", "5!", "the 5", "5 km", "five", ""])
def test_nothing_is_passed_over_in_a_number(given: str) -> None:
    assert not is_same(Mode.NUMBER, given, "5")
    assert not is_alike(Mode.NUMBER, given, "5")


def test_a_word_in_number_mode_is_compared_as_it_stands() -> None:
    assert is_same(Mode.NUMBER, "None", "none")
    assert not is_alike(Mode.NUMBER, "none.", "none")


def test_an_open_pattern_is_nothing_to_be_the_same_as() -> None:
    assert not is_same(Mode.PATTERN, "coll*", "coll*")
    assert is_alike(Mode.PATTERN, "coll*", "coll*")


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("the Rhineland", "Rhine*"),
        ("League of Nations", "the * of Nations"),
        ("USSR", "U.S.*"),
        ("google.com", "*.com"),
        ("Anti Comintern Pact", "anti-*"),
        ("collectivisation.", "collectivi*ation"),
    ],
)
def test_a_pattern_passes_over_what_a_text_does(given: str, key: str) -> None:
    assert is_alike(Mode.PATTERN, given, key)


def test_a_pattern_is_no_regular_expression() -> None:
    assert not is_alike(Mode.PATTERN, "a", "[a-z]")
    assert not is_alike(Mode.PATTERN, "ab", "a.")
    assert not is_alike(Mode.TEXT, "collectivisation", "coll*")
