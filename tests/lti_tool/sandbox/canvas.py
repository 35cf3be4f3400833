"""The course with Canvas's flavour, as its tests use it: launches, and a tool that calls."""

from collections.abc import Mapping
from typing import Any

import jwt
from django.http import HttpResponse
from django.test import Client

from lti_tool.protocol.vocabulary import MediaType
from lti_tool.sandbox import seed
from lti_tool.sandbox.canvas import ids
from lti_tool.sandbox.models import Flavour
from lti_tool.sandbox.platform import keys
from tests.lti_tool.sandbox import lms

ISSUER = f"{lms.URL}/canvas"
CLIENT_ID = seed.CANVAS_CLIENT_ID
COURSE, LINK, COLUMN, TEST_STUDENT = 4, 5, 5, 301
AUTHORISE = "/canvas/api/lti/authorize_redirect"
SERVICES = f"/canvas/api/lti/courses/{COURSE}"
COLUMNS, ROSTER = f"{SERVICES}/line_items", f"{SERVICES}/names_and_roles"
SUBMISSION = "https://canvas.instructure.com/lti/submission"


def tool() -> lms.Tool:
    """The tool that Canvas's courses use, with a token for everything."""
    return lms.Tool(client_id=CLIENT_ID)


def begin(client: Client, address: str = f"/launch/{LINK}/") -> dict[str, str]:
    return lms.self_posting(client.get(address)).fields


def authorised(client: Client, initiation: Mapping[str, str], **changes: str) -> dict[str, str]:
    """What is posted to the tool."""
    response = client.post(AUTHORISE, lms.auth_request(initiation, **changes))
    return lms.self_posting(response).fields


def launch(client: Client, address: str = f"/launch/{LINK}/") -> dict[str, Any]:
    """The whole way; the verified claims of the id_token."""
    return verified(authorised(client, begin(client, address))["id_token"])


def verified(id_token: str) -> dict[str, Any]:
    published = {key["kid"]: key for key in keys.jwk_set(Flavour.CANVAS)["keys"]}
    key = jwt.PyJWK.from_dict(published[jwt.get_unverified_header(id_token)["kid"]])
    claims: dict[str, Any] = jwt.decode(
        id_token, key, algorithms=["RS256"], audience=CLIENT_ID, issuer=ISSUER
    )
    return claims


def column_address(column: int = COLUMN) -> str:
    return f"{COLUMNS}/{column}"


def a_score(own: Mapping[str, object] | None = None, **changes: object) -> dict[str, object]:
    """A score that is taken; `...` takes a member out."""
    extension = {} if own is None else {SUBMISSION: dict(own)}
    return lms.a_score(**{"userId": ids.person(lms.PUPIL), **extension, **changes})


def post(
    caller: lms.Tool, own: Mapping[str, object] | None = None, **changes: object
) -> HttpResponse:
    body = a_score(own, **changes)
    address = f"{column_address()}/scores"
    return caller.call("POST", address, body, content_type=MediaType.SCORE)
