"""Functions that record a verified launch: user, course, link, membership, column, launch.

``_table`` lists what a launch says of each row; ``_save`` goes through it once. Most launches
tell nothing new: they cost one query and one new row, the launch's own. Only values that differ
are written, and only then is there a transaction that others wait for.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from lti_tool.adapter.message import VerifiedLaunch
from lti_tool.db.prepared import Param, Prepared, PreparedInsert
from lti_tool.grades import outbox
from lti_tool.launches.lookup import LaunchRows, context_key, find_existing_rows
from lti_tool.login.browser_key import browser_hash
from lti_tool.models import (
    Context,
    LaunchWay,
    LineItem,
    Membership,
    Registration,
    ResourceLink,
    StoredLaunch,
    User,
)
from lti_tool.protocol.launch import Person
from lti_tool.protocol.refusal import LaunchRefused, Reason
from lti_tool.protocol.values import ID_LENGTH
from lti_tool.services.addresses import origin_of

Values = Mapping[str, object]  # by the name of the column's field: 'context_id', not 'context'
Rows = dict[str, Any]  # the rows of several models, by the name of their entry

_WITH_THE_REST = PreparedInsert(StoredLaunch)
# If the database server itself crashes, a launch of the last instants before may be lost. Its
# page then asks to be opened from the course again. See docs/decisions/0011.
_AT_ONCE = PreparedInsert(StoredLaunch, waits_for_disk=False)


@dataclass(frozen=True, slots=True)
class KeyOf:
    """A value that is the primary key of an earlier row of the table."""

    entry: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that a launch names: ``key`` finds it, ``values`` are what the launch says of it.

    ``is_dated``: the row's ``updated_at`` is set whenever a value changes.
    """

    name: str
    model: type[models.Model]
    key: Values
    values: Values
    is_dated: bool = False


def record_launch(
    verified: VerifiedLaunch, browser_key: str, way: LaunchWay = LaunchWay.COOKIE
) -> StoredLaunch:
    """Save an accepted launch and return its row.

    Raise LaunchRefused (REPLAYED) if its nonce was used before.
    """
    stored = _stored_launch(verified, browser_key, way)
    table = _table(verified)
    known = find_existing_rows(verified.deployment, verified.launch)
    if known is not None and _says_nothing_new(table, verified.registration, known):
        # If one of the known rows was deleted a moment ago, it is made again below.
        with contextlib.suppress(IntegrityError):
            return _insert(stored, known.membership, known.link, _AT_ONCE)
    with transaction.atomic():
        rows, changed = _save(table, {"registration": verified.registration})
        outbox.mended_by_launch(
            rows["line_item"] if "line_item" in changed else None,
            rows["membership"] if "membership" in changed else None,
        )
        stored.reviewed = rows.get("reviewed")
        return _insert(stored, rows["membership"], rows.get("link"), _WITH_THE_REST)


def _stored_launch(verified: VerifiedLaunch, browser_key: str, way: LaunchWay) -> StoredLaunch:
    """Return the launch's own row, not saved yet and without the person and the link."""
    launch, deep_linking = verified.launch, verified.launch.deep_linking
    back = deep_linking.return_url if deep_linking else launch.presentation.return_url
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
        frame_ancestor=origin_of(back),
        return_url=launch.presentation.return_url,
        locale=launch.presentation.locale,
    )


def _table(verified: VerifiedLaunch) -> list[Entry]:
    """Return what the launch says of each row, in the order in which the rows are locked.

    What a launch leaves out is not erased: a course without a title today keeps the one that it
    had.
    """
    launch, registration, deployment = verified.launch, verified.registration, verified.deployment
    course, link, grades = launch.course, launch.link, launch.grades
    lti_id, is_link_only = context_key(launch)
    table = [
        Entry(
            # Pages choose by the product the words that its administrator knows.
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
    # By ``sub``, the order in which a roster writes users, which avoids a deadlock.
    for name, person in sorted(people, key=lambda one: one[1].sub):
        key = {"registration_id": registration.pk, "sub": person.sub}
        table.append(Entry(name, User, key, _names(person)))
    table.append(
        Entry(
            "membership",
            Membership,
            key={"user_id": KeyOf("user"), "context_id": KeyOf("context")},
            # A person who launches is in the course, whatever an older roster said.
            values={"roles": list(launch.roles), "status": Membership.Status.ACTIVE},
            is_dated=True,
        )
    )
    if link and grades:
        table.append(
            Entry(
                "line_item",
                LineItem,
                key={"link_id": KeyOf("link")},
                values={
                    "container_url": grades.line_items,
                    "scopes": sorted(grades.scopes),
                    # Where the claim is missing, a column that we made ourselves stays known.
                    **_given(url=grades.line_item),
                },
            )
        )
    return table


def _given(**values: object) -> Values:
    """Return the values that are not empty."""
    return {name: value for name, value in values.items() if value}


def _names(person: Person) -> Values:
    """Return all names, or none for a launch without any (a privacy setting of the LMS)."""
    names = {
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
    }
    return names if any(names.values()) else {}


def _says_nothing_new(table: list[Entry], registration: Registration, known: LaunchRows) -> bool:
    rows: Rows = {"registration": registration, **vars(known)}
    return all(
        rows.get(entry.name) is not None and not _differing(rows[entry.name], entry, rows)
        for entry in table
    )


def _save(table: list[Entry], rows: Rows) -> tuple[Rows, set[str]]:
    """Find or make the row of each entry, and write what differs.

    Return the rows, and the names of those that were there and have changed. ``rows`` are those
    that the caller has already.
    """
    changed: set[str] = set()
    for entry in table:
        if entry.name not in rows:
            rows[entry.name] = _found_or_made(entry, rows)
        row = rows[entry.name]
        if values := _differing(row, entry, rows):
            if entry.is_dated:
                values["updated_at"] = timezone.now()
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=list(values))
            changed.add(entry.name)
    return rows, changed


def _found_or_made(entry: Entry, rows: Rows) -> models.Model:
    """Return the row of the entry's key, made if it is missing; the query is a prepared one."""
    key = _resolved(entry.key, rows)
    found: models.Model | None = _by_key(entry.model, tuple(key)).first(**key)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return entry.model._default_manager.create(**key, **_resolved(entry.values, rows))
    except IntegrityError:
        # Another launch has made the row a moment ago; both use it.
        return entry.model._default_manager.get(**key)


@functools.cache
def _by_key(model: type[models.Model], names: tuple[str, ...]) -> Prepared[models.Model]:
    values = {name: Param(name) for name in names}
    return Prepared(lambda: model._default_manager.filter(**values))


def _differing(row: models.Model, entry: Entry, rows: Rows) -> dict[str, object]:
    """Return the entry's values that the row does not have."""
    differing = {}
    for name, value in entry.values.items():
        told = rows[value.entry].pk if isinstance(value, KeyOf) else value
        if getattr(row, name) != told:
            differing[name] = told
    return differing


def _resolved(values: Values, rows: Rows) -> dict[str, object]:
    """Return the values with keys of rows in place of ``KeyOf``."""
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
    if not insertion.add(stored):
        raise LaunchRefused(Reason.REPLAYED, registration_id=stored.registration_id)
    return stored
