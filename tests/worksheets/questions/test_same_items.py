"""Whether answers to one edition can be marked by another, and which keys differ."""

from __future__ import annotations

import pytest

from tests.worksheets.sheets import CAUSES
from worksheets.questions import changed_keys, parse_sheet, same_items

BASE = parse_sheet(CAUSES)


def changed(old: str, new: str) -> bool:
    assert old in CAUSES
    return same_items(BASE, parse_sheet(CAUSES.replace(old, new)))


def test_a_sheet_asks_what_it_asks() -> None:
    assert same_items(BASE, parse_sheet(CAUSES))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("___Rhineland___", "___Rhineland | Rhine land___"),
        ("___Rhineland___", "___Bavaria___"),
        (" | !Abyssinia: Which of the two lies near Japan?", ""),
        ("___#1928___", "___#1929___"),
        ("| Bavaria ]]", "| Bavaria | Ruhr ]]"),
        ("MODELANSWER", "Another model"),
        ("RUBRICTEXT", "Another rubric"),
        ("??? 4 marks, 5-100 words", "??? 6 marks"),
        ("# Causes of terror", "# The causes of terror"),
        ("## 1. Abroad", "## 1. Abroad\n\nA word before."),
    ],
)
def test_keys_marks_and_other_text_may_differ(old: str, new: str) -> None:
    assert changed(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("and soldiers marched into the ___Rhineland___", "and soldiers marched"),
        ("Japan took", "In 1931 Japan took"),
        ("The first plan began in ___#1928___.", "The ___first___ plan began in ___#1928___."),
        ("Why was the trial held in public?", "Why was the trial held?"),
        ("(a) It was staged.\n(b) It was believed.", "(a) It was believed.\n(b) It was staged."),
        ("??? 4 marks, 5-100 words", "???"),
        ("(b) It was believed.", "(b) It was believed.\n(c) Neither."),
    ],
)
def test_what_is_asked_may_not(old: str, new: str) -> None:
    assert not changed(old, new)


def test_gaps_that_changed_places_are_not_the_same() -> None:
    one = parse_sheet("A ___first___ and\n\na ___second___.")
    other = parse_sheet("a ___second___.\n\nA ___first___ and")
    assert not same_items(one, other)


def test_deep_inside_it_is_seen_as_well() -> None:
    one, other = (parse_sheet(f"- > **A {word} ___gap___**") for word in ("small", "large"))
    assert one.gaps
    assert not same_items(one, other)


RANKED = """# A ranking

Put these in order.

??? 3 marks
rank: Political | Economic | Diplomatic
right: Economic > Diplomatic > Political
"""


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ("___Rhineland___", "___Rhineland | Rhine land___", ("g3",)),
        ("___#1928___", "___#1928±1___", ("g4",)),
        ("___#1928___", "___1928___", ("g4",)),
        (" | !Abyssinia: Which of the two lies near Japan?", "", ()),
        ("MODELANSWER", "Another model", ()),
        ("??? 4 marks, 5-100 words", "??? 6 marks", ()),
        ("# Causes of terror", "A line more.\n\n# Causes of terror", ()),
        # Gaps count in reading order: what stands behind a new one has another key, and all differ.
        ("Japan took", "In ___1931___ Japan took", ("g1", "g2", "g3", "g4")),
    ],
)
def test_which_keys_differ(old: str, new: str, keys: tuple[str, ...]) -> None:
    assert old in CAUSES
    assert changed_keys(BASE, parse_sheet(CAUSES.replace(old, new))) == keys


def test_the_key_of_a_ranking_differs_with_its_order() -> None:
    before = parse_sheet(RANKED)
    other = RANKED.replace("right: Economic > Diplomatic", "right: Diplomatic > Economic")
    assert before.automatic_questions
    assert changed_keys(before, parse_sheet(other)) == ("q1",)
    assert changed_keys(before, parse_sheet(f"A line before.\n\n{RANKED}")) == ()
