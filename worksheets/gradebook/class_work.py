"""The submitted work of several pupils, read by a few SQL statements however many. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Model, QuerySet

from worksheets.gradebook import scoring
from worksheets.gradebook.scoring import MarkedAttempt
from worksheets.models import Answer, Assignment, Attempt, Edition, Mark, Partner

Works = Mapping[int, list[MarkedAttempt]]  # by ``User.pk``
_READ = ("marks", "answers")


@dataclass(frozen=True, slots=True)
class ClassWork:
    """Submitted attempts of some pupils, as they were when they were read, by pupil and number."""

    attempts: Sequence[Attempt]
    _rows: Sequence[object]

    @classmethod
    def read(cls, assignment: Assignment, users: Collection[int]) -> ClassWork:
        """Return the work of these pupils that is not at the assigned edition."""
        rows = _to_mark_again(assignment, users).select_related("user").order_by("user", "number")
        found = list(rows.prefetch_related(*_READ))
        marks = (mark for one in found for mark in one.marks.all())
        answers = (answer for one in found for answer in one.answers.all())
        told = [_values_of(Attempt, found), _values_of(Mark, marks), _values_of(Answer, answers)]
        return cls(with_work(found, assignment), told)

    def is_as_saved(self, assignment: Assignment, users: Collection[int]) -> bool:
        """Return whether the same is saved still. It costs a third of reading it."""
        keys = [attempt.pk for attempt in self.attempts]
        saved = (
            _to_mark_again(assignment, users),
            Mark.objects.filter(attempt__in=keys),
            Answer.objects.filter(attempt__in=keys),
        )
        return all(
            list(rows.order_by("pk").values_list(*_names(rows.model))) == told
            for rows, told in zip(saved, self._rows, strict=True)
        )


def _to_mark_again(assignment: Assignment, users: Collection[int]) -> QuerySet[Attempt]:
    rows = assignment.attempts.filter(user__in=users, submitted_at__isnull=False)
    return rows.exclude(edition=assignment.edition_id)


def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _values_of(model: type[Model], rows: Iterable[Model]) -> list[tuple[object, ...]]:
    """Return what ``values_list`` does for these rows, by key."""
    names = _names(model)
    ordered = sorted(rows, key=lambda row: row.pk)
    return [tuple(getattr(row, name) for name in names) for row in ordered]


def with_work(attempts: Iterable[Attempt], assignment: Assignment) -> list[Attempt]:
    """Return attempts whose marks and answers are prefetched with their editions.

    An edition is a whole text, which a class has in common: it is read once.
    """
    attempts = list(attempts)
    editions = Edition.objects.in_bulk({attempt.edition_id for attempt in attempts})
    for attempt in attempts:
        attempt.assignment, attempt.edition = assignment, editions[attempt.edition_id]
    return attempts


def submitted_work(
    assignment: Assignment, users: Collection[int], known: Mapping[int, MarkedAttempt]
) -> Works:
    """Return the submitted attempts of these pupils with their marks, shared ones too, by number.

    ``known`` are attempts by ``Attempt.pk`` with marks that are saved and need not be read.
    """
    own = assignment.attempts.filter(user__in=users, submitted_at__isnull=False)
    shared = Partner.objects.filter(
        attempt__assignment=assignment,
        attempt__submitted_at__isnull=False,
        user__in=users,
        number__isnull=False,
    )
    parts = list(shared.only("attempt", "user", "number"))
    theirs = Attempt.objects.filter(pk__in={one.attempt_id for one in parts})
    others = (own | theirs).exclude(pk__in=known).select_related("user").prefetch_related(*_READ)
    marked = {
        **known,
        **{one.pk: _marked(one) for one in with_work(others, assignment)},
    }
    found: defaultdict[int, list[MarkedAttempt]] = defaultdict(list)
    for one in marked.values():
        if one.attempt.user_id in users:
            found[one.attempt.user_id].append(one)
    for part in parts:
        found[part.user_id].append(
            replace(
                marked[part.attempt_id],
                partner_number=part.number or 0,
                partner_id=part.user_id,
            )
        )
    return {pk: sorted(works, key=lambda one: one.number) for pk, works in found.items()}


def _marked(attempt: Attempt) -> MarkedAttempt:
    return scoring.mark_attempt(attempt, attempt.marks.all())
