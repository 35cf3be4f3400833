from decimal import Decimal

from worksheets.words import exact

# More digits than the decimal module keeps by itself.
THIRD = Decimal("0." + "3" * 60)


def test_a_product_keeps_every_digit() -> None:
    assert exact.times(THIRD, THIRD) == Decimal(f"{int('3' * 60) ** 2}E-120")


def test_a_sum_keeps_every_digit() -> None:
    assert exact.total([THIRD, THIRD, THIRD]) == Decimal("0." + "9" * 60)


def test_nothing_adds_up_to_zero() -> None:
    assert exact.total([]) == 0


def test_a_difference_is_never_negative_and_keeps_every_digit() -> None:
    more = Decimal("1." + "0" * 49 + "1")

    assert exact.difference(Decimal(1), more) == Decimal("1E-50")
    assert exact.difference(more, Decimal(1)) == Decimal("1E-50")
