"""Texts are cut between words, never inside a character, and never longer than asked for."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reported import reported
from worksheets.wording.shortening import fit, shorten

TEXTS = st.text(max_size=60)


@reported("desk-23")
@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("So it was.", 10, "So it was."),
        ("Give the dates, please.", 12, "Give the…"),
        ("Give the dates, please.", 17, "Give the dates,…"),
        ("uninterrupted", 6, "unint…"),
        ("A uninterrupted", 9, "A uninte…"),  # most of it would go with the word
        ("cafe\u0301s", 5, "caf…"),
        ("ok 👍🏽 ok", 5, "ok…"),
        ("👩\u200d👧 yes", 4, "👩\u200d👧…"),
        ("👩\u200d👧 yes", 3, "…"),
        ("🇩🇪🇫🇷", 4, "🇩🇪🇫🇷"),
        ("🇩🇪🇫🇷", 3, "🇩🇪…"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e007f!", 4, "…"),  # a flag of tags
        ("\u1112\u1161\u11ab\u1112\u1161\u11ab", 5, "\u1112\u1161\u11ab…"),  # letters of Korean
        ("\u0915\u094d\u0937\u0915\u0937", 3, "…"),  # two letters that are one in Hindi
        ("a<b &amp; [[x]]\n*c*", 18, "a<b &amp; [[x]]…"),
        ("word", 0, ""),
    ],
)
def test_where_it_is_cut(text: str, length: int, expected: str) -> None:
    assert shorten(text, length) == expected


@given(TEXTS, st.integers(0, 70))
def test_never_longer_and_never_inside_a_character(text: str, length: int) -> None:
    cut = shorten(text, length)
    assert len(cut) <= length
    kept = cut.removesuffix("…")
    if cut != text and kept:
        assert text.startswith(kept)
        rest = text[len(kept) :].lstrip()
        assert (
            not rest or not unicodedata.category(rest[0]).startswith("M") or kept != kept.rstrip()
        )


@given(st.lists(TEXTS, max_size=6), st.integers(0, 250))
def test_together_they_fit_and_short_ones_are_whole(texts: list[str], room: int) -> None:
    found = fit(texts, room)
    assert sum(map(len, found)) <= room
    if sum(map(len, texts)) <= room:
        assert found == texts
    longest = max(map(len, found), default=0)
    assert all(one == text for one, text in zip(found, texts, strict=True) if len(text) < longest)
