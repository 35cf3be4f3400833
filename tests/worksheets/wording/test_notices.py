"""What a page says about the step before: only our own words, whatever the address says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.wording.notices import _COUNTED, _WORDS, read_notice


@pytest.mark.parametrize("name", _WORDS)
def test_every_notice_has_a_level_and_a_sentence(name: str) -> None:
    notice = read_notice({"notice": name})
    assert notice is not None
    assert notice.level in {"success", "info", "warning", "danger"}
    assert notice.text.endswith(".")


@pytest.mark.parametrize(
    ("n", "text"),
    [
        ("0", "Released to 0 pupils. The gradebook will update shortly."),
        ("1", "Released to 1 pupil. The gradebook will update shortly."),
        ("28", "Released to 28 pupils. The gradebook will update shortly."),
    ],
)
def test_a_counted_notice(n: str, text: str) -> None:
    notice = read_notice({"notice": "released-many", "n": n})
    assert notice is not None
    assert notice.text == text


def test_a_change_that_sends_no_mark_counts_none() -> None:
    notice = read_notice({"notice": "applied", "n": "0"})
    assert notice is not None
    assert notice.text == "Applied."


@pytest.mark.parametrize("n", ["", "-1", "1e3", "²", "١", "999999", "<b>", "1 "])
def test_a_count_that_is_none(n: str) -> None:
    assert read_notice({"notice": "released-many", "n": n}) is None


@given(st.text(max_size=40), st.text(max_size=10))
def test_a_strangers_text_is_never_shown(name: str, n: str) -> None:
    if name not in _WORDS and name not in _COUNTED:
        assert read_notice({"notice": name, "n": n}) is None
