"""Running text."""

from __future__ import annotations

import pytest

from worksheets.markup import Code, Emphasis, FootnoteRef, Inline, Link, Strong, Text
from worksheets.markup.inline import plain
from worksheets.questions import parse_sheet

from .helpers import shown, walk


def inline(source: str) -> tuple[Inline, ...]:
    (block,) = parse_sheet(source).blocks
    return block.children  # type: ignore[union-attr]


def test_emphasis_is_written_with_stars() -> None:
    assert inline("*a* **b** ***c***") == (
        Emphasis((Text("a"),)),
        Text(" "),
        Strong((Text("b"),)),
        Text(" "),
        Emphasis((Strong((Text("c"),)),)),
    )


@pytest.mark.parametrize(
    "text", ["_a_", "__a__", "a * b * c", "2*3", "**a", "[a]", "[a](b)", "a ! b"]
)
def test_these_stay_as_they_are(text: str) -> None:
    assert inline(text) == (Text(text),)


def test_code_is_shown_as_it_is() -> None:
    assert inline("`*a* ___b___`") == (Code("*a* ___b___"),)


@pytest.mark.parametrize(
    ("source", "href"),
    [
        ("[a](https://example.org/b)", "https://example.org/b"),
        ("[a](http://example.org)", "http://example.org"),
        ("[a](mailto:b@example.org)", "mailto:b@example.org"),
        ('[a](https://example.org "c")', "https://example.org"),
        ("<https://example.org/b>", "https://example.org/b"),
        ("<b@example.org>", "mailto:b@example.org"),
    ],
)
def test_links(source: str, href: str) -> None:
    (link,) = inline(source)
    assert isinstance(link, Link)
    assert link.href == href


@pytest.mark.parametrize(
    "source",
    [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert)",
        "[a](data:text/html,b)",
        "[a](file:///etc)",
        "[a](//example.org)",
        "[a](/b)",
        "<javascript:alert>",
        "[a](vbscript:b)",
        "[a](&#106;avascript:b)",
        "[a](\x01javascript:b)",
    ],
)
def test_no_other_link_gets_through(source: str) -> None:
    assert not any(isinstance(node, Link) for node in walk(parse_sheet(source).blocks))


def test_a_bare_address_is_text() -> None:
    assert inline("see https://example.org/a_b") == (Text("see https://example.org/a_b"),)


def test_deep_emphasis_stops_and_loses_nothing() -> None:
    sheet = parse_sheet("**" * 500 + "deep" + "**" * 500)
    assert "deep" in shown(sheet.blocks)
    assert repr(sheet)
    assert hash(sheet.blocks)


def test_plain_text_hides_gaps() -> None:
    nodes = inline("*a* **b** `c` [d](https://e.org) ___f___")
    assert plain(nodes) == "a b c d ____"
    assert plain((Text("a"), FootnoteRef(1), Text(" b"))) == "a b"


def test_what_cannot_be_stored_is_replaced() -> None:
    assert inline("a\0b\ud800c") == (Text("a\ufffdb\ufffdc"),)
