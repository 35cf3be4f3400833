"""Short written answers that say the same in nearly the same words, put together. Pure.

It is no automated assessment: a teacher looks at each answer of a group before one press marks
them, and takes out what does not belong. So only answers are put together of which every word that
can carry a meaning is the same and stands in the same place: no list of synonyms, no model.
What is passed over are small words, endings, one slip of the pen, and the words of the question.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from worksheets.words.normalise import normalise, western, without_accents
from worksheets.words.settings import Settings
from worksheets.words.typos import one_slip

MAX_LETTERS = 240  # of an answer; a longer one is more than a sentence
MIN_STEM = 4  # letters that stay when an ending is passed over
MIN_OTHER_WORDS = 2  # words beside the one in which a slip is forgiven
ESTABLISHED = 2  # answers with a word, from which on it is no slip

Form = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class _Language:
    """The words of a language that say nothing, those of one meaning, and its endings."""

    dropped: frozenset[str]
    same: Mapping[str, str]
    endings: tuple[str, ...]
    reasons: frozenset[str]  # what stands between the words of the question and the answer


_ENGLISH = _Language(
    dropped=frozenset(
        [
            *("a", "an", "the", "that", "really", "just", "basically", "actually", "simply"),
            *("so", "also"),
        ]
    ),
    same={
        **dict.fromkeys(["is", "was", "were", "are", "been", "being", "am"], "be"),
        **dict.fromkeys(["has", "had", "having"], "have"),
        **dict.fromkeys(["does", "did", "do", "done"], "do"),
        **dict.fromkeys(["can", "could"], "can"),
        **dict.fromkeys(["will", "would"], "will"),
        **dict.fromkeys(["cos", "cuz", "coz", "bc"], "because"),
        **{"ppl": "people", "everyone": "everybody", "u": "you", "govt": "government"},
        **{"didn't": "do not", "don't": "do not", "doesn't": "do not", "didnt": "do not"},
        **{"wasn't": "be not", "weren't": "be not", "isn't": "be not", "aren't": "be not"},
        **{"couldn't": "can not", "can't": "can not", "cannot": "can not", "cant": "can not"},
        **{"wouldn't": "will not", "won't": "will not", "hadn't": "have not"},
        **{"it's": "it be", "he's": "he be", "they're": "they be", "dont": "do not"},
    },
    endings=("ing", "ed", "es", "s", "e"),
    reasons=frozenset({"because"}),
)
_GERMAN = _Language(
    dropped=frozenset(
        [
            *("der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem"),
            *("einer", "eines", "dass", "halt", "eben", "einfach", "auch", "so"),
        ]
    ),
    same={
        **dict.fromkeys(["ist", "war", "waren", "sind", "gewesen"], "sein"),
        **dict.fromkeys(["hat", "hatte", "hatten", "haben", "gehabt"], "haben"),
        **dict.fromkeys(["wird", "wurde", "wurden", "werden", "worden"], "werden"),
        **dict.fromkeys(["kann", "konnte", "konnten", "können"], "können"),
        **dict.fromkeys(["will", "wollte", "wollten", "wollen"], "wollen"),
        **{"weils": "weil es", "u": "und", "wg": "wegen", "denn": "weil"},
    },
    endings=("en", "er", "es", "em", "e", "n", "s"),
    reasons=frozenset({"weil"}),
)
_NO_LANGUAGE = _Language(frozenset(), {}, (), frozenset())
_LANGUAGES = {"": _ENGLISH, "en": _ENGLISH, "de": _GERMAN}


def together(texts: Sequence[str], settings: Settings, prompt: str = "") -> list[list[int]]:
    """Return groups of the places of answers that say the same, each in the order of the answers.

    ``prompt`` is the question: an answer may repeat it before the reason. Where spelling counts,
    no slip is forgiven.
    """
    forms = [_form(text, settings, prompt) for text in texts]
    joined = {} if settings.spelling_counts else _slips(Counter(filter(None, forms)))
    groups: defaultdict[Form, list[int]] = defaultdict(list)
    for place, form in enumerate(forms):
        groups[joined.get(form, form) or ("", str(place))].append(place)
    return list(groups.values())


def _form(text: str, settings: Settings, prompt: str) -> Form:
    """Return the words of an answer that can carry a meaning; () if it is too long or has none."""
    if len(text) > MAX_LETTERS:
        return ()
    language = _LANGUAGES.get(settings.language.partition("-")[0], _NO_LANGUAGE)
    words = list(_words(text, settings, language))
    for place, word in enumerate(words):
        if word in language.reasons:
            asked = set(_words(prompt, settings, language))
            if asked.issuperset(words[:place]):
                words = words[place + 1 :]
            break
    return tuple(words)


def _words(text: str, settings: Settings, language: _Language) -> Iterator[str]:
    plain = western(without_accents(normalise(text, settings)))
    for found in _WORD.findall(plain.replace("&", " and ")):
        for word in language.same.get(found, found).split():
            if word not in language.dropped:
                is_known = word in language.reasons or word in language.same.values()
                yield word if is_known else _stem(word, language.endings)


def _stem(word: str, endings: Iterable[str]) -> str:
    """Return a word without its ending, as far as enough of it stays."""
    if not word.isalpha():
        return word
    for ending in endings:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= MIN_STEM:
            return stem[:-1] if stem[-1] == stem[-2] else stem
    return word


def _slips(counts: Counter[Form]) -> dict[Form, Form]:
    """Return for forms with one slip in one word the form that is meant, if that is certain.

    It has to be in another answer, the only one that is so near, and the slip in no second one: a
    word that two pupils write is a word.
    """
    often: Counter[str] = Counter()
    for form, count in counts.items():
        often.update(dict.fromkeys(form, count))
    near: defaultdict[tuple[int, Form], list[Form]] = defaultdict(list)
    for form in counts:
        if len(form) > MIN_OTHER_WORDS:
            for place in range(len(form)):
                near[place, (*form[:place], "", *form[place + 1 :])].append(form)
    meant: defaultdict[Form, set[Form]] = defaultdict(set)
    for (place, _rest), alike in near.items():
        for form in (one for one in alike if often[one[place]] < ESTABLISHED):
            for other in alike:
                if often[other[place]] >= ESTABLISHED and _is_slip(form[place], other[place]):
                    meant[form].add(other)
    return {form: next(iter(found)) for form, found in meant.items() if len(found) == 1}


def _is_slip(word: str, right: str) -> bool:
    return word[:1] == right[:1] and one_slip(word, right)
