"""A verified launch becomes rows: user, course, link, membership, column, and itself.

Most launches change nothing but the launch's own row, so what is there is read first
and written only where it differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from lti_tool import outbox
from lti_tool.adapter.message import VerifiedLaunch
from lti_tool.browser import browser_hash
from lti_tool.hosts import origin_of
from lti_tool.launch import GradeService, Launch, Person
from lti_tool.models import (
    Context,
    Deployment,
    LineItem,
    Membership,
    Registration,
    ResourceLink,
    StoredLaunch,
    User,
    Way,
)
from lti_tool.refusal import LaunchRefused, Reason

Row = TypeVar("Row", bound=models.Model)


def record(verified: VerifiedLaunch, browser_key: str, way: Way = Way.COOKIE) -> StoredLaunch:
    """Write down an accepted launch. Raises LaunchRefused (REPLAYED) for a second use."""
    launch = verified.launch
    with transaction.atomic():
        _product(verified.registration, launch.product)
        context = _context(verified.deployment, launch)
        link = _link(verified.deployment, context, launch) if launch.place else None
        user = _user(verified.registration, launch.person)
        membership = _membership(user, context, launch.roles)
        if link is not None and launch.grades is not None:
            _line_item(link, launch.grades)
        reviewed = _user(verified.registration, launch.reviewed) if launch.reviewed else None
        return _stored(
            verified, membership, link, reviewed, browser=browser_hash(browser_key), way=way
        )


def _product(registration: Registration, product: str) -> None:
    """The platform's kind, for the words that its administrator knows."""
    product = product[:60]
    if product and registration.product != product:
        _write(registration, {"product": product})


def _context(deployment: Deployment, launch: Launch) -> Context:
    course = launch.course
    # Without a course the link stands for one; without either, the deployment does.
    link_id = launch.place.id if launch.place else ""
    key = {
        "deployment": deployment,
        "lti_id": course.id if course else link_id,
        "is_link_only": course is None,
    }
    named = {"label": course.label, "title": course.title} if course else {}
    told = {
        **named,
        "roster_url": launch.roster,
        "history": list(launch.course_history),
    }
    return _updated(Context, key, _only_told(told))


def _link(deployment: Deployment, context: Context, launch: Launch) -> ResourceLink:
    told = {
        "title": launch.place.title if launch.place else "",
        "history": list(launch.link_history),
        "resource_key": launch.resource_key,
    }
    key = {"deployment": deployment, "lti_id": launch.place.id if launch.place else ""}
    return _updated(ResourceLink, key, {"context_id": context.pk, **_only_told(told)})


def _only_told(values: Mapping[str, object]) -> dict[str, object]:
    """What this launch leaves out is not forgotten."""
    return {name: value for name, value in values.items() if value}


def _user(registration: Registration, person: Person) -> User:
    names = {
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
    }
    # A launch without names (a privacy setting) does not erase the ones known before.
    told = names if any(names.values()) else {}
    return _updated(User, {"registration": registration, "sub": person.sub}, told)


def _membership(user: User, context: Context, roles: tuple[str, ...]) -> Membership:
    # Whoever arrives is here, whatever an older roster said.
    told = {"roles": list(roles), "status": Membership.Status.ACTIVE}
    row, made = Membership.objects.get_or_create(user=user, context=context, defaults=told)
    changed = _different(row, told)
    if changed and not made:
        _write(row, {**changed, "updated_at": timezone.now()})
    row.user, row.context = user, context
    return row


def _line_item(link: ResourceLink, grades: GradeService) -> None:
    told: dict[str, object] = {
        "container_url": grades.line_items,
        "scopes": sorted(grades.scopes),
    }
    if grades.line_item:
        # Where the claim is missing, a column that we made ourselves stays known.
        told["url"] = grades.line_item
    row, made = LineItem.objects.get_or_create(link=link, defaults=told)
    changed = _different(row, told)
    if changed and not made:
        _write(row, changed)
        outbox.column_changed(row)


def _stored(
    verified: VerifiedLaunch,
    membership: Membership,
    link: ResourceLink | None,
    reviewed: User | None,
    *,
    browser: str,
    way: Way,
) -> StoredLaunch:
    launch = verified.launch
    settings = launch.deep_linking
    back = settings.return_url if settings else launch.presentation.return_url
    dates = launch.dates
    try:
        return StoredLaunch.objects.create(
            registration=verified.registration,
            nonce=launch.nonce,
            message=launch.message,
            way=way,
            membership=membership,
            link=link,
            reviewed=reviewed,
            deep_linking=settings.as_json() if settings else None,
            opens_at=dates.opens_at,
            due_at=dates.due_at,
            closes_at=dates.closes_at,
            browser=browser,
            frame_ancestor=origin_of(back),
            return_url=launch.presentation.return_url,
            locale=launch.presentation.locale,
        )
    except IntegrityError as problem:
        raise LaunchRefused(Reason.REPLAYED) from problem


def _updated(model: type[Row], key: Mapping[str, object], told: Mapping[str, object]) -> Row:
    """The row of that key, made or brought up to date, with one read where all is known."""
    row, made = model._default_manager.get_or_create(**key, defaults=told)
    changed = _different(row, told)
    if changed and not made:
        _write(row, changed)
    return row


def _different(row: models.Model, told: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in told.items() if getattr(row, name) != value}


def _write(row: models.Model, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
