"""The forms of the page of answers: what is posted becomes another text of the worksheet."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from lti_tool.protocol.values import whole_number
from worksheets.markup import Accepted, Anticipated, Gap, Mode, Question, Sheet
from worksheets.markup.details import MAX_MARKS
from worksheets.markup.editing import CannotEdit, set_capitals
from worksheets.models import Paper, Worksheet
from worksheets.models.worksheet import read_sheet
from worksheets.questions import KINDS, keying, parse_sheet
from worksheets.rendering.context import gap_contexts
from worksheets.wording.numbers import plain

MAX_DIGITS = 6  # of a number of words
MAX_ANSWERS = 50  # of one gap
MAX_ROWS = 200  # of answers that a form shows: a text can have thousands
MIN_CHOICES = 2  # words that a gap offers
_GAP = re.compile(r"g[1-9][0-9]{0,5}")


def edited(source: str, posted: QueryDict) -> str:
    """Return the text with what was posted. Raise CannotEdit, perhaps with a sentence."""
    if item := posted.get("item", ""):
        return _with_item(source, item, posted)
    if "restore" in posted:
        return keying.restore(source, _keys(posted.get("restore", "")))
    source = keying.write_words(source, posted_words(posted))
    if "give-marks" in posted:
        marks = _marks(posted.get("marks-for-all", ""))
        if marks is None:
            raise CannotEdit(_("Write how many marks each of them has."))
        source = keying.give_marks(source, marks)
    return source


def posted_words(posted: QueryDict) -> dict[str, str]:
    """Return the word for each gap that was posted: what was typed, else what was chosen."""
    return {
        name: posted.get(f"{name}-typed", "").strip() or posted.get(name, "")
        for name in posted
        if _GAP.fullmatch(name)
    }


def _keys(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise CannotEdit from None
    if not isinstance(found, dict):
        raise CannotEdit
    return found


def _with_item(source: str, item: str, posted: QueryDict) -> str:
    sheet = parse_sheet(source)
    if "solution" in posted:
        fields = {name: posted.get(name, "") for name in posted}
        try:
            return keying.write_solution(source, item, fields)
        except keying.HalfKey:
            raise CannotEdit(_("Give the right answer for each line, or for none.")) from None
    if not _GAP.fullmatch(item):
        return keying.write_question(source, _question(keying.question_of(sheet, item), posted))
    gap = keying.gap_of(sheet, item)
    if "right" in posted:
        wanted = _gap(gap, posted)
        try:
            source = keying.write_key(source, item, wanted)
        except CannotEdit as error:
            if wanted.mode is not Mode.NUMBER:
                raise
            raise CannotEdit(
                _("Write a number or a date: 1936, -2.5, 1 September 1939.")
            ) from error
        source = set_capitals(source, count="capitals" in posted, kinds=KINDS.values())
    if "add-word" in posted:
        source = keying.add_answer_to_bank(source, item)
    return source


def _gap(gap: Gap, posted: QueryDict) -> Gap:
    """Return the gap with the answers of its form."""
    dropped = whole_number(posted.get("drop", ""), MAX_DIGITS)
    right = posted.getlist("right")
    shares = posted.getlist("share")
    mode = posted.get("mode", gap.mode.value)
    if mode not in list(Mode):
        raise CannotEdit
    accepted = [
        Accepted(text.strip(), _share(share))
        for number, (text, share) in enumerate(
            zip_longest(right, shares[: len(right)], fillvalue="")
        )
        if text.strip() and number != dropped
    ]
    wrong = list(zip_longest(posted.getlist("wrong"), posted.getlist("say"), fillvalue=""))
    for given, kept in ((right, gap.accepted), (wrong, gap.anticipated)):
        if len(given) > max(MAX_ANSWERS, len(kept)) + 1:
            raise CannotEdit(
                _("At most %(most)s answers fit here. Write the others into the text.")
                % {"most": MAX_ANSWERS}
            )
    tolerance = keying.read_number(posted.get("tolerance") or "0")
    choices = "choices" in posted if "has-choices" in posted else gap.offers_choices
    texts = {text.strip() for text, _said in wrong} | {answer.text for answer in accepted}
    if choices and len(texts - {""}) < MIN_CHOICES:
        raise CannotEdit(_("Write two words at least to choose from: right ones and wrong ones."))
    if choices:
        mode = Mode.TEXT.value  # what is chosen is compared as it is
    return replace(
        gap,
        accepted=tuple(accepted),
        anticipated=tuple(
            Anticipated(text.strip(), said.strip()) for text, said in wrong if text.strip()
        ),
        hint=posted.get("hint", gap.hint).strip(),
        feedback_right=posted.get("say-right", gap.feedback_right).strip(),
        feedback_wrong=posted.get("say-wrong", gap.feedback_wrong).strip(),
        marks=_points(posted.get("points", "")) if "points" in posted else gap.marks,
        mode=Mode(mode) if accepted else Mode.TEXT,
        offers_choices=choices,
        tolerance=tolerance if mode == Mode.NUMBER and accepted else Decimal(0),
    )


def _share(text: str) -> Decimal:
    if not text.strip():
        return Decimal(1)
    percent = whole_number(text.strip(), max_digits=3)
    if percent is None or not 0 < percent <= 100:
        raise CannotEdit(_("A share is a whole number from 1 to 100."))
    return Decimal(percent) / 100


def _question(question: Question[Any], posted: QueryDict) -> Question[Any]:
    """Return the question with what its form has; what the form does not have stays."""
    marks = _marks(posted.get("marks", "")) if "marks" in posted else question.marks
    if step := posted.get("step"):
        marks = max((marks or Decimal(0)) + (1 if step == "1" else -1), Decimal(0)) or None
    wanted = replace(question, marks=marks)
    if not keying.has_notes(question):
        return wanted
    least = _words(posted.get("least", "")) if "least" in posted else question.words_min
    most = _words(posted.get("most", "")) if "most" in posted else question.words_max
    if least and most and least > most:
        raise CannotEdit(_("The minimum number of words is larger than the maximum."))
    return replace(
        wanted,
        words_min=least,
        words_max=most,
        model=_prose(posted.get("model", question.model)),
        rubric=_prose(posted.get("rubric", question.rubric)),
    )


def _marks(text: str) -> Decimal | None:
    if not text.strip():
        return None
    sentence = _("Write marks from 0 to %(most)s, with up to two decimals.") % {"most": MAX_MARKS}
    try:
        marks = keying.read_number(text)
    except CannotEdit:
        raise CannotEdit(sentence) from None
    if not 0 <= marks <= MAX_MARKS or marks != round(marks, 2):
        raise CannotEdit(sentence)
    return marks or None


def _points(text: str) -> Decimal | None:
    """Return the marks of a gap, None for the usual one, 0 for one that is not counted."""
    marks = _marks(text) or (Decimal(0) if text.strip() else None)
    return None if marks == 1 else marks


def _words(text: str) -> int | None:
    if not text.strip():
        return None
    number = whole_number(text.strip(), MAX_DIGITS)
    if number is None:
        raise CannotEdit(_("Write a whole number of words."))
    return number or None


def _prose(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


# --- the forms ----------------------------------------------------------------


def item_form(sheet: Sheet, key: str, seen: str, url: str, not_in_bank: Collection[str]) -> str:
    """Return the form of a gap or a question; '' if the sheet has none of this key."""
    shared = {"key": key, "seen": seen, "url": url}
    try:
        if _GAP.fullmatch(key):
            gap = keying.gap_of(sheet, key)
            rows = max(len(gap.accepted), len(gap.anticipated))
            context = shared | {"gap": gap, "is_missing": key in not_in_bank}
            context |= {"is_too_long": True} if rows > MAX_ROWS else _gap_context(sheet, gap)
            return render_to_string("worksheets/authoring/keys_gap.html", context)
        question = keying.question_of(sheet, key)
    except CannotEdit:
        return ""
    context = shared | {
        "question": question,
        "marks": "" if question.marks is None else plain(question.marks),
        "has_notes": keying.has_notes(question),
    }
    return render_to_string("worksheets/authoring/keys_question.html", context)


def _gap_context(sheet: Sheet, gap: Gap) -> dict[str, object]:
    modes = {
        Mode.TEXT: _("as words"),
        Mode.NUMBER: _("as a number or a date"),
        Mode.PATTERN: _("as a pattern: * stands for any letters"),
    }
    return {
        "gap": gap,
        "around": gap_contexts(sheet).get(gap.key, "").replace("___", "▁▁"),
        "right": [(answer.text, f"{answer.weight * 100:.0f}") for answer in gap.accepted],
        "modes": [(mode.value, words, mode is gap.mode) for mode, words in modes.items()],
        "tolerance": plain(gap.tolerance) if gap.tolerance else "",
        "offers_choices": gap.offers_choices,
        "capitals_count": sheet.settings.case_counts,
        "words": [] if gap.bank is None else list(dict.fromkeys(sheet.banks[gap.bank].words)),
        "points": plain(gap.points),
        "says": bool(gap.hint or gap.feedback_right or gap.feedback_wrong),
        "is_unusual": gap.mode is not Mode.TEXT
        or gap.points != 1
        or any(answer.weight != 1 for answer in gap.accepted),
    }


def printed_answers(worksheet: Worksheet, sheet: Sheet) -> dict[str, str]:
    """Return the answers that the paper prints by the key of their gap, if they fit the gaps.

    There is one for each gap, none of which has an answer yet, and the gaps stand between the same
    words as at first: with a gap more or less, a number would be another one's.
    """
    if not sheet.gaps or any(gap.accepted for gap in sheet.gaps):
        return {}
    paper = Paper.objects.filter(worksheet=worksheet).only("printed", "first").first()
    if paper is None or len(paper.printed) != len(sheet.gaps):
        return {}
    fitting = {gap.key: paper.printed.get(str(gap.number), "") for gap in sheet.gaps}
    is_same = gap_contexts(read_sheet(paper.first)) == gap_contexts(sheet)
    return fitting if is_same and all(fitting.values()) else {}
