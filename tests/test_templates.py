"""Every template can be read: a tag whose library was not loaded is seen before its page is."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template.loader import get_template

from lti_tool.server import paths

NAMES = sorted(
    str(path.relative_to(paths.TEMPLATES)) for path in Path(paths.TEMPLATES).rglob("*.html")
)


def test_there_are_some() -> None:
    assert len(NAMES) > 30


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_read(name: str) -> None:
    get_template(name)
