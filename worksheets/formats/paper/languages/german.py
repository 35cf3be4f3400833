"""The words of papers in German."""

from __future__ import annotations

from .language import Language

GERMAN = Language(
    bank=(
        r"zur\s+auswahl",
        r"(?:wort|wörter|begriffs?|lösungs)[\s-]?(?:liste|kasten|box|speicher|bank|pool|sammlung"
        r"|feld|schatz|wolke)n?",
        r"(?:(?:folgenden?|diese|diesen|passenden?|richtigen?|fehlenden?|vorgegebenen?|gegebenen?"
        r"|angegebenen?|die|den)\s+){1,3}(?:wörtern?|begriffen?|ausdrücken?|verben|adjektiven?"
        r"|nomen|präpositionen|wendungen|satzteilen?)",
        r"(?:im|aus\s+dem|in\s+der|aus\s+der|des)\s+(?:kasten|kästchen|box|liste|wortspeicher"
        r"|rahmen)",
        r"(?:wörter|begriffe|auswahl|kasten|liste)(?=\s*:)",
    ),
    fill=(
        r"(?:setz|füg|füll|trag|schreib)(?:e|t|en)?\b(?:\s+[^\s.:]+){0,9}\s+(?:ein|aus)\b",
        r"(?:ergänz|vervollständig)\w*",
        r"lücken?(?:text|satz|sätze)?",
        r"(?:fehlenden?)\s+\w+",
    ),
    key=(
        r"lösung(?:en|sblatt|sschlüssel|swort|sweg)?",
        r"(?:antworten|lösungen)\s+(?:zum|zur|zu|der)\s+\w+",
        r"antworten",
        r"erwartungshorizont",
        r"musterlösung(?:en)?",
    ),
    scheme=(
        r"erwartungshorizont",
        r"musterlösung(?:en)?",
        r"lösungs(?:blatt|schlüssel)",
    ),
    fields=(
        "name",
        "vorname",
        "nachname",
        "klasse",
        "datum",
        "punkte",
        "note",
        "gruppe",
        "kurs",
        "schule",
        "fach",
        "nr",
        "unterschrift",
        r"gesamt(?:punktzahl)?",
    ),
    true_false=(r"(?:richtig|wahr)\s*(?:oder|/|,)\s*(?:falsch|unwahr)", r"r\s*(?:oder|/)\s*f"),
    verdicts=("richtig", "falsch"),
    other_verdicts=(
        ("wahr", "falsch"),
        ("wahr", "unwahr"),
        ("ja", "nein"),
        ("stimmt", "stimmt nicht"),
        ("trifft zu", "trifft nicht zu"),
    ),
    not_given=(
        r"(?:steht\s+)?nicht\s+(?:im\s+text(?:\s+enthalten)?|enthalten|erwähnt|genannt)",
        r"keine\s+(?:angabe|information)",
        r"steht\s+nicht\s+(?:im\s+text|da)",
    ),
    match=(
        r"(?:ordne|ordnet|ordnen\s+sie|verbinde|verbindet|verbinden\s+sie)\b(?!\s+nach)",
        r"zuordnung\w*",
        r"was\s+gehört\s+zusammen",
    ),
    choose=(
        r"kreuz(?:e|t|en)?\b",
        r"ankreuzen",
        r"(?:unterstreiche|markiere|wähle|streiche)\w*",
    ),
    several=(
        r"alle(?:s)?\s+(?:richtigen?|zutreffenden?|was\s+zutrifft|passenden?)\w*",
        r"kreuz\w*\s+(?:die\s+)?(?:zwei|drei|vier|mehrere)",
        r"mehrere\s+(?:antworten|lösungen)",
        r"mehrfachnennung\w*",
    ),
    reasons=(
        r"warum",
        r"begründe\w*",
        r"weshalb",
        r"wieso",
    ),
    ask=(
        r"(?:erklär|erläuter|beschreib|begründ|diskutier|beurteil|bewert|nenn|fass|charakterisier"
        r"|analysier|definier|skizzier|interpretier|gib|nimm)(?:e|t|en|st)?\b",
    ),
    each=(
        r"(?:beantworte|schreibe|formuliere|übersetze|verbessere|korrigiere|bilde|forme)\w*",
        r"antworte\b",
        r"(?:in\s+)?(?:ganzen|vollständigen|eigenen)\s+(?:sätzen|worten)",
        r"fragen\s+zum\s+text",
        r"reflexionsfragen",
    ),
    exercise=(
        "aufgabe",
        "übung",
        "teil",
        "arbeitsauftrag",
        "abschnitt",
        "lektion",
        "kapitel",
        "einheit",
        "frage",
        "text",
        "material",
        "quelle",
        "arbeitsblatt",
        "schritt",
    ),
    marks=(r"punkten?", r"pkt\.?", r"p\.?", r"be"),
    picture=(
        r"(?:schau|betrachte|sieh|beschrifte|beschreibe)\w*\s+(?:dir\s+)?(?:das|die"
        r"|den)\s+(?:bild|foto|karte|karikatur|abbildung|diagramm|grafik|schaubild|zeichnung"
        r"|plakat)",
        r"(?:auf|in|aus)\s+(?:dem|der)\s+(?:bild|foto|karte|karikatur|abbildung|zeichnung)",
        r"\((?:rechts|links|oben|unten)(?:,|\s+mit|\))",
    ),
    underlined=(r"unterstrichen\w*",),
    bold=(r"fett\s*gedruckt\w*", r"fett\s+(?:markiert|geschrieben)\w*"),
    page=("seite", "seiten", "s"),
    small=(
        "der",
        "die",
        "das",
        "des",
        "den",
        "dem",
        "ein",
        "eine",
        "und",
        "oder",
        "von",
        "zu",
        "in",
        "im",
        "am",
        "an",
        "auf",
        "mit",
        "hat",
        "ist",
        "hatte",
        "war",
    ),
    particles=("des", "von", "und"),
)
