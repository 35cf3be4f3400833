"""Gaps as a text writes them, with backslashes where they are needed. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from worksheets.words.key import Accepted, Mode

from .gaps import FREE_AFTER
from .gaps import MARKS as GAP_MARKS
from .inline import BLANK
from .keys import WEIGHT, one_space
from .sheet import Gap
from .source import storable

_MODES = {Mode.TEXT: "", Mode.NUMBER: "#", Mode.PATTERN: "~"}
# What is read otherwise between the marks, and what would be an address, a bank or an answer box.
_SPECIAL = r"[\\|_]|:(?=//)|(?<=www)\.|(?<=\[)\[|(?<=\])\]|(?:(?<=\s)|\A)\?(?=\?\?)"
_DETAIL_OF_GAP = r"\A[?=](?=\s*:)|\A\[(?=\s*[0-9])|(?<=\Achoose)(?=\s*:)"
_IN_ANSWER = re.compile(rf"{_SPECIAL}|\A[!#~&]|{_DETAIL_OF_GAP}", re.IGNORECASE)
_IN_FEEDBACK = re.compile(_SPECIAL, re.IGNORECASE)
_IN_WRONG = _IN_GROUP = re.compile(rf"{_SPECIAL}|:", re.IGNORECASE)
IN_BANK = re.compile(rf"{_SPECIAL}|\]|\A\*\Z", re.IGNORECASE)


def as_read(gap: Gap) -> Gap:
    """Return the gap with its answers as they can stand on one line."""
    accepted = tuple(replace(answer, text=one_line(answer.text)) for answer in gap.accepted)
    anticipated = tuple(
        replace(answer, text=one_line(answer.text), feedback=one_line(answer.feedback))
        for answer in gap.anticipated
    )
    gap = replace(
        gap,
        hint=one_line(gap.hint),
        feedback_right=one_line(gap.feedback_right),
        feedback_wrong=one_line(gap.feedback_wrong),
    )
    if accepted or anticipated or _details(gap):
        return replace(gap, accepted=accepted, anticipated=anticipated)
    return replace(
        gap,
        accepted=(),
        anticipated=(),
        mode=Mode.TEXT,
        tolerance=Decimal(0),
        offers_choices=False,
    )


def one_line(text: str) -> str:
    """Return a text as it can stand on one line."""
    return one_space(storable(text))


def written_key(gap: Gap, wanted: Gap, written: str) -> str:
    """Return the gap ``wanted`` as it is written where ``written`` stands for ``gap`` now."""
    if not (wanted.accepted or wanted.anticipated or _details(wanted)):
        group = f"&{escaped(_IN_GROUP, wanted.group)}:" if wanted.group else ""
        return f"{GAP_MARKS}{group}{GAP_MARKS}" if group else BLANK
    right, wrong = len(gap.accepted), len(gap.anticipated)
    same = replace(wanted, accepted=wanted.accepted[:right], anticipated=wanted.anticipated[:wrong])
    if (right or wrong) and same == gap:
        added = replace(
            wanted, accepted=wanted.accepted[right:], anticipated=wanted.anticipated[wrong:]
        )
        pieces = [written.removesuffix(GAP_MARKS), *_alternatives(added)]
        return " | ".join(pieces) + GAP_MARKS
    return f"{GAP_MARKS}{written_content(wanted)}{GAP_MARKS}"


def written_content(gap: Gap) -> str:
    """Return what stands between the marks of a gap."""
    group = f"&{escaped(_IN_GROUP, gap.group)}: " if gap.group else ""
    first, *others = [*_alternatives(gap), *_details(gap)]
    if gap.tolerance:
        first += f" ±{gap.tolerance:f}"
    sign = "choose: " if gap.offers_choices else _MODES[gap.mode]
    content = " | ".join([f"{group}{sign}{first}", *others])
    return _not_free(content, is_answer=bool(gap.accepted))


def _alternatives(gap: Gap) -> list[str]:
    accepted = [_accepted(gap.mode, answer) for answer in gap.accepted]
    return accepted + [
        f"!{escaped(_IN_WRONG, wrong.text)}"
        + (f": {escaped(_IN_FEEDBACK, wrong.feedback)}" if wrong.feedback else "")
        for wrong in gap.anticipated
    ]


def _details(gap: Gap) -> list[str]:
    """Return what stands in a gap beside its answers. Glued to its sign it can begin the gap."""
    said = (("?", gap.hint), ("=", gap.feedback_right), ("!", gap.feedback_wrong))
    details = [f"{sign}:{escaped(_IN_FEEDBACK, text)}" for sign, text in said if text]
    if gap.marks is not None:
        details.append(f"[{gap.marks.normalize():f} {'mark' if gap.marks == 1 else 'marks'}]")
    return details


def _accepted(mode: Mode, answer: Accepted) -> str:
    share = "" if answer.weight == 1 else f"{answer.weight * 100:.0f}%: "
    if mode is Mode.NUMBER:
        return share + answer.text
    text = escaped(_IN_ANSWER, answer.text)
    return share + (text.replace("%", "\\%", 1) if WEIGHT.match(answer.text) else text)


def _not_free(content: str, *, is_answer: bool) -> str:
    """Return the content so that '___' before it is not read as a gap by itself, as in '___. a'."""
    free = FREE_AFTER.match(content)
    if free is None:
        return content
    for at in range(0 if is_answer else 1, free.end()):
        if content[at].isascii() and not content[at].isspace():
            return f"{content[:at]}\\{content[at:]}"
    return f"100%: {content}" if is_answer else content


def escaped(special: re.Pattern[str], text: str) -> str:
    """Return a text with a backslash before what would be read otherwise at its place."""
    return special.sub(r"\\\g<0>", text)
