"""One token at a time, asked for by one of all processes."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from lti_tool.adapter import tokens
from lti_tool.adapter.tokens import GrantedToken
from lti_tool.models import AccessToken, Registration
from lti_tool.services.errors import DeliveryProblem, ServiceError
from tests.cast import Cast
from tests.lti_tool.clock import Clock

SCOPES = "score"


class Asked:
    """The platform: gives token-1, token-2, …, or what it was told to raise."""

    def __init__(self, lifetime: float = 3600) -> None:
        self.count = 0
        self.lifetime = timedelta(seconds=lifetime)
        self.failure: ServiceError | None = None

    def __call__(self) -> GrantedToken:
        self.count += 1
        if self.failure:
            raise self.failure
        return GrantedToken.now(f"token-{self.count}", self.lifetime)


@pytest.fixture
def registration(cast: Cast) -> Registration:
    return cast.course.deployment.registration


def another_process() -> None:
    """Forget what this one remembers."""
    tokens._cache.clear()


def test_a_token_is_asked_for_once(registration: Registration) -> None:
    ask = Asked()
    found = [tokens.token_for(registration, SCOPES, ask) for _ in range(3)]
    another_process()
    found.append(tokens.token_for(registration, SCOPES, ask))
    assert set(found) == {"token-1"}
    assert ask.count == 1


def test_a_token_is_renewed_before_it_expires(registration: Registration, clock: Clock) -> None:
    ask = Asked(lifetime=3600)
    tokens.token_for(registration, SCOPES, ask)
    clock.go_on(3600 - 121)
    assert tokens.token_for(registration, SCOPES, ask) == "token-1"
    clock.go_on(1)
    assert tokens.token_for(registration, SCOPES, ask) == "token-2"
    assert AccessToken.objects.count() == 1


def test_a_token_that_lives_for_a_minute_is_not_asked_for_each_time(
    registration: Registration, clock: Clock
) -> None:
    ask = Asked(lifetime=60)
    for _ in range(5):
        clock.go_on(5)
        tokens.token_for(registration, SCOPES, ask)
    assert ask.count == 1


def test_while_one_renews_it_the_others_use_the_old_one(
    registration: Registration, clock: Clock
) -> None:
    ask = Asked()
    tokens.token_for(registration, SCOPES, ask)
    clock.go_on(3600 - 60)
    AccessToken.objects.update(renewed_until=clock.time + timedelta(seconds=30))
    another_process()
    assert tokens.token_for(registration, SCOPES, ask) == "token-1"
    assert ask.count == 1


def test_a_token_that_cannot_be_renewed_serves_to_its_end(
    registration: Registration, clock: Clock
) -> None:
    ask, down = Asked(), Asked()
    down.failure = ServiceError(DeliveryProblem.UNREACHABLE, permanent=False)
    tokens.token_for(registration, SCOPES, ask)
    clock.go_on(3600 - 100)
    for _ in range(5):
        another_process()
        assert tokens.token_for(registration, SCOPES, down) == "token-1"
    assert down.count == 1  # the platform is let be for some seconds
    clock.go_on(11)
    another_process()
    assert tokens.token_for(registration, SCOPES, ask) == "token-2"
    clock.go_on(3600)
    another_process()
    with pytest.raises(ServiceError):
        tokens.token_for(registration, SCOPES, down)


def test_while_a_thread_renews_it_the_others_use_the_old_one(
    registration: Registration, clock: Clock
) -> None:
    ask = Asked()
    tokens.token_for(registration, SCOPES, ask)
    clock.go_on(3600 - 60)
    with tokens._cached(registration, SCOPES).lock:
        assert tokens.token_for(registration, SCOPES, ask) == "token-1"


def test_who_dies_over_a_renewal_holds_it_only_for_a_while(
    registration: Registration, clock: Clock
) -> None:
    ask = Asked()
    tokens.token_for(registration, SCOPES, ask)
    clock.go_on(3600 - 60)
    AccessToken.objects.update(renewed_until=clock.time + timedelta(seconds=30))
    another_process()
    clock.go_on(31)
    assert tokens.token_for(registration, SCOPES, ask) == "token-2"


def test_without_any_token_the_others_wait_for_the_one_who_asks(
    registration: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process brings it while we look again."""
    AccessToken.objects.create(
        registration=registration,
        scopes=SCOPES,
        expires_at=timezone.now(),
        renewed_until=timezone.now() + timedelta(seconds=30),
    )
    looks = []

    def meanwhile(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            tokens.save_token(registration, SCOPES, GrantedToken.now("theirs", timedelta(hours=1)))

    monkeypatch.setattr(time, "sleep", meanwhile)
    ask = Asked()
    assert tokens.token_for(registration, SCOPES, ask) == "theirs"
    assert (ask.count, len(looks)) == (0, 3)


def test_a_failure_is_not_asked_for_again_by_each_who_waited(registration: Registration) -> None:
    ask = Asked()
    ask.failure = ServiceError(DeliveryProblem.UNREACHABLE, permanent=False)
    for _ in range(5):
        with pytest.raises(ServiceError):
            tokens.token_for(registration, SCOPES, ask)
    assert ask.count == 1


def test_after_a_failure_it_is_asked_for_again(
    registration: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "FAILURE_SECONDS", 0.0)
    ask = Asked()
    ask.failure = ServiceError(DeliveryProblem.UNREACHABLE, permanent=False)
    with pytest.raises(ServiceError):
        tokens.token_for(registration, SCOPES, ask)
    ask.failure = None
    assert tokens.token_for(registration, SCOPES, ask) == "token-2"


def test_forgetting_an_old_token_leaves_the_new_one(registration: Registration) -> None:
    """Two scores found the same token refused; the second comes when there is a new one."""
    ask = Asked()
    old = tokens.token_for(registration, SCOPES, ask)
    tokens.delete_token(registration, SCOPES, old)
    new = tokens.token_for(registration, SCOPES, ask)
    tokens.delete_token(registration, SCOPES, old)
    assert tokens.token_for(registration, SCOPES, ask) == new
    assert ask.count == 2


def test_another_client_id_is_another_token(registration: Registration) -> None:
    ask = Asked()
    tokens.token_for(registration, SCOPES, ask)
    AccessToken.objects.all().delete()  # as registering again does
    registration.client_id = "another"
    assert tokens.token_for(registration, SCOPES, ask) == "token-2"


def test_threads_of_one_process_ask_once(registration: Registration) -> None:
    """Those who wait for the lock find what the first one brought."""
    ask = Asked()
    tokens._cached(registration, SCOPES).lock.acquire()
    found: list[str] = []
    granted = GrantedToken.now("first", timedelta(hours=1))

    def shared(*_: object) -> GrantedToken:
        return granted

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "_shared_token", shared)
        threads = [
            threading.Thread(
                target=lambda: found.append(tokens.token_for(registration, SCOPES, ask))
            )
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        assert found == []
        tokens._cached(registration, SCOPES).lock.release()
        for thread in threads:
            thread.join(10)
    assert found == ["first"] * 4
    assert ask.count == 0
