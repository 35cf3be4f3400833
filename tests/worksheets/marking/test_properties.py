"""What holds for every sheet and every response."""

import unicodedata
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.worksheets.marking.sheets import gap, mark, sheet
from worksheets.marking import GapVerdict
from worksheets.markup.sheet import Bank, Gap, Sheet
from worksheets.words.key import Mode
from worksheets.words.normalise import normalise
from worksheets.words.settings import Settings
from worksheets.words.terms import readings, term

# Few words and strange ones, so that keys, banks and responses meet.
WORDS = (
    *("Rhineland", "the Rhineland", "Rhinelnd", "Rhinelands", "Ruhr", "a", "A B", "U.S.S.R."),
    *("USSR", "anti-war", "anti war", "1936", "1,936", "1935", "44 BC", "1 May 1936", "Rhine*"),
    *("*", "élève", "e\u0301le\u0300ve", "don’t", "?", ".5", "5", "-5", "😀", "שלום", "", "  "),
    *("\x00", "\u200b", "\ud800", "10²", "½"),
)
texts = st.sampled_from(WORDS) | st.text(max_size=12)
answers = texts.filter(lambda text: text.strip() != "")
settings = st.builds(Settings, st.booleans(), st.booleans(), st.booleans())
weights = st.sampled_from(["1", "0.5", "0.25", "0." + "3" * 40])
gaps = st.builds(
    lambda accepted, wrong, mode, tolerance, group, bank: gap(
        *accepted, wrong=wrong, mode=mode, tolerance=tolerance, group=group, bank=bank
    ),
    st.lists(st.tuples(answers, weights), max_size=3),
    st.dictionaries(answers, texts, max_size=2),
    st.sampled_from(Mode),
    st.sampled_from(["0", "1", "0.5"]),
    st.sampled_from(["", "", "g", "h"]),
    st.sampled_from([None, 0]),
)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    some = draw(st.lists(gaps, max_size=5))
    return sheet(*some, settings=draw(settings), words=tuple(draw(st.lists(answers, max_size=3))))


@given(sheets(), st.lists(texts, max_size=5))
def test_marks_anything_and_stays_within_bounds(worksheet: Sheet, responses: list[str]) -> None:
    marks = mark(worksheet, *responses)

    assert isinstance(marks.points, Decimal)
    assert 0 <= marks.points <= marks.maximum == len(worksheet.gaps)
    assert len(marks.results) == len(worksheet.gaps)
    for result in marks.results:
        assert isinstance(result.points, Decimal)
        assert 0 <= result.points <= result.maximum
        assert (result.points == result.maximum) == (result.verdict is GapVerdict.RIGHT)
        assert (result.verdict is GapVerdict.PARTLY) == (0 < result.points < result.maximum)
        assert not (result.points and (result.feedback or result.repeated))
        assert result.points or not result.spelling
    answered = [result for result in marks.results if result.verdict is not GapVerdict.UNANSWERED]
    assert marks.answered == len(answered)


@given(sheets(), st.lists(texts, max_size=5))
def test_the_sum_is_exact(worksheet: Sheet, responses: list[str]) -> None:
    marks = mark(worksheet, *responses)

    assert sum(Fraction(result.points) for result in marks.results) == Fraction(marks.points)


@given(texts, settings)
def test_normalising_twice_changes_nothing(text: str, chosen: Settings) -> None:
    plain = normalise(text, chosen)

    assert normalise(plain, chosen) == plain


@given(texts)
def test_every_reading_has_something_to_read_where_the_text_has(text: str) -> None:
    plain = normalise(text, Settings())

    assert 1 <= len(readings(plain)) <= 4
    assert all(readings(plain)) == bool(plain)


@given(st.text(max_size=30), settings)
def test_composed_and_decomposed_are_the_same(text: str, chosen: Settings) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))

    assert normalise(composed, chosen) == normalise(decomposed, chosen)


@given(answers, st.sampled_from(Mode), settings)
def test_an_accepted_answer_is_right(text: str, mode: Mode, chosen: Settings) -> None:
    (result,) = mark(sheet(gap(text, mode=mode), settings=chosen), text).results

    blank = not normalise(text, chosen)
    assert result.verdict is (GapVerdict.UNANSWERED if blank else GapVerdict.RIGHT)
    assert result.spelling == ""


@given(
    st.lists(st.lists(answers, min_size=1, max_size=3), min_size=1, max_size=5), settings, st.data()
)
def test_the_order_of_a_groups_responses_does_not_matter(
    keys: list[list[str]], chosen: Settings, data: st.DataObject
) -> None:
    group = sheet(*[gap(*key, group="g") for key in keys], settings=chosen)
    pool = texts | st.sampled_from([text for key in keys for text in key])
    responses = data.draw(st.lists(pool, min_size=len(keys), max_size=len(keys)))

    shuffled = data.draw(st.permutations(responses))

    assert mark(group, *responses).points == mark(group, *shuffled).points


@given(answers, st.integers(2, 5), settings)
def test_a_repeated_answer_earns_once(text: str, times: int, chosen: Settings) -> None:
    group = sheet(*[gap(text, "Manchuria", group="g")] * times, settings=chosen)

    assert mark(group, *[text] * times).points == bool(normalise(text, chosen))


@given(gaps, texts, settings)
def test_a_bank_that_gives_each_word_once_changes_nothing(
    one: Gap, response: str, chosen: Settings
) -> None:
    banks = [(Bank(("Ruhr", "Saar"), each_once=once),) for once in (True, False)]
    first, second = (
        mark(Sheet("", gaps=sheet(one).gaps, banks=bank, settings=chosen), response)
        for bank in banks
    )

    assert first == second


@given(st.text("abcdefgh", min_size=5, max_size=12), st.data())
def test_a_slip_never_earns_in_figures(word: str, data: st.DataObject) -> None:
    figures = word.translate(str.maketrans("abcdefgh", "12345678"))
    place = data.draw(st.integers(0, len(word) - 1))
    slip = f"{figures[:place]}9{figures[place + 1 :]}"

    assert mark(sheet(gap(figures)), slip).points == 0


@given(texts, texts)
def test_agreement_is_mutual(one: str, other: str) -> None:
    mine, yours = term(one, Settings()), term(other, Settings())

    assert mine.agrees(yours) == yours.agrees(mine)
