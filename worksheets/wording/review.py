"""The words for the steps of a review: on its buttons, and once they are done."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from worksheets.markup import Sheet

LABELS = {
    "not-gap": gettext_lazy("Not a gap"),
    "name-line": gettext_lazy("Name or date line"),
    "gap-box": gettext_lazy("Answer box"),
    "heading": gettext_lazy("Heading"),
    "bank": gettext_lazy("Word bank"),
    "option": gettext_lazy("Option"),
    "box": gettext_lazy("Answer box"),
    "plain": gettext_lazy("Plain text"),
    "no-box": gettext_lazy("Not an answer box"),
    "no-question": gettext_lazy("No question"),
    "split": gettext_lazy("Split the entry"),
    "join": gettext_lazy("Join with next"),
    "remove": gettext_lazy("Remove"),
    "make-gap": gettext_lazy("Make a gap"),
    "make-bank": gettext_lazy("Make a word bank"),
    "yes": gettext_lazy("Yes"),
    "marks": gettext_lazy("Marks for each"),
    "describe": gettext_lazy("What a picture shows"),
    "picture": gettext_lazy("Add a picture"),
    "no-picture": gettext_lazy("Leave a picture out"),
    "again": gettext_lazy("Start again from the file"),
}
_DONE = {
    "not-gap": gettext_lazy("Gap %(n)s is plain text now."),
    "name-line": gettext_lazy("Gap %(n)s is gone with its label: your course knows who writes."),
    "gap-box": gettext_lazy("Gap %(n)s is an answer box now."),
    "heading": gettext_lazy("This line is a heading now."),
    "bank": gettext_lazy("This line is a word bank now."),
    "option": gettext_lazy("This line is an option now."),
    "box": gettext_lazy("There is an answer box now."),
    "plain": gettext_lazy("This is plain text now."),
    "no-box": gettext_lazy("The answer box is gone."),
    "no-question": gettext_lazy("This is plain text now, and pupils choose nothing here."),
    "split": gettext_lazy("The entry is split."),
    "join": gettext_lazy("The entries are joined."),
    "remove": gettext_lazy("The entry is removed."),
    "make-gap": gettext_lazy("Your selection is a gap now, and what it said is the answer."),
    "make-bank": gettext_lazy("Your selection is a word bank now."),
    "yes": gettext_lazy("Checked."),
    "marks": gettext_lazy("Each answer has marks now."),
    "describe": gettext_lazy("Pupils who cannot see the picture hear that."),
    "picture": gettext_lazy("The picture stands there now."),
    "no-picture": gettext_lazy("The picture is left out."),
    "again": gettext_lazy("This is what the import made at first. You can undo that."),
}


# What can be made of what was pressed: a title, and the steps.
_MENUS = {
    "gap": (gettext_lazy("This gap is …"), ("not-gap", "name-line", "gap-box")),
    "line": (gettext_lazy("This line is …"), ("heading", "bank", "option", "box")),
    "item": (gettext_lazy("This line is …"), ("plain", "heading", "bank", "option", "box")),
    "heading": (gettext_lazy("This heading is …"), ("plain", "bank", "option", "box")),
    "option": (gettext_lazy("This option is …"), ("plain", "heading", "bank", "box")),
    "bank": (
        gettext_lazy("Press between two words of an entry to split it. Or this is …"),
        ("plain",),
    ),
    "box": (gettext_lazy("Answer box"), ("no-box",)),
    "word": (gettext_lazy("This entry of the word bank"), ("join", "remove")),
}
KINDS_OF_MENU = tuple(_MENUS)


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu, and what its buttons send and say."""

    kind: str
    title: str
    buttons: tuple[tuple[str, str], ...]


def menu_of(kind: str, place: str) -> Menu:
    """Return the menu of a kind; ``place`` says what was pressed."""
    title, actions = _MENUS[kind]
    return Menu(kind, str(title), tuple((f"{one}:{place}", label_of(one)) for one in actions))


def label_of(action: str) -> str:
    """Return the words of the button with which a step was taken."""
    return str(LABELS.get(action, action))


def said_of(action: str, number: int, sheet: Sheet) -> str:
    """Return what is said of a step once it is done, with what the sheet has now."""
    done = str(_DONE[action]) % {"n": number} if action in _DONE else ""
    banks = sum(len(bank.words) for bank in sheet.banks)
    counts = {
        "not-gap": gaps,
        "name-line": gaps,
        "gap-box": gaps,
        "make-gap": gaps,
        "bank": lambda _sheet: entries(banks),
        "make-bank": lambda _sheet: entries(banks),
        "split": lambda _sheet: entries(banks),
        "join": lambda _sheet: entries(banks),
        "remove": lambda _sheet: entries(banks),
        "box": written,
        "no-box": written,
    }
    count = counts[action](sheet) if action in counts else ""
    return f"{done} {count}." if count else done


def gaps(sheet: Sheet) -> str:
    """Return how many gaps there are: '8 gaps'."""
    return ngettext("%(n)d gap", "%(n)d gaps", len(sheet.gaps)) % {"n": len(sheet.gaps)}


def entries(count: int) -> str:
    """Return how many entries a bank has: 'word bank of 8'."""
    return _("word bank of %(n)d") % {"n": count}


def written(sheet: Sheet) -> str:
    """Return how many answers there are: '4 written answers'."""
    count = len(sheet.questions)
    return ngettext("%(n)d written answer", "%(n)d written answers", count) % {"n": count}


def contents(sheet: Sheet) -> list[str]:
    """Return what a sheet has, in a few words each."""
    found = [gaps(sheet)] + [entries(len(bank.words)) for bank in sheet.banks[:3]]
    return [*found, written(sheet)] if sheet.questions else found
