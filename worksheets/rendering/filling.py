"""A sheet to fill in: plain selects, text fields and text areas, which scripts enhance.

Everything works without JavaScript. Nothing here knows a right answer: a select is as
wide as its bank's longest word, a text field has one width for all gaps.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from worksheets.markup import Gap, Message, Question, Sheet
from worksheets.questions import BLANK, ItemAnswer, question_kind
from worksheets.rendering.context import gap_contexts
from worksheets.rendering.document import Pictures, Widgets
from worksheets.rendering.questions import question_context
from worksheets.wording.messages import translate


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
        self.widgets = Widgets(
            gap=self._gap, question=self._question, bank=self._bank, picture=pictures
        )

    def _gap(self, key: str) -> str:
        gap = self._sheet.gap(key)
        answer = self._answers.get(key, BLANK)
        text = answer.get("text")
        field = self._typed(gap, text) if gap.bank is None else self._select(gap, text)
        return format_html(
            '<span class="gap{0}" data-item="{2}"><span class="gap-number" aria-hidden="true">{5}'
            '</span>{1}<span id="{2}-around" hidden>{3}</span>{4}</span>',
            " has-error" if key in self._errors else "",
            field,
            key,
            self._contexts.get(key, ""),
            self._error(key),
            gap.number,
        )

    def _typed(self, gap: Gap, text: str) -> str:
        return format_html(
            '<input type="text" name="{0}" id="{0}" value="{1}" aria-label="{2}"'
            ' aria-describedby="{0}-around" dir="auto" autocomplete="off"'
            ' autocapitalize="off" spellcheck="false">',
            gap.key,
            text,
            self._gap_label(gap),
        )

    def _select(self, gap: Gap, text: str) -> str:
        words = dict.fromkeys(self._sheet.banks[gap.bank or 0].words)
        if text and text not in words:
            # Typed before there was a bank, or written in another way: it stays to be seen.
            words = {text: None, **words}
        options = format_html_join(
            "",
            "<option{}>{}</option>",
            ((" selected" if word == text else "", word) for word in words),
        )
        return format_html(
            '<select name="{0}" id="{0}" data-bank="{1}" aria-label="{2}"'
            ' aria-describedby="{0}-around"><option value=""></option>{3}</select>',
            gap.key,
            gap.bank,
            self._gap_label(gap),
            options,
        )

    def _gap_label(self, gap: Gap) -> str:
        return _("Gap %(number)s of %(count)s") % {
            "number": gap.number,
            "count": len(self._sheet.gaps),
        }

    def _bank(self, index: int) -> str:
        return render_bank(self._sheet, index)

    def _question(self, key: str) -> str:
        question = self._sheet.question(key)
        context = question_context(question, self._answers.get(key, BLANK))
        context |= {
            "rows": _rows(question),
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


def render_bank(sheet: Sheet, index: int) -> str:
    """Return a word bank as HTML: a list to read, which scripts turn into words to press."""
    bank = sheet.banks[index]
    words = format_html_join("", '<li data-word="{0}">{0}</li>', ((word,) for word in bank.words))
    hint = _("Use each word once.") if bank.each_once else ""
    return format_html(
        '<aside class="bank" data-bank="{}" aria-label="{}"><p class="bank-title">{} <small>{}'
        "</small></p><ul>{}</ul></aside>",
        index,
        _("Word bank"),
        _("Word bank"),
        hint,
        words,
    )


def scripts_of(sheet: Sheet) -> list[str]:
    """Return the static files that a page with this sheet to fill in loads as script modules."""
    scripts = (script for q in sheet.questions for script in question_kind(q).scripts)
    return list(dict.fromkeys(scripts))


def _rows(question: Question[Any]) -> int:
    """Return the lines of a text area, 3 to 10, at some twelve words a line."""
    words = question.words_max or question.words_min or 60
    return max(3, min(10, words // 12 + 1))
