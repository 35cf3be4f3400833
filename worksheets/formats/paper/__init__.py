"""Paper worksheets: ``read_paper`` gets the text out of a file, ``to_markup`` marks it up.

Nothing is invented and no sentence is lost. What had to be guessed is said in
``Imported.warnings``.
"""

from .paper_text import Caution, CautionKind, Imported, to_markup
from .papers import MAX_FILE_BYTES, UnreadablePaper, check_size, read_paper

__all__ = [
    "MAX_FILE_BYTES",
    "Caution",
    "CautionKind",
    "Imported",
    "UnreadablePaper",
    "check_size",
    "read_paper",
    "to_markup",
]
