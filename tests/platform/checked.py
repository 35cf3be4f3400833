"""An LMS that is asked for its keys, tokens, a roster and a column.

Its settings can be broken one by one.
"""

from __future__ import annotations

from dataclasses import replace
from email.utils import formatdate
from time import time

from lti_tool.models import Context, LineItem, Registration
from lti_tool.protocol.vocabulary import MediaType, Scope
from tests.cast import Course
from tests.platform.keys import key_pair
from tests.platform.server import Asked, Reply, Server, json_reply

NAMES = ("Philippa Quillfeather", "Quentin Marsh")


class Lms(Server):
    """Healthy as it begins. ``status`` is by path; ``ahead`` are seconds of its clock, ``said``
    is what it says instead of them."""

    def __init__(self) -> None:
        super().__init__()
        self.scopes = {str(scope) for scope in Scope}
        self.status: dict[str, int] = {}
        self.error = "invalid_client"
        self.keys: list[object] = [key_pair("first").jwk]
        self.ahead: float | None = 0.0
        self.said = ""

    def date(self) -> str:
        if self.ahead is None:
            return ""
        return self.said or formatdate(time() + self.ahead, usegmt=True)

    def connect(self, course: Course) -> Registration:
        """Let the platform of the course live here, with all its courses."""
        registration = course.deployment.registration
        registration.product = "moodle"
        registration.jwks_url = f"{self.url}/jwks"
        registration.auth_token_url = f"{self.url}/token"
        registration.save()
        courses = Context.objects.filter(deployment=course.deployment)
        courses.update(roster_url=f"{self.url}/members")
        columns = LineItem.objects.filter(link__deployment=course.deployment)
        columns.update(url=f"{self.url}/column?type_id=1")
        return registration

    def answer(self, asked: Asked) -> Reply:
        if asked.path in self.status:
            return json_reply({"error": self.error}, self.status[asked.path])
        if asked.path == "/jwks":
            return json_reply({"keys": self.keys})
        if asked.path == "/token":
            granted = self.scopes.intersection(asked.form["scope"].split())
            token = {"access_token": "t", "token_type": "Bearer", "expires_in": 3600}
            return json_reply(token) if granted else json_reply({"error": "invalid_scope"}, 400)
        if asked.path == "/members":
            people = [
                {"user_id": str(n), "name": name, "roles": ["Learner"]}
                for n, name in enumerate(NAMES)
            ]
            reply = json_reply({"id": self.url, "context": {"id": "2"}, "members": people})
            return replace(reply, headers={"Content-Type": MediaType.MEMBERSHIP_CONTAINER})
        return json_reply({"id": f"{self.url}/column", "label": "Causes", "scoreMaximum": 8})
