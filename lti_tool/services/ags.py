"""Assignment and Grade Services 2.0: columns and scores."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit

from lti_tool.errors import Problem, ServiceError
from lti_tool.services.http import Answer
from lti_tool.vocabulary import (
    CANVAS_SUBMISSION,
    ActivityProgress,
    GradingProgress,
    MediaType,
    Scope,
)


class Platform(Protocol):
    """Whoever can call a platform's services with a token (``lti_tool.adapter.connector``)."""

    def request(
        self,
        method: str,
        url: str,
        scopes: list[str],
        *,
        accept: str,
        content: str | None = None,
        content_type: str = "",
    ) -> Answer: ...


@dataclass(frozen=True, slots=True)
class ScorePost:
    """What is sent to a cell (section 3.4). ``timestamp`` is aware and of whole seconds.

    ``submission`` is Canvas's own part of a score; None for every other platform.
    """

    user_id: str
    given: Decimal
    maximum: Decimal
    comment: str
    activity_progress: ActivityProgress
    grading_progress: GradingProgress
    timestamp: datetime
    submission: Mapping[str, object] | None = None


def canvas_submission(address: str, *, is_new: bool) -> dict[str, object]:
    """What Canvas wants beside a score, so that its SpeedGrader can open the answers.

    Only the first score makes a submission; a grade that a teacher has set there stays.
    Source: Canvas LMS, Score API, 'https://canvas.instructure.com/lti/submission'.
    """
    return {
        "new_submission": is_new,
        "submission_type": "basic_lti_launch",
        "submission_data": address,
        "prioritize_non_tool_grade": True,
    }


def post_score(platform: Platform, line_item: str, score: ScorePost) -> None:
    """Put a score into its cell. Raises ServiceError."""
    content: dict[str, object] = {
        "userId": score.user_id,
        "scoreGiven": _number(score.given),
        "scoreMaximum": _number(score.maximum),
        "comment": score.comment,
        "activityProgress": score.activity_progress,
        "gradingProgress": score.grading_progress,
        "timestamp": score.timestamp.isoformat(timespec="milliseconds"),
    }
    if score.submission is not None:
        content[CANVAS_SUBMISSION] = score.submission
    answer = platform.request(
        "POST",
        _below(line_item, "scores"),
        [Scope.SCORE],
        accept="application/json",
        content=json.dumps(content),
        content_type=MediaType.SCORE,
    )
    _check(answer)


def make_line_item(
    platform: Platform, container: str, *, link_id: str, label: str, maximum: Decimal
) -> str:
    """The address of the link's column: the one that is there, or a new one.

    Asking first makes a repeat harmless: an answer that was lost on its way does not
    lead to a second column. Raises ServiceError.
    """
    found = _find_line_item(platform, container, link_id)
    if found:
        return found
    content = {
        "label": label,
        "scoreMaximum": _number(maximum),
        "resourceLinkId": link_id,
    }
    answer = platform.request(
        "POST",
        container,
        [Scope.LINE_ITEM],
        accept=MediaType.LINE_ITEM,
        content=json.dumps(content),
        content_type=MediaType.LINE_ITEM,
    )
    _check(answer)
    address = _address_of(answer.json())
    if not address:
        raise ServiceError(Problem.ANSWER_UNREADABLE, "a column without id", permanent=False)
    return address


def _find_line_item(platform: Platform, container: str, link_id: str) -> str:
    parts = _split(container)
    query = "&".join(filter(None, [parts.query, urlencode({"resource_link_id": link_id})]))
    answer = platform.request(
        "GET",
        urlunsplit(parts._replace(query=query)),
        [Scope.LINE_ITEM],
        accept=MediaType.LINE_ITEM_CONTAINER,
    )
    _check(answer)
    rows = answer.json()
    for row in rows if isinstance(rows, list) else []:
        # A platform that ignores the filter answers with every column of the course.
        if isinstance(row, dict) and str(row.get("resourceLinkId")) == link_id:
            return _address_of(row)
    return ""


def _address_of(row: Any) -> str:
    address = row.get("id") if isinstance(row, dict) else None
    if not isinstance(address, str) or len(address) > 2000:
        return ""
    return address if _split(address).scheme in {"http", "https"} else ""


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError as problem:
        raise ServiceError(
            Problem.UNREACHABLE, "an address that is none", permanent=False
        ) from problem


def _below(line_item: str, name: str) -> str:
    """Moodle's column addresses carry a query; ``/scores`` goes before it."""
    parts = _split(line_item)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{name}"))


def _number(value: Decimal) -> int | float:
    """JSON's number; exact for whole marks, and to 15 digits for others."""
    return int(value) if value == value.to_integral_value() else float(value)


# What an answer means, and whether the same request may succeed later. 403 may be
# throttling (Canvas) or a scope that an administrator can grant.
_MEANING: dict[int, tuple[Problem, bool]] = {
    400: (Problem.NOT_ACCEPTED, True),
    401: (Problem.TOKEN_REFUSED, False),
    403: (Problem.NOT_ALLOWED, False),
    404: (Problem.COLUMN_GONE, True),
    408: (Problem.BUSY, False),
    409: (Problem.NEWER_IN_LMS, True),
    410: (Problem.COLUMN_GONE, True),
    412: (Problem.COLUMN_GONE, True),
    422: (Problem.NOT_ACCEPTED, True),
    429: (Problem.BUSY, False),
}


def _check(answer: Answer) -> None:
    """Raise ServiceError unless the platform said yes."""
    if 200 <= answer.status < 300 and not _is_web_page(answer):
        return
    if answer.status < 400:
        problem, permanent = Problem.ANSWER_UNREADABLE, False
    elif answer.status in _MEANING:
        problem, permanent = _MEANING[answer.status]
    elif answer.status < 500:
        problem, permanent = Problem.NOT_ACCEPTED, True
    else:
        problem, permanent = Problem.SERVER_ERROR, False
    raise ServiceError(
        problem,
        f"status {answer.status}",
        permanent=permanent,
        status=answer.status,
        retry_after=_retry_after(answer),
    )


def _is_web_page(answer: Answer) -> bool:
    """A page for people (sign in, come back later) with status 200: nothing was taken.

    The media type does not tell: PHP calls even an empty answer HTML.
    """
    return answer.body[:100].lstrip().lower().startswith((b"<!doctype html", b"<html"))


def _retry_after(answer: Answer) -> float | None:
    value = answer.headers.get("retry-after", "")
    return float(value) if value.isascii() and value.isdigit() and len(value) < 6 else None
