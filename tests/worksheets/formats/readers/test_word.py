"""Word files as lines of a paper."""

from __future__ import annotations

import pytest

from tests.reported import reported
from tests.worksheets.formats.paper.files import docx, docx_part, paragraph, run, table
from worksheets.formats.paper import read_paper, to_markup
from worksheets.formats.readers.equations import equation
from worksheets.formats.readers.rows import Row
from worksheets.formats.readers.word import read_docx
from worksheets.questions import parse_sheet

NAMES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def rows(*blocks: str, **parts: str) -> list[Row]:
    """The lines of a document; ``parts`` are further ones, such as its styles."""
    related = "".join(
        f'<Relationship Id="r{name}" Type="{NAMES}/{name}" Target="{name}.xml"/>' for name in parts
    )
    more = {f"word/{name}.xml": text.encode() for name, text in parts.items()}
    more["word/_rels/document.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{related}</Relationships>"
    ).encode()
    return [row for row in read_docx(docx(*blocks, more=more))[0] if row]


def styled(style: str, text: str, more: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{run(text)}</w:p>'


STYLES = f"""<w:styles {_W}>
<w:style w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Mine"><w:name w:val="My heading"/><w:basedOn w:val="H1"/></w:style>
<w:style w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>
<w:style w:styleId="Lines"><w:name w:val="Lines"/><w:pPr><w:tabs>
<w:tab w:val="left" w:leader="underscore" w:pos="6000"/></w:tabs></w:pPr></w:style>
</w:styles>"""
NUMBERING = f"""<w:numbering {_W}>
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1)"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1.%2.%3"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>
<w:lvlText w:val="&#xf0b7;"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
</w:numbering>"""


def item(text: str, number: int, level: int = 0) -> str:
    mark = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{mark}</w:pPr>{run(text)}</w:p>"


def test_heading_styles() -> None:
    found = rows(
        styled("T", "The title"), styled("H1", "One"),
        styled("Mine", "Two"), styled("Loop", "text"),
        styles=STYLES,
    )  # fmt: skip
    assert [(str(row), row.look.level) for row in found] == [
        ("The title", 1), ("One", 2), ("Two", 2), ("text", 0),
    ]  # fmt: skip


def test_numbers_of_lists_go_on_and_begin_anew() -> None:
    found = rows(
        item("a", 1), item("b", 1), item("c", 1, 1), item("d", 1, 1), item("e", 1, 2),
        paragraph(run("between")), item("f", 1), item("g", 1, 1), item("h", 2), item("i", 3),
        numbering=NUMBERING,
    )  # fmt: skip
    assert found == [
        "3) a", "4) b", "a. c", "b. d", "4.b.I e", "between", "5) f", "a. g", "• h", "1) i",
    ]  # fmt: skip


def test_tabs_with_lines_are_blanks() -> None:
    tab = "<w:r><w:tab/></w:r>"
    (row,) = rows(
        f'<w:p><w:pPr><w:pStyle w:val="Lines"/></w:pPr>{run("It is ")}{tab}{run("here.")}</w:p>',
        styles=STYLES,
    )
    assert row.startswith("It is ______")
    assert row.endswith("_here.")
    (row,) = rows(f"<w:p>{run('one')}{tab}{run('two')}</w:p>")
    assert row == "one\ttwo"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (run("          ", underlined=True), "a ________ b"),
        (run("word", underlined=True), "a word b"),
        (f"{run('   ', underlined=True)}{run('     ', underlined=True)}", "a ________ b"),
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> FORMTEXT '
            "</w:instrText></w:r>"
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>\u2002</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            "a ______ b",
        ),
        (
            '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:listEntry w:val="x"/>'
            '<w:listEntry w:val="y"/></w:ddList></w:ffData></w:fldChar></w:r><w:r><w:instrText>'
            ' FORMDROPDOWN </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
            "a ______ (x / y) b",
        ),
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText>'
            '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            "a 7 b",
        ),
        (
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
            f"{run('Click here')}</w:sdtContent></w:sdt>",
            "a ______ b",
        ),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('kept')}</w:sdtContent></w:sdt>", "a kept b"),
        (
            f"<w:ins>{run('new')}</w:ins><w:del><w:r><w:delText>x</w:delText></w:r></w:del>",
            "a new b",
        ),
        ('<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>', "a ² b"),
        ('<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>st</w:t></w:r>', "a st b"),
        (run("2*3"), "a 2\\*3 b"),
    ],
)
def test_what_stands_in_a_paragraph(inside: str, text: str) -> None:
    (row,) = rows(f"<w:p>{run('a ')}{inside}{run(' b')}</w:p>")
    plain = "".join(char for char in row if not "\ue000" <= char <= "\ue003")
    assert plain.replace("__________", "________") == text


def test_boxes_and_tables() -> None:
    found = rows(table(("a  b",)), table(("c", "d|e"), ("f", "")))
    assert [(str(row), row.look.box, row.look.table) for row in found] == [
        ("a  b", 1, 0), ("| c | d\\|e |", 0, 1), ("| f |  |", 0, 1),
    ]  # fmt: skip


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{paragraph(run('in the box'))}</w:txbxContent>"
    names = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    drawn = (
        f"<w:p>{run('before')}<w:r><mc:AlternateContent {names}><mc:Choice>"
        f"<w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    found = rows(drawn)
    assert [(str(row), row.look.box) for row in found] == [("before", 0), ("in the box", 1)]


def test_formulas() -> None:
    name = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'

    def r(text: str) -> str:
        return f"<m:r><m:t>{text}</m:t></m:r>"

    made = (
        f"<m:oMath {name}><m:f><m:num>{r('a')}</m:num><m:den>{r('b')}</m:den></m:f>{r('=')}"
        f"<m:sSup><m:e>{r('x')}</m:e><m:sup>{r('2')}</m:sup></m:sSup></m:oMath>"
    )
    (row,) = rows(f"<w:p>{run('Solve ')}{made}{run('.')}</w:p>")
    assert row == r"Solve \(\frac{a}{b}={x}^{2}\)."
    blank = f"<m:oMath {name}>{r('x=____')}</m:oMath>"
    assert rows(f"<w:p>{blank}</w:p>") == ["x=____"]


def test_footnotes_and_what_is_left_out() -> None:
    body = paragraph(run("The note."))
    note = f'<w:footnotes {_W}><w:footnote w:id="2">{body}</w:footnote></w:footnotes>'
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    found = rows(f"<w:p>{run('Text')}{mark}</w:p>", footnotes=note)
    assert found == ["Text[^2]", "[^2]: The note."]
    head = f"<w:hdr {_W}>{paragraph(run('Name and class'))}</w:hdr>"
    related = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{NAMES}/header" Target="header.xml"/></Relationships>'
    )
    more = {"word/header.xml": head.encode(), "word/_rels/document.xml.rels": related.encode()}
    imported = to_markup(read_paper("a.docx", docx(paragraph(run("Text.")), more=more)))
    assert "Name and class" in "".join(str(caution.message) for caution in imported.warnings)


def test_emphasis_is_kept_where_the_task_speaks_of_it() -> None:
    text = paragraph(run("Replace the "), run("old", underlined=True), run(" words."))
    about = paragraph(run("Replace the underlined words."))
    assert "the **old** words" in to_markup(read_paper("a.docx", docx(about, text))).source
    assert "the old words" in to_markup(read_paper("a.docx", docx(text))).source


def test_tables_in_tables_without_end() -> None:
    deep = paragraph(run("deep"))
    for _ in range(300):
        deep = f"<w:tbl><w:tr><w:tc>{deep}</w:tc><w:tc>{paragraph(run('x'))}</w:tc></w:tr></w:tbl>"
    found = read_docx(docx(deep))[0]
    assert "deep" in "\n".join(found)


def test_a_body_is_needed() -> None:
    part = docx_part().replace("<w:body>", "").replace("</w:body>", "")
    with pytest.raises(Exception, match="not a Word file"):
        read_docx(docx(more={"word/document.xml": part.encode()}))


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        (
            f"<w:p>{run('It is ')}<w:r><w:rPr><w:vanish/></w:rPr><w:t>blue</w:t></w:r></w:p>",
            "It is",
        ),
        (
            "<w:p><w:r><w:rPr><w:rStyle w:val='Sub'/></w:rPr><w:t>blue</w:t></w:r>"
            f"{run('It is')}</w:p>",
            "It is",
        ),
        (
            "<w:p><w:pPr><w:pStyle w:val='Sub'/></w:pPr><w:r><w:t>blue</w:t></w:r>"
            "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>It is</w:t></w:r></w:p>",
            "It is",
        ),
    ],
)
def test_hidden_text_is_left_out(block: str, shown: str) -> None:
    styles = (
        f"<w:styles {_W}><w:style w:styleId='Base'><w:rPr><w:vanish/></w:rPr></w:style>"
        "<w:style w:styleId='Sub'><w:basedOn w:val='Base'/></w:style></w:styles>"
    )
    assert rows(block, styles=styles) == [shown]


def test_hidden_text_is_told_of() -> None:
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>blue</w:t></w:r></w:p>"
    imported = to_markup(read_paper("a.docx", docx(paragraph(run("The sky is ____.")), hidden)))
    assert "blue" not in imported.source
    assert [str(c.message) for c in imported.warnings if c.code == "hidden"] == [
        "This file has hidden text. It is left out: pupils would see it here."
    ]
    shown = to_markup(read_paper("a.docx", docx(paragraph(run("The sky is ____.")))))
    assert "hidden" not in [c.code for c in shown.warnings]


def test_a_field_in_hidden_text_ends() -> None:
    def hidden(inside: str) -> str:
        return f"<w:r><w:rPr><w:vanish/></w:rPr>{inside}</w:r>"

    field = (
        hidden('<w:fldChar w:fldCharType="begin"/>')
        + hidden("<w:instrText> XE </w:instrText>")
        + hidden('<w:fldChar w:fldCharType="separate"/>')
        + hidden("<w:t>blue</w:t>")
        + hidden('<w:fldChar w:fldCharType="end"/>')
    )
    assert rows(f"<w:p>{run('one ')}{field}{run('two')}</w:p>") == ["one two"]


def test_tabs_with_dots_may_lead_to_a_price() -> None:
    def led(first: str, second: str) -> str:
        tabs = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="6000"/></w:tabs>'
        tab = "<w:r><w:tab/></w:r>"
        return f"<w:p><w:pPr>{tabs}</w:pPr>{run(first)}{tab}{run(second)}</w:p>"

    menu = docx(led("Café", "2,50 €"), led("Thé", "1,80 €"), led("It is ", " here."))
    source = to_markup(read_paper("a.docx", menu)).source
    assert "Café: 2,50 €" in source
    assert "Thé: 1,80 €" in source
    assert "It is ______ here." in source


def field(instruction: str, shown: str = "") -> str:
    def part(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    told = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    result = part("separate") + run(shown) if shown else ""
    return part("begin") + told + result + part("end")


@reported("desk-25")
def test_no_word_of_an_old_file_is_lost() -> None:
    signs = '<w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr>'
    notes = {
        "footnotes": f'<w:footnotes {_W}><w:footnote w:id="1">'
        f"{paragraph(run('It began in ______ or so.'))}</w:footnote></w:footnotes>",
        "endnotes": f'<w:endnotes {_W}><w:endnote w:id="1">'
        f"{paragraph(run('Told by a witness.'))}</w:endnote></w:endnotes>",
        "comments": f'<w:comments {_W}><w:comment w:id="0">'
        f"{paragraph(run('KEY: Abyssinia'))}</w:comment></w:comments>",
        "header": f"<w:hdr {_W}>{paragraph(run('Class 10b'))}</w:hdr>",
    }
    shape = (
        '<w:r><w:object><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata'
        f' xmlns:r="{NAMES}" r:id="gone"/></v:shape></w:object></w:r>'
    )
    ruby = (
        "<w:r><w:ruby><w:rt><w:r><w:t>かんじ</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>漢字</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )
    half, root = field(" EQ \\f(1,2) "), field("EQ \\r(3,x+1)", "old")
    framed = field("EQ \\x(inside it)")
    blocks = [
        f"<w:p>{run('Half is ')}{half}{run(' of it.')}</w:p>",
        f"<w:p>{run('Root ')}{root}{run(' is.')}</w:p>",
        f"<w:p>{run('Box ')}{framed}</w:p>",
        f'<w:p><w:fldSimple w:instr="EQ \\s\\up8(st)"/>{run(" raised")}</w:p>',
        f"<w:p>{run('Name: ')}{field('FORMTEXT', ' ')}</w:p>",
        f"<w:p><w:r>{signs}<w:t>o</w:t></w:r>{run(' yes')}</w:p>",
        '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>' + f"{run(' no')}</w:p>",
        f"<w:p>{ruby}{run(' read')}</w:p>",
        f"<w:p>{run('See')}<w:r><w:footnoteReference w:id='1'/></w:r>{run(' and')}"
        f"<w:r><w:endnoteReference w:id='1'/></w:r>{shape}</w:p>",
    ]
    found = [str(row) for row in rows(*blocks, **notes)]
    assert found[:4] == [
        r"Half is \(\frac{1}{2}\) of it.",
        r"Root \(\sqrt[3]{x+1}\) is.",
        "Box inside it",
        r"\(^{st}\) raised",
    ]
    assert found[4:8] == ["Name: ______", "☐ yes", "☐ no", "漢字(かんじ) read"]
    assert found[8:] == [
        "See¹ and[^e1]",
        "¹ It began in ______ or so.",
        "[^e1]: Told by a witness.",
    ]
    related = "".join(
        f'<Relationship Id="r{name}" Type="{NAMES}/{name}" Target="{name}.xml"/>' for name in notes
    )
    more = {f"word/{name}.xml": text.encode() for name, text in notes.items()}
    more["word/_rels/document.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{related}</Relationships>"
    ).encode()
    imported = to_markup(read_paper("a.docx", docx(*blocks, more=more)))
    told = " ".join(str(caution.message) for caution in imported.warnings)
    assert "KEY: Abyssinia" in told
    assert "Class 10b" in told
    assert "inside it" in told
    assert "KEY" not in imported.source
    sheet = parse_sheet(imported.source)
    assert len(sheet.gaps) == 1  # of the note: a line for the name is none
    assert any("It began in" in line and "___" in line for line in imported.source.splitlines())
    assert "Told by a witness." in imported.source


@reported("desk-25")
def test_letters_of_fonts_of_signs_and_words_along_a_path() -> None:
    def signs(font: str, text: str) -> str:
        fonts = f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr>'
        return f"<w:r>{fonts}<w:t>{text}</w:t></w:r>"

    def one(font: str, code: str) -> str:
        return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'

    art = (
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml">'
        '<v:textpath string="Our sky"/></v:shape></w:pict></w:r>'
    )
    written = "<w:r><w:footnoteReference w:id='1'/></w:r>"
    note = paragraph(run("In "), field("FORMTEXT", " "))
    private = "\uf0a8 maybe"
    found = rows(
        f"<w:p>{one('Symbol', 'F061')}{run(' and ')}{one('Symbol', 'F0AE')}</w:p>",
        f"<w:p>{signs('Symbol', 'b = 2')}{run(' or ')}{signs('Symbola', 'b')}</w:p>",
        f"<w:p>{signs('Webdings', 'c')}{run(' yes ')}{one('Wingdings 2', 'F0A3')}</w:p>",
        f"<w:p>{one('Symbol', 'F07F')}{one('Wingdings', 'x')}{one('Wingdings', '9' * 6)}</w:p>",
        f"<w:p>{run(private)}{written}</w:p>",
        f"<w:p>{art}</w:p>",
        footnotes=f'<w:footnotes {_W}><w:footnote w:id="1">{note}</w:footnote></w:footnotes>',
    )
    assert found == [
        *("α and →", "β = 2 or b", "☐ yes ☐", "•••", "☐ maybe¹", "Our sky", "¹ In ______"),
    ]


@pytest.mark.parametrize(
    ("instruction", "read"),
    [
        (r"EQ \f(1;2)", (r"\(\frac{1}{2}\)", True)),
        (r"EQ \f(\r(,x),2)", (r"\(\frac{\sqrt{x}}{2}\)", True)),
        (r"EQ x\s\do3(1)", (r"\(x_{1}\)", True)),
        (r"EQ \f(1", ("1", False)),
        (r"EQ \o(a,b) and \f(1,2,3)", ("a b and 1 2 3", False)),
        ("EQ " + r"\f(" * 50 + "1", ("1", False)),
        ("EQ", ("", False)),
    ],
)
def test_fields_of_equations(instruction: str, read: tuple[str, bool]) -> None:
    assert equation(instruction) == read
