"""The launch log: found by the reference, never without bound, never in the page's way."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from lti_tool.launches import log as launch_log
from lti_tool.launches.log import find_refusal, last_launches, save_refusal
from lti_tool.models import RefusedLaunch, Registration
from lti_tool.protocol.refusal import LaunchRefused, Reason
from lti_tool.protocol.vocabulary import Claim
from tests.cast import Cast
from tests.lti_tool.clock import Stopwatch
from tests.lti_tool.launching import Browser
from tests.platform.launches import ABSENT, NAME, PUPIL, Platform

REFUSAL = LaunchRefused(Reason.TIMES_INVALID, "iat is too long ago")


@pytest.fixture(autouse=True)
def _a_quiet_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch_log, "_limiter", launch_log._Limiter())


def test_a_refused_launch_is_found_by_the_reference_on_its_page(
    platform: Platform, browser: Browser
) -> None:
    answer = browser.launch(platform, {"iat": 5, "exp": 6})
    row = RefusedLaunch.objects.get()
    assert row.reference in answer.text
    assert find_refusal(row.reference) == row
    assert (row.reason, row.registration) == (Reason.TIMES_INVALID, platform.registration)


def note_refusal(reference: str, refusal: LaunchRefused) -> None:
    save_refusal(reference, refusal.reason, refusal.detail, refusal.registration_id)


@pytest.mark.django_db
@pytest.mark.parametrize("spelling", ["K7QM-4TXA", "k7qm4txa", " k7qm 4txa ", "K7QM–4TXA."])
def test_a_reference_is_found_however_it_is_written(spelling: str) -> None:
    note_refusal("K7QM-4TXA", REFUSAL)
    found = find_refusal(spelling)
    assert found is not None
    assert found.reference == "K7QM-4TXA"


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "-", "K7QM", "K7QM-4TXB", "\0", "x" * 100_000, "%"])
def test_what_is_no_reference_finds_nothing(text: str) -> None:
    note_refusal("K7QM-4TXA", REFUSAL)
    assert find_refusal(text) is None


def test_a_replay_belongs_to_its_platform(platform: Platform, direct: Browser) -> None:
    begun = direct.begin(platform)
    token = platform.token(begun.nonce)
    assert direct.finish(begun.state, token).status == 302
    direct.finish(begun.state, token)
    RefusedLaunch.objects.filter(reason=Reason.REPLAYED).exclude(registration=None).get()


@pytest.mark.parametrize(
    ("changes", "header"),
    [({"aud": "another"}, {}), ({}, {"kid": "junk"}), ({"sub": ABSENT}, {}), ({}, {"alg": "none"})],
)
def test_whatever_is_wrong_with_an_answer_the_login_tells_the_platform(
    platform: Platform,
    direct: Browser,
    changes: dict[str | tuple[str, ...], object],
    header: dict[str | tuple[str, ...], object],
) -> None:
    assert direct.launch(platform, changes, header=header).status == 400
    assert RefusedLaunch.objects.get().registration == platform.registration


def test_a_platform_that_is_switched_off_learns_of_its_refusals(
    platform: Platform, direct: Browser
) -> None:
    platform.registration.is_active = False
    platform.registration.save()
    direct.send("POST", "/lti/login/", platform.login_form())
    assert RefusedLaunch.objects.get().registration == platform.registration


def test_a_stranger_belongs_to_no_platform(platform: Platform, direct: Browser) -> None:
    direct.send("POST", "/lti/launch/", {"state": "junk", "id_token": "a.b.c"})
    assert RefusedLaunch.objects.get().registration is None


@pytest.mark.django_db
def test_a_registration_that_is_gone_does_not_lose_the_refusal() -> None:
    note_refusal("K7QM-4TXA", LaunchRefused(Reason.KEY_UNKNOWN, registration_id=4711))
    assert RefusedLaunch.objects.get().registration is None


@pytest.mark.django_db
@pytest.mark.parametrize("detail", ["NUL \0", "lone \ud800", "line\nbreak", "x" * 5000])
def test_no_detail_is_too_odd_to_be_kept(detail: str) -> None:
    note_refusal("K7QM-4TXA", LaunchRefused(Reason.CLAIM_MALFORMED, detail))
    kept = RefusedLaunch.objects.get().detail
    assert kept.isprintable()
    assert len(kept) <= 500


def test_a_database_that_fails_does_not_cost_the_page(
    platform: Platform, direct: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(**_values: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(RefusedLaunch.objects, "create", locked)
    answer = direct.send("POST", "/lti/launch/", {"state": "junk", "id_token": "a.b.c"})
    assert (answer.status, "Reference" in answer.text) == (400, True)


@pytest.mark.django_db
def test_a_flood_of_strangers_writes_little_and_holds_up_nobody_s_platform(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "monotonic", Stopwatch())
    own = LaunchRefused(
        Reason.TIMES_INVALID, registration_id=cast.course.deployment.registration_id
    )
    for number in range(launch_log.MAX_ROWS_PER_MINUTE + 20):
        note_refusal(f"S-{number}", REFUSAL)
    note_refusal("OURS-OURS", own)
    assert RefusedLaunch.objects.filter(registration=None).count() == launch_log.MAX_ROWS_PER_MINUTE
    assert find_refusal("OURS-OURS") is not None


def test_the_next_minute_counts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Stopwatch()
    monkeypatch.setattr(time, "monotonic", watch)
    limiter = launch_log._Limiter()
    assert [limiter.allows(None) for _ in range(launch_log.MAX_ROWS_PER_MINUTE + 1)][-2:] == [
        True,
        False,
    ]
    watch.go_on(60)
    assert limiter.allows(None)


def refusals(count: int, registration: Registration | None, prefix: str) -> None:
    RefusedLaunch.objects.bulk_create(
        RefusedLaunch(
            reference=f"{prefix}{number}", reason="key-unknown", registration=registration
        )
        for number in range(count)
    )


def test_the_table_is_bounded_and_strangers_displace_nobody(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch_log, "MAX_ROWS_OF_UNKNOWN", 3)
    monkeypatch.setattr(launch_log, "DELETE_EVERY", 1)
    refusals(2, cast.course.deployment.registration, "P-")
    refusals(10, None, "S-")
    note_refusal("NEWEST", REFUSAL)
    left = set(RefusedLaunch.objects.values_list("reference", flat=True))
    assert left == {"P-0", "P-1", "S-8", "S-9", "NEWEST"}


def test_a_platforms_refusals_are_bounded_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch_log, "MAX_ROWS_OF_PLATFORMS", 2)
    monkeypatch.setattr(launch_log, "DELETE_EVERY", 1)
    refusals(5, cast.course.deployment.registration, "P-")
    note_refusal("STRANGER", REFUSAL)
    left = set(RefusedLaunch.objects.values_list("reference", flat=True))
    assert left == {"P-3", "P-4", "STRANGER"}


@pytest.mark.django_db
def test_old_ones_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch_log, "DELETE_EVERY", 1)
    note_refusal("OLD", REFUSAL)
    RefusedLaunch.objects.update(created_at=timezone.now() - timedelta(days=91))
    note_refusal("NEW", REFUSAL)
    assert [row.reference for row in RefusedLaunch.objects.all()] == ["NEW"]


def test_a_launch_is_logged_with_what_could_not_be_read(
    platform: Platform, direct: Browser
) -> None:
    assert direct.launch(platform, {Claim.CUSTOM: [], "name": [NAME]}).status == 302
    (logged,) = last_launches(platform.registration)
    assert logged.notes == "custom is a list, not an object; name is a list, not text"


def test_a_launch_is_logged_without_a_person(cast: Cast) -> None:
    newest = last_launches(cast.course.deployment.registration, 1)[0]
    assert (newest.course, newest.deployment, newest.role) == ("3", "1", "pupil")
    assert "Otis" not in repr(newest)
    assert PUPIL not in repr(newest)
