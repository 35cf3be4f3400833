"""The error of a call to a platform, and its kinds. It says whether trying again helps."""

from __future__ import annotations

from enum import StrEnum


class DeliveryProblem(StrEnum):
    """The kind of a failed call. The words for people are in ``lti_tool.grades.status_texts``."""

    UNREACHABLE = "unreachable"
    BUSY = "busy"
    WAITING = "waiting"  # for another process of ours, which has the column in hand
    SERVER_ERROR = "server-error"
    ANSWER_UNREADABLE = "answer-unreadable"
    TOKEN_REFUSED = "token-refused"  # noqa: S105
    NOT_ALLOWED = "not-allowed"
    COLUMN_GONE = "column-gone"
    NO_COLUMN = "no-column"
    COLUMN_UNKNOWN = "column-unknown"
    UNPUBLISHED = "unpublished"
    COURSE_OVER = "course-over"
    TOOL_REMOVED = "tool-removed"
    NEWER_IN_LMS = "newer-in-lms"
    LOCKED_IN_LMS = "locked-in-lms"
    RESTORED = "tool-restored"
    NO_PUPIL = "no-pupil"
    NOT_ACCEPTED = "not-accepted"
    OUR_FAULT = "our-fault"
    REGISTRATION_INACTIVE = "registration-inactive"


class ServiceError(Exception):
    """The failure of a call to a platform.

    ``permanent``: trying again is pointless until a person changes something.
    ``retry_after``: seconds the platform asked us to wait, or None.
    ``detail`` is for the operator: a status and an address, never a token.
    """

    def __init__(
        self,
        problem: DeliveryProblem,
        detail: str = "",
        *,
        permanent: bool,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{problem}: {detail}")
        self.problem = problem
        self.detail = detail
        self.permanent = permanent
        self.status = status
        self.retry_after = retry_after


def unreadable(detail: str) -> ServiceError:
    """Return the error of a reply that breaks its specification, and may be right the next time."""
    return ServiceError(DeliveryProblem.ANSWER_UNREADABLE, detail, permanent=False)
