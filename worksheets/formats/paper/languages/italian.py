"""The words of papers in Italian."""

from __future__ import annotations

from .language import Language

ITALIAN = Language(
    bank=(
        r"(?:banca|elenco|lista|riquadro)\s+(?:di\s+|delle\s+)?parole",
        r"(?:(?:le|queste|seguenti|i)\s+){1,2}(?:parole|termini|espressioni|verbi"
        r"|aggettivi)(?:\s+(?:seguenti|date|del\s+riquadro|della\s+lista|elencate|sottostanti))*",
        r"(?:nel|del|dal|della)\s+(?:riquadro|elenco|lista|box)",
        r"(?:parole|elenco|lista|riquadro)(?=\s*:)",
    ),
    fill=(
        r"complet(?:a|are|ate|i)\b",
        r"riempi(?:re|te)?\b",
        r"inseris(?:ci|cono)|inserire|inserite",
        r"spazi\s+(?:vuoti|bianchi)",
    ),
    key=(
        "soluzioni",
        "soluzione",
        "risposte",
        "chiavi",
        r"chiave(?!\s+d)",
        r"risposte\s+corrette",
        "correzione",
    ),
    scheme=(r"griglia\s+di\s+correzione",),
    fields=(
        "nome",
        "cognome",
        r"nome\s+e\s+cognome",
        "classe",
        "data",
        "voto",
        "punti",
        "gruppo",
        "alunn[oa]",
    ),
    true_false=(r"ver[oaie]\s*(?:o|/|,)\s*fals[oaie]", r"v\s*(?:o|/)\s*f"),
    verdicts=("vero", "falso"),
    other_verdicts=(("sì", "no"), ("giusto", "sbagliato")),
    not_given=(
        r"non\s+(?:dett[oa]|indicat[oa]|dat[oa]|menzionat[oa]|specificat[oa]|presente)",
        r"non\s+si\s+(?:dice|sa)",
    ),
    match=(r"(?:collega|abbina|associa|unisci)(?:re|te)?\b",),
    choose=(
        r"(?:segna|scegli|sottolinea|cerchia|indica\s+la|metti\s+una\s+crocetta)(?:re|te|ete)?\b",
    ),
    several=(
        r"tutte\s+le\s+(?:risposte|opzioni|corrette)",
        r"(?:segna|scegli|indica)\w*\s+(?:due|tre|più)",
        r"più\s+risposte",
    ),
    reasons=(
        r"perché",
        r"motiva\w*",
        r"spiega\w*",
    ),
    ask=(
        r"(?:spiega|descrivi|giustifica|commenta|confronta|definisci|elenca|riassumi|analizza"
        r"|motiva|scrivi|perché)(?:re|te|ete)?\b",
    ),
    each=(
        r"(?:rispondi|rispondete|traduci|traducete|riscrivi|riscrivete|trasforma|correggi)(?:re"
        r"|te)?\b",
    ),
    exercise=(
        "esercizio",
        "attività",
        "parte",
        "compito",
        "unità",
        "sezione",
        "lezione",
        "domanda",
        "testo",
        "scheda",
    ),
    marks=("punti", "punto", r"pt\.?"),
    picture=(
        r"(?:guarda|osserva)(?:te)?\s+(?:la|il|le|l['’])\s*(?:foto|immagine|disegno|mappa|carta"
        r"|immagini|figura)",
        r"(?:nella|nell['’]|nel)\s*(?:foto|immagine|disegno|mappa|figura)",
    ),
    underlined=(r"sottolineat[oaie]",),
    bold=(r"in\s+(?:grassetto|neretto)",),
    page=("pagina", "pag", "p"),
    small=(
        "di",
        "del",
        "della",
        "dei",
        "il",
        "la",
        "lo",
        "le",
        "i",
        "un",
        "una",
        "a",
        "al",
        "in",
        "e",
        "o",
        "per",
    ),
    particles=("di", "del", "della", "e"),
)
