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
from lti_tool.sandbox.platform import tokens
from tests.lti_tool.sandbox import lms
from tests.lti_tool.sandbox.tool_server import ToolServer, public_jwk, rsa_key

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def _keys_at_the_server(planted: None, tool_server: ToolServer) -> None:
    ToolClient.objects.update(jwks_url=tool_server.url)


def assertion(key: str = "first", *, header: dict[str, Any] | None = None, **changes: Any) -> str:
    """An honest one, but for the changes, of which a timedelta is from now."""
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
    for name, value in claims.items():
        if isinstance(value, timedelta):
            claims[name] = now + int(value.total_seconds())
    return jwt.encode(
        claims, rsa_key(key), "RS256", headers={"kid": key} if header is None else header
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
    answer = lms.browser().post(
        "/lti/token",
        urlencode(data, doseq=True),
        content_type=options.get("content_type", FORM),
        headers={"User-Agent": options.get("agent", "a tool")},
    )
    return answer.status_code, lms.json_of(answer)


def error(data: dict[str, Any], **options: Any) -> str:
    status, body = asked(data, **options)
    assert status == 400
    assert body["error_description"]
    assert AccessToken.objects.count() == 0
    return str(body["error"])


def test_a_signed_assertion_buys_a_token() -> None:
    status, body = asked(form())
    assert status == 200
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 3600
    assert body["scope"].split() == [Scope.SCORE, Scope.LINE_ITEM]
    kept = AccessToken.objects.get()
    assert kept.scopes == [Scope.SCORE, Scope.LINE_ITEM]
    assert kept.expires_at - kept.issued_at == timedelta(hours=1)


def test_the_token_is_kept_as_a_digest_only() -> None:
    _, body = asked(form())
    kept = AccessToken.objects.get()
    assert body["access_token"] not in kept.digest
    assert tokens.find(body["access_token"]) == kept
    assert tokens.find(kept.digest) is None


def test_an_expired_token_is_not_found() -> None:
    _, body = asked(form())
    now = timezone.now()
    AccessToken.objects.update(issued_at=now - timedelta(hours=2), expires_at=now)
    assert tokens.find(body["access_token"]) is None


def test_the_issuer_is_an_audience_too() -> None:
    assert asked(form(client_assertion=assertion(aud=lms.URL)))[0] == 200


@pytest.mark.parametrize(
    "name", ["grant_type", "client_assertion_type", "client_assertion", "scope"]
)
def test_every_parameter_is_needed_once(name: str) -> None:
    assert error(form(**{name: None})) == "invalid_request"
    data = form()
    assert error({**data, name: [data[name], data[name]]}) == "invalid_request"


def test_another_grant_is_not_supported() -> None:
    assert error(form(grant_type="authorization_code")) == "unsupported_grant_type"


def test_another_kind_of_assertion_is_refused() -> None:
    assert error(form(client_assertion_type="saml")) == "invalid_request"


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data"])
def test_it_takes_forms_only(content_type: str) -> None:
    assert error(form(), content_type=content_type) == "invalid_request"


def test_it_takes_posts_only() -> None:
    answer = lms.browser().get("/lti/token", form(), headers={"User-Agent": "a tool"})
    assert answer.status_code == 400


def test_who_does_not_say_who_they_are_gets_nothing() -> None:
    assert error(form(), agent="") == "invalid_request"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "another"},
        {"aud": "https://elsewhere.example/token"},
        {"aud": []},
        {"exp": timedelta(minutes=-10)},
        {"exp": timedelta(days=1)},
        {"exp": "soon"},
        {"iat": timedelta(minutes=10), "exp": timedelta(minutes=15)},
        {"jti": None},
        {"jti": ""},
    ],
)
def test_an_assertion_whose_claims_do_not_hold_is_refused(changes: dict[str, Any]) -> None:
    assert error(form(client_assertion=assertion(**changes))) == "invalid_client"


@pytest.mark.parametrize("sub", ["another", "", None, 7, ["sandbox-tool"], "\ud800"])
def test_an_unknown_client_is_refused(sub: object) -> None:
    assert error(form(client_assertion=assertion(sub=sub))) == "invalid_client"


@pytest.mark.parametrize(
    "signed", ["x", "a.b.c", "..", "é.é.é", "eyJhbGciOiJub25lIn0.e30.", "W10.W10.W10", "\x00"]
)
def test_what_is_no_assertion_is_refused(signed: str) -> None:
    assert error(form(client_assertion=signed)) == "invalid_client"


def test_an_assertion_that_never_ends_is_refused() -> None:
    assert error(form(client_assertion="x" * 20_000)) == "invalid_request"


def test_claims_of_half_characters_are_no_claims() -> None:
    assert asked(form(client_assertion=assertion(jti="\ud800")))[0] == 400


def test_another_algorithm_is_refused() -> None:
    now = int(time.time())
    claims = {"iss": "sandbox-tool", "sub": "sandbox-tool", "aud": lms.URL, "jti": "x"}
    times = {"iat": now, "exp": now + 60}
    signed = jwt.encode({**claims, **times}, "s" * 64, "HS256", headers={"kid": "first"})
    assert error(form(client_assertion=signed)) == "invalid_client"
    unsigned = jwt.encode({**claims, **times}, "", "none", headers={"kid": "first"})
    assert error(form(client_assertion=unsigned)) == "invalid_client"


def test_another_key_under_the_tools_name_is_refused() -> None:
    signed = assertion("second", header={"kid": "first"})
    assert error(form(client_assertion=signed)) == "invalid_client"


def test_an_assertion_has_to_name_its_key() -> None:
    signed = assertion(header={})
    assert error(form(client_assertion=signed)) == "invalid_client"


def test_an_assertion_buys_one_token() -> None:
    data = form()
    assert asked(data)[0] == 200
    status, body = asked(data)
    assert (status, body["error"]) == (400, "invalid_client")
    assert AccessToken.objects.count() == 1


def test_only_granted_scopes_are_in_the_token() -> None:
    ToolClient.objects.update(scopes=[str(Scope.LINE_ITEM_READONLY)])
    _, body = asked(form(scope=f"{Scope.SCORE} {Scope.LINE_ITEM_READONLY}"))
    assert body["scope"] == Scope.LINE_ITEM_READONLY
    assert AccessToken.objects.get().scopes == [Scope.LINE_ITEM_READONLY]


@pytest.mark.parametrize("scope", ["openid", " ", "https://example.org/everything"])
def test_without_a_granted_scope_there_is_no_token(scope: str) -> None:
    assert error(form(scope=scope)) == "invalid_scope"


def test_the_tools_keys_are_fetched_once(tool_server: ToolServer) -> None:
    asked(form())
    asked(form())
    assert tool_server.asked == 1


def test_a_new_key_is_looked_for_once_more(tool_server: ToolServer) -> None:
    asked(form())
    tool_server.body = {"keys": [public_jwk("first"), public_jwk("second")]}
    assert asked(form(client_assertion=assertion("second")))[0] == 200
    assert tool_server.asked == 2


def test_an_unknown_key_is_looked_for_no_more_than_once(tool_server: ToolServer) -> None:
    assert error(form(client_assertion=assertion("second"))) == "invalid_client"
    assert tool_server.asked == 1
    assert error(form(client_assertion=assertion("second"))) == "invalid_client"
    assert tool_server.asked == 2


def test_old_keys_are_fetched_again(tool_server: ToolServer) -> None:
    asked(form())
    ToolClient.objects.update(keys_fetched_at=timezone.now() - timedelta(hours=2))
    asked(form())
    assert tool_server.asked == 2


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {"keys": [public_jwk("first")]}),
        (200, "no JSON"),
        (200, []),
        (200, {"keys": None}),
        (200, {"keys": ["first", 7]}),
        (200, {"keys": [{"kid": "first"}]}),
        (200, {"keys": [{"kid": "first", "kty": "RSA"}]}),
        (200, {"keys": [{"kid": "first", "kty": "RSA", "n": "!", "e": "AQAB"}]}),
        (200, {"keys": [{"kid": "first", "kty": "oct", "k": "c2VjcmV0"}]}),
        (200, {"keys": [{**public_jwk("first"), "use": "enc"}]}),
        (200, {"keys": [{**public_jwk("first"), "n": 5}]}),
        (200, "[" * 100_000),
        (200, " " * 1_000_001 + json.dumps({"keys": [public_jwk("first")]})),
    ],
)
def test_keys_that_cannot_be_had_buy_nothing(
    tool_server: ToolServer, status: int, body: object
) -> None:
    tool_server.status, tool_server.body = status, body
    assert error(form()) == "invalid_client"


def test_a_tool_that_is_away_gets_nothing() -> None:
    ToolClient.objects.update(jwks_url="http://127.0.0.1:9/jwks.json")
    assert error(form()) == "invalid_client"
