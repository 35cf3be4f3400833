"""The '???' that a paper's lines end with, which are answer spaces of the markup already."""

from __future__ import annotations

from worksheets.markup import lines as marks


def split_answer_spaces(text: str) -> tuple[str, list[str]]:
    """Return a line's text and the '???' at its end; 'Your answer: ???' stays a text."""
    rooms: list[str] = []
    while not text.startswith("|") and not is_labelled_answer_space(text):
        before, room = _split_answer_space(text)
        if not room:
            break
        rooms.append(room)
        text = before
    return text, rooms


def is_labelled_answer_space(text: str) -> bool:
    before, room = _split_answer_space(text)
    return bool(room) and marks.is_label(before)


def _split_answer_space(text: str) -> tuple[str, str]:
    """Return what stands before '???' at a line's end, and that '???', '' for none."""
    before = text.rstrip("?")
    run = text[len(before) :]
    if len(run) >= 3 and (not before or before[-1].isspace()):
        return before.rstrip(), run
    return text, ""
