"""A sheet that was handed in, with as much of its marking as the reader may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _

from worksheets.marking import GapResult, GapVerdict, mark_gaps
from worksheets.markup import Question, Sheet
from worksheets.models import Feedback, Mark
from worksheets.questions import BLANK, ItemAnswer, ItemMark, question_kind
from worksheets.rendering.document import Pictures, Widgets
from worksheets.rendering.filling import render_bank
from worksheets.rendering.questions import question_context


@dataclass(frozen=True, slots=True)
class ShownMark:
    """The parts of the marking that are shown to a reader.

    ``correctness`` is whether each answer that the machine marks is right, ``answers`` what would
    have been right, ``marks`` the teacher's marks and comments, ``model`` the model answers and
    rubrics of questions. ``alone`` are the keys of questions whose marks and comments are shown
    though others wait.
    """

    correctness: bool
    answers: bool
    marks: bool
    model: bool = False
    alone: frozenset[str] = frozenset()


def shown_to_pupil(feedback: str, *, is_released: bool, alone: Iterable[str] = ()) -> ShownMark:
    """Return the parts that a pupil may see.

    ``feedback`` is the assignment's; the teacher's marks are shown once the attempt is released,
    and those of the questions ``alone`` before.
    """
    return ShownMark(
        correctness=feedback in {Feedback.CORRECTNESS, Feedback.ANSWERS},
        answers=feedback == Feedback.ANSWERS,
        marks=is_released,
        alone=frozenset(alone),
    )


TO_TEACHER = ShownMark(correctness=True, answers=True, marks=True, model=True)

# Words beside the signs: colour alone says nothing to many people.
_SIGNS = {
    GapVerdict.RIGHT: "✓",
    GapVerdict.PARTLY: "◐",
    GapVerdict.WRONG: "✗",
    GapVerdict.UNANSWERED: "–",
}


class Results:
    """The widgets of one attempt's page; ``extra`` adds a teacher's form to a question."""

    def __init__(
        self,
        sheet: Sheet,
        answers: Mapping[str, ItemAnswer],
        marks: Mapping[str, Mark | ItemMark],
        shown: ShownMark,
        pictures: Pictures,
        extra: Callable[[Question[Any]], str] = lambda _question: "",
    ) -> None:
        self._sheet = sheet
        self._answers = answers
        self._marks = marks
        self._shown = shown
        self._extra = extra
        texts = {key: answer.get("text") for key, answer in answers.items()}
        self._results = {result.key: result for result in mark_gaps(sheet, texts).results}
        self.widgets = Widgets(
            gap=self._gap,
            question=self._question,
            bank=lambda index: render_bank(sheet, index),
            picture=pictures,
        )

    def _gap(self, key: str) -> str:
        result = self._results[key]
        text = result.response.strip() or _("left blank")
        number = format_html(
            '<span class="gap-number" aria-hidden="true">{}</span>', self._sheet.gap(key).number
        )
        if result.verdict is GapVerdict.NOT_COUNTED:
            return format_html(
                '{}<span class="gap-result {}"><bdi>{}</bdi> '
                '<span class="gap-note">{}</span></span>',
                number,
                result.verdict,
                text,
                _verdict_words()[result.verdict],
            )
        if not self._shown.correctness:
            return format_html('{}<span class="gap-result" dir="auto">{}</span>', number, text)
        return format_html(
            '{}<span class="gap-result {}"><bdi>{}</bdi> <span aria-hidden="true">{}</span>'
            '<span class="visually-hidden">({})</span>{}</span>',
            number,
            result.verdict,
            text,
            _SIGNS[result.verdict],
            _verdict_words()[result.verdict],
            self._notes(result),
        )

    def _notes(self, result: GapResult) -> str:
        notes = []
        if result.spelling:
            notes.append(_("Spelling: %(right)s") % {"right": result.spelling})
        if result.feedback:
            notes.append(result.feedback)
        accepted = self._sheet.gap(result.key).accepted
        if self._shown.answers and result.verdict is not GapVerdict.RIGHT and accepted:
            notes.append(_("Right: %(answer)s") % {"answer": accepted[0].text})
        return format_html('<span class="gap-note">{}</span>', " · ".join(notes)) if notes else ""

    def _question(self, key: str) -> str:
        question, answer = self._sheet.question(key), self._answers.get(key, BLANK)
        shown, kind = self._shown, question_kind(question)
        by_teacher = shown.marks or key in shown.alone
        shows_mark = shown.correctness if question.automatic else by_teacher
        context = question_context(question, answer) | {
            "is_blank": kind.is_blank(answer),
            "mark": self._marks.get(key) if shows_mark else None,
            "solution": kind.solution(question) if shown.answers else {},
            "model": question.model if shown.model else "",
            "rubric": question.rubric if shown.model else "",
            "extra": self._extra(question),
        }
        return render_to_string(f"worksheets/questions/{question.kind}/result.html", context)


def _verdict_words() -> dict[GapVerdict, str]:
    return {
        GapVerdict.RIGHT: _("right"),
        GapVerdict.PARTLY: _("partly right"),
        GapVerdict.WRONG: _("wrong"),
        GapVerdict.UNANSWERED: _("not answered"),
        GapVerdict.NOT_COUNTED: _("not counted"),
    }
