"""The history of a pupil's work and of an activity's rules, in words for a teacher."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lti_tool.audit import AuditKind
from lti_tool.audit.recording import CUT
from lti_tool.models import AuditEntry, GradeChoice, User
from worksheets.models import Assignment, Attempt, FeedbackPart, Worksheet
from worksheets.models.assignment import pending_subject
from worksheets.wording.entered import entered_text
from worksheets.wording.numbers import number

MAX_ENTRIES = 50

_OF_WORK = (
    AuditKind.MARK,
    AuditKind.COMMENT,
    AuditKind.REMARK,
    AuditKind.RELEASE,
    AuditKind.REOPEN,
    AuditKind.TAKE_BACK,
    AuditKind.SUBMIT_FOR,
    AuditKind.GRADE,
    AuditKind.DATES,
)
_OF_ATTEMPT = ("points", "maximum", "released")  # what REMARK tells beside items
_DATES = ("opens_at", "due_at", "closes_at")
_OF_RULES = (AuditKind.RULES, AuditKind.EDITION, AuditKind.COPY, AuditKind.RUBRIC)

_RULE_FIELDS: Mapping[str, Any] = {field.name: field for field in Assignment._meta.fields}

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that was done: when, by whom, and what, in whole sentences."""

    at: datetime
    who: str
    what: tuple[str, ...]


def history_of_work(attempt: Attempt) -> list[HistoryLine]:
    """Return what was done to a pupil's attempt, newest first, at most MAX_ENTRIES.

    Decisions about the gradebook and re-marking are about all attempts of the pupil.
    """
    rows = AuditEntry.objects.filter(
        Q(kind__in=_OF_WORK, person=attempt.user_id, subject__in=["", attempt.audit_subject])
        | Q(kind=AuditKind.PARTNER, subject=attempt.audit_subject),
        link=attempt.assignment.link_id,
    )
    return list(_lines(_newest(rows)))


def history_of_dates(assignment: Assignment, pupil: User) -> list[HistoryLine]:
    """Return which dates of their own a pupil was given here, as ``history_of_work``."""
    rows = AuditEntry.objects.filter(kind=AuditKind.DATES, link=assignment.link_id, person=pupil.pk)
    return list(_lines(_newest(rows)))


def history_of_pupil(assignment: Assignment, user: User) -> list[HistoryLine]:
    """Return what was done for a pupil without an attempt, as ``history_of_work``."""
    rows = AuditEntry.objects.filter(
        kind__in=_OF_WORK, link=assignment.link_id, person=user, subject=""
    )
    return list(_lines(_newest(rows)))


def history_of_rules(assignment: Assignment) -> list[HistoryLine]:
    """Return what was done to an activity's worksheet, its key and rules, as ``history_of_work``.

    It names no pupil, and nothing of the worksheet from before it was used here.
    """
    link, worksheet = assignment.link, assignment.edition.worksheet
    chosen = (
        Q(kind__in=_OF_RULES, link=link)
        # With a link: what was decided about answers of one class.
        | Q(kind=AuditKind.KEY, subject=worksheet.audit_subject, link=None)
        | Q(kind=AuditKind.KEY, link=link)
        # What was decided for the whole class.
        | Q(kind=AuditKind.GRADE, link=link, person=None, by=AuditEntry.By.PERSON)
    )
    if link.resource_key:
        # The choice in the LMS, before it had made this link; a copied course has the same key.
        subject = pending_subject(link.resource_key)
        chosen |= Q(kind=AuditKind.EDITION, subject=subject, context=link.context_id)
    rows = list(_newest(AuditEntry.objects.filter(chosen)))
    if any(row.kind == AuditKind.EDITION for row in rows):
        while rows[-1].kind == AuditKind.KEY:
            rows.pop()
    # The first launch of a link that was chosen in the LMS does what the choice has said already.
    return list(_lines(r for r in rows if r.after.get("copied_from_course") != link.context_id))


def history_of_sharing(worksheet: Worksheet) -> list[HistoryLine]:
    """Return with which courses a worksheet was shared, as ``history_of_work``."""
    rows = AuditEntry.objects.filter(kind=AuditKind.SHARE, subject=worksheet.audit_subject)
    return [
        HistoryLine(row.at, _who(row), tuple(_share(row.after, row.place))) for row in _newest(rows)
    ]


def history_of_class_feedback(assignment: Assignment) -> list[HistoryLine]:
    """Return what teachers did to the feedback for a class, as ``history_of_work``; no pupil."""
    rows = AuditEntry.objects.filter(kind=AuditKind.CLASS_FEEDBACK, link=assignment.link_id)
    return list(_lines(_newest(rows)))


def _newest(rows: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    return rows.select_related("actor", "person").order_by("-at", "-pk")[:MAX_ENTRIES]


def _lines(rows: Iterable[AuditEntry]) -> Iterator[HistoryLine]:
    for row in rows:
        if row.kind == AuditKind.PARTNER:
            yield HistoryLine(row.at, _who(row), (_partner(row),))
            continue
        sentences = _SENTENCES[AuditKind(row.kind)]
        yield HistoryLine(row.at, _who(row), tuple(sentences(row.before, row.after)))


def _who(row: AuditEntry) -> str:
    if row.by == AuditEntry.By.TOOL:
        return _("automatically")
    if row.by == AuditEntry.By.OPERATOR:
        return _("the operator")
    if row.actor is None:
        return _("a former user")
    is_named = row.actor.name or row.actor.given_name or row.actor.family_name
    # Only pupils are told apart by a number.
    return row.actor.display_name if is_named or row.actor_id == row.person_id else _("a teacher")


def _points(values: Values) -> str:
    """Return '3 out of 5', or '–' for no mark, as a comment alone has none."""
    points, maximum = values.get("points"), values.get("maximum")
    if points is None or (maximum is not None and not Decimal(maximum)):
        return "–"
    if maximum is None:
        return number(Decimal(points))
    texts = {"points": number(Decimal(points)), "maximum": number(Decimal(maximum))}
    return _("%(points)s out of %(maximum)s") % texts


def _mark(before: Values, after: Values) -> Iterator[str]:
    if "outcome" in after:
        yield from _entered(before, after)
        return
    item = _item(after["item"])
    if "points" not in after:
        yield _("%(item)s: mark taken back, %(before)s before.") % {
            "item": item,
            "before": _points(before),
        }
        return
    if _points(before) != _points(after):
        change = {"item": item, "before": _points(before), "after": _points(after)}
        yield _("%(item)s: %(before)s → %(after)s.") % change
    elif not after.get("comment"):
        # The machine's, for what was left blank, is the teacher's now.
        yield _("%(item)s: %(points)s confirmed.") % {"item": item, "points": _points(after)}
    if after.get("comment"):
        yield _("%(item)s: another comment.") % {"item": item}


def _entered(before: Values, after: Values) -> Iterator[str]:
    """Yield what was entered without an attempt, or which of the two counts."""
    match after.get("counts"):
        case True:
            yield _("What was entered counts: %(entered)s.") % {"entered": _outcome(after)}
        case False:
            yield _("The work here counts, not what was entered.")
        case _ if not after["outcome"]:
            yield _("Entry taken back: %(before)s.") % {"before": _outcome(before)}
        case _ if before:
            change = {"before": _outcome(before), "after": _outcome(after)}
            yield _("Entered: %(before)s → %(after)s.") % change
        case _:
            yield _("Entered: %(after)s.") % {"after": _outcome(after)}


def _outcome(values: Values) -> str:
    points = values.get("points")
    return entered_text(
        str(values["outcome"]),
        None if points is None else Decimal(points),
        Decimal(values.get("maximum") or 0),
    )


def _comment(_before: Values, after: Values) -> Iterator[str]:
    yield _("Another overall comment.") if after.get("comment") else _("Overall comment removed.")


def _rubric(_before: Values, after: Values) -> Iterator[str]:
    words = {"item": _item(after["item"])}
    yield _("%(item)s: the rubric was changed.") % words
    if changed := after.get("changed"):
        yield ngettext("%(count)s mark changed.", "%(count)s marks changed.", changed) % {
            "count": number(changed)
        }


def _remark(before: Values, after: Values) -> Iterator[str]:
    change = {"before": _points(before), "after": _points(after)}
    if change["before"] != change["after"]:
        yield _("Mark changed by another version or rule: %(before)s → %(after)s.") % change
    elif items := _changed_items(before, after):
        names = ", ".join(map(_item, items))
        yield _("Marked by another version with the same total: %(items)s.") % {"items": names}
    if before.get("released") and not after.get("released"):
        yield _("No longer released: an answer waits for a mark.")


def _changed_items(before: Values, after: Values) -> list[str]:
    """Return the keys of the items whose points differ: gaps first, each by number."""
    names = (before.keys() | after.keys()) - set(_OF_ATTEMPT)
    changed = (name for name in names if before.get(name) != after.get(name))
    return sorted(changed, key=lambda name: (name[0], len(name), name))


def _release(_before: Values, after: Values) -> Iterator[str]:
    item = {"item": _item(after["item"])} if "item" in after else {}
    if after.get("taken_back"):
        yield _("%(item)s: release taken back.") % item if item else _("Release taken back.")
        if after.get("seen"):
            yield _("The pupil had opened the result before.")
        return
    if item:
        yield _("%(item)s: released, %(points)s.") % {**item, "points": _points(after)}
        return
    what = _outcome(after) if after.get("outcome") else _points(after)
    yield _("Released: %(points)s.") % {"points": what}


def _reopen(before: Values, after: Values) -> Iterator[str]:
    if "item" in after:
        item = {"item": _item(after["item"])}
        if before.get("released"):
            yield _("%(item)s: handed back to rewrite, after the release.") % item
        else:
            yield _("%(item)s: handed back to rewrite.") % item
        return
    yield _("Reopened after the release.") if before.get("released") else _("Reopened.")


def _take_back(_before: Values, _after: Values) -> Iterator[str]:
    yield _("Submission taken back.")


def _submit_for(_before: Values, _after: Values) -> Iterator[str]:
    yield _("Submitted for the pupil.")


def _grade(before: Values, after: Values) -> Iterator[str]:
    values = {"theirs": _points(before), "ours": _points(after)}
    match after.get("choice"), bool(after.get("for_later")):
        case GradeChoice.KEEP, True:
            yield _("Marks in the LMS from before are kept, those that are found later, too.")
        case GradeChoice.REPLACE, True:
            yield _("Marks in the LMS from before are replaced, those that are found later, too.")
        case GradeChoice.KEEP, _for_one:
            yield _("Mark in the LMS kept: %(theirs)s. Mark here: %(ours)s.") % values
        case GradeChoice.REPLACE, _for_one:
            yield _("Mark in the LMS replaced: %(theirs)s → %(ours)s.") % values
        case _:
            yield _("Decision about marks from before taken back.")


def _partner(row: AuditEntry) -> str:
    words = {
        "named": _("%(name)s named as working on it, too."),
        "unnamed": _("%(name)s not named any more."),
        "confirmed": _("%(name)s says: that is my work, too."),
        "left": _("%(name)s says: that is not my work."),
        "taken-out": _("%(name)s taken out of the work."),
        "own-work": _("%(name)s has own work, and is no longer part of this."),
    }
    name = row.person.display_name if row.person else "–"
    return words.get(row.after.get("how", ""), "%(name)s") % {"name": name}


def _rules(before: Values, after: Values) -> Iterator[str]:
    # PostgreSQL keeps no order of names.
    order = {name: place for place, name in enumerate(_RULE_FIELDS)}
    for name in sorted(after, key=lambda name: (order.get(name, len(order)), name)):
        yield _("%(rule)s: %(before)s → %(after)s.") % {
            "rule": _rule(name),
            "before": _rule_value(name, before.get(name)),
            "after": _rule_value(name, after[name]),
        }


def _dates(before: Values, after: Values) -> Iterator[str]:
    if not any(name in after for name in _DATES):
        yield _("Own dates taken back: the class's dates hold.")
        return
    for name in _DATES:
        if before.get(name) != after.get(name):
            yield _("Own dates: %(rule)s: %(before)s → %(after)s.") % {
                "rule": _rule(name),
                "before": _rule_value(name, before.get(name)),
                "after": _rule_value(name, after.get(name)),
            }
    if after.get("note"):
        yield _("Another note on the dates.")


def _rule(name: str) -> str:
    """Return the rule's name as the settings show it; one of an older version as it was kept."""
    field = _RULE_FIELDS.get(name)
    return capfirst(str(field.verbose_name)) if field else name


def _rule_value(name: str, value: Any) -> str:
    """Return a rule's value as the settings show it; one of an older version as it was kept."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name.endswith("_at"):
        moment = timezone.localtime(datetime.fromisoformat(value))
        return date_format(moment, _("j F Y, H:i (T)"))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    field = _RULE_FIELDS.get(name)
    return str(dict(field.flatchoices).get(value, value)) if field else str(value)


def _edition(before: Values, after: Values) -> Iterator[str]:
    if "copied_from_course" in after:
        yield _("Worksheet taken over with a copied course: %(after)s.") % {
            "after": _version(after)
        }
    elif not before:
        yield _("Worksheet used here: %(after)s.") % {"after": _version(after)}
    elif _version(before) != _version(after):
        change = {"before": _version(before), "after": _version(after)}
        yield _("Worksheet used here: %(before)s → %(after)s.") % change
    if remarked := after.get("remarked"):
        yield ngettext(
            "%(count)s piece of work moved to this version.",
            "%(count)s pieces of work moved to this version.",
            remarked,
        ) % {"count": number(remarked)}
    if changed := after.get("changed"):
        yield ngettext("%(count)s mark changed.", "%(count)s marks changed.", changed) % {
            "count": number(changed)
        }


def _version(values: Values) -> str:
    return _("“%(title)s”, version %(number)s") % {
        "title": values["title"],
        "number": number(values["number"]),
    }


def _key(before: Values, after: Values) -> Iterator[str]:
    versions = {"before": number(before["number"]), "after": number(after["number"])}
    items = after.get("items")
    if items and after.get("taken_back"):
        yield _("Decision about answers of this class taken back: %(items)s.") % {
            "items": ", ".join(map(_item, items))
        }
    elif items and "taken_back" in after:
        yield _("Decided about answers of this class: %(items)s.") % {
            "items": ", ".join(map(_item, items))
        }
    elif items:
        yield _("Answer key changed, version %(before)s → %(after)s: %(items)s.") % {
            **versions,
            "items": ", ".join(map(_item, items)),
        }
    if after.get("spelling"):
        yield _("Rules for spelling changed, version %(before)s → %(after)s.") % versions


def _item(key: str) -> str:
    """Return 'Gap 3' for 'g3' and 'Answer 2' for 'q2'; CUT stands for more of them."""
    if key == CUT:
        return CUT
    if key.startswith("g"):
        return _("Gap %(number)s") % {"number": key[1:]}
    return _("Answer %(number)s") % {"number": key[1:]}


def _class_feedback(_before: Values, after: Values) -> Iterator[str]:
    part = dict(FeedbackPart.choices).get(after.get("part", ""), "")
    words = {"part": part}
    match after.get("act"):
        case "added":
            yield _("Point added: %(part)s.") % words
        case "quoted":
            yield _("Answer collected: %(part)s.") % words
        case "removed":
            yield _("Point removed: %(part)s.") % words
        case "restored":
            yield _("Point put back: %(part)s.") % words
        case "moved":
            yield _("Order changed: %(part)s.") % words
        case _:
            yield _("Point changed: %(part)s.") % words


def _copy(_before: Values, after: Values) -> Iterator[str]:
    is_allowed = after.get("answer") == "allowed"
    yield (
        _("Use of a colleague's worksheet allowed by its author.")
        if is_allowed
        else _("Use of a colleague's worksheet refused by its author.")
    )


def _share(after: Values, course: str) -> Iterator[str]:
    match after.get("rights"):
        case "edit":
            yield _("%(course)s: its teachers may use and change it.") % {"course": course}
        case "read":
            yield _("%(course)s: its teachers may use it.") % {"course": course}
        case _:
            yield _("%(course)s: no longer shared.") % {"course": course}


_SENTENCES: Mapping[AuditKind, Callable[[Values, Values], Iterator[str]]] = {
    AuditKind.MARK: _mark,
    AuditKind.COMMENT: _comment,
    AuditKind.CLASS_FEEDBACK: _class_feedback,
    AuditKind.RUBRIC: _rubric,
    AuditKind.REMARK: _remark,
    AuditKind.RELEASE: _release,
    AuditKind.REOPEN: _reopen,
    AuditKind.TAKE_BACK: _take_back,
    AuditKind.SUBMIT_FOR: _submit_for,
    AuditKind.GRADE: _grade,
    AuditKind.DATES: _dates,
    AuditKind.RULES: _rules,
    AuditKind.EDITION: _edition,
    AuditKind.KEY: _key,
    AuditKind.COPY: _copy,
}
