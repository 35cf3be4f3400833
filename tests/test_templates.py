"""Every template can be read, by Django and by people.

A tag whose library was not loaded is seen here, before its page is.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from lti_tool.server import paths
from tests import ROOT

NAMES = sorted(
    str(path.relative_to(paths.TEMPLATES)) for path in Path(paths.TEMPLATES).rglob("*.html")
)


def test_there_are_some() -> None:
    assert len(NAMES) > 30


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_read(name: str) -> None:
    get_template(name)


LONG = 120
LONGEST = 160
ATTRIBUTE = re.compile(r"""=("[^"]*"|'[^']*')""")
OPENING = re.compile(r"<[a-z]|\{% (?!end|else|elif|plural)")


def crowded(template: str) -> list[int]:
    """Return the numbers of the long lines that hold more than one tag, of HTML or of Django.

    A sentence in ``{% translate %}`` and the value of an attribute cannot be broken.
    """
    lines = enumerate(template.splitlines(), start=1)
    return [
        number
        for number, line in lines
        if len(line) > LONG and len(OPENING.findall(ATTRIBUTE.sub("", line))) > 1
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_long_line_holds_one_tag(name: str) -> None:
    assert crowded((Path(paths.TEMPLATES) / name).read_text()) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_long_text_is_broken(name: str) -> None:
    """``{% blocktranslate trimmed %}`` has the same text as a line of ``{% translate %}``."""
    lines = (Path(paths.TEMPLATES) / name).read_text().splitlines()
    assert [line for line in lines if len(line) > LONGEST] == []


def test_a_crowded_line_is_seen() -> None:
    sentence = '{% translate "' + "so " * LONG + '" %}'
    attribute = '<a href="{% url' + " 'a'" * LONG + ' %}">{{ name }}</a>'
    assert crowded(f"{sentence}\n{attribute}\n<p>{sentence}</p>\n{sentence}") == [3]
    assert crowded("{% if a %}" + attribute + "{% endif %}") == [1]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_script_imports_is_fetched_beside_it(name: str) -> None:
    """A browser would see the import only when the script has come: a round trip later."""
    text = Path(paths.TEMPLATES, name).read_text(encoding="utf-8")
    loaded = re.findall(r"""<script type="module" src="{% static '([^']+)' %}""", text)
    preloaded = re.findall(r"""<link rel="modulepreload" href="{% static '([^']+)' %}""", text)
    assert sorted(preloaded) == sorted({other for script in loaded for other in needs(script)})


def needs(script: str) -> set[str]:
    """The scripts that a script of ours cannot run without."""
    found = set(imports(script))
    return found.union(*map(needs, found))


def imports(script: str) -> list[str]:
    """The scripts that a script of ours imports, by their names."""
    package, _, file = script.partition("/")
    path = ROOT / package / "static" / package / file
    found = re.findall(r"""^import [^;]* from "\./([^"]+)";$""", path.read_text(), re.MULTILINE)
    assert len(found) == path.read_text().count("\nimport "), "written in another way"
    return [f"{package}/{name}" for name in found]
