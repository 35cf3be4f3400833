"""The questions of a sheet: each answer box is given to the kinds, and the first one takes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from worksheets.words.settings import Settings

from .details import read_details
from .inline import plain
from .kinds import AnswerBox, Asked, Grammar, Interpretation
from .lines import is_label
from .messages import Message as _
from .pieces import AnswerPiece
from .problems import Problems
from .sheet import (
    Block,
    BulletList,
    Heading,
    InterpretationBlock,
    NumberedList,
    Option,
    Paragraph,
    Part,
    Question,
    QuestionBlock,
    Text,
)
from .source import Extent, span

MAX_QUESTIONS = 500
# Characters of an interpretation's order, which every 'which' below it repeats.
MAX_ORDER_LENGTH = 200


@dataclass(slots=True)
class _PartDraft:
    title: str = ""
    questions: int = 0
    # By letter: the choices that 'which' offers.
    interpretations: dict[str, Option] = field(default_factory=dict)


class Questions:
    """The parts of a sheet and the questions in them, as they are found."""

    def __init__(self, settings: Settings, problems: Problems, grammar: Grammar) -> None:
        self.settings = settings
        self.problems = problems
        self.grammar = grammar
        self.found: list[Question[Any]] = []
        self._parts = [_PartDraft()]

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(Part(index, part.title) for index, part in enumerate(self._parts))

    def begin_part(self, title: str) -> None:
        """Begin a part: the questions that follow are counted anew."""
        self._parts.append(_PartDraft(title))

    def offer(self, interpretation: Interpretation) -> None:
        """Keep an interpretation as a choice for 'which' further down in its part."""
        label, offered = interpretation.label, self._parts[-1].interpretations
        if label in offered:
            message = _("There are two interpretations %(label)s in this part.", label=label)
            start = interpretation.extent.start
            self.problems.error("interpretation-twice", Extent(start, start + len(label)), message)
        order = " > ".join(interpretation.order)
        if len(order) > MAX_ORDER_LENGTH:
            message = _(
                "The order of an interpretation has at most %(most)s characters, this one has"
                " %(n)s. Write what is longer below it.",
                most=MAX_ORDER_LENGTH,
                n=len(order),
            )
            self.problems.error("long-order", interpretation.extent, message)
            order = f"{order[: MAX_ORDER_LENGTH - 1]}…"
        offered[label] = Option(label, (Text(order),))

    def add(
        self,
        piece: AnswerPiece,
        above: Sequence[Block],
        options: tuple[Option, ...] = (),
        items: tuple[Option, ...] = (),
        interpretation: Interpretation | None = None,
    ) -> list[str]:
        """Add the questions of an answer box and return their keys.

        ``above`` are the blocks that ask them, without the lists that belong to the box.
        """
        box = AnswerBox(
            details=read_details(
                span([piece.details]), piece.extent, self.problems, self.grammar.details
            ),
            lines={name: line.text for name, line in piece.lines.items()},
            options=options,
            items=items,
            interpretation=interpretation,
            choices=tuple(self._parts[-1].interpretations.values()),
            extent=piece.extent,
            settings=self.settings,
            problems=self.problems,
        )
        asked = self._ask(box, piece)
        prompt = _prompt(above)
        return [self._append(one, piece, prompt, is_last=one is asked[-1]) for one in asked]

    def _ask(self, box: AnswerBox, piece: AnswerPiece) -> Sequence[Asked]:
        """Return what the first kind that takes the box asks; report keywords of other kinds."""
        kind, asked = next((k, asked) for k in self.grammar.kinds if (asked := k.ask(box)))
        for name in box.details.keywords:
            if name not in {word.name for word in kind.details}:
                word = self.grammar.details[name]
                self.problems.error(word.code, box.details.places[name], word.misplaced)
        for name, line in piece.lines.items():
            if name not in {word.name for word in kind.lines}:
                word = self.grammar.lines[name]
                self.problems.error(word.code, line.extent, word.misplaced)
        return asked

    def _append(self, asked: Asked, piece: AnswerPiece, prompt: str, *, is_last: bool) -> str:
        self._parts[-1].questions += 1
        if len(self.found) == MAX_QUESTIONS:
            message = _(
                "A worksheet has at most %(most)s answer boxes. This is one too many.",
                most=MAX_QUESTIONS,
            )
            self.problems.error("too-many-questions", piece.extent, message)
        question = Question(
            key=f"q{len(self.found) + 1}",
            number=self._parts[-1].questions,
            part=len(self._parts) - 1,
            kind=asked.kind,
            prompt=prompt if asked.prompt is None else asked.prompt,
            content=asked.content,
            marks=asked.details.marks,
            is_left_out=asked.details.is_left_out,
            automatic=asked.automatic,
            words_min=asked.details.words_min,
            words_max=asked.details.words_max,
            # Where a box asks for two things, the last is what people write about.
            model=piece.model if is_last else "",
            rubric=piece.rubric if is_last else "",
            line=piece.details.number,
            extent=asked.details.extent,
            notes=tuple(piece.notes) if is_last else (),
            lines=tuple((name, line.extent) for name, line in piece.lines.items()),
            end=max(e.end for e in (piece.extent, *(line.extent for line in piece.lines.values())))
            if is_last
            else None,
        )
        self.found.append(question)
        return question.key


def _prompt(above: Sequence[Block]) -> str:
    """Return the text of the nearest item or paragraph, up to a heading or another answer."""
    for block in reversed(above):
        match block:
            case Paragraph(children) if not is_label(text := plain(children)):
                return text
            case NumberedList(items=items):
                return _item_text(items[-1])
            case BulletList(items=items) if "?" in (text := _item_text(items[-1])):
                return text
            case Heading() | QuestionBlock():
                return ""
            case InterpretationBlock(questions=[_, *_]):
                return ""
    return ""


def _item_text(item: Sequence[Block]) -> str:
    return " ".join(plain(block.children) for block in item if isinstance(block, Paragraph))
