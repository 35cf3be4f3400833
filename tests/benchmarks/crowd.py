"""Fills a database as years of use do: so many people, each with an attempt and a launch."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import django

django.setup()

from django.db import transaction  # noqa: E402

from lti_tool.models import Membership, StoredLaunch, User  # noqa: E402
from worksheets.models import Assignment, Attempt  # noqa: E402

BATCH = 5000


def main(count: int) -> None:
    """Add ``count`` pupils to the one course that is there."""
    for start in range(0, count, BATCH):
        with transaction.atomic():
            _add(Assignment.objects.get(), range(start, min(start + BATCH, count)))


def _add(assignment: Assignment, numbers: Iterable[int]) -> None:
    link = assignment.link
    registration = link.deployment.registration
    users = User.objects.bulk_create(
        User(registration=registration, sub=f"crowd-{number}", name=f"Pupil {number}")
        for number in numbers
    )
    members = Membership.objects.bulk_create(
        Membership(user=user, context=link.context, roles=["Learner"]) for user in users
    )
    StoredLaunch.objects.bulk_create(
        StoredLaunch(registration=registration, nonce=f"crowd-{m.user_id}", membership=m, link=link)
        for m in members
    )
    Attempt.objects.bulk_create(
        Attempt(assignment=assignment, user=user, edition=assignment.edition) for user in users
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
