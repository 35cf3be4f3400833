"""Numbers as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from worksheets.wording.numbers import plain


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("6", "6"),
        ("6.0000", "6"),
        ("2.5000", "2.5"),
        ("0.3333", "0.3333"),
        ("0", "0"),
        ("100", "100"),
        ("1E+2", "100"),
        ("0.0010", "0.001"),
    ],
)
def test_marks_are_written_as_people_write_them(number: str, written: str) -> None:
    assert plain(Decimal(number)) == written
