"""The assembly of a sheet from its pieces: parts, blocks, questions, footnotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from worksheets.words.settings import Settings

from .banks import Draft, assign_banks, read_bank
from .flow import Flow
from .inline import Reader, has_gap, plain
from .keys import unescape
from .kinds import Grammar, Interpretation
from .messages import Message
from .messages import Message as _
from .pieces import (
    AnswerPiece,
    BankPiece,
    FlowPiece,
    FootnotePiece,
    HeadingPiece,
    InterpretationPiece,
    OptionsPiece,
    PicturePiece,
    Piece,
)
from .problems import Problems
from .questions import Questions
from .sheet import (
    BankBlock,
    Block,
    Footnote,
    Gap,
    Heading,
    InterpretationBlock,
    NumberedList,
    Option,
    OptionsBlock,
    Paragraph,
    PictureBlock,
    QuestionBlock,
    Sheet,
    Text,
)
from .source import span

MAX_GAPS = 2000
MAX_GAPS_IN_GROUP = 30  # marking a group takes time that grows with the cube of this

_PICTURE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def build(pieces: list[Piece], settings: Settings, problems: Problems, grammar: Grammar) -> Sheet:
    """Return the sheet that the pieces make; what is wrong with it is added to ``problems``."""
    return _Builder(pieces, settings, problems, grammar).sheet()


class _Builder:
    def __init__(
        self, pieces: list[Piece], settings: Settings, problems: Problems, grammar: Grammar
    ) -> None:
        self.pieces = pieces
        self.settings = settings
        self.problems = problems
        self.notes = self._footnotes()
        self.reader = Reader(problems, self.notes, settings)
        self.flow = Flow(self.reader)
        self.questions = Questions(settings, problems, grammar)
        self.at = 0
        self.title = ""
        self.blocks: list[Block] = []
        self.lines: list[int] = []  # on which the blocks begin
        self.banks: list[Draft] = []

    def sheet(self) -> Sheet:
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            self.at += 1
            self._take(piece)
            # Where the piece did not say it of its blocks, they begin where it does.
            self.lines += [_first_line(piece)] * (len(self.blocks) - len(self.lines))
        notes = tuple(self._read_footnotes())
        gaps: Sequence[Gap] = list(self._grouped())
        banks, gaps = assign_banks(self.banks, gaps, self.settings, self.problems)
        self._check(gaps)
        return Sheet(
            title=self.title,
            blocks=tuple(self.blocks),
            parts=self.questions.parts,
            gaps=gaps,
            banks=banks,
            questions=tuple(self.questions.found),
            footnotes=notes,
            settings=self.settings,
            problems=self.problems.sorted(),
            lines=tuple(self.lines),
        )

    def _grouped(self) -> Iterable[Gap]:
        """Yield the gaps; those beyond MAX_GAPS_IN_GROUP lose their group; report the first."""
        members: Counter[str] = Counter()
        for gap in self.reader.gaps:
            members[gap.group] += 1
            is_surplus = gap.group and members[gap.group] > MAX_GAPS_IN_GROUP
            if is_surplus and members[gap.group] == MAX_GAPS_IN_GROUP + 1:
                message = _(
                    "At most %(most)s gaps can share a group. This is one too many in the group"
                    " '%(group)s'.",
                    most=MAX_GAPS_IN_GROUP,
                    group=gap.group[:40],
                )
                self.problems.error("group-too-large", gap.extent, message)
            yield replace(gap, group="") if is_surplus else gap

    def _check(self, gaps: Sequence[Gap]) -> None:
        if len(gaps) > MAX_GAPS:
            first = gaps[MAX_GAPS]
            message = _(
                "A worksheet has at most %(most)s gaps, this one has %(n)s.",
                most=MAX_GAPS,
                n=len(gaps),
            )
            self.problems.error("too-many-gaps", first.extent, message)
        members = Counter(gap.group for gap in gaps)
        for gap in gaps:
            if gap.group and members[gap.group] == 1:
                message = _(
                    "Gap %(n)s is the only one in its group '%(group)s'.",
                    n=gap.number,
                    group=gap.group[:40],
                )
                self.problems.warning("group-of-one", gap.extent, message)

    def _take(self, piece: Piece) -> None:
        match piece:
            case HeadingPiece():
                self._heading(piece)
            case FlowPiece():
                self._add_numbered(self.flow.read_numbered(piece.lines))
            case AnswerPiece():
                self._answer(piece)
            case BankPiece():
                self._bank(piece)
            case OptionsPiece():
                self._options(piece)
            case InterpretationPiece():
                self._interpretation(piece)
            case PicturePiece():
                self._picture(piece)
            case FootnotePiece():  # read at the end, when their order is known
                pass

    def _add_numbered(self, rows: Iterable[tuple[Block, int]]) -> None:
        for block, line in rows:
            self.blocks.append(block)
            self.lines.append(line)

    def _peek(self) -> Piece | None:
        return self.pieces[self.at] if self.at < len(self.pieces) else None

    # --- headings, pictures, banks ------------------------------------------

    def _heading(self, piece: HeadingPiece) -> None:
        if piece.level == 2:
            self.reader.part += 1
        children = self.reader.read(span([piece.line]))
        if piece.level == 2:
            self.questions.begin_part(plain(children))
        elif piece.level == 1 and not self.title:
            self.title = plain(children)
        self.blocks.append(Heading(piece.level, children))

    def _picture(self, piece: PicturePiece) -> None:
        alternative = " ".join(unescape(piece.alternative.text).split())
        if "___" in alternative:
            message = _("A picture's alternative text cannot contain a gap.")
            self.problems.error("gap-not-here", piece.alternative.extent, message)
            alternative = "____"
        if not _PICTURE_NAME.fullmatch(piece.name.text):
            self.problems.error(
                "picture-name",
                piece.name.extent,
                _(
                    "Write only the picture's file name, such as map.png: letters without accents,"
                    " digits, '.', '_' and '-'."
                ),
            )
            self.blocks.append(Paragraph((Text(alternative),) if alternative else ()))
            return
        if not alternative:
            message = _("Say in a few words what the picture shows: ![what it shows](name.png).")
            self.problems.warning("picture-without-text", piece.alternative.extent, message)
        caption = self.reader.read(span([piece.caption])) if piece.caption else ()
        self.blocks.append(PictureBlock(piece.name.text, alternative, caption))

    def _bank(self, piece: BankPiece) -> None:
        draft = read_bank(piece, self.reader.part, self.problems)
        if draft is not None:
            self.blocks.append(BankBlock(len(self.banks)))
            self.banks.append(draft)

    # --- options, interpretations, answers ----------------------------------

    def _options(self, piece: OptionsPiece) -> None:
        answer = self._peek()
        if not isinstance(answer, AnswerPiece):
            self.blocks.append(OptionsBlock(self._read_options(piece)))
            return
        self.at += 1
        self._answer(answer, self._read_options(piece, _("An option cannot contain a gap.")))

    def _read_options(
        self, piece: OptionsPiece, no_gaps: Message | None = None
    ) -> tuple[Option, ...]:
        return tuple(
            Option(label, self.reader.read(span(lines), no_gaps)) for label, lines in piece.options
        )

    def _answer(self, piece: AnswerPiece, options: tuple[Option, ...] = ()) -> None:
        items: tuple[Option, ...] = ()
        begins: list[int] = []  # the question begins on the line of its list
        if self.questions.grammar.takes_list(piece.details) and (items := self._items_above()):
            self.blocks.pop()
            begins = [self.lines.pop()]
        keys = self.questions.add(piece, self.blocks, options, items)
        self.blocks.extend(map(QuestionBlock, keys))
        self.lines += begins * len(keys)

    def _items_above(self) -> tuple[Option, ...]:
        """Return the items of the numbered list directly above, if each is a text without gaps."""
        above = self.blocks[-1] if self.blocks else None
        if not isinstance(above, NumberedList):
            return ()
        found = []
        for number, item in enumerate(above.items, above.start):
            match item:
                case (Paragraph(children),) if not has_gap(children):
                    found.append(Option(str(number), children))
                case _:
                    return ()
        return tuple(found)

    def _interpretation(self, piece: InterpretationPiece) -> None:
        order = plain(self.reader.read(span(piece.order), _("An order cannot contain a gap.")))
        steps = tuple(filter(None, (step.strip() for step in re.split(r"\s>\s|\s>$", order))))
        head = Interpretation(piece.label, steps, piece.extent)
        self.questions.offer(head)
        below = self._peek()
        if isinstance(below, AnswerPiece):
            self.at += 1
            keys = self.questions.add(below, self.blocks, interpretation=head)
            self.blocks.append(InterpretationBlock(head.label, head.order, (), tuple(keys)))
            return
        rows: list[tuple[Block, int]] = []
        if isinstance(below, FlowPiece):
            self.at += 1
            rows = self.flow.read_numbered(below.lines)
        # A numbered item is the next question, no longer the interpretation's text.
        numbered = (i for i, (block, _line) in enumerate(rows) if isinstance(block, NumberedList))
        end = next(numbered, len(rows))
        if not end:
            message = _(
                "Write the text of interpretation %(label)s, or '???', below it.", label=head.label
            )
            self.problems.warning("empty-interpretation", head.extent, message)
        text = tuple(block for block, _line in rows[:end])
        self._add_numbered(
            [(InterpretationBlock(head.label, head.order, text), _first_line(piece)), *rows[end:]]
        )

    # --- footnotes ----------------------------------------------------------

    def _footnotes(self) -> dict[str, FootnotePiece]:
        notes: dict[str, FootnotePiece] = {}
        for piece in self.pieces:
            if not isinstance(piece, FootnotePiece):
                continue
            if notes.setdefault(piece.label, piece) is not piece:
                message = _(
                    "There are two footnotes [^%(label)s]; only the first is shown.",
                    label=piece.label,
                )
                self.problems.error("footnote-twice", piece.extent, message)
        return notes

    def _read_footnotes(self) -> Iterable[Footnote]:
        mentioned = self.reader.mentioned
        for label, piece in self.notes.items():
            if label not in mentioned:
                message = _(
                    "Nothing in the text refers to this footnote. Write [^%(label)s] where it"
                    " belongs.",
                    label=label,
                )
                self.problems.warning("unused-footnote", piece.extent, message)
                mentioned[label] = len(mentioned) + 1
        for label, number in mentioned.items():
            children = self.reader.read(
                span(self.notes[label].lines),
                _("A footnote cannot contain a gap."),
                footnotes=False,
            )
            yield Footnote(number, children)


def _first_line(piece: Piece) -> int:
    """Return the number of the line on which a piece begins."""
    match piece:
        case HeadingPiece(line=line) | AnswerPiece(details=line) | PicturePiece(name=line):
            return line.number
        case OptionsPiece(options):
            return options[0][1][0].number
        case InterpretationPiece(order=lines):
            return lines[0].number
        case FlowPiece(lines) | BankPiece(lines=lines) | FootnotePiece(lines=lines):
            return lines[0].number
