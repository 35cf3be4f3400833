"""The writes of pupils and teachers to attempts: each function is one transaction."""

from worksheets.attempts.answers import UNNUMBERED, Sent
from worksheets.attempts.by_pupil import (
    SaveResult,
    begin_again,
    may_take_back,
    save_answers,
    submit,
    take_back,
)
from worksheets.attempts.by_teacher import give_mark, release, reopen, submit_for
from worksheets.attempts.errors import (
    AlreadySubmitted,
    AttemptError,
    Closed,
    NoMoreAttempts,
    NotLatestAttempt,
    NotReady,
    StaleEdition,
)

__all__ = [
    "UNNUMBERED",
    "AlreadySubmitted",
    "AttemptError",
    "Closed",
    "NoMoreAttempts",
    "NotLatestAttempt",
    "NotReady",
    "SaveResult",
    "Sent",
    "StaleEdition",
    "begin_again",
    "give_mark",
    "may_take_back",
    "release",
    "reopen",
    "save_answers",
    "submit",
    "submit_for",
    "take_back",
]
