"""Two texts line by line: nothing is made up, and what is left out is counted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worksheets.markup.comparing import AROUND, MAX_LINES, compared

lines = st.lists(st.sampled_from(["a", "b", "", "  c"]), max_size=20)


@given(lines, lines)
def test_both_texts_are_all_there(before: list[str], after: list[str]) -> None:
    rows = compared("\n".join(before), "\n".join(after))
    if not rows:
        assert "\n".join(before) == "\n".join(after)
        return
    old = sum(row.count for row in rows if row.kind != "added")
    new = sum(row.count for row in rows if row.kind != "removed")
    assert old == len("\n".join(before).splitlines())
    assert new == len("\n".join(after).splitlines())
    removed = [line for row in rows if row.kind == "removed" for line in row.lines]
    added = [line for row in rows if row.kind == "added" for line in row.lines]
    assert not [line for line in removed if line not in before]
    assert not [line for line in added if line not in after]


def test_lines_around_a_change_are_shown_and_the_others_counted() -> None:
    before = [f"line {n}" for n in range(100)]
    after = [*before[:50], "another", *before[51:]]
    rows = compared("\n".join(before), "\n".join(after))
    kinds = [row.kind for row in rows]
    assert kinds == ["skipped", "same", "removed", "added", "same", "skipped"]
    assert [row.count for row in rows] == [50 - AROUND, AROUND, 1, 1, AROUND, 49 - AROUND]
    assert (rows[2].lines, rows[3].lines) == (("line 50",), ("another",))


def test_texts_without_end_are_one_change() -> None:
    before, after = "x\n" * (MAX_LINES + 1), "y\n" * (MAX_LINES + 2)
    assert [(row.kind, row.count) for row in compared(before, after)] == [
        ("removed", MAX_LINES + 1),
        ("added", MAX_LINES + 2),
    ]


def test_the_same_text_has_no_changes() -> None:
    assert compared("a\nb", "a\nb") == []
