"""Questions that a person marks: what kind each is, and what its answer asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .details import Details, read_details
from .inline import plain
from .lines import is_label
from .messages import Message as _
from .pieces import AnswerPiece
from .problems import Problems, start
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
    QuestionKind,
    Text,
)


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The head of an interpretation: its letter and the order that it stands for."""

    label: str
    order: tuple[str, ...]
    at: tuple[int, int]


@dataclass(slots=True)
class _PartDraft:
    title: str = ""
    questions: int = 0
    # By letter: the choices that 'which' offers.
    interpretations: dict[str, Option] = field(default_factory=dict)


class Questions:
    """The parts of a sheet and the questions in them, as they are found."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.found: list[Question] = []
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
            self.problems.error("interpretation-twice", interpretation.at, message)
        offered[label] = Option(label, (Text(" > ".join(interpretation.order)),))

    def add(
        self,
        piece: AnswerPiece,
        above: Sequence[Block],
        options: tuple[Option, ...] = (),
        interpretation: Interpretation | None = None,
    ) -> str:
        """Add an answer box's question and return its key; ``above`` are the blocks that ask it."""
        details = read_details(piece.details, self.problems)
        self._parts[-1].questions += 1
        kind, options = self._kind(piece, details, options, interpretation)
        prompt = _prompt(above)
        if interpretation:
            order = " > ".join(interpretation.order)
            prompt = f"Interpretation {interpretation.label}: {order}"
        question = Question(
            key=f"q{len(self.found) + 1}",
            number=self._parts[-1].questions,
            part=len(self._parts) - 1,
            kind=kind,
            prompt=prompt,
            options=options,
            order=interpretation.order if interpretation else (),
            interpretation=interpretation.label if interpretation else "",
            marks=details.marks,
            words_min=details.words_min,
            words_max=details.words_max,
            model=piece.model,
            rubric=piece.rubric,
            line=piece.details.number,
        )
        self.found.append(question)
        return question.key

    def _kind(
        self,
        piece: AnswerPiece,
        details: Details,
        options: tuple[Option, ...],
        interpretation: Interpretation | None,
    ) -> tuple[QuestionKind, tuple[Option, ...]]:
        at = start(piece.details)
        if details.which and not (options or interpretation):
            return QuestionKind.CONVINCING, self._choices(at)
        if details.which:
            message = _("'which' asks pupils to choose an interpretation. It cannot be used here.")
            self.problems.error("misplaced-which", at, message)
        if interpretation:
            return QuestionKind.COMPLETE, ()
        return (QuestionKind.OPTIONS if options else QuestionKind.WRITTEN), options

    def _choices(self, at: tuple[int, int]) -> tuple[Option, ...]:
        choices = tuple(self._parts[-1].interpretations.values())
        if not choices:
            message = _(
                "'which' needs interpretations above it in the same part, such as"
                " 'A. Economic > Political'."
            )
            self.problems.error("no-interpretations", at, message)
        return choices


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
            case InterpretationBlock(question=str()):
                return ""
    return ""


def _item_text(item: Sequence[Block]) -> str:
    return " ".join(plain(block.children) for block in item if isinstance(block, Paragraph))
