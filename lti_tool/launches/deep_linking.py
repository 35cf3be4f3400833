"""The signed response to a deep linking request: links for the LMS to make.

Source: LTI-DL 2.0 sections 3.4 (LTI resource link), 4.5 (the response); LTI Submission Review
1.0 section 3.1 (``submissionReview``).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import jwt
from django.conf import settings
from django.urls import reverse

from lti_tool.launches.visit import Visit
from lti_tool.platforms.products import Product, product_of
from lti_tool.platforms.tool_keys import signing_key
from lti_tool.protocol.launch import DeepLinkingSettings
from lti_tool.protocol.values import json_number
from lti_tool.protocol.vocabulary import (
    CANVAS_KEEPS_NAME,
    DEEP_LINKING_RESPONSE,
    RESOURCE_LINK_ITEM,
    VERSION,
    ActivityProgress,
    Claim,
)

LIFETIME = 5 * 60  # seconds; the browser posts it at once
FRAME_HEIGHT = 800  # pixels, until the page asks for more


@dataclass(frozen=True, slots=True)
class LinkItem:
    """A link for the LMS to make.

    ``key`` comes back with each of its launches and of its copies' launches. ``maximum`` is
    that of its gradebook column; None for a link without marks.
    """

    key: str
    title: str
    text: str
    maximum: Decimal | None
    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    new_window: bool = False


@dataclass(frozen=True, slots=True)
class DeepLinkingResponse:
    """The deep linking response, which the browser posts to ``return_url`` as the field ``JWT``."""

    return_url: str
    jwt: str


def deep_linking_response(
    visit: Visit, request: DeepLinkingSettings, items: Sequence[LinkItem]
) -> DeepLinkingResponse:
    """Return the signed response with the chosen items; there may be none.

    Raise ValueError for more items than were asked for.
    """
    if len(items) > 1 and not request.accepts_several:
        raise ValueError("the platform asked for one item")
    now = int(time.time())
    registration = visit.registration
    claims: dict[str, Any] = {
        "iss": registration.client_id,
        "aud": registration.issuer,
        "iat": now,
        "exp": now + LIFETIME,
        "nonce": secrets.token_urlsafe(24),
        Claim.MESSAGE_TYPE: DEEP_LINKING_RESPONSE,
        Claim.VERSION: VERSION,
        Claim.DEPLOYMENT_ID: visit.membership.context.deployment.deployment_id,
        Claim.CONTENT_ITEMS: [
            _content_item(item, request, product_of(registration.product)) for item in items
        ],
    }
    if request.data is not None:
        claims[Claim.DATA] = request.data
    key = signing_key()
    token = jwt.encode(claims, key.private, algorithm="RS256", headers={"kid": key.kid})
    return DeepLinkingResponse(request.return_url, token)


def _content_item(item: LinkItem, request: DeepLinkingSettings, product: Product) -> dict[str, Any]:
    content: dict[str, Any] = {
        "type": RESOURCE_LINK_ITEM,
        "title": item.title,
        "url": settings.PUBLIC_URL + reverse("lti-launch"),
        "custom": {settings.LTI_RESOURCE_PARAMETER: item.key},
    }
    if product.overwrites_assignments:
        content[CANVAS_KEEPS_NAME] = True
    else:
        content["text"] = item.text
    if item.maximum and request.accepts_line_item:
        content["lineItem"] = _line_item(item, item.maximum)
    ends = {"startDateTime": item.opens_at, "endDateTime": item.closes_at}
    if dates := {name: at.isoformat() for name, at in ends.items() if at is not None}:
        # The same dates twice: some platforms read one of the two, some the other.
        content["available"] = content["submission"] = dates
    if item.due_at is not None and product.keeps_own_dates:
        # Canvas takes the end of submission for the due date, after which it accepts late work.
        content["submission"] = {**dates, "endDateTime": item.due_at.isoformat()}
    content.update(_target(item, request.targets))
    return content


def _line_item(item: LinkItem, maximum: Decimal) -> dict[str, Any]:
    return {
        "label": item.title,
        "scoreMaximum": json_number(maximum),
        "resourceId": item.key,
        "tag": settings.LTI_LINE_ITEM_TAG,
        "submissionReview": {
            "reviewableStatus": [
                ActivityProgress.IN_PROGRESS,
                ActivityProgress.SUBMITTED,
                ActivityProgress.COMPLETED,
            ]
        },
    }


def _target(item: LinkItem, targets: Sequence[str]) -> dict[str, Any]:
    """Return where the link opens; a platform that names no targets takes either."""
    if item.new_window and (not targets or "window" in targets):
        return {"window": {"targetName": "_blank"}}
    if not targets or "iframe" in targets:
        return {"iframe": {"height": FRAME_HEIGHT}}
    return {}
