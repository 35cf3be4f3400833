"""The writes of pupils and teachers to attempts: each function is one transaction."""

from worksheets.attempts.answers import UNNUMBERED, Sent
from worksheets.attempts.by_hand import give_gap_mark
from worksheets.attempts.by_pupil import (
    SaveResult,
    begin_again,
    fixed_items,
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
from worksheets.attempts.pupil_dates import GivenDates, give_dates, learn_dates, take_back_dates
from worksheets.attempts.releasing import (
    note_marks_seen,
    release,
    release_all,
    release_question,
    released_in,
    take_back_release,
)
from worksheets.attempts.reopening import (
    reopen,
    reopen_all,
    reopen_question,
    reopen_question_of_all,
)

__all__ = [
    "UNNUMBERED",
    "AlreadySubmitted",
    "AttemptError",
    "Closed",
    "Entered",
    "EntryState",
    "GivenDates",
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
    "fixed_items",
    "give_dates",
    "give_gap_mark",
    "give_mark",
    "give_marks",
    "give_marks_of_file",
    "learn_dates",
    "may_take_back",
    "note_marks_seen",
    "release",
    "release_all",
    "release_entered",
    "release_question",
    "released_in",
    "reopen",
    "reopen_all",
    "reopen_question",
    "reopen_question_of_all",
    "save_answers",
    "standing",
    "standing_entry",
    "submit",
    "submit_for",
    "take_back",
    "take_back_dates",
    "take_back_release",
    "with_kept_lines",
]
