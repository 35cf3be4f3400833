"""Filters for marks, messages and receipts in templates."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.functional import Promise

from worksheets.authoring import library
from worksheets.gradebook import ScoreStatus, status_texts
from worksheets.markup import Message, Sheet
from worksheets.wording import messages, numbers

register = template.Library()


@register.filter
def plain(number: Decimal) -> str:
    """Return a mark as people write it: 6, 2.5."""
    return numbers.number(number)


@register.filter
def said(sentence: Message) -> str:
    """Return a sentence of the parser or the importer in the page's language."""
    return messages.translate(sentence)


@register.filter
def in_marks(number: Decimal) -> str:
    """Return '6 marks', in the page's language."""
    return numbers.marks(number)


@register.filter
def contents(sheet: Sheet) -> str:
    """Return what is in a worksheet: '8 gaps, 4 written answers'."""
    return library.contents(sheet)


@register.filter
def score_sentence(status: ScoreStatus) -> Promise | str:
    """Return the sentence about a score for the pupil whose it is."""
    return status_texts.for_pupil(status)


@register.filter
def score_problem(status: ScoreStatus) -> Promise | str:
    """Return what is wrong with a score, for the teacher, or ''."""
    return status_texts.for_teacher(status)


@register.filter
def both_marks(status: ScoreStatus, lms: str) -> str:
    """Return the LMS's mark and ours, for the teacher who decides between them."""
    return status_texts.both_marks(status, lms)
