"""The assignment that earns most: the Hungarian method, on exact numbers.

Rows are given to columns one after the other. Every row and column has a price; a pair
whose prices add up to its cost is free to use. A new row follows the cheapest chain of
such pairs to a column that nobody has, and everyone on the chain moves on by one.
The time grows with the cube of the size at worst.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from worksheets.words.exact import EXACT

Weights = Sequence[Sequence[Decimal]]
_ZERO = Decimal(0)


def best_matching(weights: Weights) -> list[int | None]:
    """Return for each row the column that it is given, so that the sum of weights is greatest.

    No column is given twice. A row that goes without one, or whose pair has no weight, has
    None.
    """
    width = max((len(weights), *map(len, weights)), default=0)
    with localcontext(EXACT):  # in any other context, even negation rounds
        costs = [[-weight for weight in row] + [_ZERO] * (width - len(row)) for row in weights]
        owners = _assign(costs, width)
    columns: list[int | None] = [None] * len(costs)
    for column, row in enumerate(owners):
        if row is not None and costs[row][column] < 0:
            columns[row] = column
    return columns


@dataclass(slots=True)
class _Prices:
    rows: list[Decimal]
    columns: list[Decimal]


@dataclass(slots=True)
class _Paths:
    """The distance of every column from the chain, and the column over which it is reached."""

    slack: list[Decimal | None]
    before: list[int | None]
    unseen: set[int]


def _assign(costs: Weights, width: int) -> list[int | None]:
    """Return the row that each column is given to, or None."""
    owners: list[int | None] = [None] * width
    prices = _Prices([_ZERO] * len(costs), [_ZERO] * width)
    for row in range(len(costs)):
        _add_row(row, costs, owners, prices)
    return owners


def _add_row(row: int, costs: Weights, owners: list[int | None], prices: _Prices) -> None:
    width = len(owners)
    way = _Paths([None] * width, [None] * width, set(range(width)))
    chain: list[tuple[int, int | None]] = []  # rows passed, each with its column
    here: int | None = None
    at: int | None = row
    while at is not None:
        chain.append((at, here))
        _measure(at, here, costs[at], prices, way)
        here = _nearest(way, owners)
        _reprice(way.slack[here] or _ZERO, chain, prices, way)
        way.unseen.remove(here)
        at = owners[here]
    while here is not None:  # every row on the chain moves to its next column
        before = way.before[here]
        owners[here] = row if before is None else owners[before]
        here = before


def _measure(
    row: int, here: int | None, costs: Sequence[Decimal], prices: _Prices, way: _Paths
) -> None:
    for column in way.unseen:
        slack = costs[column] - prices.rows[row] - prices.columns[column]
        known = way.slack[column]
        if known is None or slack < known:
            way.slack[column], way.before[column] = slack, here


def _nearest(way: _Paths, owners: list[int | None]) -> int:
    # Among equals a free column: the chain ends there at once.
    return min(
        way.unseen, key=lambda column: (way.slack[column], owners[column] is not None, column)
    )


def _reprice(
    step: Decimal, chain: list[tuple[int, int | None]], prices: _Prices, way: _Paths
) -> None:
    if not step:
        return
    for row, column in chain:
        prices.rows[row] += step
        if column is not None:
            prices.columns[column] -= step
    for column in way.unseen:
        known = way.slack[column]
        way.slack[column] = None if known is None else known - step
