"""Notes of the readers of files, in sentences for who imports them."""

from __future__ import annotations

from collections.abc import Sequence

from worksheets.formats.readers.rows import Note
from worksheets.markup.messages import Message
from worksheets.markup.messages import Message as _


def sentences(notes: Sequence[Note]) -> list[tuple[str, Message]]:
    """Return a code and a sentence for each note that is known."""
    return [(note.code, sentence) for note in notes if (sentence := _sentence(note)) is not None]


def _sentence(note: Note) -> Message | None:
    values = {name: str(value) for name, value in note.values.items()}
    match note.code:
        case "picture" if "count" in values:
            return _(
                "Pictures that could not be taken over: %(count)s. Add them where they belong.",
                **values,
            )
        case "picture":
            return _(
                "This text shows pictures. They are not read. Add them where they belong: %(text)s",
                **values,
            )
        case "furniture-picture":
            return _(
                "Pictures left out, because they stand at the head or foot of pages: %(count)s.",
                **values,
            )
        case "furniture":
            return _("Left out, because it stands at the head or foot of pages: %(text)s", **values)
        case "formula":
            return _(
                "This formula could not be kept as one and is written as text: %(text)s", **values
            )
        case "tracked":
            return _("This file has tracked changes. They are read as if they had been accepted.")
        case "comments":
            return _("Comments beside the text are left out. They say: %(text)s", **values)
        case "hidden":
            return _("This file has hidden text. It is left out: pupils would see it here.")
    return None
