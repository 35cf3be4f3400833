"""Launches from a FakePlatform: tokens of any shape, signed with the keys that it publishes.

The sandbox LMS is honest; this one signs whatever a test tells it to.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lti_tool.models import Deployment, Registration
from lti_tool.protocol.vocabulary import (
    CONTEXT_ROLE,
    COURSE_TYPE,
    VERSION,
    Claim,
    MessageType,
    Scope,
)
from tests.platform.fake import FakePlatform
from tests.platform.keys import KeyPair, key_pair, raw_token

TEACHER = f"{CONTEXT_ROLE}Instructor"
PUPIL = f"{CONTEXT_ROLE}Learner"


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


# The claim is taken out.
ABSENT: Any = _Absent()

# Claims to set, by name or by the way to a member of a claim.
Changes = Mapping[str | tuple[str, ...], object]

# Texts that may stand in no log line and on no refusal's page.
NAME, GIVEN_NAME, FAMILY_NAME = "Philippa Quillfeather", "Philippa", "Quillfeather"
EMAIL, SUB = "philippa@school.example", "sub-quill-77"


@dataclass
class Platform:
    """One registration of the tool at one platform, as the platform sees it."""

    lms: FakePlatform
    issuer: str = "https://lms.example"
    client_id: str = "client-1"
    deployment_id: str = "deployment-1"
    auth_query: str = ""
    key: KeyPair = field(default_factory=lambda: key_pair("first"))
    registration: Registration = field(init=False)
    deployment: Deployment = field(init=False)

    def __post_init__(self) -> None:
        self.registration = Registration.objects.create(
            name="The LMS",
            issuer=self.issuer,
            client_id=self.client_id,
            auth_login_url=f"{self.lms.url}/auth{self.auth_query}",
            auth_token_url=f"{self.lms.url}/token",
            jwks_url=f"{self.lms.url}/jwks",
        )
        self.deployment = Deployment.objects.create(
            registration=self.registration, deployment_id=self.deployment_id
        )

    def login_form(self, **changes: object) -> dict[str, str]:
        """What the platform sends a browser to the login address with."""
        form = {
            "iss": self.issuer,
            "login_hint": "hint-1",
            "target_link_uri": "http://localhost:8001/lti/launch/",
            "lti_message_hint": '{"launchid": "42"}',
            "client_id": self.client_id,
            "lti_deployment_id": self.deployment_id,
        }
        merged = {**form, **changes}
        return {name: str(value) for name, value in merged.items() if value is not ABSENT}

    def claims(self, nonce: str, changes: Changes | None = None) -> dict[str, Any]:
        """A complete launch by a pupil, changed where the test says."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.client_id,
            "azp": self.client_id,
            "sub": SUB,
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            "name": NAME,
            "given_name": GIVEN_NAME,
            "family_name": FAMILY_NAME,
            "email": EMAIL,
            Claim.MESSAGE_TYPE.value: MessageType.RESOURCE_LINK.value,
            Claim.VERSION.value: VERSION,
            Claim.DEPLOYMENT_ID.value: self.deployment_id,
            Claim.TARGET_LINK_URI.value: "http://localhost:8001/lti/launch/",
            Claim.RESOURCE_LINK.value: {"id": "link-1", "title": "Causes of the war"},
            Claim.ROLES.value: [PUPIL],
            Claim.CONTEXT.value: {
                "id": "course-1",
                "label": "HIS9",
                "title": "History 9",
                "type": [COURSE_TYPE],
            },
            Claim.TOOL_PLATFORM.value: {"guid": "g", "product_family_code": "moodle"},
            Claim.LAUNCH_PRESENTATION.value: {
                "locale": "en",
                "document_target": "iframe",
                "return_url": "https://lms.example/return?id=1",
            },
            Claim.CUSTOM.value: {"chapter": "3", "unset": None},
            Claim.AGS_ENDPOINT.value: {
                "scope": [Scope.LINE_ITEM.value, Scope.SCORE.value],
                "lineitems": f"{self.lms.url}/lineitems?type_id=1",
                "lineitem": f"{self.lms.url}/lineitems/1/lineitem?type_id=1",
            },
            Claim.NRPS_SERVICE.value: {
                "context_memberships_url": f"{self.lms.url}/members",
                "service_versions": ["2.0"],
            },
        }
        return changed(claims, changes or {})

    def token(
        self,
        nonce: str,
        changes: Changes | None = None,
        *,
        header: Changes | None = None,
        key: KeyPair | None = None,
        algorithm: str = "RS256",
    ) -> str:
        """A signed token. ``header`` replaces members of the header, or ABSENTs them."""
        names = changed({"typ": "JWT", "alg": algorithm, "kid": self.key.kid}, header or {})
        return raw_token(names, self.claims(nonce, changes), key or self.key, algorithm)


def changed(claims: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """A copy of ``claims`` with each change made."""
    copy: dict[str, Any] = json.loads(json.dumps(claims))
    for name, value in changes.items():
        *way, last = (name,) if isinstance(name, str) else name
        place = copy
        for step in way:
            place = place[step]
        if value is ABSENT:
            place.pop(last)
        else:
            place[last] = value
    return copy
