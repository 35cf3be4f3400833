from decimal import Decimal
from functools import partial
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from tests.work import lines_run
from worksheets.marking.matching import best_matching

weights = st.sampled_from([Decimal(text) for text in ("0", "0", "0.25", "0.5", "1", "0.333")])
tables = st.tuples(st.integers(0, 4), st.integers(0, 4)).flatmap(
    lambda size: st.lists(
        st.lists(weights, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


def worth(table: list[list[Decimal]], columns: list[int | None]) -> Decimal:
    pairs = zip(table, columns, strict=True)
    return sum((row[column] for row, column in pairs if column is not None), Decimal(0))


def best_by_trying_everything(table: list[list[Decimal]]) -> Decimal:
    width = len(table[0]) if table else 0
    choices = [*range(width), *[None] * len(table)]
    return max(worth(table, list(way)) for way in permutations(choices, len(table)))


@given(tables)
def test_earns_as_much_as_trying_everything(table: list[list[Decimal]]) -> None:
    columns = best_matching(table)

    taken = [column for column in columns if column is not None]
    assert len(set(taken)) == len(taken)
    assert worth(table, columns) == best_by_trying_everything(table)


def test_someone_moves_on_for_the_good_of_all() -> None:
    one, half = Decimal(1), Decimal("0.5")

    assert best_matching([[one, half], [one, Decimal(0)]]) == [1, 0]


def test_a_pair_of_no_weight_is_no_pair() -> None:
    assert best_matching([[Decimal(0)]]) == [None]
    assert best_matching([]) == []


def test_digits_beyond_the_everyday_precision_decide() -> None:
    more = Decimal("0.5" + "0" * 40 + "1")

    assert best_matching([[Decimal("0.5")], [more]]) == [None, 0]


def grown(size: int) -> list[list[Decimal]]:
    return [[Decimal((row * column) % 101) / 100 for column in range(size)] for row in range(size)]


def test_large_groups_are_matched() -> None:
    assert None not in best_matching(grown(100))[1:]


def test_work_grows_with_the_cube_of_the_size_at_worst() -> None:
    small, large = (lines_run(partial(best_matching, grown(size))) for size in (15, 30))

    assert large < small * 2**3
