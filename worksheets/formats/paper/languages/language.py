"""The row of a language in the table of instruction words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """The names that one language has for what stands on a paper."""

    bank: tuple[str, ...] = ()  # the box with words, or the words in it
    fill: tuple[str, ...] = ()  # fill the gaps
    key: tuple[str, ...] = ()  # the heading above printed answers
    scheme: tuple[str, ...] = ()  # such a heading that only teachers read below
    fields: tuple[str, ...] = ()  # what a pupil writes on top of a paper
    true_false: tuple[str, ...] = ()
    verdicts: tuple[str, str] = ("", "")  # what 'true' and 'false' are called
    other_verdicts: tuple[tuple[str, str], ...] = ()  # 'yes' and 'no', and the like
    not_given: tuple[str, ...] = ()  # a text says neither that it is true nor that it is false
    match: tuple[str, ...] = ()
    choose: tuple[str, ...] = ()
    several: tuple[str, ...] = ()  # more than one option is right
    reasons: tuple[str, ...] = ()  # asks why, beside a choice
    ask: tuple[str, ...] = ()  # asks for a written answer by itself
    each: tuple[str, ...] = ()  # asks for a written answer to each item below
    exercise: tuple[str, ...] = ()  # 'Exercise 3'
    marks: tuple[str, ...] = ()
    picture: tuple[str, ...] = ()  # points to a picture
    underlined: tuple[str, ...] = ()
    bold: tuple[str, ...] = ()
    page: tuple[str, ...] = ()
    small: tuple[str, ...] = ()  # words that rarely end or make a term of a bank
    particles: tuple[str, ...] = ()  # words that rarely begin a term of a bank
    glued: bool = False
