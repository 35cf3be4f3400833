"""Texts from right to left, and the language of a sheet."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from tests.worksheets.rendering.test_no_leaks import filling
from worksheets.questions.registry import parse_sheet

HEBREW = "הילד הלך ל___בית___ ואז ל___חנות___."


def tags(source: str, name: str) -> list[str]:
    """Return what the elements of a name are written like: 'rtl', 'ltr', or '' as around them."""
    found = re.findall(rf"<{name}\b([^>]*)>", filling(parse_sheet(source)))
    return [(re.search(r'dir="(\w+)"', one) or [""] * 2)[1] for one in found]


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        (HEBREW, "p", ["rtl"]),
        ("____ הילד הלך\n\n[[ a | b ]]", "p", ["rtl", ""]),  # and the bank's title
        ("The word is ___בית___.", "p", [""]),
        ("1936: ___x___", "p", [""]),
        ("# ילד\n\n## Teil", "h2", ["rtl"]),
        ("- ילד\n- הלך", "ul", ["rtl"]),
        ("- ילד\n- הלך", "li", ["", ""]),
        ("- ילד\n- child", "li", ["", "ltr"]),
        ("1. ילד\n2. הלך", "ol", ["rtl"]),
        ("> ילד", "blockquote", ["rtl"]),
        ("> ילד", "p", [""]),
        ("| ילד | child |\n|---|---|\n| הלך | b |", "div", ["rtl"]),
        ("| ילד | child |\n|---|---|\n| הלך | b |", "th", ["", "ltr"]),
        ("| ילד | child |\n|---|---|\n| הלך | b |", "td", ["", "ltr"]),
        ("a ___בית___\n\n[[ בית | חנות ]]", "ul", ["rtl"]),
    ],
)
def test_each_block_is_written_as_its_first_letter_says(
    source: str, name: str, expected: list[str]
) -> None:
    assert tags(source, name) == expected


def test_on_a_page_from_right_to_left_the_others_are_marked() -> None:
    with translation.override("ar"):
        assert tags("The word is ___x___.", "p") == ["ltr"]
        assert tags(HEBREW, "p") == [""]


def test_the_language_of_the_sheet_is_named_where_it_names_one() -> None:
    named = filling(parse_sheet("---\nlanguage: he\n---\n" + HEBREW + "\n\n## ב\n\nא"))
    assert named.count('<section class="part" lang="he">') == 2
    assert 'lang="' not in filling(parse_sheet(HEBREW))
