"""Names that name somebody, and those that stand for none."""

from __future__ import annotations

import unicodedata

import pytest

from lti_tool.protocol.values import TEXT_LENGTH, is_storable, person_name
from tests.reported import reported

NAMELESS = [
    *("", " ", "\t\n", "\xa0", "\u2003", "\u3000"),
    *(
        "-",
        "--",
        "- -",
        "\u2010",
        "\u2013",
        "\u2014",
        "_",
        ".",
        "...",
        "\u2026",
        "?",
        "*",
        ", ",
        "()",
        "|",
        "+",
    ),
    *(
        "\u200b",
        "\u200c",
        "\u200d",
        "\u2060",
        "\ufeff",
        "\xad",
        "\u200e",
        "\u202e",
        "\u2066",
        "\u061c",
    ),
    *(
        "\u115f",
        "\u1160",
        "\u3164",
        "\uffa0",
        "\u2800",
        "\u180e",
        "\u17b4",
        "\ufe0f",
        "\u0301",
        "\U000e0041",
    ),
    *("\0", "\x07", "\ud800", "\ufffd", "\ufffc", "-\u200b- \xad"),
    *("null", "undefined", "null null", " null "),
]
NAMES = [
    *("Amina", "X", "7", "O'Neil", "-Ann-", "J.", "Jo-Ann", "...Lee"),
    *("Null", "NULL", "Nullman", "Undefined Behaviour", "Nora null"),
    *(
        "\u674e",
        "\u0645\u0631\u064a\u0645",
        "\u0e2a\u0e21",
        "\u0928\u0940",
        "\u05d0",
        "\u2167",
        "\U0001f98a",
        "\u2b50",
    ),
    *("\u200bAmina", "Ami\xadna", "\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645"),
]


@reported("lti-14a")
@pytest.mark.parametrize("text", NAMELESS, ids=ascii)
def test_a_name_that_names_nobody(text: str) -> None:
    assert person_name(text) == ""


@pytest.mark.parametrize("text", NAMES, ids=ascii)
def test_a_name_stays_as_it_is(text: str) -> None:
    assert person_name(text) == text


def test_a_name_has_no_blanks_around_it_and_fits_its_column() -> None:
    assert person_name(" Amina\0 Abdullahi\n") == "Amina Abdullahi"
    assert len(person_name("x" * 1000)) == TEXT_LENGTH


@pytest.mark.parametrize("category", ["Cc", "Cf", "Zs", "Pd", "Po", "Mn", "Me", "Sk", "Co"])
def test_no_character_of_these_kinds_is_a_name(category: str) -> None:
    letters = [chr(code) for code in range(0x11000) if unicodedata.category(chr(code)) == category]
    assert letters
    assert [letter for letter in letters if person_name(letter)] == []


@pytest.mark.parametrize("value", [None, True, 0, 10**400, 1.5, "a", [], {}, {"a": [{"b": [1]}]}])
def test_json_that_is_kept(value: object) -> None:
    assert is_storable(value)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), "\0", "\ud800", ["\0"], {"\0": 1}, {"a": {"b": ["\udfff"]}}],
    ids=ascii,
)
def test_json_that_no_database_takes(value: object) -> None:
    assert not is_storable(value)


def test_json_is_as_deep_as_it_may_be() -> None:
    value: object = 1
    for _ in range(50):
        value = [value]
    assert is_storable(value)
    assert not is_storable([value])
