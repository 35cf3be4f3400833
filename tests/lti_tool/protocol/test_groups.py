"""Groups and sections as launches tell them, and what is no such thing."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.protocol.groups import (
    MAX_GROUPS,
    MAX_ID,
    MAX_NAME,
    CourseGroup,
    groups,
    to_store,
)

NAMES = '["Section 1, M-T", "\\u00dcbung"]'


def canvas(ids: str, names: str) -> Any:
    return groups({"canvas_sections": ids, "canvas_section_names": names})


def test_moodle_tells_numbers() -> None:
    assert groups({"moodle_groups": "3,17"}) == (CourseGroup("group-3"), CourseGroup("group-17"))
    assert groups({"moodle_groups": ""}) == ()


def test_canvas_tells_numbers_and_names_in_one_order() -> None:
    both = (CourseGroup("section-7", "Section 1, M-T"), CourseGroup("section-9", "Übung"))
    assert canvas("7,9", NAMES) == both
    assert canvas("7, 9", NAMES.replace('"', '\\"')) == both  # escaped once more
    # Names that do not fit to the numbers are nobody's.
    assert canvas("7", NAMES) == (CourseGroup("section-7"),)
    for odd in ("", "[1, 2]", "{}", "[[", "[" * 5000, "$com.instructure.User.sectionNames"):
        assert canvas("7,9", odd) == (CourseGroup("section-7"), CourseGroup("section-9")), odd


def test_what_is_not_told() -> None:
    assert groups({}) is None
    for odd in ("$Moodle.Person.userGroupIds", "a b", "<script>", "é", "1;2", "x" * 99, "1,$2"):
        assert groups({"moodle_groups": odd}) is None, odd


def test_many_and_long_ones() -> None:
    found = groups({"moodle_groups": ",".join(map(str, range(1000)))})
    assert found is not None
    assert len(found) == MAX_GROUPS
    assert groups({"moodle_groups": "1,1,1"}) == (CourseGroup("group-1"),)
    (one,) = canvas("7", json.dumps(["  long \0 " + "x" * 999]))
    assert len(one.name) == MAX_NAME


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_anything_is_read_or_left(ids: str, names: str, numbers: str) -> None:
    custom = {"canvas_sections": ids, "canvas_section_names": names, "moodle_groups": numbers}
    for one in to_store(groups(custom) or ()):
        assert 0 < len(one["id"]) <= MAX_ID + len("section-")
        assert "\0" not in one["name"]
