"""The signature check of a tool's JWT: RS256, with a key that the tool publishes.

The claims are checked in `platform.assertion` and `deep_linking.response`.
"""

import jwt

from lti_tool.sandbox.models import ToolClient
from lti_tool.sandbox.platform import tool_keys
from lti_tool.sandbox.services import json_body
from lti_tool.sandbox.services.json_body import JsonObject

ALGORITHM = "RS256"
JWT_ERRORS = (jwt.PyJWTError, TypeError, UnicodeError, RecursionError, json_body.BadJsonError)

_jws = jwt.PyJWS()


class BadSignatureError(ValueError):
    """The error of a text that is no JWT or not signed by the tool."""


def unverified_claims(token: str) -> JsonObject:
    """Return the claims of a JWT unverified, to find the tool that should have signed it.

    Raise BadSignatureError if it is no JWT.
    """
    try:
        return json_body.read_object(_jws.decode(token, options={"verify_signature": False}))
    except JWT_ERRORS as error:
        raise BadSignatureError("it is no JWT with claims") from error


def verified_claims(token: str, tool: ToolClient) -> JsonObject:
    """Return the claims of a JWT that the tool signed.

    Raise BadSignatureError if it did not sign it, NoKeyError if its key cannot be fetched.
    """
    key = tool_keys.find(tool, _key_id(token))
    try:
        return json_body.read_object(_jws.decode(token, key, algorithms=[ALGORITHM]))
    except JWT_ERRORS as error:
        raise BadSignatureError("it was not signed by this tool") from error


def _key_id(token: str) -> str:
    try:
        header = jwt.get_unverified_header(token)
    except JWT_ERRORS as error:
        raise BadSignatureError("it is no JWT") from error
    kid = header.get("kid")
    if header.get("alg") != ALGORITHM or not isinstance(kid, str):
        raise BadSignatureError("it must be signed with RS256 and name its kid")
    return kid
