"""The token endpoint, with a tool that publishes its keys over HTTP."""

import json
import time
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from django.utils import timezone

from lti_tool.protocol.vocabulary import CLIENT_ASSERTION_TYPE, Scope
from lti_tool.sandbox.models import AccessToken, ToolClient
from tests.lti_tool.sandbox import lms
from tests.platform.keys import key_pair
from tests.platform.server import Fault, Server

FORM = "application/x-www-form-urlencoded"
NEEDED = ("grant_type", "client_assertion_type", "client_assertion", "scope")


@pytest.fixture(autouse=True)
def _keys_at_the_server(seeded: None, tool_server: Server) -> None:
    ToolClient.objects.update(jwks_url=f"{tool_server.url}/jwks")


def assertion(key: str = "first", *, header: dict[str, Any] | None = None, **changes: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": "sandbox-tool",
        "sub": "sandbox-tool",
        "aud": f"{lms.URL}/lti/token",
        "iat": now,
        "exp": now + 60,
        "jti": str(uuid.uuid4()),
        **changes,
    }
    claims = {name: value for name, value in claims.items() if value is not ...}
    return jwt.encode(
        claims, key_pair(key).private, "RS256", headers={"kid": key} if header is None else header
    )


def form(**changes: str | None) -> dict[str, str]:
    fields: dict[str, str | None] = {
        "grant_type": "client_credentials",
        "client_assertion_type": CLIENT_ASSERTION_TYPE,
        "client_assertion": assertion() if "client_assertion" not in changes else None,
        "scope": f"{Scope.SCORE} {Scope.LINE_ITEM}",
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def asked(data: dict[str, Any], **options: Any) -> tuple[int, Any]:
    response = lms.browser().post(
        "/lti/token",
        urlencode(data, doseq=True),
        content_type=options.get("content_type", FORM),
        headers={"User-Agent": options.get("agent", "a tool")},
    )
    return response.status_code, lms.json_of(response)


def error(data: dict[str, Any], **options: Any) -> str:
    status, body = asked(data, **options)
    assert status == 400
    assert body["error_description"]
    assert AccessToken.objects.count() == 0
    return str(body["error"])


def test_a_signed_assertion_buys_one_token() -> None:
    data = form()
    status, body = asked(data)
    assert status == 200
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    assert body["scope"].split() == [Scope.SCORE, Scope.LINE_ITEM]
    kept = AccessToken.objects.get()
    assert kept.scopes == [Scope.SCORE, Scope.LINE_ITEM]
    assert body["access_token"] not in kept.digest
    status, body = asked(data)
    assert (status, body["error"]) == (400, "invalid_client")
    assert AccessToken.objects.count() == 1


def test_every_parameter_is_needed_once() -> None:
    for name in NEEDED:
        assert error(form(**{name: None})) == "invalid_request"
        data = form()
        assert error({**data, name: [data[name], data[name]]}) == "invalid_request"
    assert error(form(grant_type="authorization_code")) == "unsupported_grant_type"
    assert error(form(client_assertion_type="saml")) == "invalid_request"


def test_it_takes_forms_of_somebody_who_names_themselves() -> None:
    for content_type in ("application/json", "text/plain", "multipart/form-data"):
        assert error(form(), content_type=content_type) == "invalid_request"
    assert error(form(), agent="") == "invalid_request"
    response = lms.browser().get("/lti/token", form(), headers={"User-Agent": "a tool"})
    assert response.status_code == 400


def test_claims_that_hold() -> None:
    now = int(time.time())
    fine: list[dict[str, Any]] = [
        {"aud": lms.URL},
        {"aud": ["https://elsewhere.example", f"{lms.URL}/lti/token"]},
        {"exp": now + 3600},
        {"iat": float(now)},
        {"nbf": now},
    ]
    for changes in fine:
        assert asked(form(client_assertion=assertion(**changes)))[0] == 200, changes


def test_claims_that_do_not_hold() -> None:
    now = int(time.time())
    wrong: dict[str, list[Any]] = {
        "iss": [..., "another"],
        "sub": [..., "another", "", None, 7, ["sandbox-tool"], "\ud800"],
        "aud": [..., "https://elsewhere.example/token", [], [1, None, {}], f"{lms.URL}/lti/token/"],
        "jti": [..., None, "", 7, "x" * 256, "\ud800"],
        "iat": [..., now + 600, True, str(now), now - 86_400],
        "exp": [..., None, now - 600, now + 86_400, "soon", float("inf"), float("nan")],
        "nbf": [now + 600, "soon"],
    }
    for name, values in wrong.items():
        for value in values:
            signed = assertion(**{name: value})
            assert error(form(client_assertion=signed)) == "invalid_client", (name, value)


def test_what_is_no_assertion_is_refused() -> None:
    for signed in ("x", "a.b.c", "..", "é.é.é", "eyJhbGciOiJub25lIn0.e30.", "\x00"):
        assert error(form(client_assertion=signed)) == "invalid_client", signed
    assert error(form(client_assertion="x" * 20_000)) == "invalid_request"
    claims = jwt.decode(assertion(), options={"verify_signature": False})
    for signed in (
        jwt.encode(claims, "s" * 64, "HS256", headers={"kid": "first"}),
        jwt.encode(claims, "", "none", headers={"kid": "first"}),
        assertion("second", header={"kid": "first"}),
        assertion(header={}),
    ):
        assert error(form(client_assertion=signed)) == "invalid_client"


def test_only_granted_scopes_are_in_the_token() -> None:
    for scope in ("openid", " ", "https://example.org/everything"):
        assert error(form(scope=scope)) == "invalid_scope"
    ToolClient.objects.update(scopes=[str(Scope.LINE_ITEM_READONLY)])
    _, body = asked(form(scope=f"{Scope.SCORE} {Scope.LINE_ITEM_READONLY}"))
    assert body["scope"] == Scope.LINE_ITEM_READONLY
    assert AccessToken.objects.get().scopes == [Scope.LINE_ITEM_READONLY]


def test_the_tools_keys_are_kept_and_looked_for_again(tool_server: Server) -> None:
    """Once, for a new name once more, and when they are old."""
    asked(form())
    asked(form())
    assert tool_server.count == 1
    both = {"keys": [key_pair("first").jwk, key_pair("second").jwk]}
    tool_server.always_fail("keys", Fault(200, json.dumps(both).encode()))
    assert asked(form(client_assertion=assertion("second")))[0] == 200
    assert tool_server.count == 2
    ToolClient.objects.update(keys_fetched_at=timezone.now() - timedelta(hours=2))
    asked(form())
    assert tool_server.count == 3
    assert asked(form(client_assertion=assertion("third")))[0] == 400
    assert tool_server.count == 4


def test_keys_that_cannot_be_had_buy_nothing(tool_server: Server) -> None:
    first = key_pair("first").jwk
    tool_server.fail("keys", Fault(500))
    assert error(form()) == "invalid_client"
    sets: list[object] = [
        *("no JSON", [], {"keys": None}, {"keys": ["first", 7]}, "[" * 100_000),
        *({"keys": [{**first, **change}]} for change in ({"use": "enc"}, {"n": 5}, {"n": "!"})),
        {"keys": [{"kid": "first", "kty": "oct", "k": "c2VjcmV0"}]},
        " " * 1_000_001 + json.dumps({"keys": [first]}),
    ]
    for body in sets:
        text = body if isinstance(body, str) else json.dumps(body)
        tool_server.fail("keys", Fault(200, text.encode()))
        assert error(form()) == "invalid_client", str(body)[:40]
    ToolClient.objects.update(jwks_url="http://127.0.0.1:9/jwks.json")
    assert error(form()) == "invalid_client"
