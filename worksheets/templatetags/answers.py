"""Filters for the page of a class's answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lti_tool.models import User
from worksheets.gradebook.changes import Direction
from worksheets.gradebook.corrections import Proposal
from worksheets.models import KeyCorrection
from worksheets.questions.picture import Share, share_of_class
from worksheets.reports.class_answers import AnswerGroup, GapAnswers
from worksheets.reports.gap_states import GapState
from worksheets.reports.missed import Outcome
from worksheets.wording.numbers import number

register = template.Library()

MAX_GROUPS = 12  # answers of a gap that stand there at once
MAX_SPELLINGS = 3  # on a chip
MAX_LETTERS = 40  # of each of them
BAR = 200  # units wide


@register.filter
def of_item(standing: Mapping[str, Sequence[KeyCorrection]], item: str) -> Sequence[KeyCorrection]:
    """Return the decisions that stand about one gap."""
    return standing.get(item, ())


@register.filter
def gap_words(words: str) -> str:
    """Return the words around a gap with a line in its place."""
    return words.replace("___", "▁▁")


@register.filter
def spellings(group: AnswerGroup) -> str:
    """Return an answer in its spellings: 'Abysinia, Abyssina'."""
    texts = [spelling.text for spelling in group.spellings]
    shown = [text if len(text) <= MAX_LETTERS else f"{text[:MAX_LETTERS]}…" for text in texts]
    more = len(shown) - MAX_SPELLINGS
    return ", ".join(shown[:MAX_SPELLINGS]) + (" …" if more > 0 else "")


@register.filter
def shown_groups(answers: GapAnswers, shows_all: str) -> list[AnswerGroup]:
    """Return the commonest answers that are not right; all of the gap whose key is given."""
    groups = answers.other_groups
    return groups if shows_all == answers.gap.key else groups[:MAX_GROUPS]


@register.filter
def hidden_groups(answers: GapAnswers, shows_all: str) -> int:
    """Return how many answers ``shown_groups`` leaves out."""
    return len(answers.other_groups) - len(shown_groups(answers, shows_all))


@register.filter
def answers_bar(answers: GapAnswers) -> SafeString:
    """Return a bar of how many are right, half right, wrong and blank; the figures stand beside."""
    parts = [
        ("right", answers.right),
        ("partly", answers.partly),
        ("wrong", answers.wrong),
        ("blank", answers.blank),
    ]
    rows, start = [], 0
    for name, count in parts:
        end = start + count
        if count:
            left, right = (BAR * edge / answers.total for edge in (start, end))
            rows.append((name, f"{left:.2f}", f"{right - left:.2f}"))
        start = end
    rects = format_html_join("", '<rect class="{}" x="{}" width="{}" height="12"/>', rows)
    return format_html(
        '<svg class="answers-bar" viewBox="0 0 {} 12" preserveAspectRatio="none"'
        ' aria-hidden="true">{}</svg>',
        BAR,
        rects,
    )


@register.filter
def facility_words(answers: GapAnswers) -> str:
    """Return how many have a gap right, as a teacher would say it: 'most had this right'."""
    match share_of_class(answers.right, answers.total):
        case Share.ALL:
            return _("all had this right")
        case Share.MOST:
            return _("most had this right")
        case Share.HALF:
            return _("about half had this right")
        case Share.FEW:
            return _("few had this right")
        case Share.NOBODY:
            return _("nobody had this right")
        case _:
            return _("too few to tell")


@register.filter
def in_words(state: GapState) -> str:
    """Return what became of an answer: 'right'."""
    match state:
        case GapState.RIGHT:
            return _("right")
        case GapState.PARTLY:
            return _("half right")
        case GapState.NOT_COUNTED:
            return _("not counted")
        case _:
            return _("wrong")


def _who(user: User | None, reader: User) -> str:
    if user is None:
        return _("a former user")
    return _("you") if user.pk == reader.pk else user.display_name


@register.filter
def item_label(item: str) -> str:
    """Return 'Gap 3:' for 'g3' and 'Question 2:' for 'q2'."""
    if item.startswith("g"):
        return _("Gap %(n)s:") % {"n": item[1:]}
    return _("Question %(number)s:") % {"number": item[1:]}


@register.filter
def decided_by(correction: KeyCorrection, reader: User) -> str:
    """Return 'accepted by you'."""
    return _("accepted by %(who)s") % {"who": _who(correction.made_by, reader)}


@register.filter
def decision_in_words(correction: KeyCorrection, reader: User) -> str:
    """Return what was decided, and by whom: '“Abyssina” accepted by you.'"""
    texts = correction.answers[:MAX_SPELLINGS]
    words = {"answer": ", ".join(texts)[:100], "who": _who(correction.made_by, reader)}
    match correction.verdict:
        case KeyCorrection.Verdict.RIGHT:
            return _("“%(answer)s” accepted by %(who)s.") % words
        case KeyCorrection.Verdict.HALF:
            return _("“%(answer)s” taken as half right by %(who)s.") % words
        case KeyCorrection.Verdict.OMITTED:
            return _("Not counted: decided by %(who)s.") % words
        case _:
            words["said"] = correction.feedback
            return _("To “%(answer)s” pupils read, from %(who)s: “%(said)s”.") % words


@register.filter
def undone_in_words(correction: KeyCorrection, reader: User) -> str:
    """Return by whom a decision was taken back."""
    return _("Taken back by %(who)s.") % {"who": _who(correction.undone_by, reader)}


@register.filter
def effects_in_words(effects: Any) -> str:
    """Return how many pupils go up and down here: '4 pupils go up.'"""
    counts = effects.here.plan.counts
    up, down = counts[Direction.RISES.value], counts[Direction.FALLS.value]
    if effects.here.best_before != effects.here.best_after:
        return _of_best_mark(effects.here, up, down)
    sentences = []
    if up:
        text = ngettext("%(n)s pupil goes up.", "%(n)s pupils go up.", up)
        sentences.append(text % {"n": number(up)})
    if down:
        text = ngettext("%(n)s pupil goes down.", "%(n)s pupils go down.", down)
        sentences.append(text % {"n": number(down)})
    return " ".join(sentences) or _("No mark changes.")


def _of_best_mark(proposal: Proposal, up: int, down: int) -> str:
    """Return what it means for pupils that another mark is the best one that they can have."""
    count = len(proposal.of_work)
    words = {
        "n": number(count),
        "before": number(proposal.best_before),
        "after": number(proposal.best_after),
    }
    text = ngettext(
        "%(n)s pupil: the best possible mark is %(after)s instead of %(before)s.",
        "%(n)s pupils: the best possible mark is %(after)s instead of %(before)s.",
        count,
    )
    if not proposal.best_after:
        nothing = _("Nothing here earns marks then, and the gradebook keeps what it shows.")
        return f"{text % words} {nothing}"
    if not proposal.best_before:
        return text % words
    sentences = [text % words]
    if down:
        falls = ngettext("For %(n)s the share falls.", "For %(n)s the share falls.", down)
        sentences.append(falls % {"n": number(down)})
    if up:
        rises = ngettext("For %(n)s the share rises.", "For %(n)s the share rises.", up)
        sentences.append(rises % {"n": number(up)})
    if not up and not down:
        sentences.append(_("Each keeps the same share of it."))
    return " ".join(sentences)


@register.filter
def outcome_in_words(outcome: Outcome) -> str:
    """Return what became of an item: '12 of 28 right', 'not marked yet'."""
    words = {"reached": number(outcome.reached), "out_of": number(outcome.out_of)}
    if not outcome.is_counted:
        return _("not counted")
    if not outcome.out_of:
        return _("no answers that count yet") if outcome.is_gap else _("not marked yet")
    if outcome.is_gap:
        return _("%(reached)s of %(out_of)s right") % words
    if not outcome.is_known:
        return _("most not marked yet")
    share = round(100 * outcome.reached / outcome.out_of)
    return _("%(share)s %% of the marks given") % {"share": number(share)}


@register.filter
def places(effects: Any) -> str:
    """Return the other classes that a change would reach: 'History 10a, History 10c'."""
    names = (one.assignment.link for one in effects.elsewhere)
    return ", ".join(f"{link.context} · {link}" for link in names)
