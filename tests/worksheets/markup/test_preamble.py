"""Settings at the top of a sheet."""

from __future__ import annotations

import pytest

from worksheets.markup import Settings
from worksheets.questions import parse_sheet

from .helpers import codes, shape


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("spelling: counts", Settings(spelling_counts=True)),
        ("capitals: count", Settings(case_counts=True)),
        ("accents: optional", Settings(fold_accents=True)),
        ("Spelling : Counts\n\naccents:optional", Settings(True, False, True)),
        ("spelling: forgiven\ncapitals: free\naccents: count", Settings()),
        ("", Settings()),
    ],
)
def test_settings(lines: str, expected: Settings) -> None:
    sheet = parse_sheet(f"---\n{lines}\n---\n# Title")
    assert sheet.settings == expected
    assert sheet.problems == ()
    assert (sheet.title, shape(f"---\n{lines}\n---\n# Title")) == ("Title", ["Heading"])


@pytest.mark.parametrize(
    "source",
    ["---\ntext\n---", "---\nspelling: counts", "text\n---\nspelling: counts\n---", "---"],
)
def test_a_rule_is_no_setting(source: str) -> None:
    assert parse_sheet(source).settings == Settings()
    assert "HorizontalRule" in shape(source)


def test_windows_lines_and_a_byte_order_mark() -> None:
    assert parse_sheet("\ufeff---\r\nspelling: counts\r\n---\r\n").settings.spelling_counts


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("colour: red", "unknown-setting"),
        ("spelling: perhaps", "unknown-value"),
        ("spelling:", "unknown-value"),
        ("spelling: counts\nspelling: forgiven", "setting-twice"),
    ],
)
def test_what_cannot_be_set_is_an_error(line: str, code: str) -> None:
    assert codes(f"---\n{line}\n---") == [code]


def test_the_lines_below_keep_their_numbers() -> None:
    assert parse_sheet("---\nspelling: counts\n---\n____").gaps[0].line == 4
