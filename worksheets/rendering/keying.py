"""A sheet on which its teacher gives the answers: the same picture, with a list in each gap.

Everything works without JavaScript: a list of the bank's words and a text field for each gap, and a
link to whatever else belongs to a gap or an answer box. With it the gaps are pressed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from worksheets.markup import Gap, Question, Sheet
from worksheets.questions import BLANK, keying, question_kind
from worksheets.rendering.context import gap_contexts
from worksheets.rendering.document import Pictures, Widgets
from worksheets.rendering.filling import fit_into_selects, options_of, render_bank
from worksheets.rendering.questions import question_context

FORM = "keys"  # to which the fields belong, wherever they stand
MAX_SHOWN = 3  # right answers of a gap that are shown beside the first


class Keying:
    """The widgets of a teacher's page; ``item_url`` is the address at which one item is open.

    ``seen`` says which text the page shows.
    """

    def __init__(
        self, sheet: Sheet, pictures: Pictures, item_url: Callable[[str], str], seen: str
    ) -> None:
        self._sheet = sheet
        self._seen = seen
        self._item_url = item_url
        self._shares_lists = not fit_into_selects(sheet)
        self.widgets = Widgets(
            gap=self.gap, question=self.question, bank=self.bank, picture=pictures
        )

    @cached_property
    def _contexts(self) -> dict[str, str]:
        return gap_contexts(self._sheet)

    @cached_property
    def _not_in_bank(self) -> frozenset[str]:
        return keying.gaps_not_in_bank(self._sheet)

    def gap(self, key: str) -> str:
        """Return a gap as a list or a text field that shows its first right answer."""
        gap = self._sheet.gap(key)
        return format_html(
            '<span class="gap{}" data-item="{}"><span class="gap-number" aria-hidden="true">{}'
            '</span>{}<span id="{}-around" hidden>{}</span><small class="also">{}</small>'
            '<a class="gap-more" href="{}#item">{}</a></span>',
            " has-error" if key in self._not_in_bank else "",
            key,
            gap.number,
            self._field(gap),
            key,
            self._contexts.get(key, ""),
            also(gap),
            self._item_url(key),
            _("More"),
        )

    def _field(self, gap: Gap) -> SafeString:
        answer, bank = keying.answer_of(gap), gap.bank
        # The choices of a gap are a bank of its own here, whose words can be pressed.
        own = gap.key if gap.offers_choices else ""
        attributes = format_html(
            ' name="{0}" id="{0}" form="{1}" data-bank="{2}" data-any data-key="{3}"'
            ' aria-label="{4}" aria-describedby="{0}-around" autocomplete="off" data-no-draft',
            gap.key,
            FORM,
            own if bank is None else bank,
            json.dumps(keying.key_value(gap)),
            self._label(gap),
        )
        if (bank is None and not own) or self._shares_lists:
            shared = "" if bank is None else format_html(' list="bank-{}-words"', bank)
            return format_html(
                '<input type="text"{}{} value="{}" dir="auto" autocapitalize="off"'
                ' spellcheck="false">',
                attributes,
                shared,
                answer,
            )
        words = dict.fromkeys(gap.choices if bank is None else self._sheet.banks[bank].words)
        if answer and answer not in words:
            words = {answer: None, **words}
        return format_html(
            '<select{}><option value=""></option>{}</select>{}'
            ' <input type="text" class="or-typed" name="{}-typed" form="{}" data-no-draft'
            ' placeholder="{}" aria-label="{}: {}" dir="auto" autocomplete="off" size="12">',
            attributes,
            options_of(words, answer),
            _pressed(gap),
            gap.key,
            FORM,
            _("or type it"),
            self._label(gap),
            _("or type it"),
        )

    def _label(self, gap: Gap) -> str:
        values = {"number": gap.number, "count": len(self._sheet.gaps)}
        return _("Right answer of gap %(number)s of %(count)s") % values

    def bank(self, index: int) -> str:
        """Return a word bank whose words move from gap to gap where each belongs to one."""
        return render_bank(
            self._sheet,
            index,
            is_list=self._shares_lists,
            is_used_up=keying.words_move(self._sheet, index),
        )

    def question(self, key: str) -> str:
        """Return an answer box as pupils see it, and below it what the teacher has decided.

        Where the machine can mark it, the right answer is given in the pupil's own fields.
        """
        question = self._sheet.question(key)
        right = question_kind(question).key(question)
        context = question_context(question, right or BLANK) | {"rows": 3}
        fields = render_to_string(f"worksheets/questions/{question.kind}/fill.html", context)
        values = {
            "fields": fields,
            "key": key,
            "seen": self._seen,
            "url": self._item_url(key),
            "has_key": right is not None,
            "decided": self.decided(question),
        }
        return render_to_string("worksheets/authoring/keys_box.html", values)

    def decided(self, question: Question[Any]) -> SafeString:
        """Return the line below an answer box, a link to what can be changed there."""
        shown = question_context(question, BLANK)
        parts = [
            str(shown["marks"]) or _("No marks yet"),
            _("no right answer yet: you mark it") if keying.lacks_key(question) else "",
            str(shown["words"]),
            _("model answer") if question.model else "",
            _("how you will mark") if question.rubric else "",
        ]
        return format_html(
            '<p class="decided{}" data-decided="{}"><a href="{}#item">{}<span'
            ' class="visually-hidden">: {}</span></a></p>',
            "" if question.marks else " missing",
            question.key,
            self._item_url(question.key),
            " · ".join(filter(None, parts)),
            question.prompt,
        )


def _pressed(gap: Gap) -> SafeString:
    """Return the choices of a gap, out of sight, as the script reads those of a bank."""
    if not gap.offers_choices:
        return mark_safe("")
    words = format_html_join("", '<span data-word="{0}">{0}</span>', ((w,) for w in gap.choices))
    return format_html('<span class="bank" data-bank="{}" hidden>{}</span>', gap.key, words)


def also(gap: Gap) -> str:
    """Return what a gap's key has beside its first right answer: '/ Ethiopia · 1 wrong answer'."""
    others = [answer.text for answer in gap.accepted[1:]]
    shown = [f"/ {text}" for text in others[:MAX_SHOWN]]
    if len(others) > MAX_SHOWN:
        shown.append(f"+ {len(others) - MAX_SHOWN}")
    parts = [" ".join(shown)] if shown else []
    if gap.offers_choices:
        parts.append(" / ".join(gap.choices))
    elif count := len(gap.anticipated):
        words = ngettext("%(n)s wrong answer", "%(n)s wrong answers", count)
        parts.append(words % {"n": count})
    return " · ".join(parts)
