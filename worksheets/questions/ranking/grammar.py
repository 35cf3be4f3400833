"""The lines of a ranking: ``rank: A | B | C``, ``right: B > A > C``, ``because: 2 marks``."""

from __future__ import annotations

import re

from worksheets.markup import AnswerBox, Keyword, start
from worksheets.markup.keys import fold, unescape
from worksheets.markup.messages import Message as _

MIN_THINGS, MAX_THINGS = 2, 20
MAX_LENGTH = 200  # of a thing, in characters

_BAR = re.compile(r"(?<!\\)\|")
_GREATER = re.compile(r"(?<!\\)>")

LINES = (
    Keyword(
        "rank",
        "misplaced-rank",
        _(
            "'rank:' must come directly under '???', without options or an interpretation above."
            " Pupils do not see this line. If they should, write 'Rank\\:'."
        ),
        re.compile(r".*\S\s*\|\s*\S"),
        joins=("|",),
    ),
    Keyword(
        "right",
        "misplaced-right",
        _(
            "'right:' must come directly under 'rank:'. Pupils do not see this line. If they"
            " should, write 'Right\\:'."
        ),
        re.compile(r".*\S\s+>\s+\S"),
        joins=(">",),
    ),
    Keyword(
        "because",
        "misplaced-because",
        _("'because:' must come directly under 'rank:'."),
        joins=(",", ";"),
    ),
)


def read_things(box: AnswerBox) -> tuple[str, ...]:
    """Return the things of the line ``rank:``; report what is wrong with them."""
    line = box.lines["rank"]
    things = _split(_BAR, line.text)
    at = start(line)
    if any("___" in thing for thing in things):
        message = _("What is to be put in order cannot contain a gap.")
        box.problems.error("gap-not-here", at, message)
    elif not MIN_THINGS <= len(things) <= MAX_THINGS or any(len(t) > MAX_LENGTH for t in things):
        message = _(
            "Write %(least)s to %(most)s things after 'rank:', with '|' between them, each of at"
            " most %(length)s characters.",
            least=MIN_THINGS,
            most=MAX_THINGS,
            length=MAX_LENGTH,
        )
        box.problems.error("rank-things", at, message)
    elif len({fold(thing) for thing in things}) < len(things):
        message = _("Two of these things are the same.")
        box.problems.error("repeated-thing", at, message)
    if box.details.words_min or box.details.words_max:
        message = _(
            "A ranking has no number of words. Write it after 'because:', where pupils give their"
            " reasons."
        )
        box.problems.error("misplaced-words", box.at, message)
    return tuple(dict.fromkeys(things))


def read_order(box: AnswerBox, things: tuple[str, ...]) -> tuple[str, ...]:
    """Return the right order of the things, () if there is none or it cannot be read."""
    line = box.lines.get("right")
    if line is None:
        return ()
    known = {fold(thing): thing for thing in things}
    named = [fold(thing) for thing in _split(_GREATER, line.text)]
    if sorted(named) != sorted(known):
        message = _(
            "'right:' must name each of the things after 'rank:' once, with '>' between them."
        )
        box.problems.error("wrong-order", start(line), message)
        return ()
    order = tuple(known[name] for name in named)
    if order == things:
        message = _(
            "Pupils see these things in the right order already. List them in another order after"
            " 'rank:'."
        )
        box.problems.warning("right-as-listed", start(line), message)
    if box.details.marks is None:
        message = _(
            "This ranking earns nothing. Write how many marks it has after '???': ??? 3 marks."
        )
        box.problems.warning("right-without-marks", box.at, message)
    return order


def _split(mark: re.Pattern[str], text: str) -> list[str]:
    pieces = (" ".join(unescape(piece).split()) for piece in mark.split(text))
    return [piece for piece in pieces if piece]
