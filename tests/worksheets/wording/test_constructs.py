"""The editor's bar has a name for each construct, and words in the reader's language."""

from __future__ import annotations

from django.utils import translation

from worksheets.markup.constructs import CONSTRUCTS
from worksheets.wording.constructs import buttons_at_hand, menu


def test_each_construct_is_in_the_menu_once() -> None:
    rows = [row for _name, rows in menu() for row in rows]
    assert [row.name for row in rows] == list(CONSTRUCTS)
    assert len({row.label for row in rows}) == len(rows)
    assert all("{" not in row.text.replace("{n}", "") for row in rows)


def test_those_at_hand_are_of_the_menu() -> None:
    texts = {row.name: row.text for _name, rows in menu() for row in rows}
    assert [texts[row.name] for row in buttons_at_hand()] == [row.text for row in buttons_at_hand()]


def test_the_keywords_stay_in_the_language_of_the_worksheets() -> None:
    with translation.override("de"):
        rows = {row.name: row.text for _name, rows in menu() for row in rows}
    assert rows["model"].startswith("??? 4 marks\nmodel: «")
    assert rows["bank-once"].startswith("[[ each word once: «")
