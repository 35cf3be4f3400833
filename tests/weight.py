"""How many bytes a browser loads for a page: what the tool sends to one, in Brotli or gzip."""

from __future__ import annotations

import gzip
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import brotli

KB = 1000
ENCODINGS = "gzip, br"  # of each browser over HTTPS
# GZipMiddleware puts a name of a random length into a page, so that its length tells nothing of
# the page's secrets (BREACH). A page is counted with the longest.
LONGEST_NAME = 100
_NAME = 0x08  # the flag of RFC 1952 for a name, which ends in a zero byte

_LOADED = re.compile(r'<(?:link rel="(?:stylesheet|modulepreload)" href|script [^>]*src)="([^"]+)"')
_IMPORTED = re.compile(r"""\bimport\s*(?:[^"'()]*?\bfrom\s*)?["']([^"']+)["']""")
_IMPORTED_LATER = re.compile(r"""\bimport\s*\(\s*["']([^"']+)["']""")

Get = Callable[[str], tuple[str, bytes]]
"""A function that asks as browsers do (ENCODINGS): the response's Content-Encoding, its body."""


@dataclass(frozen=True)
class Weight:
    """The bytes of a page and of what it loads before anything is done on it, but pictures.

    ``later`` are the scripts that it imports when it can be used already, which are no part of
    ``total``.
    """

    html: int
    styles: int
    scripts: int
    later: int

    @property
    def total(self) -> int:
        return self.html + self.styles + self.scripts

    def __str__(self) -> str:
        parts = f"html {_kb(self.html)}, styles {_kb(self.styles)}, scripts {_kb(self.scripts)}"
        return f"{_kb(self.total)} kB ({parts}), later {_kb(self.later)} kB"


def weigh(get: Get, address: str) -> Weight:
    """Load a page, its style sheets, its scripts and what they import, each once."""
    html, text = _load(get, address)
    found = [urljoin(address, one) for one in _LOADED.findall(text)]
    later: list[str] = []
    sizes: dict[str, int] = {}
    _load_all(get, found, sizes, later)
    first = dict(sizes)
    _load_all(get, later, sizes, later)
    scripts = sum(size for one, size in first.items() if _is_script(one))
    return Weight(
        html,
        styles=sum(first.values()) - scripts,
        scripts=scripts,
        later=sum(sizes.values()) - sum(first.values()),
    )


def _load_all(get: Get, found: list[str], sizes: dict[str, int], later: list[str]) -> None:
    """Load what was ``found`` and what it imports; note the sizes, and what it imports later."""
    for one in found:  # grows
        if one in sizes:
            continue
        sizes[one], text = _load(get, one)
        if _is_script(one):
            found += (urljoin(one, other) for other in _IMPORTED.findall(text))
            later += (urljoin(one, other) for other in _IMPORTED_LATER.findall(text))


def _load(get: Get, address: str) -> tuple[int, str]:
    encoding, body = get(address)
    if encoding == "br":
        return len(body), brotli.decompress(body).decode()
    if encoding != "gzip":
        assert not encoding, f"{address} comes as {encoding}"
        return len(body), body.decode()
    text = gzip.decompress(body).decode()
    if not body[3] & _NAME:
        return len(body), text
    return len(body) - body.index(b"\0", 10) + 10 + LONGEST_NAME, text


def _is_script(address: str) -> bool:
    return posixpath.splitext(urlsplit(address).path)[1] == ".js"


def _kb(size: int) -> str:
    return f"{size / KB:.1f}"
