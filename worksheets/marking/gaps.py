"""The marking of all gaps of a sheet."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from worksheets.marking.groups import judge_group
from worksheets.marking.judging import WRONG, Judge, Judgement
from worksheets.marking.results import GapMarks, GapResult, GapVerdict
from worksheets.markup.sheet import Gap, Sheet
from worksheets.words import exact
from worksheets.words.key import Closeness
from worksheets.words.settings import Settings
from worksheets.words.terms import Term, term

MAX_RESPONSE_LENGTH = 1000  # characters; a longer response is never right


def mark_gaps(sheet: Sheet, responses: Mapping[str, str]) -> GapMarks:
    """Mark the responses, by gap key, against the sheet's keys.

    A gap that is missing from the responses, or holds nothing but white space, is
    unanswered. Keys that the sheet does not have are passed over. A gap that has no
    key yet takes no answer for right. Any string is marked; none raises.
    """
    judge = Judge(sheet)
    given = {gap.key: responses.get(gap.key, "") for gap in sheet.gaps}
    terms = {key: _read(response, sheet.settings) for key, response in given.items()}
    grouped = _judge_groups(judge, sheet, terms)
    results = []
    for gap in sheet.gaps:
        found = terms[gap.key]
        if gap.key in grouped:
            judgement = grouped[gap.key]
        else:
            judgement = _judge(judge, gap, given[gap.key], found) if found else WRONG
        results.append(_result(gap, given[gap.key], found, judgement))
    return GapMarks(
        results=tuple(results),
        points=exact.total(result.points for result in results),
        maximum=exact.total(result.maximum for result in results),
        answered=sum(_is_answered(given[gap.key], terms[gap.key]) for gap in sheet.gaps),
    )


def _judge(judge: Judge, gap: Gap, response: str, found: Term) -> Judgement:
    """Return the judgement of a response, which may have the letters that are printed around it."""
    is_typed = gap.bank is None and not gap.offers_choices
    judgement = judge.judge(gap, found, typed=is_typed)
    is_certain = bool(judgement.weight) and judgement.closeness >= Closeness.ALIKE
    if is_certain or not is_typed or not (gap.before or gap.after):
        return judgement
    word, before, after = (one.casefold() for one in (response.strip(), gap.before, gap.after))
    if not (word.startswith(before) and word.endswith(after)):
        return judgement
    inner = _read(word[len(before) : len(word) - len(after)], judge.settings)
    whole = judge.judge(gap, inner, typed=is_typed) if inner else WRONG
    is_nearer = bool(whole.weight) and whole.closeness > judgement.closeness
    return whole if is_nearer else judgement


def is_too_long(response: str) -> bool:
    """Return whether a response is too long for a gap, as it is or in NFKC.

    NFKC writes a single character out as up to eighteen.
    """
    limit = MAX_RESPONSE_LENGTH
    return len(response) > limit or len(unicodedata.normalize("NFKC", response)) > limit


def _read(response: str, settings: Settings) -> Term | None:
    """Return the prepared response, or None if it is too long or blank."""
    if is_too_long(response):
        return None
    found = term(response, settings)
    return found if found.plain else None


def _judge_groups(
    judge: Judge, sheet: Sheet, terms: Mapping[str, Term | None]
) -> dict[str, Judgement]:
    groups: dict[str, list[Gap]] = {}
    for gap in sheet.gaps:
        if gap.group:
            groups.setdefault(gap.group, []).append(gap)
    judgements: dict[str, Judgement] = {}
    for gaps in groups.values():
        marked = judge_group(judge, gaps, [terms[gap.key] for gap in gaps], sheet.settings)
        judgements.update(zip((gap.key for gap in gaps), marked, strict=True))
    return judgements


def _result(gap: Gap, response: str, found: Term | None, judgement: Judgement) -> GapResult:
    points = exact.times(gap.points, judgement.weight)
    verdict = GapVerdict.NOT_COUNTED
    if gap.is_counted:
        verdict = _verdict(points, gap.points, answered=_is_answered(response, found))
    said = judgement.feedback
    if verdict is GapVerdict.RIGHT:
        said = gap.feedback_right
    elif verdict is GapVerdict.NOT_COUNTED:
        said = ""
    elif verdict is GapVerdict.WRONG and not judgement.repeated:
        said = said or gap.feedback_wrong
    return GapResult(
        key=gap.key,
        response=response,
        points=points,
        maximum=gap.points,
        verdict=verdict,
        spelling=judgement.spelling if gap.is_counted else "",
        feedback=said,
        repeated=judgement.repeated and gap.is_counted,
    )


def _is_answered(response: str, found: Term | None) -> bool:
    return found is not None or (is_too_long(response) and not response.isspace())


def _verdict(points: Decimal, maximum: Decimal, *, answered: bool) -> GapVerdict:
    if not answered:
        return GapVerdict.UNANSWERED
    if points <= 0:
        return GapVerdict.WRONG
    return GapVerdict.RIGHT if points >= maximum else GapVerdict.PARTLY
