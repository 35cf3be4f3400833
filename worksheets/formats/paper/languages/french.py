"""The words of papers in French."""

from __future__ import annotations

from .language import Language

FRENCH = Language(
    bank=(
        r"(?:banque|liste|boîte|réserve|encadré)\s+(?:de\s+|des\s+)?mots",
        r"(?:(?:les|des|ces|suivants?|aux|un\s+des)\s+){1,2}(?:mots|termes|expressions|verbes"
        r"|adjectifs|prépositions|connecteurs)(?:\s+(?:suivants?|ci-dessous|proposés?"
        r"|de\s+la\s+liste|donnés?|de\s+l['’]encadré|manquants?|entre\s+parenthèses))*",
        r"(?:de\s+la|dans\s+la|dans\s+l['’]|de\s+l['’])\s*(?:liste|encadré|cadre)(?:\s+suivante?)?",
        r"(?:mots|liste|termes|vocabulaire|banque)(?=\s*:)",
    ),
    fill=(
        r"compl[èée]t(?:e|er|ez|ons|es)\b",
        r"rempli[srt]?(?:sez|r)?\b",
        r"texte\s+(?:à\s+trous|lacunaire)",
        r"place[rz]?\s+(?:les|ces)\s+mots",
        r"(?:utilise|écri[st]|insère|retrouve)[rz]?\s+les\s+mots",
        r"pointillés",
    ),
    key=(
        r"corrigés?(?:[\s-]+type)?",
        r"(?:les\s+)?(?:réponses|solutions?)(?:\s+attendues)?",
        r"réponse\s+attendue",
        r"correction",
        r"clé\s+de\s+correction",
    ),
    fields=(
        "nom",
        "prénom",
        r"nom\s+et\s+prénom",
        "classe",
        "date",
        "note",
        "groupe",
        "total",
        "école",
        "points",
        "numéro",
    ),
    true_false=(
        r"vraie?s?\s*(?:ou|/|,|et)\s*fausses?",
        r"vrai\s*(?:ou|/|,)\s*faux",
        r"v\s*(?:ou|/)\s*f",
    ),
    verdicts=("vrai", "faux"),
    match=(r"(?:relie|associe|fais\s+correspondre|faites\s+correspondre|apparie)[rz]?\b",),
    choose=(
        r"(?:coche|entoure|souligne|barre|choisi[st]?(?:sse)?)[rz]?\s+(?:la|le|les|l['’]|une"
        r"|chaque)",
        r"q\.?c\.?m\.?",
        r"(?:cherche|trouve|chasse[rz]?)\s+l['’]intrus",
    ),
    ask=(
        r"(?:explique|décri[st]|justifie|commente|compare|présente|définis|définissez|donne|cite"
        r"|nomme|indique|rédige|précise|analyse|résume)(?:[rz]|vez)?\b",
    ),
    each=(
        r"répond(?:s|ez|re)\b",
        r"(?:traduis|traduisez|traduire|réécri[st]|récris|transforme|corrige|reformule|conjugue"
        r"|classe)(?:[rz]|vez|ez)?\b",
        r"(?:par|avec)\s+(?:une|des)\s+phrases?\s+(?:complètes?)?",
        r"questions?(?=\s*:|\s*\Z)",
    ),
    exercise=(
        "exercice",
        "activité",
        "partie",
        "séance",
        "leçon",
        "unité",
        "tâche",
        "question",
        "texte",
        "document",
        "chapitre",
        "étape",
        "fiche",
    ),
    marks=(r"points?", r"pts?\.?"),
    picture=(
        r"(?:regarde|observe|légende|décri)\w*\s+(?:bien\s+)?(?:l['’]image|la\s+photo|le\s+dessin"
        r"|la\s+carte|le\s+schéma|les\s+images|le\s+document|l['’]illustration)",
        r"(?:sur|dans)\s+(?:l['’]image|la\s+photo|le\s+dessin|la\s+carte|le\s+schéma)",
        r"\((?:à\s+)?(?:droite|gauche|ci-dessus|ci-dessous|ci-contre)(?:,|\)|\s+avec)",
    ),
    underlined=(r"soulignée?s?",),
    bold=(r"en\s+gras",),
    page=("page", "pages", "p"),
    small=(
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "un",
        "une",
        "à",
        "au",
        "aux",
        "en",
        "et",
        "ou",
        "d'un",
        "sur",
    ),
    particles=("de", "du", "des", "et"),
)
