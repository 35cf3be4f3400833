"""Every text of the code stands in locale/, translated, and is compiled as it stands there.

'make messages' mends what fails here. The code is read in our own way and not by xgettext,
which need not be installed, and which overlooks what stands inside an f-string.
"""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

from tests import ROOT

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]

# Where in a call the context, the text and its plural stand.
_PLACES = {"gettext": (None, 0, None), "ngettext": (None, 0, 1), "pgettext": (0, 1, None)}
_FUNCTIONS = {"_": _PLACES["gettext"], **_PLACES, **{f"{n}_lazy": p for n, p in _PLACES.items()}}
_STRING = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_CALL = re.compile(rf"\b(_|n?gettext|pgettext)\(({_STRING}(?:, {_STRING})?)")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


class Text(NamedTuple):
    """What the catalogues know a text by."""

    context: str | None
    text: str
    plural: str | None


class Entry(NamedTuple):
    """One text as it is translated; several forms where it has a plural."""

    text: Text
    forms: list[str]
    is_fuzzy: bool


def _text(function: str, arguments: list[str | None]) -> Text | None:
    """None for a call with a variable, which some other call has marked."""
    context, text, plural = (
        None if place is None else (arguments[place] if place < len(arguments) else None)
        for place in _FUNCTIONS[function]
    )
    return None if text is None else Text(context, text, plural)


def _in_python(source: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id not in _FUNCTIONS:
                continue
            values = [a.value if isinstance(a, ast.Constant) else None for a in node.args]
            strings = [value if isinstance(value, str) else None for value in values]
            if found := _text(node.func.id, strings):
                yield found


def _in_template(source: str) -> Iterator[Text]:
    for function, arguments in _CALL.findall(templatize(source)):
        strings = [ast.literal_eval(string) for string in re.findall(_STRING, arguments)]
        if found := _text(function, strings):
            yield found


@cache
def in_the_code() -> frozenset[Text]:
    """Whatever somebody may read; the sandbox LMS speaks English."""
    found: set[Text] = set()
    for folder, kind, read in (
        ("lti_tool", "*.py", _in_python),
        ("worksheets", "*.py", _in_python),
        ("templates", "*.html", _in_template),
    ):
        for file in (ROOT / folder).rglob(kind):
            if "sandbox" not in file.parts:
                found |= set(read(file.read_text(encoding="utf-8")))
    return frozenset(found)


def _folder(language: str) -> Path:
    return ROOT / "locale" / to_locale(language) / "LC_MESSAGES"


@cache
def entries(language: str) -> list[Entry]:
    """What is translated, without the catalogue's head."""
    content = (_folder(language) / "django.po").read_text(encoding="utf-8")
    return [_entry(block) for block in content.strip().split("\n\n")[1:]]


def _entry(block: str) -> Entry:
    fields: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        if line.startswith("#"):
            continue
        if not line.startswith('"'):
            name, _, line = line.partition(" ")  # noqa: PLW2901
        fields[name] = fields.get(name, "") + ast.literal_eval(line)
    text = Text(fields.get("msgctxt"), fields["msgid"], fields.get("msgid_plural"))
    forms = [value for name, value in fields.items() if name.startswith("msgstr")]
    return Entry(text, forms, bool(re.search(r"^#,.*\bfuzzy\b", block, re.MULTILINE)))


each_language = pytest.mark.parametrize("language", LANGUAGES)


def test_german_is_among_them() -> None:
    assert LANGUAGES == ["de"]


@each_language
def test_the_catalogue_has_the_texts_of_the_code_and_no_other(language: str) -> None:
    known = {entry.text for entry in entries(language)}
    # Of a text that is used both alone and with a plural, the catalogue keeps the latter.
    with_plural = {(text.context, text.text) for text in known if text.plural}
    wanted = {text for text in in_the_code() if text.plural or text[:2] not in with_plural}
    assert sorted(wanted - known, key=str) == []
    assert sorted(known - wanted, key=str) == []


@each_language
def test_everything_is_translated(language: str) -> None:
    assert [e.text.text for e in entries(language) if e.is_fuzzy or not all(e.forms)] == []


@each_language
def test_placeholders_are_those_of_the_text(language: str) -> None:
    different = [
        entry.text.text
        for entry in entries(language)
        for form in entry.forms
        if sorted(_PLACEHOLDER.findall(form)) != sorted(_PLACEHOLDER.findall(entry.text.text))
    ]
    assert different == []


@each_language
def test_it_is_compiled(language: str) -> None:
    with (_folder(language) / "django.mo").open("rb") as file:
        compiled = dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]
    del compiled[""]
    expected: dict[str | tuple[str, int], str] = {}
    for (context, text, plural), forms, _is_fuzzy in entries(language):
        name = text if context is None else f"{context}\x04{text}"
        if plural is None:
            expected[name] = forms[0]
        else:
            expected |= {(name, number): form for number, form in enumerate(forms)}
    assert compiled == expected


def test_german_has_german_quotation_marks() -> None:
    odd = [
        form
        for entry in entries("de")
        for form in entry.forms
        if "”" in form or form.count("„") != form.count("“")
    ]
    assert odd == []


def test_a_text_in_an_f_string_is_found() -> None:
    assert set(_in_python("f'{a} {_(\"b\")}'")) == {Text(None, "b", None)}
