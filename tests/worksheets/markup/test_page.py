"""The grammar page is right: every example on it is read, every code on it exists."""

from __future__ import annotations

import re

import pytest

from tests import ROOT
from worksheets.questions import parse_sheet

from .helpers import codes

PAGE = (ROOT / "docs" / "markup.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(
    r"(?:^problems: (?P<codes>[^\n]*)\n\n)?^```worksheet\n(?P<text>.*?)^```", re.S | re.M
)
EXAMPLES = [
    pytest.param(
        match["text"], match["codes"] or "", id=f"line {PAGE.count(chr(10), 0, match.start()) + 1}"
    )
    for match in EXAMPLE.finditer(PAGE)
]


def codes_on_page() -> set[str]:
    return set(re.findall(r"^\| `([a-z-]+)` \| (?:error|warning) \|", PAGE, re.M))


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_an_example_has_the_problems_that_the_page_names_and_no_others(
    text: str, expected: str
) -> None:
    assert codes(text) == (expected.split(", ") if expected else [])


def test_every_example_shows_something() -> None:
    assert len(EXAMPLES) > 35
    assert all(parse_sheet(match["text"]).blocks for match in EXAMPLE.finditer(PAGE))


def test_the_page_lists_every_code_that_the_parser_can_report() -> None:
    folders = (ROOT / "worksheets" / name for name in ("markup", "questions"))
    files = [path for folder in folders for path in folder.rglob("*.py")]
    files.remove(ROOT / "worksheets" / "markup" / "constructs.py")  # names of its own
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    reported = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', source))
    assert codes_on_page() == reported


def test_the_page_says_rightly_what_is_an_error(problem_examples: dict[str, str]) -> None:
    said = dict(re.findall(r"^\| `([a-z-]+)` \| (error|warning) \|", PAGE, re.M))
    found = {
        problem.code: problem.severity.value
        for source in problem_examples.values()
        for problem in parse_sheet(source).problems
    }
    assert {code: found.get(code) for code in said} == said
