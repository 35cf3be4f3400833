"""The words by which a paper asks for an order, in English, German and French."""

from __future__ import annotations

import re

# What stands before a verb that asks for something: 'rank', 'order' and 'number' are nouns as well.
_START = (
    r"(?:\A|[^\w\s]\s*|[0-9]\s+|\n\s*"
    r"|\b(?:and|then|now|please|to|you|we|should|must|can|or|und|dann|nun|bitte|et|puis|ensuite"
    r"|devez|dois|faut|pour)\s+)"
)
_NEAR = r"\b[^.?!]{0,160}?"  # from a verb to what it needs, in the same sentence
_EXTREME = (
    r"(?:most|least|first|last|earliest|latest|oldest|newest|youngest|smallest|largest|biggest"
    r"|highest|lowest|best|worst|strongest|weakest|longest|shortest|slowest|fastest|greatest)"
)
_FROM_TO = rf"\bfrom\s+(?:the\s+)?{_EXTREME}\b[^.?!]{{0,60}}?\bto\s+(?:the\s+)?{_EXTREME}\b"
# 'in the right order to make tea' asks for an order, 'in order to make tea' does not.
_IN_ORDER = (
    r"\b(?:in|into|by|according\s+to)\s+"
    r"(?:(?:(?!in\b)\w+[\s-]+){1,4}order(?:ing)?\b|order\b(?!\s+(?:to|that|for)\b))"
)
_BY_WHAT = (
    r"\b(?:chronologically|alphabetically|by\s+(?:importance|date|time|size|age|length|weight"
    r"|significance|height|priority|year))\b"
)
_DE_ORDER = (
    r"(?:\w*reihenfolge|rangfolge|rangordnung|rangliste|\w*abfolge|chronologisch\w*|zeitlich\w*"
    r"|alphabetisch\w*|(?:nach|der)\s+(?:(?:der|ihrer|ihrem|dem)\s+)?(?:wichtigkeit|bedeutung"
    r"|bedeutsamkeit|größe|alter|zeit|datum|relevanz|länge|gewicht|höhe|stärke|einfluss"
    r"|dringlichkeit|priorität)|vo[nm]\s+(?:der\s+|dem\s+)?\w+(?:\s+\w+)?\s+(?:nach|bis|zum|zur))\b"
)
_FR_ORDER = (
    r"(?:\bordre\b|\bchronologiquement\b|\bd(?:u|e\s+la|e)\s+(?:plus|moins)\b"
    r"|\b(?:par|selon)\s+(?:leur\s+|l['’])?importance\b)"
)

# These ask to put given things in order, and for nothing else.
_SURE = (
    r"(?:re-?)?rank\b(?!\s*(?:of|was|is|had)\b|\s*:)",
    rf"(?:put|place|(?:re-?)?arrange|set|prioriti[sz]e){_NEAR}(?:{_IN_ORDER}|{_BY_WHAT}|{_FROM_TO})",
    r"prioriti[sz]e\s+(?:the|these|those|them|each|all)\b",
    r"(?:ordnen?|ordnet|bring(?:e|en|t)?|setz(?:e|en|t)|stell(?:e|en|t)|leg(?:e|en|t)|reih(?:e|en|t)"
    rf"|sortier\w+|erstell(?:e|en|t)|bild(?:e|en|et)){_NEAR}\b{_DE_ORDER}",
    r"(?:classe[rz]?|range[rz]?|(?:re)?place[rz]?|(?:re)?(?:mets|mettez|mettre)|organise[rz]?"
    rf"|ordonne[rz]?|trie[rz]?|dispose[rz]?){_NEAR}{_FR_ORDER}",
    r"(?:ordonne[rz]?|hiérarchise[rz]?)[\s-]+(?:les|ces)\b",
)
# These may ask for something else, such as three causes that are to be found.
_UNSURE = (
    rf"{_START}(?:order|sequence|sort)\s+(?:the|these|those|them|each|all|following|from)\b",
    rf"{_START}number\s+(?:the|these|those|them|each|all|following|from){_NEAR}(?:\border\b"
    r"|\b1\s*(?:[-–—]|to|\.\.\.|…)\s*[0-9]"
    r"|\b(?:events?|steps?|stages?|sentences?|causes?|factors?|reasons?|importance)\b)",
    rf"{_START}(?:ranking\b|rank(?=\s*:))",
    rf"\b(?:write|list|copy|sort|organi[sz]e|show){_NEAR}(?:\bthe\s+order\b|{_FROM_TO}|{_BY_WHAT})",
    _IN_ORDER,
    r"\b(?:what|which|right|correct|proper|logical)\s+order\b",
    r"\border\s+of\s+(?:importance|significance|size|age|time|priority)\b",
    _FROM_TO,
    r"\bnumm?erier(?:e|en|t)\b",
    rf"{_START}(?:ordne|sortiere|rangordne)n?\b(?![^.?!]{{0,200}}\b(?:zu|ein)\b)",
    rf"{_START}class(?:e|ez|er)\s+(?:les|ces)\b(?![^.?!]{{0,200}}\b(?:qu|groupes?|catégories?|tableau)\b)",
    r"\b(?:reihenfolge|rangfolge|rangliste|rangordnung)\b",
    r"\bnumérote[rz]?\b",
    r"\b(?:(?:bon|quel)\s+|l['’])ordre\b",
    r"\bordre\s+(?:chronologique|alphabétique|croissant|décroissant|d['’]importance)\b",
)
_REQUEST = re.compile(
    rf"(?P<sure>{_START}(?:{'|'.join(_SURE)}))|{'|'.join(_UNSURE)}", re.IGNORECASE
)
_STEM = re.compile(
    r"rank|\border|rang|reih|folge|numm?erier|numér|number|chronolog|sequence|sort|prioriti|ordn"
    r"|ordonn|hiérarch|\bmost\b|\bleast\b|import|put|place|arrange|set|bring|stell|leg|class|mett"
    r"|mets|trie|dispos|organi|bild|\bfrom\b",
    re.IGNORECASE,
)

_OTHER_TASK = re.compile(
    r"\b(?:complete|fill|match|translate"
    r"|(?:name|list|give|state|identify|write|find)\s+(?:down\s+)?(?:the\s+)?"
    r"(?:names?|examples?|two|three|four|five|six|[2-9])"
    r"|ergänz\w*|füll\w*|vervollständig\w*|nenne\w*|übersetz\w*"
    r"|complèt\w*|complét\w*|cite[rz]?|nomme[rz]?|relie[rz]?|tradui\w*)\b",
    re.IGNORECASE,
)
# 'Put the words in order to make a sentence' asks for sentences.
_SENTENCES = re.compile(
    r"\b(?:make|form|build|create)\s+(?:\w+\s+){0,3}(?:sentences?|questions?|words?)\b"
    r"|\b(?:zu|bilde\w*)\s+(?:\w+\s+){0,3}(?:satz|sätzen?|fragen?)\b"
    r"|\b(?:faire|former?|formez|construi\w+)\s+(?:\w+\s+){0,3}(?:phrases?|questions?)\b"
    r"|\b(?:write|schreib\w*|écri\w+)\s+(?:\w+\s+){0,2}(?:sentences?|sätze?|phrases?)\b"
    r"(?!\s+(?:in|dans)\b)",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"\b(?:letters?|words?|syllables?|buchstaben|wörter|silben|lettres|mots|syllabes)\b",
    re.IGNORECASE,
)

_END_OF_SCALE = (
    r"(?:(?:the\s+)?(?:most|least)(?:\s+\w+)?|earliest|latest|first|last|oldest|newest|highest|lowest"
    r"|(?:am\s+)?(?:un)?wichtigsten?|(?:un)?wichtigste[rs]?|zuerst|zuletzt"
    r"|(?:les?\s+|la\s+)?(?:plus|moins)\s+\w+)"
)
SCALE = re.compile(rf"\(?\s*{_END_OF_SCALE}\s*\)?\s*:?", re.IGNORECASE)
# 'most important first': how to order, no thing; 'First World War' is one.
ON_SCALE = re.compile(
    r"(?:the\s+)?(?:most|least)\s|(?:un)?wichtigste|(?:les?\s+|la\s+)?(?:plus|moins)\s",
    re.IGNORECASE,
)
ANSWER = re.compile(
    r"(?:(?:my|your|the|meine?|deine?|die|mon|ma|ton|ta|votre)\s+)?"
    r"(?:(?:correct|right|richtige|bon)\s+)?"
    r"(?:rank(?:ing)?|order|answers?|sequence|(?:reihen|rang)folge|antwort(?:en)?|lösung"
    r"|ordre|classement|réponses?)(?:\s+correcte?)?\s*:?",
    re.IGNORECASE,
)
AND = re.compile(r"(?:^|\s+)(?:and|or|und|oder|et|ou|&)\s+", re.IGNORECASE)
FIELD = re.compile(
    r"(?:first\s+|last\s+|full\s+|student\s+)?(?:name|class|date|group|form|score|total|marks?|points?"
    r"|klasse|datum|punkte|note|nom|prénom|classe|groupe)\s*:?",
    re.IGNORECASE,
)
MARKS = re.compile(
    r"[(\[]\s*[0-9]{1,3}(?:[.,][0-9])?(?:\s*[^\W\d_]{1,8}\.?)?\s*[)\]]"
    r"|(?:(?<!_)_+\s*)?/\s*[0-9]{1,3}(?:\s*[^\W\d_]{1,8}\.?)?"
    r"|[0-9]{1,3}(?:[.,][0-9])?\s*(?:marks?|points?|pts?|punkte?|p)\.?",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:rank(?:ing)?|order|answers?|numbers?|here|below|(?:reihen|rang)folge|antwort(?:en)?|hier"
    r"|ordre|classement|réponses?|ici)\b",
    re.IGNORECASE,
)
# 'First ____  Then ____' is filled with what happened, not with numbers.
STEP = re.compile(
    r"(?:(?:at\s+)?first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth|fifth|next|then|after\s+that|later"
    r"|finally|last(?:ly)?|(?:step|event|stage|rank|place|number|no\.?|platz|rang|schritt|nr\.?|étape)"
    r"\s*[0-9]{1,2}|zuerst|dann|danach|schließlich|zuletzt|erstens|zweitens|drittens"
    r"|(?:tout\s+)?d['’]abord|ensuite|puis|après|enfin|finalement|premièrement|deuxièmement"
    r"|[0-9]{1,4}(?:[./-][0-9]{1,4}){0,2})",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\Areasons?\b|\b(?:expla\w+|because|why|(?:give|your|my)\s+reasons?|justif\w+|begründ\w*|erklär\w*|weil|warum|denn"
    r"|expliqu\w*|parce\s+que|pourquoi)\b",
    re.IGNORECASE,
)


def may_ask(row: str) -> bool:
    """Return whether a line has a word that the sentence of a ranking could begin with."""
    return bool(_STEM.search(row))


def requests(text: str) -> list[re.Match[str]]:
    """Return where a text asks for an order; the group 'sure' says that it asks nothing else."""
    return list(_REQUEST.finditer(text))


def asks_for_more(text: str) -> bool:
    """Return whether a text asks for more than an order, such as three names."""
    return bool(_OTHER_TASK.search(text))


def asks_for_sentences(text: str) -> bool:
    """Return whether words are to be put in order to make sentences of them."""
    return bool(_SENTENCES.search(text))


def is_about_words(text: str) -> bool:
    """Return whether a text speaks of letters or words, not of things."""
    return bool(_WORDS.search(text))


def speaks_of_answer(text: str) -> bool:
    """Return whether a text says where the answer goes: 'Write your order here'."""
    return bool(_PLACE.search(text))


def asks_for_reason(text: str) -> bool:
    """Return whether a text, such as 'Explain your order:', asks for a reason."""
    return bool(_REASON.search(text))
