"""Functions that record a verified launch: user, course, link, membership, column, launch.

``_table`` lists the rows that a launch names and their values, ``_save`` goes through the list
once and writes the values that differ. Most launches change no value: they cost one query and
one insert, that of the launch itself, without a transaction that locks rows.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from lti_tool import audit
from lti_tool.adapter.message import VerifiedLaunch
from lti_tool.audit import AuditKind
from lti_tool.db.prepared import Param, Prepared, PreparedInsert
from lti_tool.grades import outbox
from lti_tool.launches.lookup import (
    LaunchRows,
    context_key,
    find_course_of_link,
    find_existing_rows,
    find_link_of_submission,
)
from lti_tool.login.browser_key import browser_hash
from lti_tool.models import (
    AuditEntry,
    Context,
    LaunchWay,
    LineItem,
    Membership,
    Registration,
    ResourceLink,
    StoredLaunch,
    User,
)
from lti_tool.protocol.groups import to_store
from lti_tool.protocol.launch import Course, Link, Person
from lti_tool.protocol.refusal import LaunchRefused, Reason
from lti_tool.protocol.roles import short_names, teaches_as_administrator
from lti_tool.protocol.values import ID_LENGTH
from lti_tool.services.addresses import origin_of

Values = Mapping[str, object]  # by the attribute of the field: 'context_id', not 'context'
Rows = dict[str, Any]  # rows of several models, by the name of their entry

_INSERT = PreparedInsert(StoredLaunch)
# For a launch that changes no other row. If the database server crashes, the last such launches
# may be lost, and their pages ask to be opened from the course again: docs/decisions/0011.
_INSERT_WITHOUT_WAITING = PreparedInsert(StoredLaunch, waits_for_disk=False)


@dataclass(frozen=True, slots=True)
class KeyOf:
    """A value of an entry: the primary key of the row of an earlier entry, by its name."""

    entry: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that a launch names: ``key`` identifies it, ``values`` are those in the launch.

    ``along`` are values that are set whenever one of ``values`` changes, ``along_with`` those that
    are set whenever the value of that name does.
    """

    name: str
    model: type[models.Model]
    key: Values
    values: Values
    along: Values = field(default_factory=dict)
    along_with: Mapping[str, Values] = field(default_factory=dict)


def record_launch(
    verified: VerifiedLaunch, browser_key: str, way: LaunchWay = LaunchWay.COOKIE
) -> StoredLaunch:
    """Save an accepted launch and the rows that it names, and return the launch's row.

    Raise LaunchRefused: REPLAYED if its nonce was used before, SUBMISSION_UNKNOWN for a submission
    that belongs to no link of the course.
    """
    if verified.launch.submission is not None:
        verified = _at_its_link(verified)
    if verified.launch.course is None:
        verified = _in_its_course(verified)
    stored = _stored_launch(verified, browser_key, way)
    table = _table(verified)
    known = find_existing_rows(verified.deployment, verified.launch)
    is_up_to_date = known is not None and _is_up_to_date(table, verified.registration, known)
    if known is not None and is_up_to_date and _is_role_recorded(known.membership):
        # If one of these rows was deleted since it was read, it is created again below.
        with contextlib.suppress(IntegrityError):
            return _insert(stored, known.membership, known.link, _INSERT_WITHOUT_WAITING)
    with transaction.atomic():
        rows, changed = _save(table, {"registration": verified.registration})
        # A person without a membership may have marks all the same, if the link was moved.
        is_back = known is None or "membership" in changed
        outbox.make_due_after_launch(
            rows["line_item"] if "line_item" in changed else None,
            rows["membership"] if is_back else None,
        )
        stored.reviewed = rows.get("reviewed")
        _record_role(rows["membership"], rows["context"])
        return _insert(stored, rows["membership"], rows.get("link"), _INSERT)


def _is_role_recorded(membership: Membership) -> bool:
    """Return whether the audit trail has that an administrator is a teacher here.

    True for all others: there is nothing to record, and nothing is read.
    """
    if not teaches_as_administrator(membership.roles):
        return True
    rows = AuditEntry.objects.filter(kind=AuditKind.ROLE, person=membership.user_id)
    return rows.filter(context=membership.context_id).exists()


def _record_role(membership: Membership, context: Context) -> None:
    """Record once for each membership that an administrator opens a course as its teacher."""
    if _is_role_recorded(membership):
        return
    audit.record(
        AuditKind.ROLE,
        audit.person(membership.user),
        context=context,
        person_id=membership.user_id,
        after={"roles": short_names(membership.roles)},
    )


def _at_its_link(verified: VerifiedLaunch) -> VerifiedLaunch:
    """Return the launch of a submission, as if the link at which the work was done was opened.

    Title and gradebook of such a launch are those of the course, and change nothing at the link.
    Raise LaunchRefused (SUBMISSION_UNKNOWN).
    """
    link_id = find_link_of_submission(verified.deployment, verified.launch)
    if link_id is None:
        detail = "its address names no link of this course"
        registration = verified.registration.pk
        raise LaunchRefused(Reason.SUBMISSION_UNKNOWN, detail, registration_id=registration)
    launch = replace(verified.launch, link=Link(link_id), grades=None)
    return replace(verified, launch=launch)


def _in_its_course(verified: VerifiedLaunch) -> VerifiedLaunch:
    """Return a launch that names no course as one in the course of its link, if that is known.

    A link is in one course. Otherwise one launch whose context cannot be read would take the link
    out of it, and with it the class and the marks that wait to be sent.
    """
    course_id = find_course_of_link(verified.deployment, verified.launch)
    if course_id is None:
        return verified
    return replace(verified, launch=replace(verified.launch, course=Course(course_id)))


def _stored_launch(verified: VerifiedLaunch, browser_key: str, way: LaunchWay) -> StoredLaunch:
    """Return the launch's own row, unsaved, still without membership, link and ``reviewed``."""
    launch, deep_linking = verified.launch, verified.launch.deep_linking
    return_url = deep_linking.return_url if deep_linking else launch.presentation.return_url
    return StoredLaunch(
        registration=verified.registration,
        browser=browser_hash(browser_key),
        way=way,
        nonce=launch.nonce,
        message=launch.message,
        deep_linking=asdict(deep_linking) if deep_linking else None,
        opens_at=launch.dates.opens_at,
        due_at=launch.dates.due_at,
        closes_at=launch.dates.closes_at,
        dates_lead=launch.dates.lead,
        frame_ancestor=origin_of(return_url),
        return_url=launch.presentation.return_url,
        locale=launch.presentation.locale,
        notes="; ".join(launch.notes)[:500],
    )


def _table(verified: VerifiedLaunch) -> list[Entry]:
    """Return the rows that the launch names with their values, in the order of locks.

    Values that a launch leaves out are not erased: a course keeps its title if a launch comes
    without one.
    """
    launch, registration, deployment = verified.launch, verified.registration, verified.deployment
    course, link, grades = launch.course, launch.link, launch.grades
    lti_id, is_link_only = context_key(launch)
    table = [
        Entry(
            # The product decides how scores are sent and which names of settings pages use.
            "registration",
            Registration,
            key={"pk": registration.pk},
            values=_given(product=launch.product[:60]),
        ),
        Entry(
            "context",
            Context,
            key={"deployment_id": deployment.pk, "lti_id": lti_id, "is_link_only": is_link_only},
            values=_given(
                label=course.label if course else "",
                title=course.title if course else "",
                roster_url=launch.roster_url,
                history=list(launch.course_history),
            ),
        ),
    ]
    if link:
        table.append(
            Entry(
                "link",
                ResourceLink,
                key={"deployment_id": deployment.pk, "lti_id": link.id},
                values={
                    "context_id": KeyOf("context"),
                    **_given(
                        title=link.title,
                        history=list(launch.link_history),
                        lms_assignment=launch.assignment_id,
                        resource_key=launch.custom.get(settings.LTI_RESOURCE_PARAMETER, "")[
                            :ID_LENGTH
                        ],
                    ),
                },
            )
        )
    people = [("user", launch.person)]
    if launch.reviewed:
        people.append(("reviewed", launch.reviewed))
    # By ``sub``, the order in which a roster saves users, which avoids a deadlock.
    for name, person in sorted(people, key=lambda item: item[1].sub):
        key = {"registration_id": registration.pk, "sub": person.sub}
        table.append(Entry(name, User, key, _names(person)))
    table.append(
        Entry(
            "membership",
            Membership,
            key={"user_id": KeyOf("user"), "context_id": KeyOf("context")},
            # A person who launches is in the course, even if an older roster lists them as gone.
            values={
                "roles": list(launch.roles),
                "status": Membership.Status.ACTIVE,
                # What was told before stays where a launch tells nothing of it.
                **({} if launch.groups is None else {"groups": to_store(launch.groups)}),
            },
            along={"updated_at": timezone.now()},
            # The LMS lets in whom its roster does not list: such a roster says nothing of them.
            along_with={"status": {"listed_by": ""}},
        )
    )
    if link and grades:
        table.append(
            Entry(
                "line_item",
                LineItem,
                key={"link_id": KeyOf("link"), "tag": ""},
                values={
                    "container_url": grades.line_items,
                    "scopes": sorted(grades.scopes),
                    # Without a line item in the launch, the column that we created is kept.
                    **_given(url=grades.line_item),
                },
            )
        )
    return table


def _given(**values: object) -> Values:
    """Return the values that are not empty."""
    return {name: value for name, value in values.items() if value}


def _names(person: Person) -> Values:
    """Return all names, or {} if the launch has none of them (a privacy setting of the LMS)."""
    names = {
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
    }
    return names if any(names.values()) else {}


def _is_up_to_date(table: list[Entry], registration: Registration, known: LaunchRows) -> bool:
    """Return whether all rows of the table exist and have its values."""
    rows: Rows = {"registration": registration, **vars(known)}
    return all(
        rows.get(entry.name) is not None and not _differing(rows[entry.name], entry, rows)
        for entry in table
    )


def _save(table: list[Entry], rows: Rows) -> tuple[Rows, set[str]]:
    """Get or create the row of each entry, and update the values that differ.

    ``rows`` are those that the caller has already. Return all rows, and the names of the entries
    whose rows were updated.
    """
    changed: set[str] = set()
    for entry in table:
        if entry.name not in rows:
            rows[entry.name] = _get_or_create(entry, rows)
        row = rows[entry.name]
        if values := _differing(row, entry, rows):
            for name in entry.along_with.keys() & values.keys():
                values |= entry.along_with[name]
            values |= entry.along
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=list(values))
            changed.add(entry.name)
    return rows, changed


def _get_or_create(entry: Entry, rows: Rows) -> models.Model:
    """Return the row with the entry's key, created if it is missing; the query is prepared."""
    key = _resolved(entry.key, rows)
    row: models.Model | None = _query_by_key(entry.model, tuple(key)).first(**key)
    if row is not None:
        return row
    try:
        with transaction.atomic():
            return entry.model._default_manager.create(**key, **_resolved(entry.values, rows))
    except IntegrityError:
        # Another launch has created the row since the query.
        return entry.model._default_manager.get(**key)


@functools.cache
def _query_by_key(model: type[models.Model], names: tuple[str, ...]) -> Prepared[models.Model]:
    key = {name: Param(name) for name in names}
    return Prepared(lambda: model._default_manager.filter(**key))


def _differing(row: models.Model, entry: Entry, rows: Rows) -> dict[str, object]:
    """Return the entry's values that differ from those of the row."""
    values = _resolved(entry.values, rows)
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def _resolved(values: Values, rows: Rows) -> dict[str, object]:
    """Return the values with the primary key of the row in place of each ``KeyOf``."""
    return {
        name: rows[value.entry].pk if isinstance(value, KeyOf) else value
        for name, value in values.items()
    }


def _insert(
    stored: StoredLaunch,
    membership: Membership,
    link: ResourceLink | None,
    insertion: PreparedInsert[StoredLaunch],
) -> StoredLaunch:
    stored.membership, stored.link = membership, link
    stored.is_pupil = membership.course_roles.is_learner
    if not insertion.add(stored):
        raise LaunchRefused(Reason.REPLAYED, registration_id=stored.registration_id)
    return stored
