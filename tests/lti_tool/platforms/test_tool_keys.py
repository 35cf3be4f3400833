"""Our key pairs."""

from __future__ import annotations

import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lti_tool.audit import TOOL
from lti_tool.models import AuditEntry, ToolKey
from lti_tool.platforms import tool_keys
from lti_tool.platforms.tool_keys import public_key_set, rotate, signing_key
from tests.lti_tool.clock import Stopwatch
from tests.platform.keys import key_pair

pytestmark = pytest.mark.django_db


def let_pass(days: float) -> None:
    """As if everything that is there had been made that much earlier."""
    for key in ToolKey.objects.all():
        ToolKey.objects.filter(pk=key.pk).update(created_at=key.created_at - timedelta(days=days))
    tool_keys.clear_cache()


def published() -> list[str]:
    return [key["kid"] for key in public_key_set()["keys"]]


def command(*options: str) -> str:
    said = StringIO()
    call_command("rotate_keys", *options, stdout=said)
    return said.getvalue()


def test_the_first_is_made_when_it_is_needed_and_then_kept() -> None:
    first = signing_key()
    assert signing_key() is first
    assert ToolKey.objects.count() == 1
    assert first.private.key_size == 2048


def test_the_set_is_never_empty() -> None:
    assert published() == [signing_key().kid]


def test_a_signature_costs_no_statement(
    django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "monotonic", Stopwatch())
    first = signing_key()
    with django_assert_num_queries(0):
        assert signing_key() is first


def test_another_process_s_new_key_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Stopwatch()
    monkeypatch.setattr(time, "monotonic", watch)
    first = signing_key()
    ToolKey.objects.create(kid="theirs", generation=2, private_pem=key_pair("first").pem)
    ToolKey.objects.filter(kid=first.kid).update(retired_at=timezone.now())
    assert signing_key() is first
    watch.go_on(tool_keys.CACHE_SECONDS)
    assert signing_key().kid == "theirs"


def test_two_processes_make_one_key(monkeypatch: pytest.MonkeyPatch) -> None:
    def while_another_process_is_quicker() -> str:
        ToolKey.objects.create(kid="theirs", generation=1, private_pem=key_pair("first").pem)
        return key_pair("first").pem

    monkeypatch.setattr(tool_keys, "_new_private_pem", while_another_process_is_quicker)
    assert signing_key().kid == "theirs"
    assert published() == ["theirs"]


def test_of_two_that_found_the_same_keys_one_makes_the_next() -> None:
    """The second one is slower, and finds its generation taken."""
    found: list[ToolKey] = []
    assert tool_keys._make_next(found, TOOL) == tool_keys._make_next(found, TOOL)
    assert ToolKey.objects.count() == 1


def test_a_new_key_is_published_signs_and_outlives_the_old_one() -> None:
    old = signing_key()
    new = rotate(by=TOOL)
    assert new is not None
    assert published() == [new.kid, old.kid]
    assert signing_key().kid == old.kid, "platforms may not have read the new one yet"
    let_pass(days=2)
    assert signing_key().kid == new.kid
    assert published() == [new.kid, old.kid], "what the old one signed is still on its way"
    let_pass(days=2)
    assert published() == [new.kid]


def test_keys_are_rotated_by_age() -> None:
    old = signing_key()
    let_pass(days=181)
    assert signing_key().kid == old.kid
    new, kept = published()
    assert kept == old.kid
    let_pass(days=2)
    assert signing_key().kid == new


def test_a_retired_key_is_remembered_without_its_private_part() -> None:
    old = signing_key()
    rotate(by=TOOL)
    let_pass(days=5)
    assert old.kid not in published()
    row = ToolKey.objects.get(kid=old.kid)
    assert row.retired_at is not None
    assert row.private_pem == ""


def test_the_command_repeated_makes_no_third_key() -> None:
    signing_key()
    assert "is published and signs in 48 hours" in command()
    assert "does not sign yet" in command()
    assert ToolKey.objects.count() == 2


def test_keys_that_have_got_about_are_withdrawn_at_once() -> None:
    old = signing_key()
    rotate(by=TOOL)
    assert "signs from now on" in command("--at-once")
    assert [signing_key().kid] == published()
    assert signing_key().kid != old.kid
    withdrawn = ToolKey.objects.exclude(retired_at=None)
    assert [key.private_pem for key in withdrawn] == ["", ""]


def test_keys_of_before_there_were_generations_go_on() -> None:
    ToolKey.objects.create(kid="before", private_pem=key_pair("first").pem)
    assert signing_key().kid == "before"
    assert rotate(by=TOOL) is not None
    assert signing_key().kid == "before"


def test_nothing_private_is_shown() -> None:
    (key,) = public_key_set()["keys"]
    assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}
    assert "=" not in key["n"]
    assert key["e"] == "AQAB"


def test_a_key_that_has_expired_is_recorded_once() -> None:
    old = signing_key().kid
    rotate(by=TOOL)
    let_pass(days=5)
    for _time in range(2):
        assert old not in published()
    row = AuditEntry.objects.filter(kind="tool-key").latest("pk")
    assert (row.by, row.after) == ("tool", {"withdrawn": [old]})
    assert AuditEntry.objects.count() == 3


def test_new_and_withdrawn_keys_are_recorded_without_their_secret() -> None:
    first = signing_key().kid
    command("--at-once")
    second = ToolKey.objects.get(retired_at=None)
    made, again, withdrawn = AuditEntry.objects.filter(kind="tool-key").order_by("pk")
    assert (made.by, made.after) == ("tool", {"made": first})
    assert (again.operator, again.after) == ("manage.py", {"made": second.kid})
    assert (withdrawn.operator, withdrawn.after) == ("manage.py", {"withdrawn": [first]})
