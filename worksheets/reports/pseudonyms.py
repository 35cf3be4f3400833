"""The numbers that answers have on the pages of marking, where names are hidden."""

from __future__ import annotations

from typing import Any

from django.utils.crypto import salted_hmac

from worksheets.marking.pseudonyms import Pseudonyms
from worksheets.markup import Question
from worksheets.models import Assignment, Attempt
from worksheets.reports.class_attempts import SubmittedRow


def pseudonyms_of(assignment: Assignment, question: Question[Any]) -> Pseudonyms:
    """Return the numbers for the attempts whose answers are marked on a question's page.

    They and the order in which the answers are read rest on SECRET_KEY: nobody can compute them who
    knows the numbers of a class page.
    """
    name = f"{assignment.pk}-{question.key}"
    digest = salted_hmac("worksheets.reports.pseudonyms", name, algorithm="sha256").digest()
    return Pseudonyms(digest)


def submission_sign(attempt: Attempt | SubmittedRow, pseudonyms: Pseudonyms) -> str:
    """Return a text that stands for ``Attempt.submission``, which would tell the time, '' for none.

    The class page has the times with the names.
    """
    if not attempt.submission:
        return ""
    return pseudonyms.sign(f"{attempt.pk}-{attempt.submission}")
