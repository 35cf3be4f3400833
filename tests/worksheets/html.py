"""Pages as people and browsers read them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

INLINE = {"a", "b", "bdi", "code", "em", "small", "span", "strong"}
VOID = {"meta", "link", "input", "img", "hr", "br"}


@dataclass
class Field:
    name: str
    value: str = ""
    tag: str = "input"
    options: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """The page's text, its fields as a browser would post them, its links."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.status: int = answer.status_code
        self.html: str = answer.content.decode()
        self.fields: dict[str, Field] = {}
        self.links: list[str] = []
        self.buttons: list[str] = []
        self.headings: list[int] = []  # their levels
        self.open: list[str] = []
        self.ids: list[str] = []
        self._text: list[str] = []
        self._select: Field | None = None
        self._area: Field | None = None
        self._option: list[str] | None = None
        self._selected = False
        self.feed(self.html)
        assert self.open == [], f"not closed: {self.open}"
        assert len(self.ids) == len(set(self.ids)), "an id stands twice"

    @property
    def text(self) -> str:
        return " ".join("".join(self._text).split())

    @property
    def posted(self) -> dict[str, str]:
        """What a browser without scripts posts."""
        return {name: f.value for name, f in self.fields.items() if f.tag != "radio" or f.value}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in INLINE:
            self._text.append(" ")
        if tag not in VOID:
            self.open.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given.get("href", ""))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "button":
            self.buttons.append(given.get("name", ""))
        name = given.get("name", "")
        if tag == "input" and given.get("type") == "radio":
            one = self.fields.setdefault(name, Field(name, "", "radio"))
            one.options.append(given["value"])
            if "checked" in given:
                one.value = given["value"]
        elif tag == "input" and name:
            self.fields[name] = Field(name, given.get("value", ""))
        elif tag == "select":
            self._select = self.fields[name] = Field(name, tag=tag)
        elif tag == "textarea":
            self._area = self.fields[name] = Field(name, tag=tag)
        elif tag == "option" and self._select is not None:  # others are of a datalist
            self._option, self._selected = [], "selected" in given

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> of nothing"
        assert self.open.pop() == tag, f"</{tag}> in the wrong place"
        if tag == "option" and self._select is not None and self._option is not None:
            word = "".join(self._option)
            self._select.options.append(word)
            if self._selected:
                self._select.value = word
            self._option = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area is not None:
            self._area.value = self._area.value.removeprefix("\n")
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data
        elif self._option is not None:
            self._option.append(data)
        elif self.open and self.open[-1] not in {"script", "style"}:
            self._text.append(data)


def are_in_order(levels: list[int]) -> bool:
    """Return whether headings of these levels are an outline: one h1, the first; none skipped."""
    steps = zip([0, *levels], levels, strict=False)
    return levels.count(1) == 1 and all(level - above <= 1 for above, level in steps)
