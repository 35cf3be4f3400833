"""Rows for worksheets and for what pupils do with them."""

from worksheets.models.assignment import (
    UNLIMITED,
    Assignment,
    Feedback,
    NewAttempt,
    PendingAssignment,
    Policy,
    Sending,
)
from worksheets.models.attempt import Answer, Attempt, EarlierMark, Mark
from worksheets.models.class_feedback import FeedbackPart, FeedbackPoint
from worksheets.models.copy_request import CopyRequest
from worksheets.models.correction import KeyCorrection
from worksheets.models.draft import Draft, DraftPage
from worksheets.models.entered_mark import EnteredMark
from worksheets.models.incoming import IncomingFile
from worksheets.models.paper import Paper, PaperPage, ReviewStep
from worksheets.models.partner import Partner
from worksheets.models.pupil_dates import PupilDates
from worksheets.models.revision import Revision
from worksheets.models.rubric import RubricChange, RubricRemark, RubricRow
from worksheets.models.worksheet import Edition, Picture, Share, Worksheet

__all__ = [
    "UNLIMITED",
    "Answer",
    "Assignment",
    "Attempt",
    "CopyRequest",
    "Draft",
    "DraftPage",
    "EarlierMark",
    "Edition",
    "EnteredMark",
    "Feedback",
    "FeedbackPart",
    "FeedbackPoint",
    "IncomingFile",
    "KeyCorrection",
    "Mark",
    "NewAttempt",
    "Paper",
    "PaperPage",
    "Partner",
    "PendingAssignment",
    "Picture",
    "Policy",
    "PupilDates",
    "ReviewStep",
    "Revision",
    "RubricChange",
    "RubricRemark",
    "RubricRow",
    "Sending",
    "Share",
    "Worksheet",
]
