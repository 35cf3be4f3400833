"""The sandbox as its tests use it: a browser that signs in and launches, a tool that calls."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import jwt
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client

from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.sandbox import seed
from lti_tool.sandbox.models import ToolClient
from lti_tool.sandbox.platform import keys, tokens

HOST = "127.0.0.1:8000"
URL = f"http://{HOST}"
REDIRECT_URI = "http://localhost:8001/lti/launch/"
ADMINISTRATOR = 1
TEACHER, ASSISTANT, PUPIL, OTHER_PUPIL = 10, 11, 101, 102
OTHER_TEACHER, STRANGER = 12, 201
WORKSHEET, EMPTY, NO_COLUMN, RIVERS = 1, 2, 3, 4
HISTORY, GEOGRAPHY = 2, 3


def browser(**options: Any) -> Client:
    """A client that stands at the sandbox's own address."""
    return Client(headers={"Host": HOST}, **options)


def sign_in(client: Client, person: int) -> None:
    response = client.post("/sign-in/", {"person": person})
    assert response.status_code == 302


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given["action"]
        if tag == "input" and given.get("type") == "hidden":
            self.fields[given["name"]] = given["value"]


@dataclass(frozen=True)
class Posted:
    """A form that posts itself: where to, and with what."""

    action: str
    fields: dict[str, str]


def self_posting(response: Any) -> Posted:
    assert response.status_code == 200, response.content
    form = _Form()
    form.feed(response.content.decode())
    return Posted(form.action, form.fields)


def begin(client: Client, link: int = WORKSHEET, query: str = "") -> dict[str, str]:
    """The fields of the login initiation that a signed-in browser is told to post."""
    return self_posting(client.get(f"/launch/{link}/{query}")).fields


def auth_request(initiation: Mapping[str, str], **changes: str | None) -> dict[str, str]:
    """What an honest tool sends to the authorisation endpoint; None takes a parameter out."""
    params: dict[str, str | None] = {
        "response_type": "id_token",
        "scope": "openid",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": initiation["client_id"],
        "redirect_uri": REDIRECT_URI,
        "login_hint": initiation["login_hint"],
        "lti_message_hint": initiation["lti_message_hint"],
        "nonce": "a nonce",
        "state": "a state",
        **changes,
    }
    return {name: value for name, value in params.items() if value is not None}


def launch(client: Client, link: int = WORKSHEET, query: str = "") -> dict[str, Any]:
    """The whole way; the verified claims of the id_token."""
    response = client.post("/lti/auth", auth_request(begin(client, link, query)))
    return verified(self_posting(response).fields["id_token"])


def verified(id_token: str, audience: str = seed.CLIENT_ID) -> dict[str, Any]:
    published = {key["kid"]: key for key in keys.jwk_set()["keys"]}
    key = jwt.PyJWK.from_dict(published[jwt.get_unverified_header(id_token)["kid"]])
    claims: dict[str, Any] = jwt.decode(
        id_token, key, algorithms=["RS256"], audience=audience, issuer=URL
    )
    return claims


@dataclass
class Tool:
    """A tool that holds a token and calls the services."""

    scopes: list[Scope] = field(default_factory=lambda: list(Scope))
    client_id: str = seed.CLIENT_ID
    token: str = ""

    def __post_init__(self) -> None:
        registered = ToolClient.objects.get(client_id=self.client_id)
        self.token = tokens.issue(registered, [str(scope) for scope in self.scopes])

    def call(
        self,
        method: str,
        address: str,
        body: object = None,
        *,
        content_type: str = "",
        accept: str = "",
        **headers: str,
    ) -> HttpResponse:
        """Text and bytes go as they are, anything else as JSON."""
        data = body if isinstance(body, (str, bytes)) else json.dumps(body)
        sent = {"User-Agent": "a tool", "Authorization": f"Bearer {self.token}", **headers}
        if accept:
            sent["Accept"] = accept
        response = browser().generic(method, address, data, content_type, headers=sent)
        assert isinstance(response, HttpResponse)
        return response

    def post_score(self, body: object, column: int = WORKSHEET, **options: Any) -> HttpResponse:
        options = {"content_type": MediaType.SCORE, **options}
        return self.call("POST", scores_address(column), body, **options)


def scores_address(column: int = WORKSHEET, course: int = HISTORY) -> str:
    return f"/lti/services/{course}/lineitems/{column}/lineitem/scores?type_id=1"


def column_address(column: int = WORKSHEET, course: int = HISTORY) -> str:
    return f"/lti/services/{course}/lineitems/{column}/lineitem?type_id=1"


def results_address(column: int = WORKSHEET, course: int = HISTORY) -> str:
    return f"/lti/services/{course}/lineitems/{column}/lineitem/results?type_id=1"


def columns_address(course: int = HISTORY) -> str:
    return f"/lti/services/{course}/lineitems?type_id=1"


def a_score(**changes: object) -> dict[str, object]:
    """A score that the sandbox takes; `...` takes a member out."""
    body: dict[str, object] = {
        "userId": str(PUPIL),
        "timestamp": "2026-03-01T10:00:00Z",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": 6,
        "scoreMaximum": 8,
        "comment": "Gaps: 6 of 8.",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not ...}


def json_of(response: HttpResponseBase) -> Any:
    assert isinstance(response, HttpResponse)
    return json.loads(response.content)
