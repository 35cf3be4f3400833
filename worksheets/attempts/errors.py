"""Why something cannot be done to an attempt; nothing was changed."""

from __future__ import annotations


class AttemptError(Exception):
    """What a pupil asked for cannot be done; nothing was changed."""


class Closed(AttemptError):
    """The time to submit is over, or has not begun."""


class AlreadySubmitted(AttemptError):
    """Answers no longer change."""


class StaleEdition(AttemptError):
    """The page shows another edition than the one that this pupil answers, or is marked by, now."""


class NotReady(AttemptError):
    """A written answer still waits for its mark, or the attempt for its pupil."""


class NoMoreAttempts(AttemptError):
    """The pupil has had as many as the teacher allows."""


class NotTheLast(AttemptError):
    """The pupil has begun another attempt since."""
