"""A reader of claims as values of one type: required ones strictly, optional ones leniently.

Pure. A claim that a platform sends may be missing, of the wrong type or huge. A required claim
that cannot be read raises LaunchRefused (CLAIM_MALFORMED). An optional one counts as absent, and
a note for the launch log says which claim it was and what came in its place. Both name the claim
and never its value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from lti_tool.protocol.refusal import LaunchRefused, Reason
from lti_tool.protocol.values import (
    TEXT_LENGTH,
    clean,
    is_identifier,
    is_web_address,
    number_as_text,
    person_name,
)

MAX_ITEMS = 100
_SHAPES = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
}
_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True)
class ClaimReader:
    """The claims of a token, or the members of one claim that is an object.

    ``notes`` collects what is noted of all of them. ``path`` is the name of the object, '' for
    the token itself.
    """

    members: Mapping[str, object]
    notes: list[str] = field(default_factory=list)
    path: str = ""

    def required_section(self, name: str) -> ClaimReader:
        """Return the reader of the object of that name."""
        value = self.members.get(name)
        if not isinstance(value, dict):
            what = "is missing" if value is None else _is_not(value, "an object")
            raise self.malformed(name, what)
        return ClaimReader(value, self.notes, self._path_of(name))

    def required_identifier(self, name: str) -> str:
        """Return an id exactly as it was sent: 1 to 255 characters."""
        value = self.members.get(name)
        if not isinstance(value, str) or not value:
            raise self.malformed(name, "is missing or no text")
        if not is_identifier(value):
            raise self.malformed(name, "is too long or holds forbidden characters")
        return value

    def required_web_address(self, name: str) -> str:
        """Return an http(s) address of at most 2000 characters exactly as it was sent."""
        value = self.members.get(name)
        if value is None or value == "":
            raise self.malformed(name, "is missing")
        if not isinstance(value, str) or not is_web_address(value):
            raise self.malformed(name, "is no http(s) address")
        return value

    def section(self, name: str) -> ClaimReader:
        """Return the reader of the object of that name, without members if it is absent.

        PHP writes an object without members as [].
        """
        value = self.members.get(name)
        if not isinstance(value, dict):
            if value is not None:
                self.note(name, _is_not(value, "an object"))
            value = {}
        return ClaimReader(value, self.notes, self._path_of(name))

    def identifier(self, name: str) -> str:
        """Return an id of 1 to 255 characters, or ''. A number is its digits."""
        read = number_as_text(self.members.get(name))
        if is_identifier(read):
            return read
        self.note(name, "is no id of 1 to 255 characters")
        return ""

    def text(self, name: str) -> str:
        """Return a text, cut to 500 characters; '' if absent."""
        value = self.members.get(name)
        if isinstance(value, str):
            return clean(value)[:TEXT_LENGTH]
        if value is not None:
            self.note(name, _is_not(value, "text"))
        return ""

    def title(self, name: str) -> str:
        """Return a text that is only shown, cut to 500 characters; a number is its text."""
        value = self.members.get(name)
        written = _written(value) if not isinstance(value, bool) else None
        return self.text(name) if written is None else clean(written)[:TEXT_LENGTH]

    def person_name(self, name: str) -> str:
        """Return a person's name, '' if absent or if it names nobody, as '-' does."""
        return person_name(self.title(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of at most 100 texts, each cut to 500 characters; () if absent.

        A text with spaces or commas is the list of its words. PHP writes a list that had an item
        taken out as an object: {"1": …}.
        """
        value = self.members.get(name)
        if isinstance(value, str):
            value = value.replace(",", " ").split()
        elif isinstance(value, dict):
            value = list(value.values())
        if not isinstance(value, list):
            if value is not None:
                self.note(name, _is_not(value, "a list"))
            return ()
        read = [item for item in value[:MAX_ITEMS] if isinstance(item, str)]
        if len(read) < len(value):
            self.note(name, f"has items that are no text, or more than {MAX_ITEMS}")
        return tuple(clean(item)[:TEXT_LENGTH] for item in read if item)

    def texts_by_name(self) -> dict[str, str]:
        """Return the members that are texts or have one: numbers, true and false.

        A null is absent without a note: Moodle sends it for what it could not expand.
        """
        written = {name: _written(value) for name, value in self.members.items()}
        if any(written[name] is None and value is not None for name, value in self.members.items()):
            self.notes.append(f"{self.path} has values that are no text")
        return {name: text for name, text in written.items() if text is not None}

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a boolean, ``default`` if absent; platforms send 'True', '1' and 1 as well."""
        value = self.members.get(name)
        if value is None or value == "":
            return default
        written = str(value).strip().lower() if isinstance(value, str | int) else ""
        if written not in _FLAGS:
            self.note(name, "is neither true nor false")
        return _FLAGS.get(written, default)

    def web_address(self, name: str) -> str:
        """Return an http(s) address of at most 2000 characters, '' if absent.

        Spaces around it are cut off, those of its query are encoded.
        """
        value = self.members.get(name)
        if value is None or value == "":
            return ""
        if isinstance(value, str):
            address, mark, query = value.strip().partition("?")
            address += mark + query.replace(" ", "%20")
            if is_web_address(address):
                return address
        self.note(name, "is no http(s) address")
        return ""

    def note(self, name: str, what: str) -> None:
        """Note what is wrong with an optional member."""
        self.notes.append(f"{self._path_of(name)} {what}")

    def malformed(self, name: str, what: str) -> LaunchRefused:
        """Return a refusal that names a member and what is wrong with it."""
        return LaunchRefused(Reason.CLAIM_MALFORMED, f"{self._path_of(name)} {what}")

    def _path_of(self, name: str) -> str:
        short = name.rpartition("/")[2]
        return f"{self.path}.{short}" if self.path else short


def _written(value: object) -> str | None:
    """Return the text of a text, number or boolean, None of anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    is_number = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    return str(value) if is_number else None


def _is_not(value: object, expected: str) -> str:
    return f"is {_SHAPES.get(type(value), 'null')}, not {expected}"
