"""Rosters as platforms send them, page by page."""

from __future__ import annotations

import json

from tests.cast import Course
from tests.platform.fake import FakePlatform
from tests.platform.server import Asked, Fault

FAULTY = "members"


def person(sub: str, *roles: str, **told: object) -> dict[str, object]:
    """A member; a pupil where no role is said."""
    return {"user_id": sub, "roles": list(roles or ["Learner"]), "status": "Active", **told}


def page(*members: object, **headers: str) -> Fault:
    """One page; ``Link`` and ``ETag`` as named."""
    return Fault(200, json.dumps({"id": "x", "members": members}).encode(), headers)


def following(url: str) -> str:
    return f'<{url}>; rel="next"'


def connect(server: FakePlatform, course: Course) -> None:
    """Let the course's roster live at this server."""
    server.connect(course)
    course.context.roster_url = f"{server.url}/members?type=1"
    course.context.save()
    # Connected anew: what the cast remembers of its platform is read again.
    course.context.deployment.registration.refresh_from_db()


def questions(server: FakePlatform) -> list[Asked]:
    """What the roster's address was asked."""
    return server.asked_for(FAULTY)
