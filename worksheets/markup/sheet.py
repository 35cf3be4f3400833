"""The values that a worksheet consists of once it has been read: frozen, pure Python.

``worksheets.markup.parse`` makes a :class:`Sheet` from a teacher's text; everything
else (marking, pages, statistics) reads it. The grammar is written down in
``docs/markup.md``.

The right answers live only in :class:`Gap` and :class:`Question`, which blocks and
inline nodes name by key: a page that walks ``Sheet.blocks`` cannot show an answer by
accident.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar

from worksheets.words.key import Accepted, Anticipated, Mode
from worksheets.words.settings import Settings

from .messages import Message
from .source import Extent

NOWHERE = Extent(0, 0)

# --- inline -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text, unescaped; never HTML."""

    text: str


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A line break that the author asked for (a backslash or two spaces at the line's end)."""


@dataclass(frozen=True, slots=True)
class Code:
    text: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in LaTeX, which ``formulas.to_mathml`` takes."""

    source: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Strong:
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link; ``href`` is http, https or mailto: the parser lets nothing else through."""

    href: str
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class GapRef:
    """The place of a gap in the text; its answers are in ``Sheet.gap(key)``."""

    key: str


@dataclass(frozen=True, slots=True)
class FootnoteRef:
    """A mention of a footnote; ``number`` counts from 1 in the order of first mention."""

    number: int


Inline = Text | LineBreak | Code | Formula | Emphasis | Strong | Link | GapRef | FootnoteRef

# --- blocks -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    level: int  # 1 to 6
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class BulletList:
    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class NumberedList:
    start: int
    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class Quotation:
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class PictureBlock:
    """A picture; ``source`` names one that belongs to the worksheet, never an address."""

    source: str
    alternative: str
    caption: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class HorizontalRule:
    """A line across the page."""


@dataclass(frozen=True, slots=True)
class BankBlock:
    """The place of a word bank; ``index`` into ``Sheet.banks``."""

    index: int


@dataclass(frozen=True, slots=True)
class OptionsBlock:
    """The options (a), (b) ... that no answer box follows: to read, not to choose."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class InterpretationBlock:
    """An interpretation: ``A. Economic > Diplomatic > Political`` with the text below it.

    ``questions`` are the keys of the answers in which pupils complete it, none where the
    worksheet gives its text.
    """

    label: str
    order: tuple[str, ...]
    blocks: tuple[Block, ...]
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionBlock:
    """The place of a question's options and room to write; see ``Sheet.question(key)``."""

    key: str


Block = (
    Heading
    | Paragraph
    | BulletList
    | NumberedList
    | Quotation
    | PictureBlock
    | Table
    | HorizontalRule
    | BankBlock
    | OptionsBlock
    | InterpretationBlock
    | QuestionBlock
)

# --- gaps and banks ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gap:
    key: str  # "g1", "g2" ... in reading order
    number: int  # 1, 2 ... in reading order
    part: int  # index into Sheet.parts
    accepted: tuple[Accepted, ...]  # empty: the gap still needs its key
    anticipated: tuple[Anticipated, ...] = ()
    mode: Mode = Mode.TEXT
    tolerance: Decimal = Decimal(0)  # Mode.NUMBER: how far off still counts
    group: str = ""  # gaps of one named group may hold their answers in any order
    bank: int | None = None  # index into Sheet.banks; None: typed, or chosen from its own answers
    offers_choices: bool = False  # its right and its foreseen answers are what there is to choose
    hint: str = ""  # for pupils, beside the gap
    feedback_right: str = ""  # what is said of a right answer
    feedback_wrong: str = ""  # and of any wrong one that was not foreseen
    marks: Decimal | None = None  # None: one; 0: it is not counted
    before: str = ""  # the letters of its own word that are printed before it and after it
    after: str = ""
    line: int = field(default=0, compare=False)  # 1-based
    column: int = field(default=0, compare=False)  # 1-based
    extent: Extent = field(default=NOWHERE, compare=False)  # with its marks

    @property
    def points(self) -> Decimal:
        """Return the points that a right answer earns."""
        return Decimal(1) if self.marks is None else self.marks

    @property
    def is_counted(self) -> bool:
        """Return whether it can earn anything; pupils may fill in one that is not counted."""
        return self.points > 0

    @property
    def choices(self) -> tuple[str, ...]:
        """Return what the gap offers to choose from, () if it does not.

        It is sorted, so that the order tells nothing.
        """
        if not self.offers_choices:
            return ()
        words = {answer.text for answer in self.accepted}
        words |= {wrong.text for wrong in self.anticipated}
        return tuple(sorted(words, key=lambda word: (word.casefold(), word)))


@dataclass(frozen=True, slots=True)
class Bank:
    """The words to choose from, in the order in which pupils see them."""

    words: tuple[str, ...]
    each_once: bool = False
    line: int = field(default=0, compare=False)
    extent: Extent = field(default=NOWHERE, compare=False)  # from '[[' to ']]'


# --- questions --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    label: str  # "a", "b" ... or, of interpretations, "A", "B" ...
    children: tuple[Inline, ...]


Content = TypeVar("Content", covariant=True)


@dataclass(frozen=True, slots=True)
class Question(Generic[Content]):
    """An item with an answer box. ``content``, ``model`` and ``rubric`` are not for pupils.

    ``content`` is what only its kind knows, such as the options to choose from.
    """

    key: str  # "q1", "q2" ... in reading order
    number: int  # 1, 2 ... within its part
    part: int  # index into Sheet.parts
    kind: str  # the name of a kind, see ``worksheets.questions``
    prompt: str  # plain text of what is asked, for labels and lists; '' if there is none
    content: Content
    marks: Decimal | None = None  # None: not marked
    automatic: bool = False  # its marks are given by the machine, with those of the gaps
    is_left_out: bool = False  # its marks are in no sum
    words_min: int | None = None
    words_max: int | None = None
    model: str = ""
    rubric: str = ""
    line: int = field(default=0, compare=False)
    # Where its details are written: the answer box, or what follows the colon of a kind's line.
    extent: Extent = field(default=NOWHERE, compare=False)
    # Where its lines 'model:' and 'rubric:' stand, and the end of what they stand below: None for a
    # question that cannot have them.
    notes: tuple[tuple[str, Extent], ...] = field(default=(), compare=False)
    end: int | None = field(default=None, compare=False)
    # Where the lines of its kind stand below its box, by their keywords.
    lines: tuple[tuple[str, Extent], ...] = field(default=(), compare=False)

    @property
    def points(self) -> Decimal:
        """Return the most that it adds to a total."""
        return Decimal(0) if self.marks is None or self.is_left_out else self.marks

    @property
    def is_counted(self) -> bool:
        """Return whether it adds to a total; one that is left out may be answered and marked."""
        return self.points > 0


Item = Gap | Question[Any]

Row = TypeVar("Row", Gap, Question[Any])

# --- the whole --------------------------------------------------------------


class Severity(StrEnum):
    ERROR = "error"  # cannot be published
    WARNING = "warning"  # worth a look ('please check')


@dataclass(frozen=True, slots=True)
class MarkupProblem:
    """A problem that the author should look at.

    From ``start`` to ``end`` stands what is wrong (see ``Extent``), and nothing else.
    ``line`` and ``column`` count from 1 and say in words where that begins.
    ``code`` is a short stable name for tests and help pages, ``message`` a plain
    sentence for a teacher, in English; a page translates it.
    """

    code: str
    severity: Severity
    line: int
    column: int
    start: int
    end: int
    message: Message


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the sheet under a level-2 heading; part 0 is what stands before the first."""

    index: int
    title: str


@dataclass(frozen=True, slots=True)
class Footnote:
    number: int
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str  # plain text of the first level-1 heading, '' if there is none
    blocks: tuple[Block, ...] = ()
    parts: tuple[Part, ...] = ()
    gaps: tuple[Gap, ...] = ()
    banks: tuple[Bank, ...] = ()
    questions: tuple[Question[Any], ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    settings: Settings = field(default_factory=Settings)
    problems: tuple[MarkupProblem, ...] = ()
    # The lines, counted from 1, on which the blocks begin: one for each, in their order.
    lines: tuple[int, ...] = field(default=(), compare=False)

    def gap(self, key: str) -> Gap:
        """Return the gap with that key. Raise KeyError if the sheet has none."""
        return _numbered(self.gaps, key, "g")

    def question(self, key: str) -> Question[Any]:
        """Return the question with that key. Raise KeyError if the sheet has none."""
        return _numbered(self.questions, key, "q")

    def marks_for(self, key: str) -> Decimal | None:
        """Return the most that an item can earn, None for one that nobody marks.

        Raise KeyError if the sheet has no such item.
        """
        return self.gap(key).points if key.startswith("g") else self.question(key).marks

    @property
    def errors(self) -> tuple[MarkupProblem, ...]:
        """Return the problems that keep the sheet from being published."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)

    @property
    def is_too_large(self) -> bool:
        """Return whether it has more gaps, answer boxes or lines than a page can show."""
        return any(p.code in _TOO_LARGE for p in self.problems)

    @property
    def pictures(self) -> frozenset[str]:
        """Return the names of the pictures that the sheet shows."""
        return frozenset(block.source for block in self.blocks if isinstance(block, PictureBlock))

    @property
    def items(self) -> tuple[Item, ...]:
        """Return whatever is answered: the gaps, then the questions."""
        return (*self.gaps, *self.questions)

    @property
    def uncounted(self) -> frozenset[str]:
        """Return the keys of gaps and of questions with marks that count nothing, marked or not."""
        questions = {q.key for q in self.questions if q.marks is not None and q.is_left_out}
        return frozenset(gap.key for gap in self.gaps if not gap.is_counted) | questions

    @property
    def to_mark(self) -> tuple[Question[Any], ...]:
        """Return the questions that a teacher marks, also those that are left out of the sums."""
        return tuple(q for q in self.questions if q.marks is not None and not q.automatic)

    @property
    def must_be_marked(self) -> tuple[Question[Any], ...]:
        """Return those of them that wait for a mark: they count."""
        return tuple(q for q in self.to_mark if q.is_counted)

    @property
    def without_marks(self) -> tuple[Question[Any], ...]:
        """Return the questions that pupils answer and nobody marks."""
        return tuple(q for q in self.questions if q.marks is None)

    @property
    def automatic_questions(self) -> tuple[Question[Any], ...]:
        """Return the questions whose marks are given by the machine, with those of the gaps."""
        return tuple(q for q in self.questions if q.marks is not None and q.automatic)

    @property
    def automatic_marks(self) -> Decimal:
        """Return the most that the machine can give: for gaps and for automatic questions."""
        gaps = sum((gap.points for gap in self.gaps), Decimal(0))
        return sum((q.points for q in self.automatic_questions), gaps)

    @property
    def teacher_marks(self) -> Decimal:
        """Return the most that a teacher can give."""
        return sum((q.points for q in self.to_mark), Decimal(0))


_TOO_LARGE = frozenset({"too-many-gaps", "too-many-questions", "too-many-lines"})


def _index(key: str, letter: str) -> int:
    number = key.removeprefix(letter)
    if not (key.startswith(letter) and number.isascii() and number.isdecimal() and len(number) < 7):
        raise KeyError(key)
    return int(number) - 1


def _numbered(rows: Sequence[Row], key: str, letter: str) -> Row:
    index = _index(key, letter)
    if not (0 <= index < len(rows) and rows[index].key == key):
        raise KeyError(key)
    return rows[index]
