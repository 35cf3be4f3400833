"""An LMS is the same product however it writes its name."""

from __future__ import annotations

import re

import pytest

from lti_tool.platforms.products import CANVAS, MOODLE, OPEN_EDX, UNKNOWN, Product, product_of
from tests import ROOT


@pytest.mark.parametrize(
    ("code", "product"),
    [
        ("canvas", CANVAS),
        ("Canvas", CANVAS),
        ("CANVAS ", CANVAS),
        ("Moodle", MOODLE),
        ("brightspace", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_a_product_by_its_code(code: str, product: Product) -> None:
    assert product_of(code) is product


def test_without_a_code_the_address_tells() -> None:
    assert product_of("", "https://school.example/mod/lti/auth.php") is MOODLE
    assert product_of("", "https://sso.example/api/lti/authorize_redirect") is CANVAS
    edx = "https://courses.school.example/api/lti_consumer/v1/launch/"
    assert product_of("", edx) is OPEN_EDX
    assert product_of("", "https://school.example/auth") is UNKNOWN
    assert product_of("brightspace", "https://school.example/mod/lti/auth.php") is UNKNOWN


def test_no_other_module_compares_products() -> None:
    """Else a platform that says 'Canvas' would have Canvas's words and not Canvas's scores."""
    compared = re.compile(r"product\)?(\.lower\(\))? *(==|!=|in \{)|\.get\([^)]*product\.lower")
    found = [
        str(path.relative_to(ROOT))
        for package in ("lti_tool", "worksheets")
        for path in (ROOT / package).rglob("*.py")
        if "sandbox" not in path.parts and compared.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
