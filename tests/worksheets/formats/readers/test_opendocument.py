"""OpenDocument texts as lines of a paper."""

from __future__ import annotations

import pytest

from tests.reported import reported
from tests.worksheets.formats.paper.files import archive
from worksheets.formats.paper import UnreadablePaper, read_paper, to_markup
from worksheets.formats.readers.opendocument import read_odt
from worksheets.questions import parse_sheet

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{path}:1.0"'
    for name, path in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
        ("style", "style"), ("fo", "xsl-fo-compatible"),
    )
)  # fmt: skip
STYLES = (
    '<style:style style:name="U"><style:text-properties'
    ' style:text-underline-style="solid"/></style:style>'
    '<style:style style:name="Sub"><style:text-properties style:text-position="sub'
    ' 58%"/></style:style>'
    '<style:style style:name="Bold"><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="Gone"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="Mine" style:parent-style-name="Gone"/>'
    '<style:style style:name="Dots"><style:paragraph-properties><style:tab-stops><style:tab-stop'
    ' style:leader-style="dotted"/></style:tab-stops></style:paragraph-properties></style:style>'
    '<text:list-style style:name="N"><text:list-level-style-number text:level="1"'
    ' style:num-format="1" style:num-suffix=")" text:start-value="2"/></text:list-style>'
)


def odt(body: str, *, before: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """An OpenDocument text."""
    content = (
        f'<?xml version="1.0"?>{before}<office:document-content {_NAMES}><office:automatic-styles>'
        f"{STYLES}</office:automatic-styles><office:body><office:text>{body}</office:text>"
        "</office:body></office:document-content>"
    )
    return archive({"content.xml": content.encode(), **(more or {})})


def rows(body: str) -> list[str]:
    return [str(row) for row in read_odt(odt(body))[0] if row]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<text:p>a<text:s text:c="3"/>b<text:line-break/>c</text:p>', ["a   b", "c"]),
        (
            '<text:p>a <text:span text:style-name="U"><text:s text:c="9"/></text:span> b</text:p>',
            ["a _________ b"],
        ),
        ('<text:p>H<text:span text:style-name="Sub">2</text:span>O</text:p>', ["H₂O"]),
        ('<text:p text:style-name="Dots">a <text:tab/> b</text:p>', ["a ________________ b"]),
        ("<text:p>a <text:text-input>type here</text:text-input></text:p>", ["a ______"]),
        (
            '<text:list text:style-name="N"><text:list-item><text:p>a</text:p></text:list-item>'
            "<text:list-item><text:p>b</text:p></text:list-item></text:list>",
            ["2) a", "3) b"],
        ),
        (
            "<table:table><table:table-row><table:table-cell><text:p>a|b</text:p></table:table-cell"
            ">"
            "<table:table-cell/></table:table-row></table:table>",
            ["| a\\|b |  |"],
        ),
        (
            (
                "<text:p>a<text:note><text:note-body><text:p>the"
                " note</text:p></text:note-body></text:note></text:p>"
            ),
            ["a[^1]", "[^1]: the note"],
        ),
    ],
)
def test_lines(body: str, expected: list[str]) -> None:
    assert rows(body) == expected


def test_headings_boxes_and_pictures() -> None:
    body = (
        '<text:h text:outline-level="1">Title</text:h><text:p>Text.<draw:frame><draw:text-box>'
        "<text:p>in a"
        " box</text:p></draw:text-box></draw:frame><draw:frame><draw:image/></draw:frame></text:p>"
    )
    found, notes = read_odt(odt(body))
    assert [(str(r), r.look.level, r.look.box) for r in found if r] == [
        ("Title", 2, 0), ("Text.", 0, 0), ("in a box", 0, 1),
    ]  # fmt: skip
    assert [note.code for note in notes] == ["picture"]


def test_a_worksheet() -> None:
    gap = '<text:span text:style-name="U"><text:s text:c="12"/></text:span>'
    body = (
        '<text:h text:outline-level="1">Bees</text:h><text:p>Use the words in the box.</text:p>'
        "<table:table><table:table-row><table:table-cell><text:p>queen, nectar</text:p>"
        "</table:table-cell></table:table-row></table:table>"
        f"<text:p>A hive has one {gap}.</text:p><text:p>Bees collect {gap}.</text:p>"
    )
    sheet = parse_sheet(to_markup(read_paper("a.odt", odt(body))).source)
    assert len(sheet.gaps) == 2
    assert sheet.banks[0].words == ("queen", "nectar")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (odt("<text:p>&a;</text:p>", before='<!DOCTYPE a [<!ENTITY a "b">]>'), "must not have"),
        (odt("<text:p>"), "damaged"),
        (odt("<text:p/>" * 1_500_000), "too large"),
        (odt("<text:p>a</text:p>")[:-30], "damaged"),
        (archive({"mimetype": b"x"}), "not an OpenDocument"),
        (odt(""), "no text"),
    ],
)
def test_what_cannot_be_read(data: bytes, words: str) -> None:
    with pytest.raises(UnreadablePaper, match=words):
        read_paper("a.odt", data)


@pytest.mark.parametrize(
    "body",
    [
        '<text:p>It is<text:span text:style-name="Gone"> blue</text:span></text:p>',
        '<text:p>It is</text:p><text:p text:style-name="Mine">blue</text:p>',
        '<text:p>It is<text:hidden-text text:is-hidden="true"> blue</text:hidden-text></text:p>',
        '<text:section text:display="none"><text:p>blue</text:p></text:section>'
        "<text:p>It is</text:p>",
        '<text:p>It is</text:p><text:p><text:hidden-paragraph text:is-hidden="true"/>blue</text:p>',
    ],
)
def test_hidden_text_is_left_out(body: str) -> None:
    found, notes = read_odt(odt(body))
    assert [str(row) for row in found if row] == ["It is"]
    assert [note.code for note in notes] == ["hidden"]


@reported("desk-25")
def test_no_word_beside_the_lines_is_lost_in_silence() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>GONE</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
        "<text:p>The sky<office:annotation><text:p>KEY: blue</text:p><text:p>Ask.</text:p>"
        '</office:annotation> is ____.<text:change text:change-id="a"/></text:p>'
        "<text:p>See<text:note><text:note-body><text:p>It began in ______ or so.</text:p>"
        "</text:note-body></text:note> and<text:note><text:note-body><text:p>A witness.</text:p>"
        "</text:note-body></text:note></text:p>"
        "<text:p><text:ruby><text:ruby-base>漢字</text:ruby-base><text:ruby-text>かんじ"
        "</text:ruby-text></text:ruby> \uf0a8 yes"
        '<text:span text:style-name="Greek"> a</text:span></text:p>'
    )
    pages = (
        f"<office:document-styles {_NAMES}><office:styles>"
        '<style:style style:name="Greek"><style:text-properties style:font-name="Symbol"/>'
        "</style:style></office:styles><office:master-styles><style:master-page>"
        "<style:header><text:p>Class 10b</text:p></style:header>"
        "<style:footer><text:p>Page <text:page-number>1</text:page-number></text:p><draw:frame>"
        "<draw:image/></draw:frame></style:footer>"
        "</style:master-page></office:master-styles></office:document-styles>"
    )
    file = odt(body, more={"styles.xml": pages.encode()})
    assert [str(row) for row in read_odt(file)[0] if row] == [
        "The sky is ____.",
        "See¹ and[^2]",
        "漢字(かんじ) ☐ yes α",
        "¹ It began in ______ or so.",
        "[^2]: A witness.",
    ]
    imported = to_markup(read_paper("a.odt", file))
    assert len(parse_sheet(imported.source).gaps) == 3  # the note's, and the box inside a line
    told = {one.code: str(one.message) for one in imported.warnings}
    assert told["comments"].endswith("They say: KEY: blue Ask.")
    assert told["furniture"].endswith(": Class 10b · Page 1")
    assert {"tracked", "furniture-picture"} <= told.keys()
    assert "GONE" not in f"{imported.source}{told}"
