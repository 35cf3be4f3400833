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
from worksheets.attempts.errors import (
    AlreadySubmitted,
    AttemptError,
    Closed,
    HasLeft,
    HasOwnWork,
    NoMoreAttempts,
    NoPartner,
    NotLatestAttempt,
    NotReady,
    StaleEdition,
    TooManyPartners,
)
from worksheets.attempts.from_file import give_marks_of_file
from worksheets.attempts.together import (
    MAX_PARTNERS,
    confirm,
    leave,
    name_partner,
    take_out,
    unname_partner,
    will_count,
)

__all__ = [
    "MAX_PARTNERS",
    "UNNUMBERED",
    "AlreadySubmitted",
    "AttemptError",
    "Closed",
    "GivenMark",
    "HasLeft",
    "HasOwnWork",
    "MarkOutcome",
    "MarkState",
    "NoMoreAttempts",
    "NoPartner",
    "NotLatestAttempt",
    "NotReady",
    "SaveResult",
    "Sent",
    "StaleEdition",
    "TooManyPartners",
    "begin_again",
    "comment_overall",
    "confirm",
    "give_gap_mark",
    "give_mark",
    "give_marks",
    "give_marks_of_file",
    "leave",
    "may_take_back",
    "name_partner",
    "release",
    "release_all",
    "reopen",
    "save_answers",
    "standing",
    "submit",
    "submit_for",
    "take_back",
    "take_out",
    "unname_partner",
    "will_count",
    "with_kept_lines",
]
