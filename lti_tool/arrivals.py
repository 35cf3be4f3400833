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
from lti_tool.launch import GradeService, Launch
from lti_tool.models import (
    Context,
    Deployment,
    LineItem,
    Membership,
    ResourceLink,
    StoredLaunch,
    User,
)
from lti_tool.refusal import LaunchRefused, Reason

Row = TypeVar("Row", bound=models.Model)


def record(verified: VerifiedLaunch, browser_key: str) -> StoredLaunch:
    """Write down an accepted launch. Raises LaunchRefused (REPLAYED) for a second use."""
    launch = verified.launch
    with transaction.atomic():
        context = _context(verified.deployment, launch)
        link = _link(verified.deployment, context, launch)
        user = _user(verified, launch)
        membership = _membership(user, context, launch.roles)
        if launch.grades is not None:
            _line_item(link, launch.grades)
        return _stored(verified, membership, link, browser_hash(browser_key))


def _context(deployment: Deployment, launch: Launch) -> Context:
    course = launch.course
    key = {
        "deployment": deployment,
        "lti_id": course.id if course else launch.place.id,
        "is_link_only": course is None,
    }
    # What this launch leaves out is not forgotten.
    named = {"label": course.label, "title": course.title} if course else {}
    told = {name: value for name, value in named.items() if value}
    return _updated(Context, key, told)


def _link(deployment: Deployment, context: Context, launch: Launch) -> ResourceLink:
    told: dict[str, object] = {"context_id": context.pk}
    if launch.place.title:
        told["title"] = launch.place.title
    return _updated(ResourceLink, {"deployment": deployment, "lti_id": launch.place.id}, told)


def _user(verified: VerifiedLaunch, launch: Launch) -> User:
    person = launch.person
    names = {
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
    }
    # A launch without names (a privacy setting) does not erase the ones known before.
    told = names if any(names.values()) else {}
    return _updated(User, {"registration": verified.registration, "sub": person.sub}, told)


def _membership(user: User, context: Context, roles: tuple[str, ...]) -> Membership:
    told = {"roles": list(roles), "updated_at": timezone.now()}
    row, made = Membership.objects.get_or_create(user=user, context=context, defaults=told)
    if not made and row.roles != told["roles"]:
        _write(row, told)
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
    verified: VerifiedLaunch, membership: Membership, link: ResourceLink, browser: str
) -> StoredLaunch:
    launch = verified.launch
    try:
        return StoredLaunch.objects.create(
            registration=verified.registration,
            nonce=launch.nonce,
            membership=membership,
            link=link,
            browser=browser,
            frame_ancestor=origin_of(launch.presentation.return_url),
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
