"""Marks and receipts in templates."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.functional import Promise

from worksheets.authoring import library
from worksheets.gradebook import Receipt, status_texts
from worksheets.markup import Sentence, Sheet
from worksheets.wording import messages, numbers

register = template.Library()


@register.filter
def plain(number: Decimal) -> str:
    """A mark as people write it: 6, 2.5."""
    return numbers.number(number)


@register.filter
def said(sentence: Sentence) -> str:
    """What the parser found, for a teacher."""
    return messages.say(sentence)


@register.filter
def in_marks(number: Decimal) -> str:
    """'6 marks'."""
    return numbers.marks(number)


@register.filter
def contents(sheet: Sheet) -> str:
    """What is in a worksheet: '8 gaps, 4 written answers'."""
    return library.contents(sheet)


@register.filter
def receipt_sentence(receipt: Receipt) -> Promise | str:
    """For the pupil whose score it is."""
    return status_texts.for_pupil(receipt)


@register.filter
def receipt_problem(receipt: Receipt) -> Promise | str:
    """For the teacher: what is wrong, or ''."""
    return status_texts.for_teacher(receipt)


@register.filter
def both_marks(receipt: Receipt, lms: str) -> str:
    """For the teacher: what the LMS shows instead of ours."""
    return status_texts.both_marks(receipt, lms)
