"""The strict parser of a posted score (LTI-AGS 2.0, 3.4). Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from lti_tool.protocol.vocabulary import ActivityProgress, GradingProgress
from lti_tool.sandbox.services.json_body import JsonObject, as_decimal

PRECISION = Decimal("0.00001")
MAX_RATIO = 100  # of scoreGiven to scoreMaximum
TIMESTAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:[.,]\d+)?(Z|[+-]\d{2}:?\d{2})", re.ASCII
)


class BadScoreError(ValueError):
    """The refusal of a score, with status 400, or 422 if it is well formed but absurd."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Score:
    user_id: str
    timestamp: datetime
    activity_progress: ActivityProgress
    grading_progress: GradingProgress
    given: Decimal | None
    maximum: Decimal | None
    comment: str

    def scaled_to(self, maximum: Decimal) -> Decimal | None:
        """Return the points scaled to a column's maximum, at most that; None without points."""
        if self.given is None or self.maximum is None:
            return None
        scaled = self.given * maximum / self.maximum
        return min(scaled, maximum).quantize(PRECISION, ROUND_HALF_UP)


def parse(body: JsonObject) -> Score:
    """Return a score. Raise BadScoreError for the first error in it."""
    user_id = _text(body, "userId")
    if not user_id:
        raise BadScoreError("userId is missing")
    activity, grading = _text(body, "activityProgress"), _text(body, "gradingProgress")
    try:
        activity_progress, grading_progress = ActivityProgress(activity), GradingProgress(grading)
    except ValueError as error:
        raise BadScoreError(f"{error}") from error
    given, maximum = _points(body)
    return Score(
        user_id=user_id,
        timestamp=parse_timestamp(_text(body, "timestamp")),
        activity_progress=activity_progress,
        grading_progress=grading_progress,
        given=given,
        maximum=maximum,
        comment=_text(body, "comment") if "comment" in body else "",
    )


def _text(body: JsonObject, name: str) -> str:
    if name not in body:
        raise BadScoreError(f"{name} is missing")
    value = body[name]
    if not isinstance(value, str):
        raise BadScoreError(f"{name} must be text")
    return value


def parse_timestamp(text: str) -> datetime:
    """Return an ISO 8601 time with seconds and a zone, in UTC and whole seconds as in Moodle.

    Raise BadScoreError if it is none.
    """
    match = TIMESTAMP.fullmatch(text)
    if match is None:
        raise BadScoreError("timestamp must be ISO 8601 with seconds and a time zone")
    try:
        return datetime.fromisoformat(match[1] + match[2]).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadScoreError("timestamp is no date") from error


def _points(body: JsonObject) -> tuple[Decimal | None, Decimal | None]:
    given, maximum = _number(body, "scoreGiven"), _number(body, "scoreMaximum")
    if maximum is not None and maximum <= 0:
        raise BadScoreError("scoreMaximum must be above 0")
    if given is None:
        return None, maximum
    if maximum is None:
        raise BadScoreError("scoreGiven needs a scoreMaximum")
    if given < 0:
        raise BadScoreError("scoreGiven must not be negative")
    if given > maximum * MAX_RATIO:
        raise BadScoreError("scoreGiven is more than a hundred times scoreMaximum", 422)
    return given, maximum


def _number(body: JsonObject, name: str) -> Decimal | None:
    if name not in body:
        return None
    number = as_decimal(body[name])
    if number is None:
        raise BadScoreError(f"{name} must be a number")
    return number
