"""Marks without an attempt that come in from a file, as the pages of that file post them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.http import HttpRequest

from lti_tool.audit import Actor
from worksheets import attempts, gradebook
from worksheets.attempts import Entered, EntryState, Wanted, standing_entry
from worksheets.attempts.entered import sheet_maximum
from worksheets.attempts.in_chunks import RELEASED_AT_ONCE
from worksheets.gradebook.shared_work import have_submitted
from worksheets.marking.entered import Entry
from worksheets.models import Assignment
from worksheets.reports.marks_file import MAX_CHANGES, EntryChange
from worksheets.views.base import MAX_DIGITS

FIELD = "marks-paper"


def entry_fields(changes: Sequence[EntryChange]) -> list[tuple[str, str]]:
    """Return the name and value of the hidden field for these changes; none for no change."""
    rows = [[one.user.pk, one.entry.text, standing_entry(one.before)] for one in changes]
    return [(FIELD, json.dumps(rows))] if rows else []


def undo_fields(done: Sequence[Entered]) -> list[tuple[str, str]]:
    """Return the hidden field that brings back what stood before."""
    rows = [[one.wanted.user_id, one.before, standing_entry(one.now)] for one in done]
    return [(FIELD, json.dumps(rows))] if rows else []


def posted_entries(request: HttpRequest, assignment: Assignment) -> list[Wanted] | None:
    """Return what a page of ours has posted, or None if it is something else."""
    text = request.POST.get(FIELD)
    if text is None:
        return []
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(rows, list) or len(rows) > MAX_CHANGES:
        return None
    maximum, found = sheet_maximum(assignment), []
    for row in rows:
        match row:
            case [int() as pk, str() as entry, str() as seen] if 0 < pk < 10**MAX_DIGITS:
                try:
                    parsed = Entry.parse(entry, maximum)
                except ValueError:
                    return None
                # The page says how many of the marks are released.
                found.append(Wanted(pk, parsed, seen, confirmed=True))
            case _:
                return None
    return found


def still_stand(assignment: Assignment, wanted: Sequence[Wanted]) -> bool:
    """Return whether nobody has entered anything else since a page has shown what stood."""
    rows = gradebook.entered_marks(assignment)
    pks = [one.user_id for one in wanted]
    has_work = have_submitted(assignment, pks) - rows.keys()
    return all(
        one.user_id not in has_work
        and standing_entry(rows.get(one.user_id)) in {one.seen, one.entry.text if one.entry else ""}
        for one in wanted
    )


def enter_of_file(assignment: Assignment, wanted: Sequence[Wanted], *, by: Actor) -> list[Entered]:
    """Enter these, few in a transaction; return those that changed something."""
    done: list[Entered] = []
    for place in range(0, len(wanted), RELEASED_AT_ONCE):
        done += attempts.enter(assignment, wanted[place : place + RELEASED_AT_ONCE], by=by)
    return [one for one in done if one.state is EntryState.SAVED]
