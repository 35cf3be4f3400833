"""Functions that record a verified launch: user, course, link, membership, column, launch.

Most launches tell nothing new. They cost one query and one new row, the launch's own; only
values that differ are written, and only then is there a transaction that others wait for.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Mapping
from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from lti_tool.adapter.message import VerifiedLaunch
from lti_tool.db.prepared import Param, Prepared, PreparedInsert
from lti_tool.grades import outbox
from lti_tool.launches.lookup import LaunchRows, context_key, find_existing_rows
from lti_tool.login.browser_key import browser_hash
from lti_tool.models import (
    Context,
    Deployment,
    LaunchWay,
    LineItem,
    Membership,
    Registration,
    ResourceLink,
    StoredLaunch,
    User,
)
from lti_tool.protocol.launch import GradeService, Launch, Person
from lti_tool.protocol.refusal import LaunchRefused, Reason
from lti_tool.services.addresses import origin_of

Row = TypeVar("Row", bound=models.Model)
Values = dict[str, object]  # values of a row's fields, as the launch tells them

_WITH_THE_REST = PreparedInsert(StoredLaunch)
# If the database server itself crashes, a launch of the last instants before may be lost. Its
# page then asks to be opened from the course again. See docs/decisions/0011.
_AT_ONCE = PreparedInsert(StoredLaunch, waits_for_disk=False)


def record_launch(
    verified: VerifiedLaunch, browser_key: str, way: LaunchWay = LaunchWay.COOKIE
) -> StoredLaunch:
    """Save an accepted launch and return its row.

    Raise LaunchRefused (REPLAYED) if its nonce was used before.
    """
    arrival = StoredLaunch(
        registration=verified.registration,
        browser=browser_hash(browser_key),
        way=way,
        **_as_told(verified.launch),
    )
    known = find_existing_rows(verified.deployment, verified.launch)
    if known is not None and _tells_nothing_new(verified, known):
        # If one of the known rows was deleted a moment ago, it is made again below.
        with contextlib.suppress(IntegrityError):
            return _insert(arrival, known.membership, known.link, _AT_ONCE)
    with transaction.atomic():
        return _record_in_transaction(arrival, verified)


def _tells_nothing_new(verified: VerifiedLaunch, known: LaunchRows) -> bool:
    launch = verified.launch
    if launch.reviewed or (launch.place and not known.link):
        return False
    rows: list[tuple[models.Model | None, Values]] = [
        (verified.registration, _registration_told(launch)),
        (known.context, _context_told(launch)),
        (known.user, _user_told(launch.person)),
        (known.membership, _membership_told(launch)),
    ]
    if known.link:
        rows.append((known.link, _link_told(known.context, launch)))
        if launch.grades:
            rows.append((known.line_item, _line_item_told(launch.grades)))
    return not any(row is None or _different(row, told) for row, told in rows)


def _record_in_transaction(arrival: StoredLaunch, verified: VerifiedLaunch) -> StoredLaunch:
    """Save the launch with all that is new or has changed, in the caller's transaction."""
    launch, registration = verified.launch, verified.registration
    _update(registration, _registration_told(launch))
    context = _context(verified.deployment, launch)
    link = _link(verified.deployment, context, launch) if launch.place else None
    people = [launch.person, *([launch.reviewed] if launch.reviewed else [])]
    # By ``sub``, the order in which a roster writes users, which avoids a deadlock.
    users = {one.sub: _user(registration, one) for one in sorted(people, key=lambda one: one.sub)}
    membership, is_changed = _membership(users[launch.person.sub], context, launch)
    grades = launch.grades
    column = _changed_line_item(link, grades) if link is not None and grades is not None else None
    outbox.mended_by_launch(column, membership if is_changed else None)
    arrival.reviewed = users[launch.reviewed.sub] if launch.reviewed else None
    return _insert(arrival, membership, link, _WITH_THE_REST)


def _insert(
    arrival: StoredLaunch,
    membership: Membership,
    link: ResourceLink | None,
    insertion: PreparedInsert[StoredLaunch],
) -> StoredLaunch:
    arrival.membership, arrival.link = membership, link
    if not insertion.add(arrival):
        raise LaunchRefused(Reason.REPLAYED, registration_id=arrival.registration_id)
    return arrival


def _as_told(launch: Launch) -> Values:
    """Return the values of the launch's own row, except for the person and the link."""
    settings, dates = launch.deep_linking, launch.dates
    back = settings.return_url if settings else launch.presentation.return_url
    return {
        "nonce": launch.nonce,
        "message": launch.message,
        "deep_linking": settings.as_json() if settings else None,
        "opens_at": dates.opens_at,
        "due_at": dates.due_at,
        "closes_at": dates.closes_at,
        "dates_lead": dates.lead,
        "frame_ancestor": origin_of(back),
        "return_url": launch.presentation.return_url,
        "locale": launch.presentation.locale,
    }


def _registration_told(launch: Launch) -> Values:
    """Return the platform's product, by which pages choose the words its administrator knows."""
    return _only_told({"product": launch.product[:60]})


def _context_told(launch: Launch) -> Values:
    course = launch.course
    named = {"label": course.label, "title": course.title} if course else {}
    return _only_told(
        {**named, "roster_url": launch.roster, "history": list(launch.course_history)}
    )


def _link_told(context: Context, launch: Launch) -> Values:
    told = {
        "title": launch.place.title if launch.place else "",
        "history": list(launch.link_history),
        "resource_key": launch.resource_key,
    }
    return {"context_id": context.pk, **_only_told(told)}


def _only_told(values: Mapping[str, object]) -> Values:
    """Return the values that the launch has; what it leaves out is not erased."""
    return {name: value for name, value in values.items() if value}


def _user_told(person: Person) -> Values:
    names: Values = {
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
    }
    # A launch without names (a privacy setting of the LMS) does not erase those known before.
    return names if any(names.values()) else {}


def _membership_told(launch: Launch) -> Values:
    # A person who launches is in the course, whatever an older roster said.
    return {"roles": list(launch.roles), "status": Membership.Status.ACTIVE}


def _line_item_told(grades: GradeService) -> Values:
    told: Values = {"container_url": grades.line_items, "scopes": sorted(grades.scopes)}
    # Where the claim is missing, a column that we made ourselves stays known.
    return {**told, "url": grades.line_item} if grades.line_item else told


def _context(deployment: Deployment, launch: Launch) -> Context:
    lti_id, is_link_only = context_key(launch)
    key = {"deployment_id": deployment.pk, "lti_id": lti_id, "is_link_only": is_link_only}
    return _updated(Context, key, _context_told(launch))


def _link(deployment: Deployment, context: Context, launch: Launch) -> ResourceLink:
    key = {"deployment_id": deployment.pk, "lti_id": launch.place.id if launch.place else ""}
    return _updated(ResourceLink, key, _link_told(context, launch))


def _user(registration: Registration, person: Person) -> User:
    key = {"registration_id": registration.pk, "sub": person.sub}
    return _updated(User, key, _user_told(person))


def _membership(user: User, context: Context, launch: Launch) -> tuple[Membership, bool]:
    """Return the membership, and whether this launch has changed it."""
    told = _membership_told(launch)
    row = _found_or_made(Membership, {"user_id": user.pk, "context_id": context.pk}, told)
    if changed := _different(row, told):
        _write(row, {**changed, "updated_at": timezone.now()})
    row.user, row.context = user, context
    return row, bool(changed)


def _changed_line_item(link: ResourceLink, grades: GradeService) -> LineItem | None:
    """Return the link's column if it was known and this launch changes it, else None."""
    told = _line_item_told(grades)
    row = _found_or_made(LineItem, {"link_id": link.pk}, told)
    return row if _update(row, told) else None


def _updated(model: type[Row], key: Mapping[str, object], told: Values) -> Row:
    """Return the row of that key, made or brought up to date."""
    row = _found_or_made(model, key, told)
    _update(row, told)
    return row


def _found_or_made(model: type[Row], key: Mapping[str, object], told: Values) -> Row:
    """Return the row of that key, made if it is missing; the query is a prepared one."""
    found: Row | None = _by_key(model, tuple(key)).first(**key)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return model._default_manager.create(**key, **told)
    except IntegrityError:
        # Another launch has made the row a moment ago; both use it.
        return model._default_manager.get(**key)


@functools.cache
def _by_key(model: type[Row], names: tuple[str, ...]) -> Prepared[Row]:
    values = {name: Param(name) for name in names}
    return Prepared(lambda: model._default_manager.filter(**values))


def _update(row: models.Model, told: Values) -> bool:
    """Write the values that differ. Return whether any did."""
    changed = _different(row, told)
    if changed:
        _write(row, changed)
    return bool(changed)


def _different(row: models.Model, told: Values) -> Values:
    return {name: value for name, value in told.items() if getattr(row, name) != value}


def _write(row: models.Model, values: Values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
