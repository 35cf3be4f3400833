"""An LMS with everything that the tool calls: keys, tokens, gradebook, roster, registration."""

from __future__ import annotations

from email.utils import formatdate
from typing import Any

from django.utils import timezone

from lti_tool.models import LineItem, ToolKey
from tests.cast import Course
from tests.platform.keys import Keys, key_pair
from tests.platform.registration import DynamicRegistration
from tests.platform.server import Asked, Reply, Server, json_reply
from tests.platform.services import Gradebook, Roster, Tokens

KID = "the tool's key"


class FakePlatform(Server):
    """Healthy as it begins; a test changes what its parts hold, or puts another in their place."""

    def __init__(self, *, tokens: Tokens | None = None, gradebook: Gradebook | None = None) -> None:
        self.keys, self.tokens = Keys(), tokens or Tokens()
        self.gradebook, self.roster = gradebook or Gradebook(), Roster()
        self.registration = DynamicRegistration()
        super().__init__(self.keys, self.tokens, self.gradebook, self.roster, self.registration)
        self.clock_ahead = 0.0  # seconds
        self.date_header: str | None = None  # instead of its clock

    def connect(self, course: Course, *, column: bool = True) -> None:
        """Let a course live here; ``column`` False leaves its column to be made."""
        registration = course.deployment.registration
        registration.auth_token_url = f"{self.url}/token"
        registration.jwks_url = f"{self.url}/jwks"
        registration.save()
        number = course.context.lti_id
        line_item = LineItem.objects.get(pk=course.line_item.pk)
        line_item.url = self.gradebook.column_url(number) if column else ""
        line_item.container_url = f"{self.url}/{number}/lineitems?type_id=1"
        line_item.save()
        ToolKey.objects.get_or_create(kid=KID, defaults={"private_pem": key_pair(KID).pem})

    @property
    def scores(self) -> list[dict[str, Any]]:
        """What was posted, whether it was accepted or not."""
        return [asked.json for asked in self.asked_for("scores")]

    def date(self) -> str:
        """By the test's clock, which is what the tool reads too."""
        if self.date_header is not None:
            return self.date_header
        return formatdate(timezone.now().timestamp() + self.clock_ahead, usegmt=True)

    def answer(self, asked: Asked) -> Reply:
        if not asked.headers.get("user-agent"):
            return Reply(403, b"no user agent")
        part = self.part_of(asked.endpoint)
        bearer = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if part and part.needs_token and bearer not in self.tokens.valid:
            return json_reply({"error": "invalid_token"}, 401)
        return super().answer(asked)
