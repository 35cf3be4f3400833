"""The parser of a posted score in Canvas (LTI-AGS 2.0, 3.4, with its submission). Pure."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from lti_tool.protocol.vocabulary import GradingProgress
from lti_tool.sandbox.services import fields, score
from lti_tool.sandbox.services.json_body import JsonObject, is_one_of
from lti_tool.sandbox.services.score import PRECISION, BadScoreError, Score

SUBMISSION: Final = "https://canvas.instructure.com/lti/submission"
SUBMISSION_TYPES: Final = frozenset(
    {"none", "basic_lti_launch", "online_text_entry", "online_url", "external_tool"}
)
MAX_TIME_AHEAD: Final = timedelta(minutes=1)
MAX_URL_LENGTH: Final = 2000


@dataclass(frozen=True)
class Submission:
    """The submission that Canvas's extension of a score describes."""

    is_new: bool = True
    preserves_score: bool = False
    keeps_existing_grade: bool = False
    url: str = ""


@dataclass(frozen=True)
class CanvasScore:
    score: Score
    submission: Submission
    extension: JsonObject

    @property
    def sets_score(self) -> bool:
        """Return whether a grade is to be stored, rather than kept or erased."""
        return self.has_points and not self.submission.preserves_score

    @property
    def has_points(self) -> bool:
        """Return whether there are points to store; without them the stored score is erased."""
        kept = {GradingProgress.FULLY_GRADED, GradingProgress.PENDING_MANUAL}
        return self.score.given is not None and self.score.grading_progress in kept

    def points_of(self, maximum: Decimal) -> Decimal | None:
        """Return the points scaled to a column's maximum, None without points.

        They may exceed the maximum: Canvas allows extra credit.
        """
        given, out_of = self.score.given, self.score.maximum
        if given is None or out_of is None:
            return None
        return (given * maximum / out_of).quantize(PRECISION, ROUND_HALF_UP)


def parse(body: JsonObject, now: datetime) -> CanvasScore:
    """Return a score. Raise BadScoreError: 400 if it is malformed, 422 if it makes no sense."""
    if "scoreGiven" in body and "scoreMaximum" not in body:
        raise BadScoreError("scoreGiven needs a scoreMaximum", 422)
    parsed = score.parse(body)
    timestamp = _moment("timestamp", body["timestamp"])
    extension = _object(body, SUBMISSION)
    return CanvasScore(replace(parsed, timestamp=timestamp), _submission(body, now), extension)


def _moment(name: str, value: object) -> datetime:
    """Return a time in UTC, with fractions of a second unlike in Moodle."""
    if not isinstance(value, str):
        raise BadScoreError(f"{name} must be text")
    try:
        moment = datetime.fromisoformat(value)
        in_utc = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadScoreError(f"{name} is no date") from error
    if moment.tzinfo is None:
        raise BadScoreError(f"{name} must have a time zone")
    return in_utc


def _submission(body: JsonObject, now: datetime) -> Submission:
    extension = _object(body, SUBMISSION)
    own = _object(body, "submission")
    for name, value in (
        ("submitted_at", extension.get("submitted_at")),
        ("submittedAt", own.get("submittedAt")),
    ):
        if value is not None and _moment(name, value) > now + MAX_TIME_AHEAD:
            raise BadScoreError(f"{name} is in the future")
    return Submission(
        is_new=_flag(extension, "new_submission", default=True),
        preserves_score=_flag(extension, "preserve_score", default=False),
        keeps_existing_grade=_flag(extension, "prioritize_non_tool_grade", default=False),
        url=_launch_address(extension),
    )


def _object(body: JsonObject, name: str) -> JsonObject:
    value = body.get(name, {})
    if not isinstance(value, dict):
        raise BadScoreError(f"{name} must be an object")
    return value


def _flag(extension: JsonObject, name: str, *, default: bool) -> bool:
    value = extension.get(name, default)
    if not isinstance(value, bool):
        raise BadScoreError(f"{name} must be true or false")
    return value


def _launch_address(extension: JsonObject) -> str:
    """Return the address that a submission launches; '' if it is of another type."""
    kind = extension.get("submission_type", "none")
    if not is_one_of(kind, SUBMISSION_TYPES):
        raise BadScoreError("submission_type is none that is known", 422)
    if kind != "basic_lti_launch":
        return ""
    url = extension.get("submission_data")
    if not isinstance(url, str) or len(url) > MAX_URL_LENGTH or not fields.is_address(url):
        raise BadScoreError("submission_data must be the address to launch", 422)
    return url
