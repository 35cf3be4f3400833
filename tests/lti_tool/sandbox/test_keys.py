import jwt
import pytest

from lti_tool.sandbox.models import PlatformKey, Temper
from lti_tool.sandbox.platform import keys
from tests.lti_tool.sandbox import lms

pytestmark = pytest.mark.usefixtures("planted")


def test_the_key_set_holds_public_members_alone() -> None:
    [key] = lms.json_of(lms.browser().get("/lti/jwks"))["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "alg", "use"}
    assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")


def test_what_is_signed_names_its_key_and_can_be_verified() -> None:
    token = keys.sign({"aud": "sandbox-tool", "iss": lms.URL, "a": 1})
    assert jwt.get_unverified_header(token) == {
        "alg": "RS256",
        "typ": "JWT",
        "kid": "the platform's",
    }
    assert lms.verified(token)["a"] == 1


def test_the_key_is_made_once() -> None:
    assert keys.ensure_key() == keys.ensure_key()
    assert PlatformKey.objects.filter(temper=Temper.MOODLE).count() == 1


def test_each_platform_publishes_its_own_key() -> None:
    [key] = lms.json_of(lms.browser().get("/lti/jwks"))["keys"]
    [other] = lms.json_of(lms.browser().get("/canvas/api/lti/security/jwks"))["keys"]
    assert (key["kid"], other["kid"]) == ("the platform's", "Canvas's")
    token = keys.sign({}, Temper.CANVAS)
    assert jwt.get_unverified_header(token)["kid"] == "Canvas's"
