"""The refusal of a registration, and its reasons. Pure: the words for people are in the views."""

from __future__ import annotations

from enum import StrEnum


class RegistrationProblem(StrEnum):
    """The reason for a refusal; it is logged beside the reference that the page shows."""

    CLOSED = "registration-closed"
    INVITATION_INVALID = "invitation-invalid"
    INCOMPLETE = "registration-incomplete"
    EXPIRED = "registration-expired"
    ADDRESS_REFUSED = "address-refused"
    BUSY = "registration-busy"
    UNREACHABLE = "configuration-unreachable"
    UNREADABLE = "configuration-unreadable"
    DISAGREES = "addresses-disagree"
    NOT_ACCEPTED = "registration-not-accepted"
    ANSWER_LOST = "answer-lost"
    ANSWER_UNREADABLE = "answer-unreadable"
    KNOWN = "registration-known"


class RegistrationError(Exception):
    """The refusal of a registration. Nothing was stored and no invitation used up.

    ``detail`` names a field, a host or a status, never a token.
    """

    def __init__(self, problem: RegistrationProblem, detail: str = "") -> None:
        super().__init__(f"{problem}: {detail}" if detail else str(problem))
        self.problem = problem
        self.detail = detail
