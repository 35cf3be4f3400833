"""A reader of JSON documents from strangers: each member is typed, short and printable.

A member that has another type than the specification's is as if it were absent. Most are
optional, and a platform whose answer we refuse has added the tool already.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from urllib.parse import urlsplit

from lti_tool.platforms.dynamic.errors import RegistrationError, RegistrationProblem
from lti_tool.protocol.values import ID_LENGTH, is_web_address, number_as_text, printable

URL_LENGTH = 1000
TEXT_LENGTH = 200
MAX_ITEMS = 2000  # Canvas lists some hundred variables

Document = Mapping[str, object]


class Reader:
    """A reader of one document, which is refused for the same problem whatever it lacks."""

    def __init__(self, document: object, problem: RegistrationProblem) -> None:
        self._problem = problem
        if not isinstance(document, dict):
            raise self.refused("it is no JSON object")
        self._document: Document = document

    def refused(self, what: str) -> RegistrationError:
        """Return the exception that refuses this document."""
        return RegistrationError(self._problem, what)

    @property
    def is_empty(self) -> bool:
        return not self._document

    def section(self, name: str) -> Reader:
        """Return a reader of a member that is an object; of an empty one if it is none."""
        value = self._document.get(name)
        return Reader(value if isinstance(value, dict) else {}, self._problem)

    def url(self, name: str, max_length: int = URL_LENGTH) -> str:
        """Return an http(s) address; refuse the document if it is absent."""
        value = self._document.get(name)
        if not isinstance(value, str) or not is_plain_address(value) or len(value) > max_length:
            raise self.refused(f"{name} is missing or no http(s) address")
        return value

    def identifier(self, name: str) -> str:
        """Return an id, never cut because ids are compared; '' if it is none."""
        value = number_as_text(self._document.get(name))
        is_id = isinstance(value, str) and value.isprintable() and len(value) <= ID_LENGTH
        return str(value) if is_id else ""

    def text(self, name: str) -> str:
        """Return a text to show, cut to 200 characters, all printable; '' if it is none."""
        value = self._document.get(name)
        if not isinstance(value, str):
            return ""
        return printable(value[:TEXT_LENGTH])

    def words(self, name: str) -> tuple[str, ...] | None:
        """Return the words of a text (RFC 6749 section 3.3) or the short texts of a list.

        None if it is neither.
        """
        value = self._document.get(name)
        items = value.split() if isinstance(value, str) else _items(value)
        if items is None:
            return None
        short = (item for item in items if isinstance(item, str) and len(item) <= ID_LENGTH)
        return tuple(itertools.islice(short, MAX_ITEMS))

    def sections(self, name: str, key: str) -> list[Reader] | None:
        """Return readers of a list of objects; None if it is no list.

        A text in the list stands for an object that has it as the member ``key``.
        """
        items = _items(self._document.get(name))
        if items is None:
            return None
        objects = [{key: item} if isinstance(item, str) else item for item in items[:MAX_ITEMS]]
        return [Reader(item, self._problem) for item in objects if isinstance(item, dict)]


def _items(value: object) -> list[object] | None:
    """Return a list, also one that PHP wrote as {"0": …} because a number is left out."""
    if isinstance(value, dict) and value and all(name.isdecimal() for name in value):
        return list(value.values())
    return value if isinstance(value, list) else None


def is_plain_address(value: str) -> bool:
    """Return whether a text is an ASCII http(s) address without user name and fragment."""
    if len(value) > URL_LENGTH or not value.isascii() or not is_web_address(value):
        return False
    parts = urlsplit(value)
    return parts.username is None and not parts.fragment
