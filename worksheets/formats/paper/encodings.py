"""Bytes of a text file as text, in whatever usual encoding they are."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Encodings of scripts of their own: a text in them has more bytes above 127 than others have.
_OTHER_SCRIPTS = [
    "cp1251", "koi8_r", "cp1255", "cp1256", "cp1253", "gb18030", "big5", "shift_jis", "euc_jp",
    "euc_kr",
]  # fmt: skip
_LATIN = ("cp1252", "cp1250")
OTHER_SCRIPT = 0.2  # of the letters
SAMPLE = 20_000  # bytes that are looked at


def decode(data: bytes) -> str | None:
    """Return a file's text, with U+FFFD for what is none; None if this is no text file."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    if b"\0" in data:
        return _without_mark(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _old(data)


def _without_mark(data: bytes) -> str | None:
    """Return text in UTF-16 that does not say so: every other byte of its spaces is zero."""
    sample = data[:SAMPLE]
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(sample) >= 8 and zeros.count(0) * 3 > len(zeros):
            text = data.decode(name, errors="replace")
            return None if "\0" in text else text
    return None


def _old(data: bytes) -> str:
    sample = data[:SAMPLE]
    high = sum(byte > 127 for byte in sample)
    letters = high + len(re.findall(rb"[A-Za-z]", sample))
    if high > OTHER_SCRIPT * letters and high > 8:
        best = from_bytes(sample, cp_isolation=_OTHER_SCRIPTS).best()
        if best is not None:
            return data.decode(best.encoding, errors="replace")
    return data.decode(max(_LATIN, key=lambda name: _likeness(sample, name)), errors="replace")


def _likeness(sample: bytes, name: str) -> int:
    """Return how many letters with accents stand inside words, fewer for signs there."""
    text = sample.decode(name, errors="replace")
    inside = re.findall(r"(?<=[a-zA-Z])[^\x00-\x7f]|[^\x00-\x7f](?=[a-zA-Z])", text)
    signs = sum(not char.isalpha() and char not in "’‘“”„–—…«»´" for char in inside)
    return -10 * signs
