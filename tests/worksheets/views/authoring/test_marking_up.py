"""A gap or a bank of what is selected in the editor: the one change, in the text area's units."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import Cast
from tests.properties import costly
from worksheets import authoring
from worksheets.models import Worksheet
from worksheets.questions import parse_sheet


@pytest.fixture
def worksheet(cast: Cast) -> Worksheet:
    return authoring.create(cast.ruth.user, "# Of before\n")


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def ask(cast: Cast, worksheet: Worksheet, **posted: object) -> Any:
    return cast.ruth.client.post(cast.ruth.url("mark-up", number=worksheet.pk), posted)


def select(source: str, selected: str) -> dict[str, object]:
    start = utf16(source[: source.index(selected)])
    return {"source": source, "start": start, "end": start + utf16(selected)}


def applied(source: str, change: dict[str, Any]) -> str:
    value = source.encode("utf-16-le")
    before, after = value[: 2 * change["start"]], value[2 * change["end"] :]
    return before.decode("utf-16-le") + str(change["text"]) + after.decode("utf-16-le")


@pytest.mark.parametrize(
    ("source", "selected", "after"),
    [
        ("The Nile is long.\n", "Nile", "The ___Nile___ is long.\n"),
        ("😀 The Nile 😀\n", "Nile", "😀 The ___Nile___ 😀\n"),
        ("Either this | that.\n", "this | that", "Either ___this \\| that___.\n"),
        ("| a |\n| --- |\n| Nile |\n", "Nile", "| a |\n| --- |\n| ___Nile___ |\n"),
    ],
)
def test_a_gap_of_a_selection(
    cast: Cast, worksheet: Worksheet, source: str, selected: str, after: str
) -> None:
    reply = ask(cast, worksheet, do="gap", **select(source, selected))
    assert reply.status_code == 200
    assert applied(source, reply.json()) == after
    assert Worksheet.objects.get().source == "# Of before\n"


@pytest.mark.parametrize("words", ["Nile, Po, Rhine", "Nile\nPo\nRhine", "Nile  Po  Rhine"])
def test_a_bank_of_a_selection(cast: Cast, worksheet: Worksheet, words: str) -> None:
    source = f"The ___Nile___ is 😀 long.\n\n{words}\n\nThe end.\n"
    reply = ask(cast, worksheet, do="bank", **select(source, words))
    sheet = parse_sheet(applied(source, reply.json()))
    assert [sorted(bank.words) for bank in sheet.banks] == [["Nile", "Po", "Rhine"]]
    assert [gap.accepted[0].text for gap in sheet.gaps] == ["Nile"]


@pytest.mark.parametrize(
    ("do", "source", "selected"),
    [
        ("gap", "The ___Nile___ is long.\n", "Nile"),
        ("gap", "??? 4 marks\nmodel: because\n", "because"),
        ("gap", "a  b\n", "  "),
        ("bank", "x" * 6000, "x" * 6000),
        ("bank", "a\n", "\n"),
    ],
)
def test_what_cannot_be_made_says_so(
    cast: Cast, worksheet: Worksheet, do: str, source: str, selected: str
) -> None:
    reply = ask(cast, worksheet, do=do, **select(source, selected))
    assert reply.status_code == 422
    assert "Nothing was changed" in reply.json()["said"]


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"do": "gap", "source": "a", "start": "0", "end": "x"},
        {"do": "gap", "source": "a", "start": "-1", "end": "1"},
        {"do": "delete", "source": "a", "start": "0", "end": "1"},
        {"do": "gap", "source": "a\0", "start": "0", "end": "1"},
        {"do": "gap", "source": "a" * 200_001, "start": "0", "end": "1"},
        {"do": "gap", "source": "a", "start": "0", "end": "9" * 400},
    ],
)
def test_what_no_script_sends_is_refused(
    cast: Cast, worksheet: Worksheet, posted: dict[str, str]
) -> None:
    assert ask(cast, worksheet, **posted).status_code == 400


@costly(30)
@given(
    st.text(st.sampled_from("ab_|[]!?#\\ \n😀."), max_size=40),
    st.integers(0, 45),
    st.integers(0, 45),
    st.sampled_from(["gap", "bank"]),
)
def test_any_selection_is_answered(
    cast: Cast, worksheet: Worksheet, source: str, start: int, end: int, do: str
) -> None:
    reply = ask(cast, worksheet, do=do, source=source, start=start, end=end)
    assert reply.status_code in {200, 422}
