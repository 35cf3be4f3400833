"""Functions that save a roster as users and memberships, in bulk.

Everything is compared before it is written: most readings change nothing. The number of
statements does not grow with the class, except on SQLite, which takes new rows in batches.

Launches tell roles better than rosters: Moodle calls a non-editing teacher Instructor at a
launch and Learner in its roster. So a roster's roles are used only for people who have not
launched yet, and replace those of an earlier roster.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from lti_tool.models import Context, Membership, Registration, StoredLaunch, User
from lti_tool.services.nrps import Member, MemberStatus, Roster

NAMES = ("name", "given_name", "family_name")
_STATUS = {
    MemberStatus.ACTIVE: Membership.Status.ACTIVE,
    MemberStatus.INACTIVE: Membership.Status.INACTIVE,
    MemberStatus.DELETED: Membership.Status.GONE,
}


def write(context: Context, roster: Roster, asked_at: datetime) -> list[int]:
    """Bring memberships in line with the roster; call it in a transaction.

    Memberships that a launch changed after ``asked_at`` are left alone: the launch is newer.
    Return the ids of the users who were not active in the course and are again.
    """
    ids = _users(context.deployment.registration, roster.members)
    rows = Membership.objects.select_for_update(no_key=True).filter(context=context).order_by("pk")
    held = {row.user_id: row for row in rows}
    launched = _launched(context) & held.keys()
    told = {ids[member.user_id]: member for member in roster.members}
    wanted = [_membership(context, *entry, held, launched) for entry in told.items()]
    new = [row for row in wanted if row.user_id not in held]
    changed = [row for row in wanted if _is_changed(row, held.get(row.user_id), asked_at)]
    # A launch may add one of them at this very moment; its row is newer and stays.
    Membership.objects.bulk_create(new, ignore_conflicts=True)
    Membership.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["user", "context"],
        update_fields=["roles", "status", "updated_at"],
    )
    if roster.is_complete:
        _mark_gone(
            row for row in held.values() if row.user_id not in told and _is_older(row, asked_at)
        )
    return [row.user_id for row in changed if _is_back(row, held.get(row.user_id))]


def _launched(context: Context) -> set[int]:
    """Return the ids of the users whose roles in this course were told by a launch."""
    launches = StoredLaunch.objects.filter(membership=OuterRef("pk"))
    rows = Membership.objects.filter(Exists(launches), context=context)
    return set(rows.values_list("user_id", flat=True))


def _users(registration: Registration, members: Iterable[Member]) -> Mapping[str, int]:
    """Return the users' ids by ``sub``, after adding new users and updating names.

    A member without names erases none.
    """
    by_sub = {member.user_id: member for member in sorted(members, key=lambda m: m.user_id)}
    rows = User.objects.filter(registration=registration, sub__in=list(by_sub))
    held = {row.sub: row for row in rows}
    new = [_user(registration, m) for sub, m in by_sub.items() if sub not in held]
    renamed = [
        _user(registration, by_sub[sub]) for sub, row in held.items() if _renamed(row, by_sub[sub])
    ]
    # A launch may add one of them at this very moment, which is no error.
    User.objects.bulk_create(new, ignore_conflicts=True)
    User.objects.bulk_create(
        sorted(renamed, key=lambda user: user.sub),
        update_conflicts=True,
        unique_fields=["registration", "sub"],
        update_fields=NAMES,
    )
    if not new:
        return {sub: row.pk for sub, row in held.items()}
    return dict(rows.values_list("sub", "pk"))


def _user(registration: Registration, member: Member) -> User:
    names = {name: getattr(member, name) for name in NAMES}
    return User(registration=registration, sub=member.user_id, **names)


def _renamed(row: User, member: Member) -> bool:
    told = [getattr(member, name) for name in NAMES]
    return any(told) and told != [getattr(row, name) for name in NAMES]


def _membership(
    context: Context,
    user_id: int,
    member: Member,
    held: Mapping[int, Membership],
    launched: Container[int],
) -> Membership:
    """Return the membership as the roster says it, with a launch's roles if there was one."""
    return Membership(
        user_id=user_id,
        context=context,
        roles=held[user_id].roles if user_id in launched else list(member.roles),
        status=_STATUS[member.status],
        updated_at=timezone.now(),
    )


def _is_changed(row: Membership, held: Membership | None, asked_at: datetime) -> bool:
    if held is None:
        return False
    is_same = (row.status, row.roles) == (held.status, held.roles)
    return not is_same and _is_older(held, asked_at)


def _mark_gone(rows: Iterable[Membership]) -> None:
    missing = [row.pk for row in rows if row.status != Membership.Status.GONE]
    if missing:
        Membership.objects.filter(pk__in=missing).update(
            status=Membership.Status.GONE, updated_at=timezone.now()
        )


def _is_older(row: Membership, asked_at: datetime) -> bool:
    return row.updated_at < asked_at


def _is_back(row: Membership, held: Membership | None) -> bool:
    return (
        held is not None
        and row.status == Membership.Status.ACTIVE
        and held.status != Membership.Status.ACTIVE
    )
