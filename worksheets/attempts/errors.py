"""Errors for what cannot be done to an attempt; nothing was changed."""

from __future__ import annotations


class AttemptError(Exception):
    """The base of these errors: what was asked for cannot be done, and nothing was changed."""


class Closed(AttemptError):
    """The error for a time when submitting is over or has not begun."""


class AlreadySubmitted(AttemptError):
    """The error for an attempt whose answers no longer change."""


class StaleEdition(AttemptError):
    """The error for a page with another edition than the one that this pupil answers now.

    It is also raised for a teacher's page with other marks for a question than hold now.
    """


class NotReady(AttemptError):
    """The error for a written answer without a mark, or an attempt that is not submitted."""


class NoMoreAttempts(AttemptError):
    """The error for a pupil who has had as many attempts as the teacher allows."""


class NoPartner(AttemptError):
    """The error for somebody who cannot be named as a partner, or is none any more."""


class TooManyPartners(NoPartner):
    """The error for more partners than fit at one device."""


class HasLeft(NoPartner):
    """The error for a classmate who has said not to work with this pupil here."""


class HasOwnWork(NoPartner):
    """The error for a classmate who has no attempt left that the work could be."""


class NotLatestAttempt(AttemptError):
    """The error for an attempt after which the pupil has begun another one."""
