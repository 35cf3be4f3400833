"""A sheet to fill in: plain selects, text fields and text areas, which scripts enhance.

Everything works without JavaScript. Nothing here knows a right answer: a select is as
wide as its bank's longest word, a text field has one width for all gaps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.template.loader import render_to_string
from django.utils.html import escape, format_html, format_html_join
from django.utils.translation import gettext as _

from worksheets.markup import Gap, Question, Sheet
from worksheets.questions.answers import (
    InputError,
    ItemAnswer,
    NoSuchOption,
    NotInBank,
    TooLong,
    choice_field,
)
from worksheets.rendering.context import gap_contexts
from worksheets.rendering.document import Widgets
from worksheets.rendering.inline import render_inline
from worksheets.wording.numbers import marks, number

BLANK = ItemAnswer()


class Filling:
    """The widgets of one pupil's page."""

    def __init__(
        self,
        sheet: Sheet,
        answers: Mapping[str, ItemAnswer],
        errors: Mapping[str, InputError],
        picture_url: Callable[[str], str],
    ) -> None:
        self._sheet = sheet
        self._answers = answers
        self._errors = errors
        self._contexts = gap_contexts(sheet)
        self.widgets = Widgets(
            gap=self._gap, question=self._question, bank=self._bank, picture_url=picture_url
        )

    def _gap(self, key: str) -> str:
        gap = self._sheet.gap(key)
        answer = self._answers.get(key, BLANK)
        field = self._typed(gap, answer.text) if gap.bank is None else self._select(gap, answer)
        return format_html(
            '<span class="gap{}">{}<span id="{}-around" hidden>{}</span>{}</span>',
            " has-error" if key in self._errors else "",
            field,
            key,
            self._contexts.get(key, ""),
            self._error(key),
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

    def _select(self, gap: Gap, answer: ItemAnswer) -> str:
        words = dict.fromkeys(self._sheet.banks[gap.bank or 0].words)
        if answer.text and answer.text not in words:
            # Typed before there was a bank, or written in another way: it stays to be seen.
            words = {answer.text: None, **words}
        options = format_html_join(
            "",
            "<option{}>{}</option>",
            ((" selected" if word == answer.text else "", word) for word in words),
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
        answer = self._answers.get(key, BLANK)
        context = {
            "question": question,
            "prompt": question.prompt,
            "options": question_options(question),
            "choice_name": choice_field(key),
            "answer": answer,
            "rows": _rows(question),
            "marks": marks_text(question),
            "words": words_text(question),
            "error": self._error(key),
        }
        return render_to_string("components/question.html", context)

    def _error(self, key: str) -> str:
        error = self._errors.get(key)
        return (
            format_html('<span class="input-error" role="alert">{}</span>', error_message(error))
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


def question_options(question: Question) -> list[dict[str, str]]:
    """Return a question's options with their texts as HTML."""
    return [
        {"label": option.label, "html": render_inline(option.children, escape)}
        for option in question.options
    ]


def marks_text(question: Question) -> str:
    """Return '6 marks', or '' for a question without marks."""
    return "" if question.marks is None else marks(question.marks)


def words_text(question: Question) -> str:
    """Return '40 to 120 words', as the question asks for, or '' if it does not say."""
    low, high = question.words_min, question.words_max
    if low and high:
        return _("%(low)s to %(high)s words") % {"low": low, "high": high}
    if high:
        return _("up to %(high)s words") % {"high": high}
    return _("at least %(low)s words") % {"low": low} if low else ""


def error_message(error: InputError) -> str:
    """Return what is wrong with an answer, for the pupil who gave it."""
    match error:
        case TooLong(length, maximum):
            return _(
                "This answer has %(length)s characters. At most %(maximum)s can be saved. Shorten"
                " it and save again."
            ) % {"length": number(length), "maximum": number(maximum)}
        case NotInBank(word):
            return _("“%(word)s” is not in the word bank. Choose one of its words.") % {
                "word": word
            }
        case NoSuchOption():
            return _("Choose one of the options.")


def _rows(question: Question) -> int:
    """Return the lines of a text area, 3 to 10, at some twelve words a line."""
    words = question.words_max or question.words_min or 60
    return max(3, min(10, words // 12 + 1))
