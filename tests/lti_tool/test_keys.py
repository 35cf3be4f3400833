"""Our key pairs."""

from __future__ import annotations

import pytest

from lti_tool.keys import make_key, public_key_set, signing_key
from lti_tool.models import ToolKey

pytestmark = pytest.mark.django_db


def test_the_first_is_made_when_it_is_needed_and_then_kept() -> None:
    first = signing_key()
    assert signing_key() is first
    assert ToolKey.objects.count() == 1
    assert first.private.key_size == 2048


def test_the_set_is_never_empty() -> None:
    assert [key["kid"] for key in public_key_set()["keys"]] == [signing_key().kid]


def test_the_newest_signs_and_the_old_ones_are_still_shown() -> None:
    old = signing_key()
    new = make_key()
    assert signing_key().kid == new.kid != old.kid
    assert [key["kid"] for key in public_key_set()["keys"]] == [new.kid, old.kid]


def test_nothing_private_is_shown() -> None:
    (key,) = public_key_set()["keys"]
    assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}
    assert "=" not in key["n"]
    assert key["e"] == "AQAB"
