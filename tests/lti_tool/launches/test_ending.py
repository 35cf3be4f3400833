"""A visit ends when its person leaves, after idle hours, and when another pupil comes."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from lti_tool.models import StoredLaunch
from lti_tool.protocol.vocabulary import CONTEXT_ROLE, TEST_USER_ROLE, Claim
from tests.cast import make_registration
from tests.lti_tool.launching import Answer, Browser
from tests.platform.launches import Changes, Platform

TEACHER: Changes = {"sub": "ruth", Claim.ROLES: [f"{CONTEXT_ROLE}Instructor"]}
AMINA: Changes = {"sub": "amina", Claim.ROLES: [f"{CONTEXT_ROLE}Learner"]}
BEN: Changes = {"sub": "ben", Claim.ROLES: [f"{CONTEXT_ROLE}Learner"]}
STUDENT_VIEW: Changes = {"sub": "test", Claim.ROLES: [f"{CONTEXT_ROLE}Learner", TEST_USER_ROLE]}


def status(browser: Browser, address: str) -> int:
    return browser.get(address).status


def save(browser: Browser, address: str) -> Answer:
    """As the script of a page saves."""
    headers = {"Content-Type": "application/json"}
    return browser.send("POST", f"{address}answers/", body="{}", headers=headers)


class TestAnotherPupil:
    def test_closes_the_pages_of_the_one_before(self, platform: Platform, direct: Browser) -> None:
        amina = direct.launch(platform, AMINA).location
        again = direct.launch(platform, AMINA).location
        ben = direct.launch(platform, BEN).location
        assert [status(direct, one) for one in (amina, again, ben)] == [403, 403, 200]
        # And the other way round.
        amina = direct.launch(platform, AMINA).location
        assert [status(direct, one) for one in (again, ben, amina)] == [403, 403, 200]

    def test_a_script_hears_that_the_page_has_ended(
        self, platform: Platform, direct: Browser
    ) -> None:
        amina = direct.launch(platform, AMINA).location
        direct.launch(platform, BEN)
        answer = save(direct, amina)
        assert answer.status == 403
        said = json.loads(answer.text)
        assert (said["ended"], said["saved"]) == (True, False)
        assert "Copy what you typed last" in said["error"]

    def test_a_course_page_that_opened_several_keys(
        self, platform: Platform, direct: Browser
    ) -> None:
        """Activities that a course page opens at once begin with a key each."""
        first, second = Browser(direct.wire), Browser(direct.wire)
        amina = [one.launch(platform, AMINA).location for one in (first, second)]
        begun = first.begin(platform)
        token = platform.token(begun.nonce, BEN)
        first.cookie = f"{first.cookie}; __Host-lti-browser-2={second.cookie}"
        assert first.finish(begun.state, token).status == 302
        assert [status(first, amina[0]), status(second, amina[1])] == [403, 403]

    @pytest.mark.parametrize(
        "others", [[TEACHER, AMINA], [TEACHER, STUDENT_VIEW], [STUDENT_VIEW, AMINA]]
    )
    def test_teachers_and_the_student_view_stand_side_by_side(
        self, platform: Platform, direct: Browser, others: list[Changes]
    ) -> None:
        for some in (others, others[::-1]):
            pages = [direct.launch(platform, one).location for one in some]
            assert [status(direct, page) for page in pages] == [200, 200]

    def test_the_same_pupil_has_several_pages(self, platform: Platform, direct: Browser) -> None:
        link: Changes = {Claim.RESOURCE_LINK: {"id": "another"}}
        pages = [direct.launch(platform, {**AMINA, **more}).location for more in ({}, link)]
        assert [status(direct, page) for page in pages] == [200, 200]

    def test_other_browsers_and_other_platforms_are_no_matter(
        self, platform: Platform, direct: Browser
    ) -> None:
        amina = direct.launch(platform, AMINA).location
        assert Browser(direct.wire).launch(platform, BEN).status == 302
        assert status(direct, amina) == 200
        StoredLaunch.objects.update(registration=make_registration("another"))
        direct.launch(platform, BEN)
        assert StoredLaunch.objects.filter(closed_at=None).count() == 3


class TestIdleHours:
    @pytest.mark.parametrize(("hours", "expected"), [(2.9, 200), (3.1, 403)])
    def test_a_page_that_nobody_uses_closes(
        self, platform: Platform, direct: Browser, hours: float, expected: int
    ) -> None:
        assert settings.LTI_IDLE_HOURS == 3
        address = direct.launch(platform, AMINA).location
        StoredLaunch.objects.update(created_at=timezone.now() - timedelta(hours=hours))
        assert status(direct, address) == expected
        if expected == 403:
            assert json.loads(save(direct, address).text)["ended"]

    def test_whoever_goes_on_may_go_on(self, platform: Platform, direct: Browser) -> None:
        address = direct.launch(platform, AMINA).location
        for _ in range(3):
            before = timezone.now() - timedelta(hours=2)
            StoredLaunch.objects.update(created_at=before, renewed_at=before)
            assert status(direct, address) == 200
            assert StoredLaunch.objects.filter(renewed_at__gt=before).exists()

    @pytest.mark.django_db(transaction=True)
    def test_where_nothing_can_be_saved_pages_can_be_read(
        self, platform: Platform, direct: Browser
    ) -> None:
        address = direct.launch(platform, AMINA).location
        before = timezone.now() - timedelta(hours=1)
        StoredLaunch.objects.update(created_at=before)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON")
        try:
            assert status(direct, address) == 200
        finally:
            connection.close()  # it may have been, when it was old: a cursor of before would fail
        assert StoredLaunch.objects.get().renewed_at is None
        assert status(direct, address) == 200
        assert StoredLaunch.objects.filter(renewed_at__gt=before).exists()

    def test_a_use_of_a_moment_ago_writes_nothing(
        self, platform: Platform, direct: Browser
    ) -> None:
        address = direct.launch(platform, AMINA).location
        assert status(direct, address) == 200
        assert StoredLaunch.objects.get().renewed_at is None


class TestLeaving:
    def test_closes_all_pages_of_the_person_in_this_browser(
        self, platform: Platform, direct: Browser
    ) -> None:
        link: Changes = {Claim.RESOURCE_LINK: {"id": "another"}}
        pages = [direct.launch(platform, {**AMINA, **more}).location for more in ({}, link)]
        elsewhere = Browser(direct.wire)
        other, teacher = (
            elsewhere.launch(platform, AMINA).location,
            direct.launch(platform, TEACHER),
        )
        asked = direct.get(f"{pages[0]}leave/")
        assert asked.status == 200
        assert [status(direct, page) for page in pages] == [200, 200]
        left = direct.send("POST", f"{pages[0]}leave/")
        assert left.status == 200
        assert "You have left" in left.text
        assert pages[0] not in left.text
        assert [status(direct, page) for page in pages] == [403, 403]
        assert status(direct, teacher.location) == 200
        assert status(elsewhere, other) == 200

    def test_a_new_launch_lets_them_in_again(self, platform: Platform, direct: Browser) -> None:
        address = direct.launch(platform, AMINA).location
        direct.send("POST", f"{address}leave/")
        assert status(direct, direct.launch(platform, AMINA).location) == 200
        assert status(direct, address) == 403
