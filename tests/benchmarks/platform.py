"""A platform for measurements: signs launches, serves its keys, takes scores and notes when."""

from __future__ import annotations

import time
from typing import Any

import jwt

from lti_tool.protocol.vocabulary import CONTEXT_ROLE, VERSION, Claim, MessageType, Scope
from tests.platform.keys import Keys, key_pair
from tests.platform.server import Asked, Reply, Server, json_reply
from tests.platform.services import Gradebook, Tokens

CLIENT_ID, DEPLOYMENT, KID = "benchmark", "1", "key-1"


class Arrivals(Gradebook):
    """Notes when a pupil's score came, and keeps no cells."""

    def __init__(self) -> None:
        super().__init__()
        self.at: dict[str, float] = {}  # pupil -> when

    def answer_scores(self, asked: Asked) -> Reply:
        self.at[asked.json["userId"]] = time.perf_counter()
        return json_reply({})


class Platform(Server):
    """One course, one link, any number of pupils.

    Parts of a FakePlatform without the whole, which needs Django and checks every call.
    """

    def __init__(self) -> None:
        self.arrivals = Arrivals()
        super().__init__(Keys(key_pair(KID)), Tokens(), self.arrivals)

    def id_token(self, person: str, nonce: str, tool: str, role: str) -> str:
        """A launch of the one link, as Moodle would claim it."""
        now = int(time.time())
        scopes = [Scope.LINE_ITEM, Scope.SCORE, Scope.RESULT_READONLY]
        claims: dict[str, Any] = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": person,
            "iat": now,
            "exp": now + 600,  # a machine may be busy
            "nonce": nonce,
            "name": f"Pupil Number {person}",
            "given_name": "Pupil",
            "family_name": f"Number {person}",
            Claim.MESSAGE_TYPE: MessageType.RESOURCE_LINK,
            Claim.VERSION: VERSION,
            Claim.DEPLOYMENT_ID: DEPLOYMENT,
            Claim.TARGET_LINK_URI: f"{tool}/lti/launch/",
            Claim.ROLES: [f"{CONTEXT_ROLE}{role}"],
            Claim.CONTEXT: {"id": "course", "label": "HIS", "title": "History"},
            Claim.RESOURCE_LINK: {"id": "link", "title": "Causes"},
            Claim.LAUNCH_PRESENTATION: {"locale": "en", "return_url": f"{self.url}/back"},
            Claim.AGS_ENDPOINT: {
                "scope": scopes,
                "lineitems": f"{self.url}/lineitems",
                "lineitem": f"{self.url}/lineitems/1/lineitem?type_id=1",
            },
        }
        return jwt.encode(claims, key_pair(KID).private, algorithm="RS256", headers={"kid": KID})
