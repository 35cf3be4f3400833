"""A reader of JSON documents from strangers: each member is typed, short and printable."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from lti_tool.platforms.dynamic.errors import RegistrationError, RegistrationProblem
from lti_tool.protocol.values import ID_LENGTH, is_web_address, printable

URL_LENGTH = 1000
TEXT_LENGTH = 200
MAX_ITEMS = 2000  # Canvas lists some hundred variables

Document = Mapping[str, object]


class Reader:
    """A reader of one document, which refuses everything wrong in it as the same problem."""

    def __init__(self, document: object, problem: RegistrationProblem) -> None:
        self._problem = problem
        if not isinstance(document, dict):
            raise self.refused("it is no JSON object")
        self._document: Document = document

    def refused(self, what: str) -> RegistrationError:
        """Return the exception that refuses this document."""
        return RegistrationError(self._problem, what)

    def section(self, name: str) -> Reader:
        """Return a reader of a member that is an object; of an empty one if it is absent."""
        value = self._document.get(name)
        return Reader({} if value is None else value, self._problem)

    def has(self, name: str) -> bool:
        """Return whether the member is present and not null."""
        return self._document.get(name) is not None

    def url(self, name: str, max_length: int = URL_LENGTH) -> str:
        """Return an http(s) address; refuse the document if it is absent."""
        value = self._document.get(name)
        if not isinstance(value, str) or not is_plain_address(value) or len(value) > max_length:
            raise self.refused(f"{name} is missing or no http(s) address")
        return value

    def identifier(self, name: str) -> str:
        """Return an id, never cut because ids are compared; '' if it is absent."""
        value = self._document.get(name)
        if value is None or value == "":
            return ""
        if not isinstance(value, str) or not value.isprintable() or len(value) > ID_LENGTH:
            raise self.refused(f"{name} is no text, or too long")
        return value

    def text(self, name: str) -> str:
        """Return a text to show, cut to 200 characters, all printable; '' if it is none."""
        value = self._document.get(name)
        if not isinstance(value, str):
            return ""
        return printable(value[:TEXT_LENGTH])

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; empty if it is absent."""
        value = self._document.get(name)
        return self._short_texts(name, [] if value is None else value)

    def words(self, name: str) -> tuple[str, ...]:
        """Return the words of a text with spaces (RFC 6749 section 3.3), or a list of texts."""
        value = self._document.get(name)
        if isinstance(value, str):
            return self._short_texts(name, value[: URL_LENGTH * 10].split())
        return self.texts(name)

    def _short_texts(self, name: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > MAX_ITEMS:
            raise self.refused(f"{name} is no list, or too long")
        if not all(isinstance(item, str) and len(item) <= ID_LENGTH for item in value):
            raise self.refused(f"{name} is no list of short texts")
        return tuple(value)

    def sections(self, name: str) -> list[Reader]:
        """Return readers of a list of objects; empty if it is absent."""
        value = self._document.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > MAX_ITEMS:
            raise self.refused(f"{name} is no list, or too long")
        return [Reader(item, self._problem) for item in value]


def is_plain_address(value: str) -> bool:
    """Return whether a text is an ASCII http(s) address without user name and fragment."""
    if len(value) > URL_LENGTH or not value.isascii() or not is_web_address(value):
        return False
    parts = urlsplit(value)
    return parts.username is None and not parts.fragment
