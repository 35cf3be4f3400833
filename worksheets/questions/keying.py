"""Answers that a teacher gives by pressing: the text with them, and what it still lacks. Pure.

What cannot be written raises ``CannotEdit``, also where the item is none of the sheet's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from worksheets.markup import Accepted, Anticipated, Gap, MarkupProblem, Mode, Question, Sheet
from worksheets.markup.editing import (
    CannotEdit,
    add_to_bank,
    set_keys,
    set_lines,
    set_marks,
    set_question,
)
from worksheets.markup.keys import one_space, to_number
from worksheets.questions.answers import ItemAnswer
from worksheets.questions.registry import KINDS, parse_sheet, question_kind
from worksheets.words.key import nearest
from worksheets.words.settings import Settings
from worksheets.words.terms import key_term

MAX_NUMBER_LENGTH = 40  # characters of a number in a key that is sent back
MAX_PATTERNS = 100  # gaps whose key is a pattern or a number, compared with each word of a bank


class HalfKey(CannotEdit):
    """The error for the key of a question that does not say everything."""


# A gap that lacks its answer is no problem here: the page asks for it.
_ASKED_FOR = "gap-without-key"
NOT_IN_BANK = "answer-not-in-bank"


def write_words(source: str, words: Mapping[str, str]) -> str:
    """Return the text in which each of these gaps has this word as its right answer.

    ``words`` are by key; '' empties a gap. One whose answer it is already stays as it is.
    """
    sheet = parse_sheet(source)
    changes = []
    for key, word in words.items():
        gap, answer = gap_of(sheet, key), one_space(word)
        if answer != answer_of(gap):
            changes.append((gap, _with_word(gap, answer, sheet.settings)))
    return set_keys(source, changes, KINDS.values())


def answer_of(gap: Gap) -> str:
    """Return the right answer that is shown first, '' where there is none."""
    return gap.accepted[0].text if gap.accepted else ""


def gap_of(sheet: Sheet, key: str) -> Gap:
    """Return the gap with that key. Raise CannotEdit if the sheet has none."""
    try:
        return sheet.gap(key)
    except KeyError:
        raise CannotEdit from None


def question_of(sheet: Sheet, key: str) -> Question[Any]:
    """Return the question with that key. Raise CannotEdit if the sheet has none."""
    try:
        return sheet.question(key)
    except KeyError:
        raise CannotEdit from None


def _with_word(gap: Gap, word: str, settings: Settings) -> Gap:
    """Return the gap with another right answer; what is foreseen as wrong stays, unless it is it.

    Other right answers are spellings of the one that goes, and go with it.
    """
    word = _missing_letters(gap, word)
    if gap.offers_choices:
        former = dict.fromkeys(answer.text for answer in gap.accepted if answer.text != word)
        wrong = [one for one in gap.anticipated if one.text != word and one.text not in former]
        return replace(
            gap,
            accepted=(Accepted(word),) if word else (),
            anticipated=(*map(Anticipated, former), *wrong),
        )
    if not word:
        return replace(gap, accepted=(), mode=Mode.TEXT, tolerance=Decimal(0))
    known = [answer for answer in gap.accepted if answer.text == word]
    if known:
        others = (answer for answer in gap.accepted if answer.text != word)
        return replace(gap, accepted=(*known, *others))
    term = key_term(word, settings)
    is_number = gap.mode is Mode.NUMBER and to_number(word) is not None
    is_pattern = gap.mode is Mode.PATTERN and "*" in word
    return replace(
        gap,
        accepted=(Accepted(word),),
        anticipated=tuple(
            wrong for wrong in gap.anticipated if not key_term(wrong.text, settings).agrees(term)
        ),
        mode=gap.mode if is_number or is_pattern else Mode.TEXT,
        tolerance=gap.tolerance if is_number else Decimal(0),
    )


def _missing_letters(gap: Gap, word: str) -> str:
    """Return the letters that a gap lacks of a word that was given as a whole."""
    before, after = gap.before, gap.after
    is_typed = gap.bank is None and not gap.offers_choices
    is_whole = word.casefold().startswith(before.casefold()) and word.casefold().endswith(
        after.casefold()
    )
    if not is_typed or not is_whole or len(word) <= len(before) + len(after):
        return word
    return word[len(before) : len(word) - len(after)]


def write_key(source: str, key: str, wanted: Gap) -> str:
    """Return the text in which a gap has the answers of ``wanted``, and is compared as it is."""
    gap = gap_of(parse_sheet(source), key)
    wanted = replace(
        gap,
        accepted=wanted.accepted,
        anticipated=wanted.anticipated,
        mode=wanted.mode,
        tolerance=wanted.tolerance,
        offers_choices=wanted.offers_choices,
        hint=wanted.hint,
        feedback_right=wanted.feedback_right,
        feedback_wrong=wanted.feedback_wrong,
        marks=wanted.marks,
    )
    return set_keys(source, [(gap, wanted)], KINDS.values())


def write_question(source: str, wanted: Question[Any]) -> str:
    """Return the text in which the question of this key has what ``wanted`` has."""
    question = question_of(parse_sheet(source), wanted.key)
    return set_question(source, question, wanted, KINDS.values())


def write_solution(source: str, key: str, fields: Mapping[str, str]) -> str:
    """Return the text in which what was posted for a question, as by a pupil, is its key.

    A blank takes the key away. Raise HalfKey where only a part of it was posted.
    """
    sheet = parse_sheet(source)
    question = question_of(sheet, key)
    kind = question_kind(question)
    reading = kind.read(sheet, question, fields)
    if reading is None or reading.error:
        raise CannotEdit
    keyed = kind.keyed(question, ItemAnswer(reading.value))
    if keyed is None:
        raise HalfKey
    wanted = replace(question, content=keyed.content, automatic=any(keyed.lines.values()))
    return set_lines(source, question, wanted, keyed.lines, KINDS.values())


def give_marks(source: str, marks: Decimal) -> str:
    """Return the text in which each question without marks has so many."""
    sheet = parse_sheet(source)
    return set_marks(source, sheet.without_marks, marks, KINDS.values())


def add_answer_to_bank(source: str, key: str) -> str:
    """Return the text in which a gap's answer is a word of its bank."""
    sheet = parse_sheet(source)
    gap = gap_of(sheet, key)
    if gap.bank is None or not gap.accepted:
        raise CannotEdit
    return add_to_bank(source, sheet.banks[gap.bank], answer_of(gap), KINDS.values())


# --- keys as values that a page can send back ---------------------------------


def key_value(gap: Gap) -> dict[str, Any]:
    """Return a gap's key as a value for JSON, which ``restore`` takes."""
    return {
        "right": [[answer.text, f"{answer.weight:f}"] for answer in gap.accepted],
        "wrong": [[answer.text, answer.feedback] for answer in gap.anticipated],
        "mode": gap.mode.value,
        "tolerance": f"{gap.tolerance:f}",
        "group": gap.group,
    }


def restore(source: str, values: Mapping[str, object]) -> str:
    """Return the text in which gaps have the keys that ``key_value`` has given out before."""
    sheet = parse_sheet(source)
    changes = [
        (gap, restored_key(gap, value))
        for gap, value in ((gap_of(sheet, key), value) for key, value in values.items())
    ]
    return set_keys(source, changes, KINDS.values())


def restored_key(gap: Gap, value: object) -> Gap:
    """Return the gap with a key as ``key_value`` gave it out. Raise CannotEdit for another one."""
    if not isinstance(value, dict):
        raise CannotEdit
    try:
        return replace(
            gap,
            accepted=tuple(
                Accepted(text, read_number(share)) for text, share in _pairs(value["right"])
            ),
            anticipated=tuple(Anticipated(text, said) for text, said in _pairs(value["wrong"])),
            mode=Mode(value["mode"]),
            tolerance=read_number(value["tolerance"]),
            group=_text(value["group"]),
        )
    except (KeyError, ValueError):
        raise CannotEdit from None


def _pairs(rows: object) -> list[tuple[str, str]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise CannotEdit
    return [(_text(first), _text(second)) for first, second in rows]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise CannotEdit
    return value


def read_number(value: object) -> Decimal:
    """Return a number that was posted. Raise CannotEdit if it is none, or no usual one."""
    text = _text(value).strip().replace(",", ".")
    try:
        number = Decimal(text) if len(text) <= MAX_NUMBER_LENGTH else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number.adjusted()) > MAX_NUMBER_LENGTH:
        raise CannotEdit
    return number


# --- what is there, and what is missing ---------------------------------------


def words_move(sheet: Sheet, bank: int) -> bool:
    """Return whether a word of a bank that is used already moves from gap to gap.

    It does where each is used once, and where there are enough words for all gaps.
    """
    gaps = sum(gap.bank == bank for gap in sheet.gaps)
    return sheet.banks[bank].each_once or len(sheet.banks[bank].words) >= gaps


def with_answer(sheet: Sheet) -> int:
    """Return how many gaps have a right answer."""
    return sum(bool(gap.accepted) for gap in sheet.gaps)


def with_marks(sheet: Sheet) -> int:
    """Return how many questions have marks."""
    return len(sheet.questions) - len(sheet.without_marks)


def has_all_answers(sheet: Sheet) -> bool:
    """Return whether each gap has a right answer."""
    return all(gap.accepted for gap in sheet.gaps)


def lacks_key(question: Question[Any]) -> bool:
    """Return whether a question could be marked by the machine, and has no right answer yet."""
    kind = question_kind(question)
    key = kind.key(question)
    return key is not None and kind.is_blank(key)


def without_key(sheet: Sheet) -> int:
    """Return how many questions could be marked by the machine and have no right answer yet."""
    return sum(map(lacks_key, sheet.questions))


def has_notes(question: Question[Any]) -> bool:
    """Return whether a question can have a number of words, a model answer and a rubric."""
    return question_kind(question).is_written and question.end is not None


def other_errors(sheet: Sheet) -> list[MarkupProblem]:
    """Return what keeps a sheet from being published, without the answers that are asked for."""
    return [problem for problem in sheet.errors if problem.code != _ASKED_FOR]


def gaps_not_in_bank(sheet: Sheet) -> frozenset[str]:
    """Return the keys of the gaps whose right answer no pupil can choose."""
    places = {(p.start, p.end) for p in sheet.errors if p.code == NOT_IN_BANK}
    return frozenset(gap.key for gap in sheet.gaps if tuple(gap.extent) in places)


def left_over(sheet: Sheet) -> list[str]:
    """Return the words of banks that are right for no gap: pupils are to be led astray by them."""
    found: list[str] = []
    for index, bank in enumerate(sheet.banks):
        gaps = [gap for gap in sheet.gaps if gap.bank == index]
        if gaps:
            found += _left_over(bank.words, gaps, sheet.settings)
    return found


def _left_over(words: Sequence[str], gaps: Sequence[Gap], settings: Settings) -> list[str]:
    forms: Counter[str] = Counter()
    for gap in gaps:
        for answer in gap.accepted:
            forms.update(key_term(answer.text, settings).forms)
    patterns = [gap for gap in gaps if gap.mode is not Mode.TEXT][:MAX_PATTERNS]
    terms = {word: key_term(word, settings) for word in words}
    return [
        word
        for word, term in terms.items()
        if forms.keys().isdisjoint(term.forms)
        and not any(isinstance(nearest(gap, term, settings)[1], Accepted) for gap in patterns)
    ]
