"""Worksheets for tests, and short ways to place and answer them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lti_tool.audit import TOOL
from lti_tool.models import ResourceLink, User
from tests.cast import Cast, Someone
from worksheets import attempts, authoring
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import Assignment, Attempt, Edition, Feedback
from worksheets.questions.answers import ItemAnswer, make_value

# Three gaps with a bank, one typed; a written answer, a choice with reasons.
CAUSES = """# Causes of terror

## 1. Abroad

Japan took ___Manchuria | !Abyssinia: Which of the two lies near Japan?___ in 1931, Italy took
___Abyssinia | Ethiopia___ in 1935, and soldiers marched into the ___Rhineland___.

[[ Manchuria | Rhineland | Abyssinia | Bavaria ]]

## 2. At home

The first plan began in ___#1928___.

1. Why was the trial held in public?

??? 4 marks, 5-100 words
model: MODELANSWER so that everybody would see it
rubric: RUBRICTEXT 2 marks for each reason

2. Which reading fits better?

(a) It was staged.
(b) It was believed.

??? 6 marks
model: MODELOFCHOICE the first one
rubric: RUBRICOFCHOICE one mark for each date
"""
RIGHT = {"g1": "Manchuria", "g2": "Abyssinia", "g3": "Rhineland", "g4": "1928"}
WRITTEN = {"q1": "So that all could see it.", "q2": "The evidence.", "q2-choice": "a"}
EVERYTHING = {**RIGHT, **WRITTEN}

GAPS_ONLY = """# Two gaps

Japan took ___Manchuria___, Italy took ___Abyssinia | 50%: Africa___.
"""
WRITTEN_ONLY = """# An essay

1. Why?

??? 10 marks
"""
UNMARKED = """# A gap and a thought

The capital is ___Paris___.

1. What do you think?

???
"""
READING = """# For reading

Only a text, with nothing to fill in.
"""
HIDDEN = ("MODELANSWER", "RUBRICTEXT", "MODELOFCHOICE", "RUBRICOFCHOICE")


# What the settings' form posts where nothing was changed in it.
RULES = {
    "feedback": "correctness",
    "sending": "gaps-first",
    "attempt_limit": "1",
    "new_attempt": "right",
    "counting": "best",
}


def said(text: str = "", choice: str | None = None) -> ItemAnswer:
    """An answer as today's kinds keep it: a text, and perhaps the label of an option."""
    return ItemAnswer(make_value(text=text, choice=choice), text)


def no_picture(_name: str) -> None:
    return None


def publish(author: User, source: str = CAUSES) -> Edition:
    return authoring.publish(authoring.create(author, source))


def place(
    cast: Cast, source: str = CAUSES, *, feedback: str = Feedback.CORRECTNESS, **rules: Any
) -> Assignment:
    """Ruth's worksheet, at the link of her course."""
    assigning.assign(
        cast.course.link,
        publish(cast.ruth.user, source),
        AssignmentRules(feedback, **rules),
        by=TOOL,
    )
    return assignment_at(cast.course.link)


def assignment_at(link: ResourceLink) -> Assignment:
    rows = Assignment.objects.select_related("edition__worksheet", "link")
    return rows.get(link=link)


def save(
    assignment: Assignment, someone: Someone, fields: dict[str, str], number: int = 1
) -> Attempt:
    user, edition_id = someone.user, assignment.edition_id
    return attempts.save_answers(assignment, user, edition_id, fields, number=number).attempt


def hand_in(
    assignment: Assignment, someone: Someone, fields: dict[str, str] | None = None
) -> Attempt:
    """Saved and submitted; everything right where nothing else is said."""
    save(assignment, someone, EVERYTHING if fields is None else fields)
    return attempts.submit(assignment, someone.user, assignment.edition_id)


def hand_in_again(
    assignment: Assignment, someone: Someone, fields: dict[str, str] | None = None
) -> Attempt:
    """Another attempt, saved and submitted."""
    number = attempts.begin_again(assignment, someone.user).number
    save(assignment, someone, EVERYTHING if fields is None else fields, number)
    return attempts.submit(assignment, someone.user, assignment.edition_id, number=number)


def release(attempt: Attempt, teacher: Someone, **points: str) -> Attempt:
    """A teacher's marks, by question, and the release."""
    mark(attempt, teacher, **points)
    return attempts.release(attempt, by=TOOL)


def mark(attempt: Attempt, teacher: Someone, **points: str) -> None:
    """A teacher's marks, by question: ``q1="3"``."""
    for key, number in points.items():
        question = attempt.edition.sheet.question(key)
        attempts.give_mark(attempt, question, Decimal(number), "", teacher.user)


def fresh(attempt: Attempt) -> Attempt:
    return Attempt.objects.get(pk=attempt.pk)


def marks_of(attempt: Attempt) -> dict[str, Decimal]:
    return dict(attempt.marks.values_list("item", "points"))
