"""A tool that does nothing but publish its keys."""

from __future__ import annotations

import json

from tests.platform.keys import key_pair
from tests.platform.server import Asked, Reply, Server


class ToolServer(Server):
    """What it answers may be changed while it runs."""

    def __init__(self) -> None:
        super().__init__()
        self.status = 200
        self.body: object = {"keys": [key_pair("first").jwk]}

    def answer(self, asked: Asked) -> Reply:  # noqa: ARG002 whatever is asked
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return Reply(self.status, text.encode())
