"""The scanner that cuts a worksheet into its top-level pieces, line by line, in one pass.

Headings, banks, options, interpretations, pictures and room to write end whatever list
or paragraph stands above them, however they are indented: on paper they do.
"""

from __future__ import annotations

from collections.abc import Collection

from . import lines as marks
from .kinds import Grammar
from .messages import Message as _
from .pieces import (
    AnswerPiece,
    BankPiece,
    FlowPiece,
    FootnotePiece,
    HeadingPiece,
    InterpretationPiece,
    KeywordLine,
    OptionsPiece,
    PicturePiece,
    Piece,
)
from .problems import Problems
from .source import Extent, Line, join


def scan(lines: list[Line], problems: Problems, grammar: Grammar) -> list[Piece]:
    """Return the pieces of a text, in order."""
    return _Scanner(lines, problems, grammar).run()


class _Scanner:
    def __init__(self, lines: list[Line], problems: Problems, grammar: Grammar) -> None:
        self.lines = list(marks.split_answer_spaces(lines, grammar.details))
        self.problems = problems
        self.grammar = grammar
        self.at = 0
        self.pieces: list[Piece] = []
        self.flow: list[Line] = []

    def run(self) -> list[Piece]:
        takers = (
            self._heading,
            self._answer_space,
            self._bank,
            self._stray_secret,
            self._stray_keyword,
            self._options,
            self._interpretation,
            self._picture,
            self._footnote,
        )
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.blank or not any(take(line) for take in takers):
                self._warn_of_bank(line)
                self.flow.append(line)
                self.at += 1
        self._end_flow()
        return self.pieces

    # --- pieces of one line -------------------------------------------------

    def _heading(self, line: Line) -> bool:
        match = marks.HEADING.match(line.text)
        if not match:
            return False
        text = line.cut(match.end())
        bare = text.text.rstrip().rstrip("#")
        if bare.endswith(" "):  # '## Title ##'
            text = text.cut(0, len(bare))
        return self._add(HeadingPiece(len(match[1]), text))

    def _picture(self, line: Line) -> bool:
        match = marks.PICTURE.match(line.text.rstrip())
        if not match:
            return False
        caption = line.cut(*match.span("caption")) if match["caption"] else None
        name, alternative = (line.cut(*match.span(group)) for group in ("name", "alternative"))
        return self._add(PicturePiece(name, alternative, caption))

    def _footnote(self, line: Line) -> bool:
        match = marks.FOOTNOTE.match(line.text)
        if not match:
            return False
        text = [line.cut(match.end()), *self._wrapped(self.at)]
        mark = line.cut(0, match.end(1) + 1)
        return self._add(FootnotePiece(match[1], mark.extent, text), len(text))

    # --- room to write ------------------------------------------------------

    def _answer_space(self, line: Line) -> bool:
        if match := marks.ANSWER_SPACE.match(line.text):
            self._add(AnswerPiece(line.extent, line.cut(match.end())))
        elif rows := self._dotted() or self._underscores():
            last = self.lines[self.at + rows - 1]
            extent = Extent(line.extent.start, last.extent.end)
            self._add(AnswerPiece(extent, line.cut(len(line.text))), rows)
        else:
            return False
        self._lines_of_answer()
        return True

    def _dotted(self) -> int:
        """Return how many lines from here on are dotted; blank lines between them are counted."""
        rows, ahead = 0, self.at
        while ahead < len(self.lines):
            if marks.is_dotted(self.lines[ahead]):
                rows = ahead - self.at + 1
            elif not (rows and self.lines[ahead].blank):
                break
            ahead += 1
        return rows

    def _underscores(self) -> int:
        """Return how many lines from here on are underscores, 0 for a single one: that is a gap."""
        ahead = self.at
        while ahead < len(self.lines) and marks.UNDERSCORES.fullmatch(self.lines[ahead].text):
            ahead += 1
        rows = ahead - self.at
        return rows if rows > 1 else 0

    def _lines_of_answer(self) -> None:
        """Give the answer above its 'model:' and 'rubric:' lines, and those of the kinds."""
        answer = self.pieces[-1]
        while isinstance(answer, AnswerPiece) and (ahead := self._next(self.at)) < len(self.lines):
            line = self.lines[ahead]
            if match := marks.SECRET.match(line.text):
                self.at = ahead
                name = match[1].lower()
                text = self._secret(match.end(), answer)
                last = self.lines[self.at - 1]
                answer.notes.append((name, Extent(line.start, last.start + len(last.text))))
                setattr(answer, name, "\n".join(filter(None, (getattr(answer, name), text))))
            elif found := self.grammar.read_line(
                line,
                answer.lines,
                answer.details if line.number == answer.details.number + 1 else None,
            ):
                self.at = ahead
                self._keyword(line, *found, answer)
            else:
                self._warn_of_shown(line)
                if answer.lines:
                    self._warn_of_shown_key(line)
                return

    def _keyword(self, line: Line, name: str, first: Line, answer: AnswerPiece) -> None:
        """Give the answer the line of a kind, with those below that go on with it."""
        joins = self.grammar.lines[name].joins
        above = (*answer.lines, name)
        texts = [first.stripped()]
        self.at += 1
        while self.at < len(self.lines) and not self._ends_keyword(self.lines[self.at], above):
            below, above_it = self.lines[self.at].stripped(), texts[-1].text
            goes_on = above_it.endswith(joins) and above_it[-2:-1] != "\\"
            if not (goes_on or below.text.startswith(joins)):
                break
            texts.append(below)
            self.at += 1
        text = join(texts, " ")
        found = KeywordLine(Extent(line.extent.start, text.extent.end), text)
        if answer.lines.setdefault(name, found) is not found:
            self.problems.error("bad-detail", found.extent, _("This is written twice."))

    def _warn_of_shown_key(self, line: Line) -> None:
        """Warn of a line below those of a kind that may be meant as one of them."""
        is_directly_below = line.number == self.lines[self.at - 1].number + 1
        has_signs = "|" in line.text or ">" in line.text
        if has_signs and (is_directly_below or self.grammar.resembles(line)):
            self.problems.warning(
                "shown-key",
                line.extent,
                _(
                    "Pupils see this line. If it belongs to the question above, begin it with one"
                    " of %(words)s, directly below '???'.",
                    words=", ".join(f"'{name}:'" for name in self.grammar.lines),
                ),
            )

    def _ends_keyword(self, line: Line, above: Collection[str]) -> bool:
        return (
            line.blank
            or marks.stands_alone(line)
            or self.grammar.read_line(line, above) is not None
        )

    def _warn_of_shown(self, line: Line) -> None:
        if marks.is_nearly_secret(line):
            self.problems.warning(
                "shown-model",
                line.extent,
                _(
                    "Pupils see this line. If it is a model answer or a rubric, begin it with"
                    " 'model:' or 'rubric:'."
                ),
            )

    def _stray_secret(self, line: Line) -> bool:
        match = marks.SECRET.match(line.text)
        if not match:
            return False
        self.problems.error(
            "stray-model",
            line.extent,
            _(
                "'%(word)s:' must come directly under '???'. Pupils do not see this text. If they"
                " should, write **%(written)s:**.",
                word=match[1].lower(),
                written=match[1],
            ),
        )
        self._end_flow()
        self._secret(match.end())
        return True

    def _stray_keyword(self, line: Line) -> bool:
        """Report a line that belongs below another '???'. It may be a key, so it is not shown."""
        keyword = self.grammar.read_stray(line)
        if keyword is None:
            return False
        self.problems.error(keyword.code, line.extent, keyword.misplaced)
        self._end_flow()
        self.at += 1
        return True

    def _secret(self, offset: int, answer: AnswerPiece | None = None) -> str:
        """Return the text for teachers that begins on this line; bullets keep their own lines."""
        above = answer.lines if answer else ()
        text = self.lines[self.at].text[offset:].strip()
        self.at += 1
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.blank or marks.ends_secret(line):
                break
            if above and self.grammar.read_line(line, above):
                break
            if keyword := self.grammar.read_stray(line):
                # Few lines end a model answer, and what does not end it stays hidden.
                self.problems.error(keyword.code, line.extent, keyword.misplaced)
            self._warn_of_swallowed(line)
            listed = marks.BULLET.match(line.text) or marks.NUMBER.match(line.text)
            text += ("\n" if listed else " ") + line.text.strip()
            self.at += 1
        return text.strip()

    def _warn_of_swallowed(self, line: Line) -> None:
        question = marks.NUMBER.match(line.text) and line.text.rstrip().endswith("?")
        if question or "____" in line.text or marks.stands_alone(line):
            self.problems.warning(
                "line-in-model",
                line.extent,
                _(
                    "This line belongs to the model answer or rubric above it. If pupils should"
                    " see it, put an empty line before it."
                ),
            )

    # --- banks --------------------------------------------------------------

    def _bank(self, line: Line) -> bool:
        match = marks.BANK.match(line.text)
        if not match:
            return False
        inner: list[Line] = []
        rest = line.cut(match.end())
        ahead = self.at
        while (
            end := next((m.start() for m in marks.BANK_END.finditer(rest.text) if m[1]), -1)
        ) < 0:
            inner.append(rest)
            ahead += 1
            rest = self.lines[ahead] if ahead < len(self.lines) else Line("", 0)
            if rest.blank or marks.stands_alone(rest):
                message = _(
                    "This word bank is not closed: it needs ']]' before the next empty line."
                )
                self.problems.error("unclosed-bank", line.extent, message)
                return False
        self._end_flow()
        extent = Extent(line.extent.start, rest.start + end + 2)
        self.pieces.append(BankPiece(extent, [*inner, rest.cut(0, end)]))
        # What follows ']]' is read as a line of its own.
        self.at, self.lines[ahead] = ahead, rest.cut(end + 2)
        return True

    def _warn_of_bank(self, line: Line) -> None:
        opening = line.text.find("[[")
        if opening > 0 and "]]" in line.text[opening:] and "`" not in line.text:
            message = _("A word bank must start on a line of its own. Here '[[' is read as text.")
            extent = line.cut(opening, line.text.index("]]", opening) + 2).extent
            self.problems.warning("bank-in-text", extent, message)

    # --- options and interpretations ----------------------------------------

    def _options(self, line: Line) -> bool:
        match = marks.OPTION.match(line.text)
        if not match or match[2] != "a":
            return False
        at = ahead = self.at
        options: list[tuple[str, list[Line]]] = []
        while match and match[2] == chr(ord("a") + len(options)):
            text = [self.lines[ahead].cut(match.end()), *self._wrapped(ahead)]
            options.append((match[2], text))
            at = ahead + len(text)
            ahead = self._next(at)
            match = marks.OPTION.match(self.lines[ahead].text) if ahead < len(self.lines) else None
        if len(options) < 2:  # '(a)' alone is no choice
            return False
        if match and ahead == at:
            message = _(
                "'(%(label)s)' does not follow '(%(before)s)'; it is read as text.",
                label=match[2],
                before=options[-1][0],
            )
            label = self.lines[ahead].cut(0, match.end(2) + 1)
            self.problems.warning("option-order", label.extent, message)
        return self._add(OptionsPiece(options), at - self.at)

    def _interpretation(self, line: Line) -> bool:
        if not marks.is_interpretation(line):
            return False
        label, rest = marks.interpretation_label(line)
        order = [rest]
        ahead = self.at + 1
        while ahead < len(self.lines) and _goes_on(order[-1], self.lines[ahead]):
            order.append(self.lines[ahead])
            ahead += 1
        extent = Extent(line.extent.start, order[-1].extent.end)
        return self._add(InterpretationPiece(extent, label, order), len(order))

    # --- helpers ------------------------------------------------------------

    def _add(self, piece: Piece, rows: int = 1) -> bool:
        self._end_flow()
        self.pieces.append(piece)
        self.at += rows
        return True

    def _end_flow(self) -> None:
        if any(not line.blank for line in self.flow):
            self.pieces.append(FlowPiece(self.flow))
        self.flow = []

    def _next(self, at: int) -> int:
        """Return the index of the first line from ``at`` on that is not blank, or the end's."""
        while at < len(self.lines) and self.lines[at].blank:
            at += 1
        return at

    def _wrapped(self, at: int) -> list[Line]:
        """Return the lines below that go on with the text of this one."""
        end = at + 1
        while end < len(self.lines) and not self._begins_block(self.lines[end]):
            end += 1
        return self.lines[at + 1 : end]

    def _begins_block(self, line: Line) -> bool:
        begins = (marks.BULLET, marks.NUMBER, marks.OPTION, marks.RULE)
        return (
            line.blank
            or marks.stands_alone(line)
            or any(mark.match(line.text) for mark in begins)
            or self.grammar.read_stray(line) is not None
        )


def _goes_on(line: Line, below: Line) -> bool:
    """Return whether an order that was wrapped goes on in the line below."""
    if below.blank or marks.stands_alone(below):
        return False
    return below.text.lstrip().startswith(">") or line.text.rstrip().endswith(">")
