"""The meaning of a platform's answer: a table that tells passing errors from permanent ones.

Pure. Sources: LTI-AGS 2.0 section 3.4, RFC 9110, and what Moodle 4.5 (scores.php in
mod/lti/service/gradebookservices) and Canvas (scores_controller.rb, concerns/gradebook_services.rb
and concerns/advantage_services.rb in app/controllers/lti/ims, submission.rb in app/models,
request_throttle.rb in app/middleware) answer.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from lti_tool.protocol.values import whole_number
from lti_tool.services.errors import DeliveryProblem, ServiceError
from lti_tool.services.http import HttpReply

MIN_RATE_LIMIT = 1.0  # Canvas's X-Rate-Limit-Remaining: what is left of its bucket
MAX_RETRY_AFTER_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class ReplyVerdict:
    """The meaning of a status.

    ``permanent``: the same request never succeeds until a person changes something.
    """

    problem: DeliveryProblem
    permanent: bool
    why: str


VERDICTS: dict[int, ReplyVerdict] = {
    400: ReplyVerdict(DeliveryProblem.NOT_ACCEPTED, True, "Moodle: not a pupil of this course"),
    401: ReplyVerdict(
        DeliveryProblem.TOKEN_REFUSED, False, "the token was renewed and refused again"
    ),
    403: ReplyVerdict(
        DeliveryProblem.NOT_ALLOWED, False, "a scope that an administrator can grant"
    ),
    404: ReplyVerdict(
        DeliveryProblem.COLUMN_GONE, True, "the column, or on Canvas the link, is gone"
    ),
    408: ReplyVerdict(DeliveryProblem.BUSY, False, "the platform gave up waiting"),
    409: ReplyVerdict(DeliveryProblem.NEWER_IN_LMS, True, "the cell holds something newer"),
    410: ReplyVerdict(DeliveryProblem.COLUMN_GONE, True, "the column was removed"),
    412: ReplyVerdict(DeliveryProblem.COLUMN_GONE, True, "Canvas: the link's column is gone"),
    413: ReplyVerdict(
        DeliveryProblem.NOT_ACCEPTED, True, "the comment is longer than the platform allows"
    ),
    421: ReplyVerdict(
        DeliveryProblem.SERVER_ERROR, False, "the platform's proxies are being changed"
    ),
    422: ReplyVerdict(
        DeliveryProblem.NOT_ACCEPTED, True, "Canvas: absent, no pupil, or attempts used up"
    ),
    425: ReplyVerdict(DeliveryProblem.BUSY, False, "too early"),
    429: ReplyVerdict(DeliveryProblem.BUSY, False, "too many at once"),
}
# Refusals of one status that Canvas tells apart by words of the body alone, here in lower case.
BY_WORDS: dict[tuple[int, bytes], ReplyVerdict] = {
    (401, b"not linked to a tool"): ReplyVerdict(
        DeliveryProblem.TOOL_REMOVED, True, "Canvas: the tool is no longer in this course"
    ),
    (422, b"has concluded"): ReplyVerdict(
        DeliveryProblem.COURSE_OVER, True, "Canvas: takes no more grades in this course"
    ),
    (422, b"unpublished"): ReplyVerdict(
        DeliveryProblem.UNPUBLISHED, True, "Canvas: no grade in an unpublished assignment"
    ),
}
REDIRECT = ReplyVerdict(
    DeliveryProblem.ANSWER_UNREADABLE, False, "a sign-in page or a moved host; not followed"
)
WEB_PAGE = ReplyVerdict(
    DeliveryProblem.ANSWER_UNREADABLE, False, "a page for people, with status 200"
)
THROTTLED = ReplyVerdict(DeliveryProblem.BUSY, False, "Canvas: 403 'Rate Limit Exceeded'")
OTHER_REFUSAL = ReplyVerdict(
    DeliveryProblem.NOT_ACCEPTED, True, "any other 4xx: the request itself is refused"
)
SERVER_ERROR = ReplyVerdict(DeliveryProblem.SERVER_ERROR, False, "5xx: the platform's own trouble")


def check(reply: HttpReply) -> None:
    """Raise ServiceError unless the answer is a success (2xx) and no web page."""
    verdict = _verdict(reply)
    if verdict is not None:
        raise ServiceError(
            verdict.problem,
            f"status {reply.status}",
            permanent=verdict.permanent,
            status=reply.status,
            retry_after=retry_after(reply),
        )


def retry_after(reply: HttpReply) -> float | None:
    """Return the seconds of a Retry-After header, at most a day, or None without one.

    A date in it is measured by the platform's own clock (RFC 9110 section 10.2.3).
    """
    value = reply.headers.get("retry-after", "").strip()
    if (seconds := whole_number(value, max_digits=9)) is not None:
        return min(float(seconds), MAX_RETRY_AFTER_SECONDS)
    until = http_date(value)
    if until is None:
        return None
    now = http_date(reply.headers.get("date", "")) or time.time()
    return min(max(until - now, 0.0), MAX_RETRY_AFTER_SECONDS)


def http_date(value: str) -> float | None:
    """Return an HTTP date as seconds since the epoch, or None if it is no date."""
    try:
        moment = parsedate_to_datetime(value)
        # Without a zone it is UTC, whatever the time zone of this process.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def _verdict(reply: HttpReply) -> ReplyVerdict | None:
    if 200 <= reply.status < 300:
        return WEB_PAGE if _is_web_page(reply) else None
    if reply.status < 400:
        return REDIRECT
    if reply.status == 403 and _is_throttled(reply):
        return THROTTLED
    if reply.status >= 500:
        return SERVER_ERROR
    words = reply.body[:2000].lower()
    for (status, said), verdict in BY_WORDS.items():
        if reply.status == status and said in words:
            return verdict
    return VERDICTS.get(reply.status, OTHER_REFUSAL)


def _is_web_page(reply: HttpReply) -> bool:
    """Return whether the body is an HTML page, as of a sign-in: then nothing was accepted.

    The media type does not say so: PHP calls even an empty answer HTML.
    """
    return reply.body[:100].lstrip().lower().startswith((b"<!doctype html", b"<html"))


def _is_throttled(reply: HttpReply) -> bool:
    try:
        remaining = float(reply.headers.get("x-rate-limit-remaining", "inf"))
    except ValueError:
        remaining = float("inf")
    return remaining < MIN_RATE_LIMIT or b"rate limit exceeded" in reply.body[:500].lower()
