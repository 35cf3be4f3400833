r"""Formulas between ``\(`` and ``\)``."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reported import reported
from worksheets.markup import Formula, Paragraph, Sheet, Text
from worksheets.markup.formulas import MAX_LENGTH, FormulaError, to_mathml
from worksheets.questions.registry import parse_sheet

HOSTILE = (
    *(r"\text{<script>alert(1)</script>}", r"\href{javascript:alert(1)}{x}", r"\class{a}{b}"),
    *(r"\style{background:url(//x)}{x}", r"\rule{1000em}{1000em}", r"\hspace{99999px}"),
    *(r"\mathrm{<img src=x onerror=1>}", r"\color{red;}{x}", r"\text{&lt;b&gt;}", r"\text{]]>}"),
)


def nodes(text: str) -> tuple[object, ...]:
    (block,) = parse_sheet(text).blocks
    assert isinstance(block, Paragraph)
    return block.children


def codes(sheet: Sheet) -> list[str]:
    return [problem.code for problem in sheet.problems]


@reported("N1")
def test_a_formula_stands_in_its_line_and_a_dollar_stays_one() -> None:
    text = r"The area is $\pi r^2$ and \(x = \frac{a}{b}\), so ___x___."
    sheet = parse_sheet(text)
    (block,) = sheet.blocks
    assert isinstance(block, Paragraph)
    assert block.children[:3] == (
        Text(r"The area is $\pi r^2$ and "),
        Formula(r"x = \frac{a}{b}"),
        Text(", so "),
    )
    assert not sheet.problems
    assert sheet.gaps[0].accepted[0].text == "x"


@pytest.mark.parametrize(
    ("formula", "mathml"),
    [
        ("x^2", "<msup><mi>x</mi><mn>2</mn></msup>"),
        (r"\frac12", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
        ("a < b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        (r"\pi", "<mi>π</mi>"),
        (r"\text{a & b}", "<mtext>a\u00a0&amp;\u00a0b</mtext>"),
    ],
)
def test_what_a_formula_becomes(formula: str, mathml: str) -> None:
    assert to_mathml(formula) == f'<math dir="ltr"><mrow>{mathml}</mrow></math>'


@pytest.mark.parametrize(
    "formula", ["", "{", r"\foo{x}", r"\frac{a}", "^", "\\", r"\sqrt" * 90, "x" * (MAX_LENGTH + 1)]
)
def test_what_is_no_formula_is_an_error_where_it_stands(formula: str) -> None:
    with pytest.raises(FormulaError):
        to_mathml(formula)
    text = rf"a \({formula} \) b"
    told = [p for p in parse_sheet(text).problems if p.code == "bad-formula"]
    if len(formula) <= MAX_LENGTH:
        assert [text[p.start : p.end] for p in told] == [rf"\({formula} \)"]


def test_a_gap_in_a_formula_is_an_error_and_its_answer_is_not_shown() -> None:
    sheet = parse_sheet(r"a \(x = ___7___\) b")
    assert codes(sheet) == ["gap-in-formula"]
    assert "7" not in repr(sheet.blocks)


@reported("N2")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2*3*4 = ___24___", ["stars-at-figures"]),
        (r"2\*3\*4 = ___24___", []),
        ("2*3 = ___6___", []),
        ("a *b* 3", []),
        ("`2*3*4`", []),
        ("2 * 3 * 4", []),
    ],
)
def test_stars_between_figures_are_pointed_out(text: str, told: list[str]) -> None:
    assert codes(parse_sheet(text)) == told


@pytest.mark.parametrize("text", [r"\(a b", r"a\) b", r"\\(a\\)", "(a)", "`\\(a\\)`", "$5 and $6"])
def test_other_text_stays(text: str) -> None:
    assert not any(isinstance(node, Formula) for node in nodes(text))


@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                ["\\", "{", "}", "^", "_", "frac", "sqrt", "text", "<b>", "&", "x", " "]
            )
            | st.sampled_from(HOSTILE),
            max_size=12,
        ).map("".join),
        st.sampled_from(HOSTILE),
    )
)
def test_a_formula_is_nothing_but_formula(text: str) -> None:
    try:
        found = to_mathml(text)
    except FormulaError:
        return
    for element in ElementTree.fromstring(found).iter():
        assert re.fullmatch("m[a-z]+", element.tag)
        assert not element.attrib.keys() & {"href", "style", "class", "id", "height"}
        assert len(element.get("width", "")) < 10
