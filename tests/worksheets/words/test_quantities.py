from decimal import Decimal

import pytest

from tests.worksheets.marking.sheets import EVERYDAY
from worksheets.words.normalise import normalise
from worksheets.words.quantities import MAX_LENGTH, Quantity, read_quantity, within


def read(text: str) -> Quantity | None:
    return read_quantity(normalise(text, EVERYDAY))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1936", "1936"),
        ("+5", "5"),
        ("-3.5", "-3.5"),
        ("−3.5", "-3.5"),
        ("- 5", "-5"),
        (".5", "0.5"),
        ("12.", "12"),
        ("007", "7"),
        ("-0", "0"),
        ("1,936", "1936"),
        ("1,234,567.89", "1234567.89"),
        ("100 000", "100000"),
        ("100\u202f000", "100000"),
        ("1’234’567", "1234567"),
        ("3,5", "3.5"),
        ("0,125", "0.125"),
        ("1936,50", "1936.5"),
        ("١٩٣٦", "1936"),
        ("AD 79", "79"),
        ("79 CE", "79"),
        ("79ad", "79"),
        ("A.D. 79", "79"),
        ("44 BC", "-44"),
        ("44 b.c.e.", "-44"),
        ("10,000 BC", "-10000"),
    ],
)
def test_reads_a_number(text: str, value: str) -> None:
    assert read(text) == Quantity("number", Decimal(value))


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "+", ".", ",", "five", "1e5", "0x10", "5%", "£5", "5 km", "c. 1936", "10²"),
        *("1,93,6", "1.234.567", "1 93", "1, 936", "1,936 000", "--5", "5-", "1½", "7/2", "NaN"),
        *("Infinity", "-44 BC", "AD 79 BC", "BC", "bcd 5", "(5)", "1936!"),
    ],
)
def test_does_not_guess(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("1 September 1939", "1st September, 1939", "September 1, 1939", "the 1st of Sept 1939"),
        *("1 SEP. 1939", "1939 September 1", "1939-09-01", "1939–09–01"),
    ],
)
def test_reads_a_date(text: str) -> None:
    assert read(text) == read("1 september 1939")
    assert read(text) != read("2 september 1939")


@pytest.mark.parametrize(
    "text",
    [
        *("1/9/1939", "01.09.1939", "31 June 1939", "30 February", "1939-13-01", "May", "1 1 1939"),
        *("May June 1939", "1 September 000", "1 September 1939 AD", "1 Septober 1939"),
    ],
)
def test_reads_no_date_that_is_none(text: str) -> None:
    assert read(text) is None


def test_dates_without_year_or_day() -> None:
    assert read("29 February") == read("February 29th")
    assert read("September 1939") == read("Sept 1939")


def quantity(text: str) -> Quantity:
    found = read(text)
    assert found is not None
    return found


def test_a_tolerance_counts_days_of_dates_and_months_of_months() -> None:
    one = Decimal(1)

    assert within(quantity("31 August 1939"), quantity("1 September 1939"), one)
    assert not within(quantity("30 August 1939"), quantity("1 September 1939"), one)
    assert within(quantity("December 1938"), quantity("January 1939"), one)


def test_only_like_is_compared_with_like() -> None:
    assert not within(quantity("1939"), quantity("September 1939"), Decimal(10**9))


def test_a_difference_in_the_last_of_many_digits_is_seen() -> None:
    long = "0." + "0" * 50 + "1"

    assert not within(quantity(long), quantity("0"), Decimal(0))
    assert not within(quantity(f"-1{long[1:]}"), quantity("-1"), Decimal(0))


def test_what_is_too_long_is_no_number() -> None:
    assert read("1" * MAX_LENGTH) is not None
    assert read("1" * (MAX_LENGTH + 1)) is None
