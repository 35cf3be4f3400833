"""The words of papers in Polish."""

from __future__ import annotations

from .language import Language

POLISH = Language(
    bank=(
        r"(?:bank|lista|ramka)\s+słów",
        r"(?:podan\w+|poniższ\w+|następując\w+|odpowiedni\w+|brakując\w+)\s+(?:słów|słowa|słowami"
        r"|wyraz\w*|wyrażeni\w*|czasownik\w*|pojęci\w*)",
        r"(?:słow\w+|wyraz\w*|wyrażeni\w*)\s+(?:z|w)\s+(?:ramki|ramce|tabeli|listy)",
        r"(?:z|w)\s+ram(?:ki|ce)",
        r"(?:słowa|wyrazy|lista|ramka)(?=\s*:)",
    ),
    fill=(
        r"(?:uzupełni|uzupełnij|uzupełnijcie|wypełnij|wpisz|wstaw|dopisz)\w*",
        r"luk[iaę]?\b",
    ),
    key=(
        "odpowiedzi",
        r"klucz(?:\s+odpowiedzi)?",
        r"rozwiązani[ae]",
        r"prawidłowe\s+odpowiedzi",
    ),
    scheme=(r"klucz\s+odpowiedzi",),
    fields=(
        r"imię(?:\s+i\s+nazwisko)?",
        "nazwisko",
        "klasa",
        "data",
        "ocena",
        "grupa",
        "punkty",
        "szkoła",
        r"numer",
    ),
    true_false=(
        r"prawd[aęy]\s*(?:czy|lub|/|,|albo)\s*(?:fałsz|nieprawd[aę])",
        r"prawdziw\w+\s*(?:czy|lub|/)\s*fałszyw\w+",
        r"p\s*(?:lub|czy|/)\s*f",
    ),
    verdicts=("prawda", "fałsz"),
    other_verdicts=(("tak", "nie"),),
    not_given=(
        r"brak\s+informacji",
        r"nie\s+(?:podano|wiadomo|ma\s+informacji)",
    ),
    match=(r"(?:połącz|dopasuj|przyporządkuj)\w*",),
    choose=(r"(?:zaznacz|wybierz|podkreśl|zakreśl|skreśl|otocz)\w*",),
    several=(
        r"wszystkie\s+(?:poprawne|prawidłowe|właściwe)\w*",
        r"(?:zaznacz|wybierz)\w*\s+(?:dwie|dwa|trzy|kilka)",
        r"więcej\s+niż\s+jedn\w*",
    ),
    reasons=(
        r"dlaczego",
        r"uzasadnij\w*",
        r"wyjaśnij\w*",
    ),
    ask=(
        r"(?:wyjaśnij|opisz|uzasadnij|porównaj|wymień|podaj|scharakteryzuj|napisz|omów|dlaczego)\b",
    ),
    each=(r"(?:odpowiedz|przetłumacz|popraw|przekształć|ułóż)\w*",),
    exercise=(
        "ćwiczenie",
        "zadanie",
        "część",
        "lekcja",
        "temat",
        "rozdział",
        "pytanie",
        "tekst",
    ),
    marks=(r"punkt\w*", r"pkt\.?", "p"),
    picture=(
        r"(?:obejrzyj|przyjrzyj\s+się|spójrz\s+na)\s+(?:zdjęci\w+|rysun\w+|ilustracj\w+|map\w+"
        r"|obraz\w*)",
        r"na\s+(?:zdjęciu|rysunku|ilustracji|mapie|obrazku)",
    ),
    underlined=(r"podkreślon\w+",),
    bold=(r"pogrubion\w+",),
    page=("strona", "str", "s"),
    small=("w", "z", "na", "do", "od", "i", "lub", "o", "u", "po"),
    particles=("i",),
)
