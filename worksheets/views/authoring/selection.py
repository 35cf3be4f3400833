"""The worksheets that a teacher has ticked for links that the LMS is about to make.

They are kept with the deep linking launch, with the settings typed for them, so that they are
still ticked after a visit to another page.
"""

from __future__ import annotations

import json

from django.http import QueryDict

from lti_tool.launches import visit as visits
from lti_tool.launches.visit import Visit
from lti_tool.protocol.values import clean, whole_number
from worksheets.authoring.library import Entry, entries, readable
from worksheets.models import Worksheet
from worksheets.views.base import MAX_DIGITS

MAX_SELECTED = 100  # more than one response takes, so that ticks beyond it are not lost
MAX_SAVED_CHARACTERS = 200_000  # all that the fields of so many links may hold, and more


def saved_selection(visit: Visit) -> QueryDict:
    """Return what is ticked, and its settings, as fields of the form."""
    fields = QueryDict(mutable=True)
    for name, values in (visit.launch.picked or {}).items():
        fields.setlist(name, values)
    return fields


def save_selection(visit: Visit, fields: QueryDict) -> None:
    """Save what is ticked in these fields, and its settings; other fields are left out."""
    kept = {"worksheet": [str(entry.worksheet.pk) for entry in selected(visit, fields)]}
    prefixes = tuple(f"w{number}-" for number in kept["worksheet"])
    for name in fields:
        if name.startswith(prefixes):
            kept[clean(name)] = [clean(value) for value in fields.getlist(name)]
    if len(json.dumps(kept)) <= MAX_SAVED_CHARACTERS:
        visits.save_selection(visit, kept)


def add_to_selection(visit: Visit, worksheet: Worksheet, posted: QueryDict | None) -> QueryDict:
    """Tick a worksheet, and return what is ticked then.

    It stands beside what is ticked already, if the LMS takes several links. Settings that were
    ``posted`` for it replace those from before.
    """
    fields = saved_selection(visit)
    settings = visit.deep_linking
    if settings is not None and not settings.accepts_several:
        fields.setlist("worksheet", [])
    if str(worksheet.pk) not in fields.getlist("worksheet"):
        fields.appendlist("worksheet", str(worksheet.pk))
    if posted is not None:
        prefix = f"w{worksheet.pk}-"
        for name in [name for name in fields if name.startswith(prefix)]:
            del fields[name]
        for name in [name for name in posted if name.startswith(prefix)]:
            fields.setlist(name, posted.getlist(name))
    save_selection(visit, fields)
    return fields


def selected(visit: Visit, fields: QueryDict) -> list[Entry]:
    """Return the ticked worksheets, own or shared with the course, in the order of the ticks."""
    numbers = (whole_number(text, MAX_DIGITS) for text in fields.getlist("worksheet"))
    wanted = [number for number in numbers if number is not None][:MAX_SELECTED]
    rows = readable(visit.user, visit.membership.context).filter(pk__in=wanted)
    rows = rows.select_related("author").defer("searched")
    found = {entry.worksheet.pk: entry for entry in entries(rows)}
    return [found[number] for number in dict.fromkeys(wanted) if number in found]
