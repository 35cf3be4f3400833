"""A sheet to fill in: plain selects, text fields and text areas, which scripts enhance.

Everything works without JavaScript. Nothing here knows a right answer: a select is as
wide as its bank's longest word, a text field has one width for all gaps. Where the lists of
all gaps would be too much for a page, gaps are text fields that share one list for each bank.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from worksheets.markup import Gap, Message, Mode, Question, Sheet
from worksheets.questions import BLANK, ItemAnswer, question_kind
from worksheets.rendering.context import gap_contexts
from worksheets.rendering.direction import attribute, direction, page_direction
from worksheets.rendering.document import Pictures, Widgets
from worksheets.rendering.questions import question_context
from worksheets.wording.messages import translate
from worksheets.wording.numbers import marks

_FIGURES = re.compile(r"[0-9]*[.,]?[0-9]+")
# Bytes of the options of all selects of a page.
MAX_OPTIONS_BYTES = 100_000


class Filling:
    """The widgets of one pupil's page; ``comments`` are a teacher's, by question key."""

    def __init__(
        self,
        sheet: Sheet,
        answers: Mapping[str, ItemAnswer],
        errors: Mapping[str, Message],
        pictures: Pictures,
        comments: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._sheet = sheet
        self._answers = answers
        self._errors = errors
        self._comments = comments
        self._contexts = gap_contexts(sheet)
        self._shares_lists = not fit_into_selects(sheet)
        self.widgets = Widgets(
            gap=self._gap, question=self._question, bank=self._bank, picture=pictures
        )

    def _gap(self, key: str) -> str:
        gap = self._sheet.gap(key)
        answer = self._answers.get(key, BLANK)
        text = answer.get("text")
        has_select = gap.bank is not None and not self._shares_lists
        if gap.offers_choices:
            field = self._select(gap, gap.choices, text)
        elif has_select:
            field = self._select(gap, self._sheet.banks[gap.bank or 0].words, text)
        else:
            field = self._typed(gap, text)
        return format_html(
            '<span class="gap{0}" data-item="{2}"><span class="gap-number" aria-hidden="true">{5}'
            '</span>{1}<span id="{2}-around" hidden>{3}</span>{6}{4}</span>',
            " has-error" if key in self._errors else "",
            field,
            key,
            self._contexts.get(key, ""),
            self._error(key),
            gap.number,
            beside_gap(gap),
        )

    def _typed(self, gap: Gap, text: str) -> str:
        bank = (
            ""
            if gap.bank is None
            else format_html(' data-bank="{0}" list="bank-{0}-words"', gap.bank)
        )
        return format_html(
            '<input type="text" name="{0}" id="{0}" value="{1}"{3} placeholder=" " aria-label="{2}"'
            ' aria-describedby="{5}" dir="auto" autocomplete="off"'
            ' autocapitalize="off" autocorrect="off" spellcheck="false"{4}>',
            gap.key,
            text,
            self._gap_label(gap),
            bank,
            mark_safe(' inputmode="decimal"' if _is_plain_number(gap) else ""),  # noqa: S308
            _described_by(gap),
        )

    def _select(self, gap: Gap, offered: Iterable[str], text: str) -> str:
        words = dict.fromkeys(offered)
        if text and text not in words:
            # Typed before there was a bank, or written in another way: it stays to be seen.
            words = {text: None, **words}
        return format_html(
            '<select name="{0}" id="{0}"{1} aria-label="{2}"'
            ' aria-describedby="{4}"><option value=""></option>{3}</select>',
            gap.key,
            "" if gap.bank is None else format_html(' data-bank="{}"', gap.bank),
            self._gap_label(gap),
            options_of(words, text),
            _described_by(gap),
        )

    def _gap_label(self, gap: Gap) -> str:
        return _("Gap %(number)s of %(count)s") % {
            "number": gap.number,
            "count": len(self._sheet.gaps),
        }

    def _bank(self, index: int) -> str:
        return render_bank(self._sheet, index, is_list=self._shares_lists)

    def _question(self, key: str) -> str:
        question = self._sheet.question(key)
        context = question_context(question, self._answers.get(key, BLANK))
        context |= {
            "rows": rows_of(question),
            "error": self._error(key),
            "comment": self._comments.get(key, ""),
        }
        return render_to_string(f"worksheets/questions/{question.kind}/fill.html", context)

    def _error(self, key: str) -> str:
        error = self._errors.get(key)
        return (
            format_html('<span class="input-error" role="alert">{}</span>', translate(error))
            if error
            else ""
        )


def beside_gap(gap: Gap) -> SafeString:
    """Return what stands beside a gap for pupils: its hint, and its marks if they are not one."""
    parts = [f"({gap.hint})"] if gap.hint else []
    if not gap.is_counted:
        parts.append(_("not counted"))
    elif gap.points != 1:
        parts.append(marks(gap.points))
    if not parts:
        return mark_safe("")
    return format_html('<small class="hint" id="{}-hint">{}</small>', gap.key, " ".join(parts))


def _described_by(gap: Gap) -> str:
    has_hint = bool(gap.hint) or gap.points != 1
    return f"{gap.key}-around {gap.key}-hint" if has_hint else f"{gap.key}-around"


def options_of(words: Iterable[str], chosen: str = "") -> SafeString:
    """Return the words as the options of a list."""
    rows = ((" selected" if word == chosen else "", word) for word in words)
    return format_html_join("", "<option{}>{}</option>", rows)


def _is_plain_number(gap: Gap) -> bool:
    """Return whether figures and a point are enough: a phone's number keyboard has no minus."""
    is_number = gap.mode is Mode.NUMBER and bool(gap.accepted)
    return is_number and all(_FIGURES.fullmatch(answer.text) for answer in gap.accepted)


def fit_into_selects(sheet: Sheet) -> bool:
    """Return whether the page can hold the words of each bank once for each of its gaps."""
    size = 0
    for bank, gaps in Counter(gap.bank for gap in sheet.gaps).items():
        if bank is None:
            continue
        # Without markup first: not even one list of some banks is small enough to be made.
        words = sheet.banks[bank].words
        if gaps * sum(map(len, words)) > MAX_OPTIONS_BYTES:
            return False
        size += gaps * len(options_of(words).encode())
    return size <= MAX_OPTIONS_BYTES


def render_bank(
    sheet: Sheet, index: int, *, is_list: bool = False, is_used_up: bool | None = None
) -> str:
    """Return a word bank as HTML: a list to read, which scripts turn into words to press.

    With ``is_list`` it is also the list that the text fields of its gaps offer. ``is_used_up`` is
    whether a word in a gap moves to another one, None for where each word is used once.
    """
    bank, around = sheet.banks[index], page_direction()
    is_used_up = bank.each_once if is_used_up is None else is_used_up
    words = format_html_join("", '<li data-word="{0}">{0}</li>', ((word,) for word in bank.words))
    hints = [_("Write one of these words into each gap.")] if is_list else []
    hints += [_("Use each word once.")] if bank.each_once else []
    shared = (
        format_html(
            '<datalist id="bank-{}-words">{}</datalist>',
            index,
            options_of(dict.fromkeys(bank.words)),
        )
        if is_list
        else ""
    )
    return format_html(
        '<aside class="bank" data-bank="{}"{} aria-label="{}"><p class="bank-title">{} <small>{}'
        "</small></p><ul{}>{}</ul>{}</aside>",
        index,
        mark_safe(" data-once" if is_used_up else ""),  # noqa: S308
        _("Word bank"),
        _("Word bank"),
        " ".join(hints),
        mark_safe(attribute(direction(bank.words, around), around)),  # noqa: S308
        words,
        shared,
    )


def scripts_of(sheet: Sheet) -> list[str]:
    """Return the static files that a page with this sheet to fill in loads as script modules."""
    scripts = (script for q in sheet.questions for script in question_kind(q).scripts)
    return list(dict.fromkeys(scripts))


def rows_of(question: Question[Any]) -> int:
    """Return the lines of a text area, 3 to 10, at some twelve words a line."""
    words = question.words_max or question.words_min or 60
    return max(3, min(10, words // 12 + 1))
