"""Text files in the encodings of their time."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.formats.paper.encodings import decode

RUSSIAN = "Зимой медведь спит в берлоге, а белка живёт в дупле старого дерева."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        ("Zażółć gęślą jaźń, a potem idź do szkoły.", "cp1250"),
        ("Les élèves ont reçu “l’œuvre” à Noël.", "cp1252"),
        ("Größe und Straße – für Übungen", "cp1252"),
        ("春天来了，公园里的桃花开了，孩子们在草地上放风筝。", "gb18030"),
        (RUSSIAN, "utf-16"),
        (RUSSIAN, "utf-32"),
        ("Plain words in pairs of bytes", "utf-16-le"),
        ("Plain words in pairs of bytes", "utf-16-be"),
        (RUSSIAN, "utf-8-sig"),
    ],
)
def test_usual_encodings(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_no_text() -> None:
    assert decode(b"MZ\0\0\x01\x02\0\xff\xfe\0pe") is None


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    decode(data)
    decode(codecs.BOM_UTF32_LE + data)
