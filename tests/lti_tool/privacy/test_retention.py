"""What the platform's side calls old, and how it is deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from lti_tool.models import AccessToken, Membership, RefusedLaunch, StoredLaunch, User
from lti_tool.privacy import retention
from tests.cast import Cast, open_again

YEAR = timedelta(days=365)


def refuse(number: int) -> None:
    RefusedLaunch.objects.bulk_create(
        RefusedLaunch(reference=f"{n:04}", reason="replayed", created_at=timezone.now() - YEAR)
        for n in range(number)
    )


def test_the_moment_is_as_far_back_as_the_setting_says(settings: Settings) -> None:
    settings.LTI_RETENTION_DAYS = 100
    now = timezone.now()
    assert (
        timedelta() <= retention.retention_ends() + timedelta(days=100) - now < timedelta(hours=1)
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("period", "kept"), [(396, 89), (30, 29)])
def test_refusals_are_kept_for_ninety_days_at_most(
    settings: Settings, period: int, kept: int
) -> None:
    settings.LTI_RETENTION_DAYS = period
    for days in (kept, kept + 2):
        at = timezone.now() - timedelta(days=days)
        RefusedLaunch.objects.create(reference=f"{days}", reason="replayed", created_at=at)
    old = retention.old_refusals(retention.retention_ends())
    assert [row.reference for row in old] == [f"{kept + 2}"]


@pytest.mark.django_db
def test_rows_go_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "CHUNK", 3)
    refuse(7)
    rows = RefusedLaunch.objects.filter(reference__lt="0006")
    assert retention.delete_in_chunks(rows) == 6
    assert RefusedLaunch.objects.get().reference == "0006"
    assert retention.delete_in_chunks(rows) == 0


@pytest.mark.django_db
def test_what_is_touched_while_others_go_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that delete at once, or one that writes: the second look decides."""
    refuse(1)
    rows = RefusedLaunch.objects.filter(created_at__lt=timezone.now() - YEAR / 2)
    read = rows.values_list

    def read_and_touched(*names: str, **how: bool) -> object:
        keys = list(read(*names, **how))
        RefusedLaunch.objects.update(created_at=timezone.now())
        return keys

    monkeypatch.setattr(rows, "values_list", read_and_touched)
    monkeypatch.setattr(rows, "order_by", lambda: rows)
    retention.delete_in_chunks(rows)
    assert RefusedLaunch.objects.count() == 1


def test_launches_keep_a_membership_and_only_those_of_late(cast: Cast) -> None:
    long_ago = timezone.now() - YEAR
    Membership.objects.update(updated_at=long_ago)
    StoredLaunch.objects.update(created_at=long_ago)
    open_again(cast.course, cast.amina.membership)
    before = timezone.now() - YEAR / 2
    old = set(retention.old_memberships(before))
    assert cast.amina.membership not in old
    assert cast.ben.membership in old


def test_whoever_looked_at_work_or_is_looked_at_is_named(cast: Cast) -> None:
    registration = cast.ruth.user.registration
    named, unnamed = (User.objects.create(registration=registration, sub=sub) for sub in "ab")
    StoredLaunch.objects.filter(pk=cast.ruth.launch.pk).update(reviewed=named)
    assert list(retention.orphaned_people()) == [unnamed]


def test_tokens_end_when_they_end(cast: Cast) -> None:
    registration = cast.ruth.user.registration
    for scopes, hours in [("ended", -1), ("good", 1)]:
        expires_at = timezone.now() + timedelta(hours=hours)
        AccessToken.objects.create(
            registration=registration, scopes=scopes, token="t", expires_at=expires_at
        )
    assert [token.scopes for token in retention.expired_tokens()] == ["ended"]
