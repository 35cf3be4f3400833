"""Our key changes while a platform still holds the old one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest

from lti_tool.adapter import tokens
from lti_tool.audit import TOOL
from lti_tool.models import AccessToken, Delivery, LineItem, ToolKey
from lti_tool.platforms import tool_keys
from lti_tool.platforms.tool_keys import public_key_set
from lti_tool.protocol.vocabulary import Scope
from lti_tool.services.errors import DeliveryProblem
from tests.cast import Cast
from tests.lti_tool.clock import Clock
from tests.lti_tool.delivering import deliver_due
from tests.lti_tool.grades.faults.scores import AMINA, report, row_of
from tests.platform.fake import FakePlatform
from tests.platform.server import Asked, Reply
from tests.platform.services import Tokens


class Careful(Tokens):
    """It checks the assertion's signature with the keys that it read last."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Any] = {}

    def read_our_keys(self) -> None:
        self.known = {key["kid"]: jwt.PyJWK(key).key for key in public_key_set()["keys"]}

    def answer_token(self, asked: Asked) -> Reply:
        assertion = asked.form["client_assertion"]
        key = self.known.get(jwt.get_unverified_header(assertion)["kid"])
        if key is None:
            return Reply(400, b'{"error": "invalid_client"}')
        jwt.decode(assertion, key, ["RS256"], options={"verify_aud": False, "verify_iat": False})
        return super().answer_token(asked)


@pytest.fixture
def careful() -> Careful:
    return Careful()


@pytest.fixture
def lms(
    lms: FakePlatform, careful: Careful, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakePlatform]:
    monkeypatch.setattr(tokens, "FAILURE_SECONDS", 0.0)
    with FakePlatform(tokens=careful) as server:
        server.connect(cast.course)
        yield server


def the_token_ends() -> None:
    AccessToken.objects.all().delete()
    tokens._cache.clear()


def days_pass(clock: Clock, days: float) -> None:
    clock.go_on(days * 24 * 3600)
    tool_keys.clear_cache()


def test_a_platform_that_reads_keys_seldom_knows_the_new_one_before_it_signs(
    cast: Cast, lms: FakePlatform, careful: Careful, clock: Clock
) -> None:
    tool_keys.signing_key()
    careful.read_our_keys()
    made = tool_keys.rotate(by=TOOL)
    assert made is not None
    report(cast, cast.amina, "5")
    assert deliver_due() == 1
    assert lms.gradebook.cell(AMINA).given == 5, "the old key still signs"
    the_token_ends()
    careful.read_our_keys()  # some time within the overlap
    days_pass(clock, 2.01)
    assert tool_keys.signing_key().kid == made.kid
    report(cast, cast.amina, "6")
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 6


def test_while_the_platform_holds_the_old_key_scores_wait(
    cast: Cast, lms: FakePlatform, careful: Careful, clock: Clock
) -> None:
    """The keys got about, and the new one signs at once."""
    tool_keys.signing_key()
    careful.read_our_keys()
    old = set(careful.known)
    tool_keys.rotate_now(by=TOOL)
    report(cast, cast.amina)
    deliver_due()
    row = row_of(cast.amina)
    assert (row.state, row.problem) == (Delivery.State.DUE, DeliveryProblem.TOKEN_REFUSED)
    assert "invalid_client" in row.detail
    careful.read_our_keys()
    assert not old & set(careful.known)
    clock.time = row.next_try_at + timedelta(seconds=1)
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 6
    assert ToolKey.objects.filter(retired_at=None).count() == 1


def test_a_token_outlives_the_key_that_asked_for_it(
    cast: Cast, lms: FakePlatform, careful: Careful, clock: Clock
) -> None:
    LineItem.objects.update(scopes=[Scope.SCORE])  # to read results is a token of its own
    tool_keys.signing_key()
    careful.read_our_keys()
    report(cast, cast.amina, "5")
    deliver_due()
    tool_keys.rotate_now(by=TOOL)
    clock.go_on(5)
    report(cast, cast.amina, "6")
    deliver_due()
    assert lms.gradebook.cell(AMINA).given == 6
    assert len(lms.asked_for("token")) == 1
