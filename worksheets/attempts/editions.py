"""Which edition work begins with and is marked by, where a class's answers have been corrected.

A correction changes the key alone: pupils who are writing go on with the page that they have.
"""

from __future__ import annotations

from worksheets.models import Assignment, Attempt, Edition
from worksheets.questions import same_items


def edition_to_mark_by(attempt: Attempt) -> Edition:
    """Return the assigned edition where that differs by a correction alone, else the attempt's."""
    assigned = attempt.assignment.edition
    return assigned if _differs_by_correction(attempt.edition, assigned) else attempt.edition


def edition_to_begin(assignment: Assignment, edition_id: int | None) -> Edition | None:
    """Return the edition that a pupil's page shows, if an attempt may begin with it, else None."""
    assigned = assignment.edition
    if edition_id == assigned.pk:
        return assigned
    rows = Edition.objects.filter(worksheet=assigned.worksheet_id)
    shown = rows.filter(pk=edition_id).first() if edition_id is not None else None
    return shown if shown is not None and _differs_by_correction(shown, assigned) else None


def _differs_by_correction(edition: Edition, assigned: Edition) -> bool:
    if edition.pk == assigned.pk or edition.worksheet_id != assigned.worksheet_id:
        return False
    is_correction = edition.is_correction or assigned.is_correction
    return is_correction and same_items(edition.sheet, assigned.sheet)
