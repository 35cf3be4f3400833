import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.words.patterns import matches


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("", ""),
        ("*", ""),
        ("*", "anything at all"),
        ("f*og", "fog"),
        ("f*og", "fat dog"),
        ("a*a", "aa"),
        ("*ab*ab*", "abab"),
        ("**a**", "a"),
        ("the * of nations", "the league of nations"),
        ("the * of nations", "the of nations"),
        ("* *", "a b"),
        ("five year*", "five years"),
    ],
)
def test_fits(pattern: str, text: str) -> None:
    assert matches(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("", "a"),
        ("a", ""),
        ("a*a", "a"),
        ("ab*ba", "aba"),
        ("*ab*ab*", "aba"),
        ("f*og", "frogs"),
        ("the * of nations", "the leagueof nations"),
        ("five * plan", "five year crowplan"),
        ("a?", "ab"),
        ("[ab]", "a"),
        ("a.c", "abc"),
    ],
)
def test_does_not_fit(pattern: str, text: str) -> None:
    assert not matches(pattern, text)


def by_trying_everything(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        rest = pattern[1:]
        return any(by_trying_everything(rest, text[i:]) for i in range(len(text) + 1))
    return text[:1] == pattern[0] and by_trying_everything(pattern[1:], text[1:])


@given(st.text("ab*", max_size=7), st.text("ab", max_size=8))
def test_agrees_with_trying_everything(pattern: str, text: str) -> None:
    assert matches(pattern, text) == by_trying_everything(pattern, text)


class Counted(str):
    """A text that counts how often it is searched, and how many characters of it."""

    searches = 0
    characters = 0

    def replace(self, *_: object) -> "Counted":
        return self

    def find(self, piece: str, start: int, end: int) -> int:  # type: ignore[override]
        found = super().find(piece, start, end)
        self.searches += 1
        self.characters += (end if found < 0 else found + len(piece)) - start
        return found


def test_every_character_is_searched_once() -> None:
    text = Counted("ab" * 5_000)

    assert not matches("*a" * 2_000 + "*c*" + "b", text)

    assert text.searches == 2_001
    assert text.characters <= len(text)


def test_a_pattern_that_hangs_regular_expressions_does_not_hang_us() -> None:
    assert not matches("a*" * 5_000 + "b", "a" * 100_000)
