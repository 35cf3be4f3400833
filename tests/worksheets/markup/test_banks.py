"""Which words a bank has, and which gaps it serves."""

from __future__ import annotations

import pytest

from worksheets.questions import parse_sheet

from .helpers import codes


def served(source: str) -> list[int | None]:
    return [gap.bank for gap in parse_sheet(source).gaps]


def words(source: str) -> tuple[str, ...]:
    return parse_sheet(source).banks[0].words


class TestServing:
    def test_the_gaps_of_its_part(self) -> None:
        source = "## One\n___a___\n[[ a ]]\n## Two\n___a___\n[[ a ]]\n## Three\n___a___"
        assert served(source) == [0, 1, None]

    def test_it_may_stand_above_or_below(self) -> None:
        assert served("[[ a ]]\n___a___") == served("___a___\n[[ a ]]") == [0]

    def test_in_a_part_without_gaps_it_serves_those_that_have_none(self) -> None:
        source = "[[ a ]]\n## One\n___a___\n## Two\n___b___\n[[ b ]]\n## Three\n___a___"
        assert served(source) == [0, 1, 0]

    def test_of_two_in_a_part_the_last_one_above_or_the_first(self) -> None:
        source = "___a___\n\n[[ a ]]\n\n___a___\n\n[[ b ]]\n\n___b___"
        assert served(source) == [0, 0, 1]

    def test_gaps_without_a_bank_are_typed(self) -> None:
        assert served("___a___") == [None]


class TestWords:
    def test_distractors_stay(self) -> None:
        assert words("___a___\n[[ z | a ]]") == ("z", "a")

    def test_a_star_stands_for_every_right_answer(self) -> None:
        assert words("___b | c___ ___a | !d___\n[[ e | * ]]") == ("a", "b", "e")

    def test_with_a_star_the_order_is_the_alphabets(self) -> None:
        assert words("___b___ ___A___ ___c___\n[[ * | B2 ]]") == ("A", "b", "B2", "c")

    def test_a_star_alone(self) -> None:
        assert words("___b___ ___a___\n\n[[*]]") == ("a", "b")

    def test_a_star_adds_no_word_twice(self) -> None:
        assert words("___a___ ___A___\n[[ * | a ]]") == ("a",)

    def test_used_up_words_come_as_often_as_they_are_needed(self) -> None:
        assert words("___a___ ___a___\n[[ each word once: * | b ]]") == ("a", "a", "b")
        assert parse_sheet("[[ Each  word once:\n a | a ]]").banks[0].each_once
        assert words("[[ each word once: a | a ]]") == ("a", "a")

    def test_otherwise_a_word_is_there_once(self) -> None:
        assert words("[[ a | A | b | a ]]") == ("a", "b")
        assert codes("[[ a | A | b | a ]]") == ["repeated-word", "repeated-word"]

    def test_escapes(self) -> None:
        assert words(r"[[ a\|b | \] | \* | c\]\]d ]]") == ("a|b", "]", "*", "c]]d")


class TestAnswers:
    @pytest.mark.parametrize(
        ("key", "word"),
        [
            ("a", "A"),
            ("Ａ  b", "a b"),
            ("it's", "it’s"),
            ("a | b", "b"),
            ("#1936", "1936"),
            ("#1936 ±1", "1937"),
            ("#5", "5.0"),
            ("~collectivi*ation", "Collectivization"),
            ("~*b*c", "abbc"),
            ("~a*b", "ab"),
            ("~a", "a"),
        ],
    )
    def test_they_are_found_forgivingly(self, key: str, word: str) -> None:
        assert codes(f"___{key}___\n\n[[ {word} | other ]]") == []

    @pytest.mark.parametrize(
        ("key", "word"),
        [("a", "b"), ("#1936 ±1", "1938"), ("#5", "five"), ("~a*b*c", "acb"), ("~ab*b", "ab")],
    )
    def test_one_that_is_missing_is_an_error(self, key: str, word: str) -> None:
        assert codes(f"___{key}___\n\n[[ {word} ]]") == ["answer-not-in-bank"]

    def test_a_gap_without_a_key_is_only_that(self) -> None:
        assert codes("____\n\n[[ a ]]") == ["gap-without-key"]

    def test_a_star_takes_an_answer_without_stars_from_a_pattern(self) -> None:
        assert words("___~a*c | abc___\n[[ * | b ]]") == ("abc", "b")
        assert codes("___~a*c___\n\n[[ * | b ]]") == ["pattern-in-bank"]

    def test_fewer_words_than_gaps_is_a_warning(self) -> None:
        assert codes("___a___ ___a___\n\n[[ each word once: a ]]") == ["bank-runs-out"]
        assert codes("___a___ ___a___\n\n[[ a ]]") == []
