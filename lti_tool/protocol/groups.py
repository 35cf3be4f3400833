"""Functions that read in which groups and sections of the course a person is. Pure.

Launches tell that by custom parameters (``vocabulary.CUSTOM_PARAMETERS``):

- Moodle 4.5 sends the numbers of the person's groups, '' for none and no names
  ($Moodle.Person.userGroupIds, ``lti_calculate_custom_parameter`` in mod/lti/locallib.php).
- Canvas sends the numbers of the person's sections ($Canvas.course.sectionIds) and their names in
  the same order, as a JSON list whose quotation marks may be escaped once more
  ($com.instructure.User.sectionNames, lib/lti/variable_expander.rb).

Others leave the variables as they are. Values are free text that course editors can change: one
that cannot be read counts as not told and never refuses a launch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lti_tool.protocol.values import clean

MAX_GROUPS = 50  # of one person
MAX_ID = 40  # characters
MAX_NAME = 200  # characters; a longer name is cut

Stored = list[dict[str, str]]  # as ``Membership.groups`` has them


@dataclass(frozen=True, slots=True)
class CourseGroup:
    """A group or section of a course; ``name`` is '' where the LMS tells only its id."""

    id: str
    name: str = ""


def groups(custom: Mapping[str, str]) -> tuple[CourseGroup, ...] | None:
    """Return a person's groups and sections, each once, at most MAX_GROUPS; None if not told."""
    sections = _ids(custom.get("canvas_sections"))
    found = []
    if sections is not None:
        names = _names(custom.get("canvas_section_names", ""))
        names = names if len(names) == len(sections) else [""] * len(sections)
        # Sections and groups are counted apart.
        pairs = zip(sections, names, strict=True)
        found += [CourseGroup(f"section-{number}", name) for number, name in pairs]
    groups_of_course = _ids(custom.get("moodle_groups"))
    if groups_of_course is not None:
        found += [CourseGroup(f"group-{number}") for number in groups_of_course]
    if sections is None and groups_of_course is None:
        return None
    return tuple({group.id: group for group in found}.values())[:MAX_GROUPS]


def to_store(found: Sequence[CourseGroup]) -> Stored:
    """Return groups as ``Membership.groups`` has them, in one order."""
    ordered = sorted(found, key=lambda group: group.id)
    return [{"id": group.id, "name": group.name} for group in ordered]


def _ids(value: str | None) -> list[str] | None:
    """Return the numbers of a list with commas, None where it is none or was not expanded."""
    if value is None or value.strip().startswith("$"):
        return None
    parts = [part.strip() for part in value.split(",") if part.strip()]
    is_list = all(part.isascii() and part.isalnum() and len(part) <= MAX_ID for part in parts)
    return parts[:MAX_GROUPS] if is_list else None


def _names(value: str) -> list[str]:
    """Return the names in a JSON list, whose quotation marks may be escaped; [] if it is none."""
    for text in (value, value.replace('\\"', '"')):
        try:
            read = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(read, list) and all(isinstance(name, str) for name in read):
            return [" ".join(clean(name).split())[:MAX_NAME] for name in read[:MAX_GROUPS]]
    return []
