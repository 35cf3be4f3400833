"""Functions that save a roster as users and memberships, in bulk.

Everything is compared before it is written: most readings change nothing. The number of
statements does not grow with the class, except on SQLite, which takes new rows in batches.

Launches tell roles better than rosters: Moodle 4.5 calls a non-editing teacher Instructor at a
launch and Learner in its roster (``lti_get_ims_role`` in mod/lti/locallib.php). So a roster's
roles are used for people who have not launched yet; for others only where it names other roles than
the roster before, which tells that somebody has changed them: a teacher who is none any more loses
the class with the next roster, and not with their next launch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef

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

    Memberships of people who launched after ``asked_at`` are left alone: the launch is newer.
    Return the ids of the users who were not active in the course and are again.
    """
    ids = _save_users(context.deployment.registration, roster.members)
    rows = Membership.objects.select_for_update(no_key=True).filter(context=context).order_by("pk")
    stored = {row.user_id: row for row in rows}
    launched = _launched(context) & stored.keys()
    newer = {user_id for user_id, row in stored.items() if row.updated_at >= asked_at}
    newer |= _launched_since(context, asked_at)
    address = address_hash(context.roster_url)
    listed = {ids[member.user_id]: member for member in roster.members}
    new, changed, returned = [], [], []
    for user_id, member in listed.items():
        before = stored.get(user_id)
        row = Membership(
            user_id=user_id,
            context=context,
            roles=_roles(before, member) if user_id in launched else list(member.roles),
            status=_STATUS[member.status],
            updated_at=asked_at,
            listed_by=address,
            listed_roles=list(member.roles),
        )
        if before is None:
            new.append(row)
            continue
        if _told(before) != _told(row) and user_id not in newer:
            changed.append(row)
            if row.status != before.status and row.status == Membership.Status.ACTIVE:
                returned.append(user_id)
    # A launch may add one of them at this very moment; its row is newer and stays.
    Membership.objects.bulk_create(new, ignore_conflicts=True)
    Membership.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["user", "context"],
        update_fields=["roles", "status", "updated_at", "listed_by", "listed_roles"],
    )
    if roster.is_complete:
        missing = [
            row
            for row in stored.values()
            if row.user_id not in listed
            and row.status != Membership.Status.GONE
            and row.user_id not in newer
        ]
        gone = {"status": Membership.Status.GONE, "updated_at": asked_at}
        removed = [row.pk for row in missing if row.listed_by == address]
        Membership.objects.filter(pk__in=removed).update(**gone)
        # Off the class list, too, but not shut out: this roster may never have listed them.
        others = [row.pk for row in missing if row.listed_by != address]
        Membership.objects.filter(pk__in=others).update(**gone, listed_by="")
    return returned


def address_hash(roster_url: str) -> str:
    """Return what ``Membership.listed_by`` holds for a roster at this address."""
    return hashlib.sha256(roster_url.encode()).hexdigest()


def _told(row: Membership) -> tuple[object, ...]:
    return row.status, row.roles, row.listed_by, row.listed_roles


def _roles(before: Membership | None, member: Member) -> list[str]:
    """Return the roles of somebody who has launched: the launch's, unless they have changed since.

    The first roster that lists somebody changes none.
    """
    if before is None:
        return list(member.roles)
    is_same = before.listed_roles is None or before.listed_roles == list(member.roles)
    return before.roles if is_same else list(member.roles)


def _save_users(registration: Registration, members: Iterable[Member]) -> Mapping[str, int]:
    """Return the users' ids by ``sub``, after adding new users and updating names.

    A member without names erases none.
    """
    by_sub = {member.user_id: member for member in members}
    rows = User.objects.filter(registration=registration, sub__in=list(by_sub))
    stored = {row.sub: row for row in rows}
    new, renamed = [], []
    # By ``sub``, the order in which a launch locks users too, which avoids a deadlock.
    for sub, member in sorted(by_sub.items()):
        names = {name: getattr(member, name) for name in NAMES}
        user = User(registration=registration, sub=sub, **names)
        if sub not in stored:
            new.append(user)
        elif any(names.values()) and names != {name: getattr(stored[sub], name) for name in NAMES}:
            renamed.append(user)
    # A launch may add one of them at this very moment, which is no error.
    User.objects.bulk_create(new, ignore_conflicts=True)
    User.objects.bulk_create(
        renamed,
        update_conflicts=True,
        unique_fields=["registration", "sub"],
        update_fields=NAMES,
    )
    if not new:
        return {sub: row.pk for sub, row in stored.items()}
    return dict(rows.values_list("sub", "pk"))


def _launched(context: Context) -> set[int]:
    """Return the ids of the users whose roles in this course were told by a launch."""
    launches = StoredLaunch.objects.filter(membership=OuterRef("pk"))
    rows = Membership.objects.filter(Exists(launches), context=context)
    return set(rows.values_list("user_id", flat=True))


def _launched_since(context: Context, moment: datetime) -> set[int]:
    """Return the ids of the users who have launched in this course since then."""
    launches = StoredLaunch.objects.filter(membership__context=context, created_at__gte=moment)
    return set(launches.values_list("membership__user", flat=True))
