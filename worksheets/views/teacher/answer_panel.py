"""The panel that is open on the page of a class's answers, and the values of its templates."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lti_tool.background.collector import collector_held
from lti_tool.launches.visit import Visit
from lti_tool.models import User
from worksheets import gradebook
from worksheets.gradebook import corrections
from worksheets.gradebook.changes import MarkChange
from worksheets.gradebook.corrections import Change, Proposal, Withdrawal
from worksheets.gradebook.shared_work import names_of
from worksheets.markup.editing import CannotEdit
from worksheets.models import Assignment, Attempt, KeyCorrection, Mark
from worksheets.permissions import may_edit, may_read
from worksheets.questions.correcting import Verdict, rivals
from worksheets.reports.class_answers import AnswerGroup, class_answers, class_version
from worksheets.reports.class_questions import class_questions
from worksheets.reports.parallel_classes import parallel_assignments
from worksheets.wording.numbers import number

MAX_CHANGES = 50  # decisions that the page lists
MAX_NAMED = 100  # pupils in a panel


@dataclass(frozen=True, slots=True)
class Effects:
    """The effects of a change here, and in the teacher's other classes if they are taken along.

    ``held`` are the columns, by ``User.pk``, in which the LMS holds another grade and keeps it.
    """

    here: Proposal
    elsewhere: Sequence[Proposal] = ()
    held: Mapping[int, Collection[str]] = field(default_factory=dict)

    @property
    def proposals(self) -> list[Proposal]:
        return [self.here, *self.elsewhere]

    @property
    def seen(self) -> str:
        return corrections.digest_of([self.here])

    @property
    def seen_everywhere(self) -> str:
        return corrections.digest_of(self.proposals)

    @property
    def count(self) -> int:
        return len(self.here.changed)

    @property
    def count_elsewhere(self) -> int:
        return sum(len(one.changed) for one in self.elsewhere)

    @property
    def sent(self) -> int:
        """Return for how many pupils here the gradebook changes at once.

        That is nobody's whose grade there is another one that was entered in the LMS.
        """
        sent = [one for one in self.here.plan.scores_to_send if self._is_sent(one)]
        if self.here.best_before != self.here.best_after:
            return len(sent)
        changed = {change.user.pk for change in self.here.changed}
        return sum(one.user.pk in changed for one in sent)

    def _is_sent(self, change: MarkChange) -> bool:
        held = self.held.get(change.user.pk, ())
        scores = change.scores.items()
        return any(score.given is not None and tag not in held for tag, score in scores)


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel below an item: a group of answers, or a decision that is to be taken back."""

    item: str
    group: AnswerGroup | None = None
    correction: KeyCorrection | None = None
    verdict: Verdict | None = None
    ticked: Sequence[str] = ()
    feedback: str = ""
    effects: Effects | None = None
    in_all_classes: bool = True
    error: str = ""
    is_second: bool = False  # a preview was confirmed, but its effects have changed since

    @property
    def is_question(self) -> bool:
        return not self.item.startswith("g")

    @property
    def opener(self) -> str:
        """Return the id of what has opened it on the page."""
        if self.correction is not None:
            return f"undo-{self.correction.pk}"
        return f"answer-{self.item}-{self.group.name}" if self.group else f"omit-{self.item}"


@collector_held()
def effects_of(assignment: Assignment, change: Change, teacher: User) -> Effects:
    """Return what a change does. Raise CannotEdit if it cannot be made here."""
    elsewhere = []
    for other in parallel_assignments(assignment, teacher):
        if isinstance(change, Withdrawal) and not _stands(other, change):
            continue
        try:
            proposal = corrections.propose(other, change)
        except CannotEdit:
            continue
        if proposal.changes_key:
            elsewhere.append(proposal)
    here = corrections.propose(assignment, change)
    return Effects(here, elsewhere, gradebook.held_in_lms(assignment))


def _stands(assignment: Assignment, change: Withdrawal) -> bool:
    return assignment.key_corrections.filter(press=change.press, undone_at=None).exists()


def said_of(panel: Panel | None, count: int) -> str:
    """Return what is said of a change that was made."""
    changed = ngettext("%(n)s mark changed.", "%(n)s marks changed.", count) % {"n": number(count)}
    if panel is None:
        return changed
    if panel.correction is not None:
        return _("Taken back. %(changed)s") % {"changed": changed}
    words = {"answer": ", ".join(panel.ticked)[:100], "changed": changed}
    match panel.verdict:
        case Verdict.OMITTED:
            words["gap"] = panel.item[1:]
            if panel.is_question:
                return _("Question %(gap)s is not counted any more. %(changed)s") % words
            return _("Gap %(gap)s is not counted any more. %(changed)s") % words
        case Verdict.RIGHT:
            return _("“%(answer)s” accepted. %(changed)s") % words
        case Verdict.HALF:
            return _("“%(answer)s” is half right now. %(changed)s") % words
        case _:
            return _("Pupils with “%(answer)s” read why it is wrong. %(changed)s") % words


def texts_of(group: AnswerGroup | None) -> list[str]:
    return [spelling.text for spelling in group.spellings] if group else []


def answers_context(
    visit: Visit, assignment: Assignment, order: str = "", group: str = ""
) -> dict[str, Any]:
    found = class_answers(assignment, group=group)
    rows = assignment.key_corrections.select_related("made_by", "undone_by")[:MAX_CHANGES]
    return {
        "assignment": assignment,
        "edition": assignment.edition,
        "answers": found,
        "questions": class_questions(assignment, group),
        "may_edit": any(not one.is_undone for one in rows)
        and may_edit(visit, assignment.edition.worksheet),
        "may_copy": may_read(visit, assignment.edition.worksheet),
        "gaps": found.hardest_first if order == "hardest" else found.gaps,
        "version": class_version(assignment),
        "shows_all": "",
        "is_hardest_first": order == "hardest",
        "changes": list(rows),
        "corrections": standing_corrections(assignment),
        "waiting": len(corrections.pupils_waiting(assignment)),
    }


def standing_corrections(assignment: Assignment) -> dict[str, list[KeyCorrection]]:
    """Return the decisions that stand, by item."""
    found: dict[str, list[KeyCorrection]] = {}
    for one in assignment.key_corrections.filter(undone_at=None).select_related("made_by"):
        found.setdefault(one.item, []).append(one)
    return found


def panel_context(assignment: Assignment, panel: Panel) -> dict[str, Any]:
    """Return what the template of the panel shows."""
    group, sheet = panel.group, assignment.edition.sheet
    keys = group.attempts[:MAX_NAMED] if group else []
    rows = Attempt.objects.filter(pk__in=keys).select_related("user")
    marks = {attempt.pk: attempt for attempt in rows}
    hand = rows.filter(marks__item=panel.item, marks__source=Mark.Source.TEACHER)
    by_hand = set(hand.values_list("pk", flat=True))
    texts = {pk: one.text for one in (group.spellings if group else ()) for pk in one.attempts}
    in_order = sorted(marks.values(), key=lambda one: one.user.sort_name)
    names = names_of(in_order)
    pupils = [(one, names[one.pk], texts[one.pk], one.pk in by_hand) for one in in_order]
    ticked = panel.ticked if panel.verdict in {Verdict.RIGHT, Verdict.HALF} else ()
    return {
        "item": panel.item,
        "is_question": panel.is_question,
        "opener": panel.opener,
        "group": group,
        "correction": panel.correction,
        "verdict": panel.verdict.value if panel.verdict else "",
        "ticked": list(panel.ticked),
        "feedback": panel.feedback,
        "effects": panel.effects,
        "in_all_classes": panel.in_all_classes,
        "error": panel.error,
        "is_second": panel.is_second,
        "pupils": pupils,
        "more_pupils": len(group.attempts) - len(keys) if group else 0,
        "overridden": panel.effects.held if panel.effects else (),
        "rivals": rivals(sheet, panel.item, ticked) if ticked else [],
    }
