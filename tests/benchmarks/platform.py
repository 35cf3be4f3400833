"""A platform for measurements: signs launches, serves its keys, takes scores and notes when."""

from __future__ import annotations

import time
from typing import Any

import jwt

from lti_tool.protocol.vocabulary import CONTEXT_ROLE, VERSION, Claim, MessageType, Scope
from tests.platform.keys import key_pair
from tests.platform.server import Asked, Reply, Server, json_reply

CLIENT_ID, DEPLOYMENT, KID = "benchmark", "1", "key-1"


class Platform(Server):
    """One course, one link, any number of pupils. It serves from the beginning."""

    protocol = "HTTP/1.1"

    def __init__(self) -> None:
        super().__init__()
        self.arrived: dict[str, float] = {}  # pupil -> when the score came
        self.tokens = 0
        self.key_requests = 0
        self.key_delay = 0.0  # seconds that the keys take to come
        self.start()

    def id_token(self, pupil: str, nonce: str, tool: str) -> str:
        """A launch of the one link, as Moodle would claim it."""
        now = int(time.time())
        scopes = [Scope.LINE_ITEM, Scope.SCORE, Scope.RESULT_READONLY]
        claims: dict[str, Any] = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": pupil,
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            "name": f"Pupil Number {pupil}",
            "given_name": "Pupil",
            "family_name": f"Number {pupil}",
            Claim.MESSAGE_TYPE: MessageType.RESOURCE_LINK,
            Claim.VERSION: VERSION,
            Claim.DEPLOYMENT_ID: DEPLOYMENT,
            Claim.TARGET_LINK_URI: f"{tool}/lti/launch/",
            Claim.ROLES: [f"{CONTEXT_ROLE}Learner"],
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

    def answer(self, asked: Asked) -> Reply:
        if asked.method == "GET":
            self.key_requests += 1
            time.sleep(self.key_delay)
            return json_reply({"keys": [key_pair(KID).jwk]})
        if asked.path == "/token":
            self.tokens += 1
            return json_reply({"access_token": "t", "expires_in": 3600})
        self.arrived[asked.json["userId"]] = time.perf_counter()
        return json_reply({})
