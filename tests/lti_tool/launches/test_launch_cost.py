"""What a launch asks of the database: statements are counted, time never is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lti_tool.models import Deployment, Membership, StoredLaunch, User
from lti_tool.protocol.vocabulary import Claim
from tests.lti_tool.launching import Browser
from tests.platform.launches import ABSENT, TEACHER, Changes, Platform

WRITES = ("INSERT", "UPDATE", "DELETE")


def statements(browser: Browser, platform: Platform, changes: Changes | None = None) -> list[str]:
    """Of the launch alone, after a login."""
    begun = browser.begin(platform)
    token = platform.token(begun.nonce, changes)
    with CaptureQueriesContext(connection) as captured:
        answer = browser.finish(begun.state, token)
    assert answer.status == 302, answer.text
    return [query["sql"] for query in captured.captured_queries]


def writes(sent: list[str]) -> list[str]:
    return [sql for sql in sent if sql.startswith(WRITES)]


@pytest.fixture
def known(platform: Platform, direct: Browser) -> Platform:
    """A platform from which this person came before."""
    assert direct.launch(platform).status == 302
    return platform


def test_a_login_is_one_read(known: Platform, direct: Browser) -> None:
    with CaptureQueriesContext(connection) as captured:
        direct.begin(known)
    assert len(captured) == 1


def test_a_launch_that_tells_nothing_new_is_three_reads_and_its_row(
    known: Platform, direct: Browser
) -> None:
    sent = statements(direct, known)
    assert len(sent) == 4  # the row is a transaction of its own
    # The third looks for another pupil in this browser.
    assert len([sql for sql in sent if sql.startswith("SELECT")]) == 3
    (row,) = writes(sent)
    assert StoredLaunch._meta.db_table in row


@pytest.mark.parametrize(
    "changes",
    [
        {Claim.CONTEXT: ABSENT},
        {Claim.AGS_ENDPOINT: ABSENT},
        {"name": ABSENT, "given_name": ABSENT, "family_name": ABSENT},
        {(Claim.CONTEXT, "title"): ABSENT},
    ],
    ids=["no course", "no grades", "no names", "no title"],
)
def test_whatever_a_platform_leaves_out(known: Platform, direct: Browser, changes: Changes) -> None:
    assert direct.launch(known, changes).status == 302
    assert len(writes(statements(direct, known, changes))) == 1


@pytest.mark.parametrize(
    "changes",
    [{"name": "Pip"}, {Claim.ROLES: [TEACHER]}, {(Claim.CONTEXT, "title"): "History 10"}],
    ids=["name", "role", "title"],
)
def test_what_differs_is_written_and_nothing_else(
    known: Platform, direct: Browser, changes: Changes
) -> None:
    assert len(writes(statements(direct, known, changes))) == 2


def test_the_reads_do_not_grow_with_the_tables(known: Platform, direct: Browser) -> None:
    before = len(statements(direct, known))
    User.objects.bulk_create(
        User(registration=known.registration, sub=f"crowd-{number}") for number in range(50)
    )
    assert len(statements(direct, known)) == before


def test_what_was_changed_between_two_launches_is_seen_at_the_second(
    known: Platform, direct: Browser
) -> None:
    Membership.objects.update(roles=[TEACHER], status=Membership.Status.GONE)
    statements(direct, known)
    membership = Membership.objects.get()
    assert membership.status == Membership.Status.ACTIVE
    assert not membership.course_roles.is_teacher


def test_a_registration_is_off_at_the_next_launch(known: Platform, direct: Browser) -> None:
    begun = direct.begin(known)
    type(known.registration).objects.update(is_active=False)
    assert direct.finish(begun.state, known.token(begun.nonce)).status == 403


def test_a_deployment_that_was_deleted_is_gone_at_the_next_launch(
    known: Platform, direct: Browser
) -> None:
    begun = direct.begin(known)
    Deployment.objects.all().delete()
    assert direct.finish(begun.state, known.token(begun.nonce)).status == 403


def test_a_token_is_used_once_though_all_else_is_known(known: Platform, direct: Browser) -> None:
    begun = direct.begin(known)
    token = known.token(begun.nonce)
    assert direct.finish(begun.state, token).status == 302
    assert direct.finish(begun.state, token).status == 400
    assert StoredLaunch.objects.count() == 2
