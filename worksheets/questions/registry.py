"""The kinds of item that there are."""

from __future__ import annotations

from typing import Any

from worksheets.markup import Gap, Item, Question, Sheet, parse
from worksheets.questions.choice import Choice
from worksheets.questions.complete import Complete
from worksheets.questions.convincing import Convincing
from worksheets.questions.gap import GapKind
from worksheets.questions.kind import ItemKind, QuestionKind
from worksheets.questions.matching import Matching
from worksheets.questions.options import OptionsWithReason
from worksheets.questions.ranking import Ranking
from worksheets.questions.statements import TrueOrFalse
from worksheets.questions.written import Written

GAP = GapKind()

# An answer box is of the first kind that takes it; the last takes every one.
_IN_ORDER: tuple[QuestionKind, ...] = (
    Complete(),
    Choice(),
    TrueOrFalse(),
    Matching(),
    OptionsWithReason(),
    Convincing(),
    Ranking(),
    Written(),
)
KINDS: dict[str, QuestionKind] = {kind.name: kind for kind in _IN_ORDER}


def kind_of(item: Item) -> ItemKind[Any]:
    """Return the kind of a gap or a question."""
    return GAP if isinstance(item, Gap) else KINDS[item.kind]


def question_kind(question: Question[Any]) -> QuestionKind:
    """Return the kind of a question."""
    return KINDS[question.kind]


def parse_sheet(source: str) -> Sheet:
    """Return the sheet of a text as ``parse`` does, with all kinds of question."""
    return parse(source, KINDS.values())
