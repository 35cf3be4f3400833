"""The questions of a paper that have no room for an answer: each gets a box, with its marks."""

from __future__ import annotations

import re
from decimal import Decimal

from worksheets.markup.lines import is_label
from worksheets.markup.messages import Message as _

from .chunks import LISTED, TEXTS, Chunk, Kind
from .languages import LANGUAGES, pattern
from .structure import Exercise
from .tasks import Task, asks_to_write, takes_several

MAX_BETWEEN = 30  # chunks between a question and its room
MAX_WORDS_OF_QUESTION = 90
MAX_WORDS_OF_PARAGRAPH = 60  # a longer one that ends with a question only tells
MAX_MARKS = 100

QUESTION = re.compile(r"[?？؟]")
_CONVINCING = re.compile(
    r"\b(?:which of (?:these|the|them)|most convincing|convinces you|plus convaincante)\b",
    re.IGNORECASE,
)
_QUESTION_END = re.compile(
    r"[?？؟]\s*(?:[)\]”\"»]*\s*)?(?:[(\[（][^()\[\]]{1,40}[)\]）]|/\s*[0-9]{1,3})?\s*\Z"
)
_EXAMPLE = re.compile(
    r"\W*(?:example|e\.g\.|beispiel|exemple|ejemplo|esempio|exemplo|voorbeeld|przykład|пример|مثال"
    r"|דוגמה|例如?|示例)\b",
    re.IGNORECASE,
)
_UNITS = pattern("marks").pattern
_MARKS = re.compile(
    rf"\s*(?:[(\[（]\s*/?\s*(?P<number>[0-9]{{1,3}}(?:[.,][0-9])?)\s*(?P<unit>{_UNITS})\s*[)\]）]"
    r"|\[\s*(?P<plain>[0-9]{1,2})\s*\]|(?<![0-9])[(\[]?\s*(?:_{1,4}\s*)?(?<![0-9])/\s*(?P<slash>[0-9]{1,3})\s*[)\]]?"
    rf"|[–—-]\s*(?P<dash>[0-9]{{1,3}})\s*(?P<dash_unit>{_UNITS}))\s*\.?\s*\Z",
    re.IGNORECASE,
)
_REASONS = pattern("reasons")
_SENTENCES = re.compile(r"(?<=[.?!。？؟])\s*")
_ENGLISH = re.compile(rf"(?:{'|'.join(LANGUAGES['en'].marks)})\Z", re.IGNORECASE)
_QUOTES = ("“", "„", "«", '"', "‘", "'", "(", "[")


def is_question(text: str) -> bool:
    """Return whether a text ends with a question, marks behind it or not."""
    return bool(_QUESTION_END.search(text.rstrip()[-200:]))


def _asks_for_reasons(prompt: Chunk | None, exercise: Exercise) -> bool:
    """Return whether a question with options asks for more than a choice.

    'Why do bees dance? (a) … (b) …' does not, 'Which is right? Why?' does.
    """
    follow_ups = _SENTENCES.split(prompt.text)[1:] if prompt else []
    texts = [chunk.label for chunk in exercise.intro] + follow_ups
    return any(_REASONS.search(text) for text in texts) or any(map(asks_to_write, follow_ups))


def take_marks(chunk: Chunk) -> Decimal | None:
    """Return the marks that a text prints at its end, None without; English ones are taken out."""
    match = _MARKS.search(chunk.text)
    if not match:
        return None
    number = match["number"] or match["plain"] or match["slash"] or match["dash"]
    marks = Decimal(number.replace(",", "."))
    if not 0 < marks <= MAX_MARKS:
        return None
    unit = match["unit"] or match["dash_unit"] or ""
    if (not unit or _ENGLISH.match(unit)) and chunk.text[: match.start()].strip():
        chunk.text = chunk.text[: match.start()].rstrip()
    return marks


def detail_of(marks: Decimal) -> str:
    """Return marks as they stand behind '???'."""
    return f"{marks.normalize():f} mark{'' if marks == 1 else 's'}"


def add_rooms(exercise: Exercise, interpretations: int) -> int:
    """Give a box to each question of an exercise that has none; marks go into the boxes.

    ``interpretations`` counts those above in the same part; return how many there are below.
    """
    return _Rooms(exercise, interpretations).add()


def choice_room(prompt: Chunk | None, exercise: Exercise) -> Chunk:
    """Return the box of options that a question offers; ``prompt`` is what asks it."""
    texts = [chunk.label for chunk in exercise.intro] + ([prompt.text] if prompt else [])
    if _asks_for_reasons(prompt, exercise):
        message = _("This looks like a choice with reasons: check its options.")
        return Chunk(Kind.ROOM, ["???"], bold=True, cautions=[("check-choices", message)])
    if any(map(takes_several, texts)):
        message = _("This looks like a choice of several options: check them.")
        room = "??? choose several"
    else:
        message = _("This looks like a choice of one option: check the options.")
        room = "??? choose one"
    return Chunk(Kind.ROOM, [room], bold=True, cautions=[("check-choices", message)])


class _Rooms:
    def __init__(self, exercise: Exercise, interpretations: int) -> None:
        self.exercise = exercise
        self.chunks = exercise.chunks
        self.introduction = len(exercise.intro)
        self.interpretations = interpretations
        self.task = exercise.task
        gaps = [at for at, chunk in enumerate(self.chunks) if chunk.gaps]
        self.first_gap = gaps[0] if gaps else len(self.chunks)
        self.last_gap = gaps[-1] if gaps else -1
        self.groups = self._option_groups()
        self.sub_questions: dict[int, bool] = {}
        self.plain_items = self._has_plain_items()

    def add(self) -> int:
        self._open_labels()
        intro: list[Chunk] = []
        body: list[Chunk] = []
        prompt: Chunk | None = None
        for at, chunk in enumerate(self.chunks):
            target = intro if at < self.introduction else body
            target.append(chunk)
            if chunk.kind is Kind.INTERPRETATION:
                self.interpretations += 1
            elif chunk.kind is Kind.HEADING and chunk.mark == "##":
                self.interpretations = 0
            elif chunk.kind is Kind.ROOM and prompt is not None:
                _move_marks(prompt, chunk)
                prompt = None
            elif chunk.kind in TEXTS:
                if prompt is None or chunk.kind is not Kind.OPTION or self._is_sub_question(at):
                    prompt = chunk
                if self._wants_room(at):
                    target.append(self._room(chunk, prompt))
                    prompt = None
        self.exercise.intro, self.exercise.body = intro, body
        return self.interpretations

    def _open_labels(self) -> None:
        """Make a box of each 'Answer:' that stands alone below a question."""
        for at, chunk in enumerate(self.chunks):
            text = chunk.text.strip("* ")
            below = self.chunks[at + 1] if at + 1 < len(self.chunks) else None
            if chunk.kind is not Kind.PARAGRAPH or not text or not is_label(text):
                continue
            if below is None or below.kind is not Kind.ROOM:
                chunk.kind, chunk.text = Kind.ROOM, f"{text} ???"

    def _room(self, chunk: Chunk, prompt: Chunk) -> Chunk:
        which = self.interpretations > 1 and _CONVINCING.search(chunk.text)
        message = _(
            "We added an answer box ('???'): the paper had no space for an answer to this question."
        )
        room = Chunk(Kind.ROOM, ["??? which" if which else "???"])
        ticked = chunk.bold and self.task is not Task.EACH  # behind a box of its own
        chooses = self.task is Task.CHOOSE or ticked
        if chooses and chunk.kind is Kind.OPTION and prompt is not chunk:
            room = choice_room(prompt, self.exercise)
        else:
            room.cautions.append(("room-added", message))
        _move_marks(prompt, room)
        return room

    # --- options ------------------------------------------------------------

    def _option_groups(self) -> dict[int, tuple[int, int]]:
        """Return for each option its list: the first one, and what is behind the last."""
        groups: dict[int, tuple[int, int]] = {}
        start = 0
        for at, chunk in enumerate([*self.chunks, None]):
            if chunk is not None and chunk.kind is Kind.OPTION:
                continue
            groups |= dict.fromkeys(range(start, at), (start, at))
            start = at + 1
        return groups

    def _is_sub_question(self, at: int) -> bool:
        """Return whether '(a) …' is a question of its own, and not one of some options."""
        start, end = self.groups[at]
        if start not in self.sub_questions:
            self.sub_questions[start] = self._are_sub_questions(start, end)
        return self.sub_questions[start]

    def _are_sub_questions(self, start: int, end: int) -> bool:
        options = self.chunks[start:end]
        parent = self.chunks[start - 1] if start else None
        if any(option.gaps for option in options) or len(options) < 2:
            return False
        if parent is not None and parent.kind in TEXTS and is_question(parent.text):
            return False
        if self.task is Task.EACH and (parent is None or start <= self.introduction):
            return True
        return all(
            is_question(option.text) or asks_to_write(option.text) or _MARKS.search(option.text)
            for option in options
        )

    # --- who gets a box -----------------------------------------------------

    def _has_plain_items(self) -> bool:
        """Return whether an exercise has sentences without numbers, each to be worked on."""
        body = [c for c in self.exercise.body if c.kind not in (Kind.ROOM, Kind.BANK)]
        return (
            self.task is Task.EACH
            and len(body) > 1
            and all(
                c.kind is Kind.PARAGRAPH and len(c.text.split()) <= 20 and not c.box for c in body
            )
        )

    def _wants_room(self, at: int) -> bool:
        """Return whether a box has to be added below a chunk."""
        chunk = self.chunks[at]
        if chunk.gaps or chunk.field or self.task is Task.MATCH or chunk.fold:
            return False
        return self._asks(at) and not self._has_room(at)

    def _asks(self, at: int) -> bool:
        chunk = self.chunks[at]
        text = chunk.text
        if chunk.mark.strip("().") == "0" or _EXAMPLE.match(text):
            return False
        if self.exercise.wants_gaps and self.last_gap > at:
            return False  # a line of the text with gaps
        if chunk.kind is Kind.OPTION:
            return self._is_sub_question(at) or self._ends_options(at)
        if len(text.split()) > MAX_WORDS_OF_QUESTION:
            return False
        is_item = chunk.kind in LISTED
        inside = at >= self.introduction
        if self.task is Task.EACH and inside and (is_item or self.plain_items):
            return True
        instruction = not inside and self.task is not None
        if instruction and (self.task is not Task.EACH or self.exercise.body):
            return False
        if is_item and QUESTION.search(text):
            return True
        if is_question(text) and not text.startswith(_QUOTES):
            return is_item or len(text.split()) <= MAX_WORDS_OF_PARAGRAPH
        if _MARKS.search(text[-80:]) and len(text.split()) >= 4:
            return True
        return asks_to_write(text)

    def _ends_options(self, at: int) -> bool:
        """Return whether an option is the last one of a question that has no box yet."""
        start, end = self.groups[at]
        parent = self.chunks[start - 1] if start else None
        if parent is None or parent.kind not in TEXTS or end - start < 2 or at != end - 1:
            return False
        if parent.gaps or any(option.gaps for option in self.chunks[start:end]):
            return False
        # 'Choose the right answer. Bees live in: (a) … (b) …' has one list of options.
        only = len(set(self.groups.values())) == 1 and start == self.introduction
        chosen = self.task is Task.CHOOSE and (start > self.introduction or only)
        return chosen or (parent.kind is not Kind.OPTION and self._asks(start - 1))

    def _has_room(self, at: int) -> bool:
        """Return whether a question has a box or gaps before the next question, or needs none."""
        own = self.chunks[at]
        for index in range(at + 1, min(at + 1 + MAX_BETWEEN, len(self.chunks))):
            below = self.chunks[index]
            if below.kind in (Kind.ROOM, Kind.INTERPRETATION, Kind.RANKING):
                return True
            if below.kind is Kind.OPTION:
                if own.kind is Kind.OPTION:
                    return False
                start, end = self.groups[index]
                # The box of options stands below them, and each question has its own.
                if end - start > 1:
                    return True
            elif below.kind is Kind.PARAGRAPH and own.kind in LISTED:
                if below.gaps or self._asks(index):
                    return bool(below.gaps)
            elif own.kind is Kind.PARAGRAPH and below.kind in LISTED and index == at + 1:
                if below.gaps or QUESTION.search(below.text) or _MARKS.search(below.text):
                    return True
            elif below.kind is Kind.TABLE:
                if below.gaps:
                    return True
            else:
                return False
        return False


def _move_marks(prompt: Chunk, room: Chunk) -> None:
    """Write the marks that a question prints into its box."""
    if room.details:
        return
    marks = take_marks(prompt)
    room.details = detail_of(marks) if marks else ""
