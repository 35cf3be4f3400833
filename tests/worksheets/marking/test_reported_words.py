"""Words that users of other tools found marked wrongly, and their neighbours."""

from __future__ import annotations

import pytest

from tests.reported import CASES, reported, rows
from worksheets.marking import GapResult, GapVerdict, mark_gaps
from worksheets.questions.registry import parse_sheet

RIGHT, WRONG = GapVerdict.RIGHT, GapVerdict.WRONG

SPELLING = "spelling: counts"
CAPITALS = "capitals: count"
ACCENTS = "accents: optional"


def marked(gap: str, answer: str, *settings: str) -> GapResult:
    """Mark an answer that was typed into the only gap of a sheet."""
    sheet = parse_sheet("\n".join(["---", *settings, "---", f"x {gap} y"]))
    assert not sheet.errors, sheet.errors
    return mark_gaps(sheet, {"g1": answer}).results[0]


def right(*settings: str, shown: bool = False) -> tuple[tuple[str, ...], GapVerdict, bool]:
    """Return the settings, the verdict, and whether the usual spelling is shown."""
    return settings, RIGHT, shown


def wrong(*settings: str) -> tuple[tuple[str, ...], GapVerdict, bool]:
    return settings, WRONG, False


Expected = tuple[tuple[str, ...], GapVerdict, bool]

# Gap and answer as the row has them, unless it is a neighbour's; then what is expected, and where.
CASES_OF_ROWS: list[tuple[str, str, str, Expected]] = [
    ("M1a", "___ilk___", "İLK", right()),
    ("M1a", "___iyi___", "İyi", right(SPELLING)),
    ("M1c", "___İzmir___", "izmir", right(SPELLING)),
    ("M1c", "___istanbul___", "İSTANBUL", right(SPELLING)),
    ("M2a", "___Maße___", "Masse", wrong(SPELLING)),
    ("M2a", "___Maße___", "Masse", right(shown=True)),
    ("M2b", "___Maße | !Masse: Das ist ein anderes Wort.___", "Masse", wrong()),
    ("M3a", "___cœur___", "coeur", right(shown=True)),
    ("M3a", "___cœur___", "coeur", right(SPELLING, shown=True)),
    ("M3c", "___Grüße___", "Gruesse", right(shown=True)),
    ("M3c", "___Müller___", "Mueller", right(shown=True)),
    ("M4a", "___كتاب___", "كتـــاب", right(SPELLING)),
    ("M5", "___کتاب___", "كتاب", right(SPELLING)),
    ("M5", "___یک___", "يك", right(SPELLING)),
    ("M6a", "___și___", "şi", right(SPELLING)),
    ("M6a", "___țară___", "ţară", right()),
    ("M7a", "___x²___", "x^2", right()),
    ("M7a", "___x^2___", "x²", right(SPELLING)),
    ("M8a", "___5 km___", "5km", right()),
    ("M8a", "___100 °C___", "100°C", right(SPELLING)),
    ("M8a", "___10 %___", "10%", right()),
    ("M9a", "___#1234.5___", "1 234,5", right()),
    ("M9c", "___#3.5___", "٣٫٥", right()),
    ("M9c", "___#1000___", "١٬٠٠٠", right()),
    ("M10", "___#1 September 1939___", "1. September 1939", right()),
    ("M11a", "___ещё___", "еще", right(shown=True)),
    ("M11a", "___ёлка___", "елка", right(SPELLING, shown=True)),
    ("M11c", "___край___", "краи", wrong(ACCENTS)),
    ("M12a", "___ψυχή___", "ΨΥΧΗ", right()),
    ("M12a", "___νερό___", "ΝΕΡΟ", right(SPELLING)),
    ("M13", "___3×4___", "3x4", right()),
    ("M13", "___3×4___", "3*4", right(SPELLING)),
    ("M13", "___≤___", "<=", right()),
    ("M13", "___20 °C___", "20 ºC", right()),
    ("M14", "___x-1___", "x 1", wrong()),
    ("M14", "___e-___", "e", wrong()),
    ("M16", "___hòa___", "hoà", right(SPELLING)),
    ("M16", "___thủy___", "thuỷ", right()),
    ("R01", "___#5.333___", "5.333\u202c", right()),
    ("R02", "___#0.823___", ".823", right()),
    ("R03", "___People's___", "People’s", right(SPELLING)),
    ("R03", "___People's | !Peoples': no___", "Peoplesʼ", wrong()),
    ("R04", "___élève___", "e\u0301le\u0300ve", right(SPELLING)),
    ("R04", "___한국___", "\u1112\u1161\u11ab\u1100\u116e\u11a8", right(SPELLING)),
    ("R05", "___ça___", "ça", right(SPELLING)),
    ("R05", "___[a\\|à]___", "[a|à]", right(SPELLING)),
    ("R06", "___{word}___", "{word}", right(SPELLING)),
]
NEIGHBOURS: list[tuple[str, str, Expected]] = [
    ("___ılık___", "ILIK", right("language: tr")),
    ("___ilk___", "ILK", wrong("language: tr", SPELLING)),
    ("___ilk___", "ILK", right()),
    ("___İzmir___", "Izmir", wrong(CAPITALS, SPELLING)),
    ("___Straße___", "STRASSE", right(SPELLING)),
    ("___Straße___", "STRASSE", wrong(CAPITALS, SPELLING)),
    ("___Fuß___", "Fuss", wrong(CAPITALS, SPELLING)),
    ("___Øresund___", "Oeresund", right(shown=True)),
    ("___État___", "ETAT", right(shown=True)),
    ("___État___", "etat", wrong()),
    ("___Grüße___", "Gruesse", right(ACCENTS, shown=True)),
    ("___Grüße___", "Grusse", right(ACCENTS, shown=True)),
    ("___يوم___", "یوم", right(SPELLING)),
    ("___شهر___", "شہر", right(SPELLING)),
    ("___٣___", "3", right()),
    ("___٣___", "۳", right(SPELLING)),
    ("___все___", "всё", right(shown=True)),
    ("___мой___", "мои", wrong()),
    ("___їжа___", "іжа", wrong(ACCENTS)),
    ("___λόγος___", "ΛΟΓΟΣ", right()),
    ("___λόγος___", "λόγοσ", right(SPELLING)),
    ("___Μάιος___", "ΜΑΙΟΣ", right()),
    ("___νόμος___", "νομός", wrong()),  # in small letters the accent tells two words apart
    ("___hoàn___", "hòan", wrong(SPELLING)),
    ("___cm³___", "cm^3", right(SPELLING)),
    ("___cm³___", "cm3", right(SPELLING)),
    ("___x^{2}___", "x²", right(SPELLING)),
    ("___10²___", "10^2", right(SPELLING)),
    ("___10²___", "102", wrong()),
    ("___10^{-3}___", "10⁻³", right(SPELLING)),
    ("___x⁻¹___", "x-1", wrong()),
    ("___SO₄²⁻___", "SO4^2-", right(SPELLING)),
    ("___SO₄²⁻___", "SO42-", right()),
    ("___H₂O___", "H_2O", right(SPELLING)),
    ("___²³⁸U___", "238U", right(SPELLING)),
    ("___Cl⁻___", "Cl", wrong()),
    ("___Na⁺___", "Na+", right(SPELLING)),
    ("___-x___", "x", wrong()),
    ("___2-x___", "2 x", wrong()),
    ("___B-52___", "B 52", right()),
    ("___Covid-19___", "covid 19", right()),
    ("___anti-___", "anti", right()),
    ("___x = 5___", "x=5", right(SPELLING)),
    ("___€5___", "€ 5", right(SPELLING)),
    ("___10 books___", "10 boks", right(shown=True)),
    ("___10 books___", "11 books", wrong()),
    ("___90°___", "90º", right(SPELLING)),
    ("___→___", "->", right(SPELLING)),
    ("___5 µm___", "5 um", right(shown=True)),
    ("___#1234.5___", "1.234,5", right()),
    ("___#1234.5___", "1,234.5", right()),
    ("___#1234.5___", "1.234", wrong()),
    ("___#1 September 1939___", "1er septembre 1939", right("language: fr")),
    ("___#1 September 1939___", "1er septembre 1939", wrong()),
    ("___#1 septembre 1939___", "1 September 1939", right("language: fr")),
    ("___#5 Mai 1940___", "5. Mai 1940", right()),
    ("___#1 сентября 1939___", "1 сентября 1939 г.", right("language: ru")),
    ("___#1 Kasım 1938___", "1 KASIM 1938", right("language: tr")),
    ("___#1 de mayo de 1937___", "1 mayo 1937", right("language: es")),
    ("___New  York___", "New York", right(SPELLING)),
    ("___New York___", "New\u00a0York", right(SPELLING)),
]


@pytest.mark.parametrize(
    ("gap", "answer", "expected"),
    [
        pytest.param(gap, answer, expected, marks=reported(number), id=f"{number} {gap} {answer}")
        for number, gap, answer, expected in CASES_OF_ROWS
    ]
    + [pytest.param(*case, id=f"{case[0]} {case[1]}") for case in NEIGHBOURS],
)
def test_a_word(gap: str, answer: str, expected: Expected) -> None:
    settings, verdict, shown = expected
    result = marked(gap, answer, *settings)
    assert (result.verdict, bool(result.spelling)) == (verdict, shown)


@pytest.mark.skipif(not CASES.is_dir(), reason=f"the reported faults are not at {CASES}")
def test_each_row_is_tried_with_its_own_words() -> None:
    said = rows("activity_cases.jsonl")
    for number, gap, answer, _expected in CASES_OF_ROWS:
        if number.startswith("M"):
            assert answer in said[number]["input"] or gap in said[number]["input"], number
    assert {number for number, *_rest in CASES_OF_ROWS} >= {
        number for number in said if number.startswith("M") and number != "M15"
    }
