"""The refusal of a launch and its reasons; a launch that has to wait.

Pure: the words for people are in ``lti_tool.views.refusals``.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The reason for a refusal; it is logged beside the reference that the page shows."""

    LOGIN_INCOMPLETE = "login-incomplete"
    UNKNOWN_PLATFORM = "unknown-platform"
    REGISTRATION_INACTIVE = "registration-inactive"
    UNKNOWN_DEPLOYMENT = "unknown-deployment"
    DEPLOYMENT_WAITING = "deployment-waiting"
    COOKIE_MISSING = "cookie-missing"
    STATE_INVALID = "state-invalid"
    STATE_EXPIRED = "state-expired"
    OTHER_BROWSER = "other-browser"
    PLATFORM_ERROR = "platform-error"
    TOKEN_MALFORMED = "token-malformed"  # noqa: S105
    KEY_UNKNOWN = "key-unknown"
    KEYS_UNREACHABLE = "keys-unreachable"
    SIGNATURE_INVALID = "signature-invalid"
    TIMES_INVALID = "times-invalid"
    AUDIENCE_INVALID = "audience-invalid"
    NONCE_INVALID = "nonce-invalid"
    REPLAYED = "replayed"
    NOT_SIGNED_IN = "not-signed-in"
    CLAIM_MALFORMED = "claim-malformed"
    MESSAGE_UNSUPPORTED = "message-unsupported"
    TEACHERS_ONLY = "teachers-only"
    NO_COURSE_ROLE = "no-course-role"
    OTHERS_WORK = "others-work"
    SUBMISSION_UNKNOWN = "submission-unknown"


class LaunchRefused(Exception):
    """The refusal of a launch. Sending the same request again never helps.

    ``detail`` is for the administrator's log: it names claims and settings, never a token,
    a name or an address of a person. ``registration_id`` is the platform's registration,
    None unless it is known for certain.
    """

    def __init__(
        self, reason: Reason, detail: str = "", *, registration_id: int | None = None
    ) -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail
        self.registration_id = registration_id


class LaunchWaits(Exception):
    """A launch that cannot be checked yet: sending the same request again in a moment helps."""
