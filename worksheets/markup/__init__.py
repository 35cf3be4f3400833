"""The worksheet language: ``parse`` reads a teacher's text and makes a ``Sheet``.

What an answer box asks is known by the kinds of question that ``parse`` is given.

The grammar is written down in ``docs/markup.md``.
"""

from worksheets.words.key import Accepted, Anticipated, Mode
from worksheets.words.settings import Settings

from .kinds import AnswerBox, Asked, Keyword, KindGrammar
from .messages import Message
from .parser import parse
from .sheet import (
    Bank,
    BankBlock,
    Block,
    BulletList,
    Code,
    Emphasis,
    Footnote,
    FootnoteRef,
    Formula,
    Gap,
    GapRef,
    Heading,
    HorizontalRule,
    Inline,
    InterpretationBlock,
    Item,
    LineBreak,
    Link,
    MarkupProblem,
    NumberedList,
    Option,
    OptionsBlock,
    Paragraph,
    Part,
    PictureBlock,
    Question,
    QuestionBlock,
    Quotation,
    Severity,
    Sheet,
    Strong,
    Table,
    Text,
)
from .source import Extent, Span

__all__ = [
    "Accepted",
    "AnswerBox",
    "Anticipated",
    "Asked",
    "Bank",
    "BankBlock",
    "Block",
    "BulletList",
    "Code",
    "Emphasis",
    "Extent",
    "Footnote",
    "FootnoteRef",
    "Formula",
    "Gap",
    "GapRef",
    "Heading",
    "HorizontalRule",
    "Inline",
    "InterpretationBlock",
    "Item",
    "Keyword",
    "KindGrammar",
    "LineBreak",
    "Link",
    "MarkupProblem",
    "Message",
    "Mode",
    "NumberedList",
    "Option",
    "OptionsBlock",
    "Paragraph",
    "Part",
    "PictureBlock",
    "Question",
    "QuestionBlock",
    "Quotation",
    "Settings",
    "Severity",
    "Sheet",
    "Span",
    "Strong",
    "Table",
    "Text",
    "parse",
]
