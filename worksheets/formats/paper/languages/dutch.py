"""The words of papers in Dutch."""

from __future__ import annotations

from .language import Language

DUTCH = Language(
    bank=(
        r"woord(?:en)?(?:bank|lijst|kader|vak|bak)",
        r"(?:(?:de|deze|volgende|juiste)\s+){1,3}(?:woorden|begrippen|termen|uitdrukkingen"
        r"|werkwoorden)(?:\s+(?:uit|in|hieronder|hierboven)(?:\s+(?:het|de)\s+\w+)?)?",
        r"(?:uit|in)\s+(?:het|de)\s+(?:kader|lijst|vak|rijtje)",
        r"(?:woorden|kader|begrippen)(?=\s*:)",
        r"kies\s+uit",
    ),
    fill=(
        r"vul\w*\b(?:\s+[^\s.:]+){0,9}\s+in\b",
        r"vul\s+(?:de|het)\b",
        r"invul(?:oefening|len|tekst)",
        r"maak\s+(?:de\s+)?(?:zinnen|tekst)\s+(?:af|compleet)",
        r"ontbrekende\s+woord(?:en)?",
    ),
    key=(
        "antwoorden",
        "antwoordmodel",
        "oplossingen",
        r"correctie(?:model|sleutel)",
        "nakijkblad",
        "uitwerkingen",
    ),
    scheme=(
        r"antwoordmodel",
        r"correctie(?:model|sleutel)",
        r"nakijkblad",
    ),
    fields=("naam", "klas", "datum", "groep", "nummer", "cijfer", "punten", "score"),
    true_false=(r"(?:waar|juist|goed)\s*(?:of|/|,)\s*(?:niet\s+waar|onwaar|onjuist|fout)",),
    verdicts=("waar", "niet waar"),
    other_verdicts=(("juist", "onjuist"), ("goed", "fout"), ("waar", "onwaar"), ("ja", "nee")),
    not_given=(
        r"niet\s+(?:vermeld|genoemd|gegeven|in\s+de\s+tekst)",
        r"staat\s+niet\s+in\s+de\s+tekst",
    ),
    match=(r"(?:verbind|combineer|koppel)\b",),
    choose=(r"(?:omcirkel|kruis(?:je)?|kies|onderstreep|streep)\b",),
    several=(
        r"alle\s+(?:juiste|goede|passende)",
        r"(?:kies|kruis)\s+(?:er\s+)?(?:twee|drie|meerdere)",
        r"meer(?:dere)?\s+antwoorden",
    ),
    reasons=(
        r"waarom",
        r"leg\s+uit",
        r"motiveer",
    ),
    ask=(
        r"(?:leg\s+uit|verklaar|beschrijf|noem|geef|vergelijk|bespreek|waarom|motiveer"
        r"|beargumenteer)\b",
    ),
    each=(r"(?:beantwoord|vertaal|herschrijf|verbeter)\b", r"in\s+(?:hele|volledige)\s+zinnen"),
    exercise=(
        "oefening",
        "opdracht",
        "deel",
        "taak",
        "les",
        "hoofdstuk",
        "vraag",
        "tekst",
        "bron",
        "werkblad",
    ),
    marks=("punten?", r"pt\.?", "p"),
    picture=(
        r"(?:kijk\s+naar|bekijk)\s+(?:de|het)\s+(?:foto|afbeelding|plaatje|tekening|kaart|prent"
        r"|bron)",
        r"op\s+(?:de|het)\s+(?:foto|afbeelding|plaatje|tekening|kaart)",
    ),
    underlined=(r"onderstreepte?",),
    bold=(r"vet\s*gedrukte?",),
    page=("bladzijde", "pagina", "blz"),
    small=("de", "het", "een", "van", "te", "in", "op", "aan", "en", "of", "voor"),
    particles=("van", "en"),
)
