"""The writes of pupils and teachers to attempts: each function is one transaction."""

from worksheets.attempts.answers import UNNUMBERED, Sent
from worksheets.attempts.by_hand import give_gap_mark
from worksheets.attempts.by_pupil import (
    SaveResult,
    begin_again,
    may_take_back,
    save_answers,
    submit,
    take_back,
)
from worksheets.attempts.by_question import (
    GivenMark,
    MarkOutcome,
    MarkState,
    give_marks,
    standing,
    with_kept_lines,
)
from worksheets.attempts.by_teacher import (
    comment_overall,
    give_mark,
    release,
    release_all,
    reopen,
    submit_for,
)
from worksheets.attempts.entered import (
    Entered,
    EntryState,
    Wanted,
    choose_what_counts,
    enter,
    release_entered,
)
from worksheets.attempts.entered import standing as standing_entry
from worksheets.attempts.errors import (
    AlreadySubmitted,
    AttemptError,
    Closed,
    NoMoreAttempts,
    NotLatestAttempt,
    NotReady,
    StaleEdition,
)
from worksheets.attempts.from_file import give_marks_of_file

__all__ = [
    "UNNUMBERED",
    "AlreadySubmitted",
    "AttemptError",
    "Closed",
    "Entered",
    "EntryState",
    "GivenMark",
    "MarkOutcome",
    "MarkState",
    "NoMoreAttempts",
    "NotLatestAttempt",
    "NotReady",
    "SaveResult",
    "Sent",
    "StaleEdition",
    "Wanted",
    "begin_again",
    "choose_what_counts",
    "comment_overall",
    "enter",
    "give_gap_mark",
    "give_mark",
    "give_marks",
    "give_marks_of_file",
    "may_take_back",
    "release",
    "release_all",
    "release_entered",
    "reopen",
    "save_answers",
    "standing",
    "standing_entry",
    "submit",
    "submit_for",
    "take_back",
    "with_kept_lines",
]
