import unicodedata

import pytest

from tests.worksheets.marking.sheets import EVERYDAY, STRICT
from worksheets.words.normalise import for_search, normalise
from worksheets.words.settings import Settings
from worksheets.words.terms import readings, term

CASE = Settings(case_counts=True)
ACCENTS = Settings(fold_accents=True)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  Fourth \t International\n", "fourth international"),
        ("Fourth\u00a0International", "fourth international"),  # no-break space
        ("Fourth\u3000International", "fourth international"),  # ideographic space
        ("Man\u200bchu\u00adria\ufeff", "manchuria"),  # zero width, soft hyphen, BOM
        ("\u202eManchuria\u202c", "manchuria"),  # direction marks
        ("Manchuria\x00\x07", "manchuria"),
        ("don’t", "don't"),
        ("don´t", "don't"),
        ("don`t", "don't"),
        ("“War Scare”", '"war scare"'),
        ("«War Scare»", '"war scare"'),
        ("1914–1918", "1914-1918"),
        ("Anti‑Comintern", "anti-comintern"),  # no-break hyphen
        ("−5", "-5"),
        ("ＵＳＳＲ", "ussr"),
        ("ﬁve", "five"),
        ("Straße", "straße"),
        ("РОССИЯ", "россия"),
        ("H₂O", "h2o"),
        ("…", "..."),
    ],
)
def test_folds_what_only_keyboards_decide(text: str, plain: str) -> None:
    assert normalise(text, EVERYDAY) == plain
    assert normalise(text, STRICT) == plain


def test_capitals_stay_where_they_count() -> None:
    assert normalise("Straße ＵＳＳＲ", CASE) == "Straße USSR"


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\x00", "\u00a0\u2028\t", "\ufeff\u200d"])
def test_nothing_to_see_is_blank(text: str) -> None:
    assert normalise(text, EVERYDAY) == ""


def test_a_raised_figure_and_a_fraction_keep_their_meaning() -> None:
    assert normalise("10²", EVERYDAY) == "10^2"
    assert normalise("10⁻³", EVERYDAY) == "10^-3"
    assert normalise("1½", EVERYDAY) == "1 1/2"
    assert normalise("m²", EVERYDAY) == "m2"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("élève", "eleve"),
        ("Łódź", "lodz"),
        ("œuvre", "oeuvre"),
        ("шалом־שָׁלוֹם", "шалом-שלום"),  # Hebrew points are passed over
        ("कि", "कि"),  # the signs of other scripts make other words
        ("が", "が"),
        ("한국", "한국"),
    ],
)
def test_accents_are_folded_where_the_teacher_says_so(text: str, plain: str) -> None:
    assert normalise(text, ACCENTS) == plain


def test_accents_stay_otherwise() -> None:
    assert normalise("ÉLÈVE", EVERYDAY) == "élève"


@pytest.mark.parametrize("settings", [EVERYDAY, CASE, ACCENTS])
@pytest.mark.parametrize("text", ["élève", "Việt Nam", "Å", "한국", "ΐ"])
def test_composed_and_decomposed_are_the_same(text: str, settings: Settings) -> None:
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", text)

    assert normalise(composed, settings) == normalise(decomposed, settings)


def test_joiners_do_not_keep_letters_from_composing() -> None:
    assert normalise("e\u200d\u0301", EVERYDAY) == "é"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("U.S.S.R.", "USSR"),
        ("U.S.S.R.", "U. S. S. R."),
        ("U.S.S.R.", "U S S R"),
        ("J. F. Kennedy", "JF Kennedy"),
        ("A. J. P. Taylor", "AJP Taylor"),
        ("Dr. Watson", "Dr Watson"),
        ("Anti-Comintern Pact", "Anti Comintern Pact"),
        ("Rhineland", "the Rhineland"),
        ("a purge", "purge"),
        ("an order", "order."),
        ("A-level", "A level"),
        ("U-boat", "a U boat"),
        ("Rhineland", "'Rhineland'!"),
        ("Marx, Engels and Lenin", "Marx Engels and Lenin"),
        ('the "War Scare"', "War Scare"),
        ("1914-1918", "1914 - 1918"),
        ("workers' state", "workers state"),
    ],
)
def test_what_makes_no_difference_unless_spelling_counts(one: str, other: str) -> None:
    assert term(one, EVERYDAY).agrees(term(other, EVERYDAY))
    assert term(other, EVERYDAY).agrees(term(one, EVERYDAY))
    assert not term(one, STRICT).agrees(term(other, STRICT))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("USSR", "UxSxSxR"),
        ("C", "C#"),
        ("i", "$i"),
        ("50", "50%"),
        ("5", "-5"),
        ("of 5", "of -5"),
        ("5", ".5"),
        ("15", "1.5"),
        ("ab", "a-b"),
        ("B", "A B"),  # two options, not an article and an option
        ("the", ""),
        ("?", "!"),
        ("Comintern Pact", "Anti-Comintern Pact"),
        ("every day", "everyday"),
        ("102", "10²"),
    ],
)
def test_what_always_makes_a_difference(one: str, other: str) -> None:
    assert not term(one, EVERYDAY).agrees(term(other, EVERYDAY))


def test_a_text_without_letters_is_only_itself() -> None:
    assert readings("?!") == ("?!",)
    assert readings("") == ("",)
    assert readings("-") == ("-",)


def test_an_article_goes_whatever_its_case() -> None:
    assert "Rhineland" in term("The Rhineland", CASE).readings


def test_the_briefest_reading_is_shared() -> None:
    assert term("the Rhineland", EVERYDAY).briefest == term("Rhineland.", EVERYDAY).briefest


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("  Ursachen  des GROSSEN Terrors ", "ursachen des grossen terrors"),
        ("Straße, Œuvre, Łódź, Ørsted", "strasse, oeuvre, lodz, orsted"),
        ("Ёлка и чай", "елка и чаи"),
        ("İstanbul", "istanbul"),
        ("Lenin’s “war scare”", 'lenin\'s "war scare"'),
        ("한국어 ﬁn １９２８", "한국어 fin 1928"),
        ("שָׁלוֹם", "שלום"),
    ],
)
def test_what_a_search_compares(text: str, searched: str) -> None:
    assert for_search(text) == searched
    assert for_search(searched) == searched
