"""The claims of a deep linking answer: LTI-DL 2.0, 4.5. Pure; the signature was checked before."""

from collections.abc import Collection
from dataclasses import dataclass

from lti_tool.protocol.vocabulary import DEEP_LINKING_RESPONSE, VERSION, Claim
from lti_tool.sandbox.deep_linking import content_items
from lti_tool.sandbox.deep_linking.content_items import ContentItem
from lti_tool.sandbox.platform import signed_claims
from lti_tool.sandbox.platform.signed_claims import BadClaimError, Claims
from lti_tool.sandbox.services import fields

LONGEST_MESSAGE = 2000


@dataclass(frozen=True)
class Asked:
    """What the request said, and the answer has to fit."""

    client_id: str
    issuer: str
    deployment_id: str
    data: str
    multiple: bool
    origins: Collection[str]


@dataclass(frozen=True)
class Answer:
    nonce: str
    items: list[ContentItem]
    message: str
    error_message: str


def check(claims: Claims, asked: Asked, now: int) -> Answer:
    """The answer; BadClaimError or BadFieldError for the first thing that is wrong with it."""
    _check_sender(claims, asked)
    signed_claims.expiry(claims, now)
    nonce = signed_claims.once(claims, "nonce")
    items = content_items.parse(claims.get(Claim.CONTENT_ITEMS, []), asked.origins)
    if len(items) > 1 and not asked.multiple:
        raise BadClaimError("content_items has more than one item, and one was asked for")
    body = dict(claims)
    fields.text(body, Claim.LOG, LONGEST_MESSAGE)
    fields.text(body, Claim.ERROR_LOG, LONGEST_MESSAGE)
    return Answer(
        nonce=nonce,
        items=items,
        message=fields.text(body, Claim.MESSAGE, LONGEST_MESSAGE),
        error_message=fields.text(body, Claim.ERROR_MESSAGE, LONGEST_MESSAGE),
    )


def _check_sender(claims: Claims, asked: Asked) -> None:
    if claims.get("iss") != asked.client_id:
        raise BadClaimError("iss must be the tool's client_id")
    if asked.issuer not in signed_claims.audience(claims):
        raise BadClaimError("aud must be the platform's issuer")
    wanted = {
        Claim.MESSAGE_TYPE: DEEP_LINKING_RESPONSE,
        Claim.VERSION: VERSION,
        Claim.DEPLOYMENT_ID: asked.deployment_id,
        Claim.DATA: asked.data,
    }
    for claim, value in wanted.items():
        if claims.get(claim) != value:
            name = claim.rpartition("/")[2]
            raise BadClaimError(f"{name} must be what the request says: {value}")
