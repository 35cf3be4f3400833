"""Names for the parts of a mark, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from worksheets.markup import Sheet


def automatic(sheet: Sheet) -> str:
    """Return what to call the part of the mark that the machine gives."""
    return _("Marked automatically") if sheet.automatic_questions else _("Gaps")
