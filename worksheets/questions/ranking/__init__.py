"""Things that the pupil puts in order, and perhaps the reasons in an answer of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from worksheets.markup import AnswerBox, Asked, Keyword, Message, Question, Sheet
from worksheets.markup.messages import Message as _
from worksheets.questions.answers import ItemAnswer, Keyed, Reading, Value, clean, make_value
from worksheets.questions.by_teacher import ByTeacher
from worksheets.questions.picture import Picture
from worksheets.questions.ranking.counting import count_places
from worksheets.questions.ranking.grammar import LINES, as_written, read_order, read_things
from worksheets.questions.ranking.pairs import mark_order


@dataclass(frozen=True, slots=True)
class Things:
    """The things to put in order, as the sheet lists them, and the right order if there is one."""

    listed: tuple[str, ...]
    right: tuple[str, ...]


class Ranking(ByTeacher):
    """The kind of a box with a line ``rank:``. With ``right:`` it is marked by pairs.

    Posted as ``q2-1``, ``q2-2`` …: the place of each thing, by the alphabet.
    """

    name = "ranking"
    lines: Sequence[Keyword] = LINES
    scripts: tuple[str, ...] = ("worksheets/questions/ranking.js",)
    is_listed = True

    def ask(self, box: AnswerBox) -> Sequence[Asked]:
        if "rank" not in box.lines:
            return []
        things = Things(listed := read_things(box), read_order(box, listed))
        asked = [Asked(self.name, things, box.details, automatic=bool(things.right))]
        if "because" in box.lines:
            details = box.read_details(box.lines["because"])
            asked.append(Asked("written", _("Because"), details))
        return asked

    def read(
        self, sheet: Sheet, item: Question[Things], fields: Mapping[str, str]
    ) -> Reading | None:
        names = _names(item)
        if not any(name in fields for name in names.values()):
            return None
        posted = {thing: clean(fields.get(name, "")).strip() for thing, name in names.items()}
        posted = {thing: place for thing, place in posted.items() if place}
        allowed = {str(place) for place in range(1, len(names) + 1)}
        if len(set(posted.values()) & allowed) < len(posted):
            message = _(
                "Use the numbers from 1 to %(n)s, and each of them only once.", n=len(names)
            )
            shown = {thing: place[:20] for thing, place in posted.items()}
            return Reading(make_value(places=shown), message)
        return Reading(make_value(places={thing: int(place) for thing, place in posted.items()}))

    def fields(self, item: Question[Things], answer: ItemAnswer) -> Mapping[str, str]:
        places = _places(answer.value)
        return {name: str(places.get(thing, "")) for thing, name in _names(item).items()}

    def summary(self, item: Question[Things], value: Value) -> str:
        return " > ".join(_in_order(item, value))

    def is_blank(self, answer: ItemAnswer) -> bool:
        return not _places(answer.value)

    def missing(self, item: Question[Things], answer: ItemAnswer) -> Message | None:
        ordered = _in_order(item, answer.value)
        if 0 < len(ordered) < len(item.content.listed):
            return _("not everything is put in order")
        return None

    def same(self, before: Question[Things], after: Question[Things]) -> bool:
        """Return whether the things are the same, however they are listed."""
        return set(before.content.listed) == set(after.content.listed)

    def mark(self, question: Question[Things], answer: ItemAnswer) -> Decimal | None:
        earned = mark_order(
            question.content.right, _in_order(question, answer.value), question.marks or Decimal(0)
        )
        # A mark is kept with four decimals: a third of a mark is 0.3333.
        return None if earned is None else Decimal(round(earned * 10_000)) / 10_000

    def show(self, question: Question[Things], answer: ItemAnswer) -> Mapping[str, object]:
        names, fields = _names(question), self.fields(question, answer)
        return {
            "things": [
                {"name": names[thing], "text": thing, "place": fields[names[thing]]}
                for thing in question.content.listed
            ],
            "ordered": _in_order(question, answer.value),
        }

    def key(self, question: Question[Things]) -> ItemAnswer:
        places = {thing: place for place, thing in enumerate(question.content.right, 1)}
        return ItemAnswer(make_value(places=places) if places else {})

    def keyed(self, question: Question[Things], answer: ItemAnswer) -> Keyed | None:
        if self.missing(question, answer):
            return None
        right = tuple(_in_order(question, answer.value))
        line = " > ".join(map(as_written, right))
        return Keyed(replace(question.content, right=right), {"right": line})

    def solution(self, question: Question[Things]) -> Mapping[str, object]:
        return {"ordered": question.content.right}

    def picture(self, question: Question[Things], answers: Sequence[ItemAnswer]) -> Picture | None:
        """Return who put which thing in which place."""
        content = question.content
        return count_places(content.listed, content.right, [_places(a.value) for a in answers])

    def choices(self, question: Question[Things]) -> Sequence[str]:
        return question.content.listed

    def choice(self, question: Question[Things], answer: ItemAnswer) -> str:
        """Return the thing that a pupil puts first."""
        places = _places(answer.value)
        return next((thing for thing in question.content.listed if places.get(thing) == 1), "")

    def repeats(self, before: Question[Things], after: Question[Things]) -> bool:
        """Return whether the same things are ranked: 'before reading' and 'after reading'."""
        return self.same(before, after)


def _names(question: Question[Things]) -> dict[str, str]:
    """Return the field of each thing: an edition that lists them anew keeps their fields."""
    by_alphabet = sorted(question.content.listed)
    return {thing: f"{question.key}-{n}" for n, thing in enumerate(by_alphabet, 1)}


def _places(value: Value) -> Mapping[str, int | str]:
    places = value.get("places")
    return places if isinstance(places, dict) else {}


def _in_order(question: Question[Things], value: Value) -> list[str]:
    """Return the things that have a place, the first one first."""
    places = {thing: place for thing, place in _places(value).items() if isinstance(place, int)}
    return sorted((t for t in question.content.listed if t in places), key=places.__getitem__)
