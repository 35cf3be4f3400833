"""Every member of a JSON document, with every kind of value that it should not have.

Lists and objects can be looked up in no set, infinite and huge numbers fit no field, and
no database stores NUL.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Final

VALUES: Final[list[object]] = [
    None,
    True,
    0,
    -1,
    10**400,
    1e308,
    "",
    "\0",
    "text",
    [],
    [None],
    [["text"]],
    [{}],
    {},
    {"text": []},
]


def changed(document: Mapping[str, object]) -> Iterator[dict[str, Any]]:
    """The document with one member, at any depth, of each of these values in turn."""
    for path in _paths(document):
        for value in VALUES:
            changed_one = copy.deepcopy(dict(document))
            place: Any = changed_one
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = value
            yield changed_one


def _paths(document: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(document, Mapping):
        for name, value in document.items():
            yield from _paths(value, (*path, name))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield from _paths(value, (*path, index))
