"""The claims of a deep linking response (LTI-DL 2.0, 4.5). Pure.

The signature is checked before, in `platform.tool_jwt`.
"""

from collections.abc import Collection
from dataclasses import dataclass

from lti_tool.protocol.vocabulary import DEEP_LINKING_RESPONSE, VERSION, Claim
from lti_tool.sandbox.deep_linking import content_items
from lti_tool.sandbox.deep_linking.content_items import ContentItem
from lti_tool.sandbox.platform import signed_claims
from lti_tool.sandbox.platform.signed_claims import BadClaimError, Claims
from lti_tool.sandbox.services import fields

MAX_MESSAGE_LENGTH = 2000


@dataclass(frozen=True)
class Expected:
    """The values of the request that the response has to match."""

    client_id: str
    issuer: str
    deployment_id: str
    data: str
    multiple: bool
    origins: Collection[str]


@dataclass(frozen=True)
class DeepLinkingResponse:
    nonce: str
    items: list[ContentItem]
    message: str
    error_message: str


def check(claims: Claims, expected: Expected, now: int) -> DeepLinkingResponse:
    """Return the response. Raise BadClaimError or BadFieldError for the first error in it."""
    if claims.get("iss") != expected.client_id:
        raise BadClaimError("iss must be the tool's client_id")
    if expected.issuer not in signed_claims.audience(claims):
        raise BadClaimError("aud must be the platform's issuer")
    for claim, value in {
        Claim.MESSAGE_TYPE: DEEP_LINKING_RESPONSE,
        Claim.VERSION: VERSION,
        Claim.DEPLOYMENT_ID: expected.deployment_id,
        Claim.DATA: expected.data,
    }.items():
        if claims.get(claim) != value:
            name = claim.rpartition("/")[2]
            raise BadClaimError(f"{name} must be that of the request: {value}")
    signed_claims.expiry(claims, now)
    nonce = signed_claims.unique_id(claims, "nonce")
    items = content_items.parse(claims.get(Claim.CONTENT_ITEMS, []), expected.origins)
    if len(items) > 1 and not expected.multiple:
        raise BadClaimError("content_items has more than one item, and one was asked for")
    body = dict(claims)
    fields.text(body, Claim.LOG, MAX_MESSAGE_LENGTH)
    fields.text(body, Claim.ERROR_LOG, MAX_MESSAGE_LENGTH)
    return DeepLinkingResponse(
        nonce=nonce,
        items=items,
        message=fields.text(body, Claim.MESSAGE, MAX_MESSAGE_LENGTH),
        error_message=fields.text(body, Claim.ERROR_MESSAGE, MAX_MESSAGE_LENGTH),
    )
