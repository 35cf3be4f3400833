"""The words of the page for what is entered for pupils without submitted work."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from worksheets.marking.entered import Entry, EntryError, Outcome, Words
from worksheets.wording.numbers import number

OUTCOMES: dict[Outcome, Promise] = {
    Outcome.ON_PAPER: gettext_lazy("on paper"),
    Outcome.ABSENT: gettext_lazy("absent"),
    Outcome.ABSENT_ZERO: gettext_lazy("absent, counts as 0"),
    Outcome.EXCUSED: gettext_lazy("excused"),
}
_ENGLISH = {Outcome.ON_PAPER: "paper", Outcome.ABSENT: "absent", Outcome.EXCUSED: "excused"}


def entry_words(languages: Iterable[str] = ()) -> Words:
    """Return what can be typed for each outcome: in the page's language, in English and in these.

    A file may have been saved in another language than that of the page that reads it.
    """
    words = {outcome: {word, _ENGLISH[outcome]} for outcome, word in typed_words().items()}
    for language in languages:
        with translation.override(language):
            for outcome, word in typed_words().items():
                words[outcome].add(word)
    return words


def typed_words() -> dict[Outcome, str]:
    """Return the word for each outcome; each begins with another letter, which is its key."""
    return {
        Outcome.ON_PAPER: pgettext("typed for work on paper; another first letter each", "paper"),
        Outcome.ABSENT: pgettext("typed for a pupil; another first letter each", "absent"),
        Outcome.EXCUSED: pgettext("typed for a pupil; another first letter each", "excused"),
    }


def words_to_offer() -> list[str]:
    """Return what a field offers beside numbers: a word for each outcome, and 'absent 0'."""
    words = typed_words()
    zero = typed(Entry(Outcome.ABSENT_ZERO, Decimal(0)))
    return [words[Outcome.ABSENT], zero, words[Outcome.EXCUSED], words[Outcome.ON_PAPER]]


def typed(entry: Entry) -> str:
    """Return what a teacher would type for an entry: '14', 'absent', 'absent 0'."""
    words = typed_words()
    match entry.outcome:
        case Outcome.ON_PAPER if entry.points is not None:
            return number(entry.points)
        case Outcome.ABSENT_ZERO:
            return f"{words[Outcome.ABSENT]} 0"
        case outcome:
            return words[outcome]


def entered_text(outcome: str, points: Decimal | None, maximum: Decimal) -> str:
    """Return 'On paper: 14 / 22', 'Absent: counts as 0 / 22', 'Absent' or 'Excused'."""
    values = {
        "points": number(points) if points is not None else "–",
        "maximum": number(maximum),
    }
    match outcome:
        case Outcome.ABSENT:
            return pgettext("what stands for a pupil", "Absent")
        case Outcome.EXCUSED:
            return pgettext("what stands for a pupil", "Excused")
        case Outcome.ABSENT_ZERO:
            return _("Absent: counts as %(points)s / %(maximum)s") % values
        case _ if points is None:
            return _("On paper: no mark yet")
        case _:
            return _("On paper: %(points)s / %(maximum)s") % values


def entry_problem(error: EntryError, maximum: Decimal) -> str:
    """Return why what was typed is not entered, and what can be typed."""
    if error is EntryError.TOO_HIGH:
        return _("At most %(maximum)s.") % {"maximum": number(maximum)}
    words = typed_words()
    return _(
        "This cannot be read. Type a mark like 14 or 2.5, or “%(absent)s”, “%(paper)s” or"
        " “%(excused)s”."
    ) % {
        "absent": words[Outcome.ABSENT],
        "paper": words[Outcome.ON_PAPER],
        "excused": words[Outcome.EXCUSED],
    }
