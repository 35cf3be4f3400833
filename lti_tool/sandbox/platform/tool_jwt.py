"""A JWT that a tool signed: whether it did, with RS256 and a key that it publishes.

What it says is checked by whoever reads it: `assertion`, `deep_linking_answer`.
"""

import jwt

from lti_tool.sandbox.models import ToolClient
from lti_tool.sandbox.platform import tool_keys
from lti_tool.sandbox.services import json_body
from lti_tool.sandbox.services.json_body import JsonObject

ALGORITHM = "RS256"
UNREADABLE = (jwt.PyJWTError, TypeError, UnicodeError, RecursionError, json_body.BadJsonError)

_jws = jwt.PyJWS()


class BadSignatureError(ValueError):
    """This is no JWT, or it was not signed as it should be."""


def unverified_claims(signed: str) -> JsonObject:
    """What it says, for finding out who should have signed it."""
    try:
        return json_body.read_object(_jws.decode(signed, options={"verify_signature": False}))
    except UNREADABLE as error:
        raise BadSignatureError("it is no JWT with claims") from error


def verified_claims(signed: str, tool: ToolClient) -> JsonObject:
    """What the tool says; BadSignatureError, or NoKeyError where its keys cannot be had."""
    key = tool_keys.find(tool, _key_name(signed))
    try:
        return json_body.read_object(_jws.decode(signed, key, algorithms=[ALGORITHM]))
    except UNREADABLE as error:
        raise BadSignatureError("it was not signed by this tool") from error


def _key_name(signed: str) -> str:
    try:
        header = jwt.get_unverified_header(signed)
    except UNREADABLE as error:
        raise BadSignatureError("it is no JWT") from error
    kid = header.get("kid")
    if header.get("alg") != ALGORITHM or not isinstance(kid, str):
        raise BadSignatureError("it must be signed with RS256 and name its kid")
    return kid
