"""Prepared queries rest on parts of Django's compiler that are not promised to stay."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models
from django.db.models import query
from django.db.models.sql.compiler import SQLCompiler

from lti_tool.db.prepared import Param, Prepared
from lti_tool.models import Membership, StoredLaunch
from tests.cast import Cast

CHANGED = "Django changed: see decision 11 (docs/decisions/0011-a-launch-is-one-row.md)"


def launches(pk: Any) -> models.QuerySet[StoredLaunch]:
    """All that Django does for a row: joins, one of them to nothing, converters, annotations."""
    fellows = Membership.objects.filter(context=models.OuterRef("membership__context")).order_by()
    return (
        StoredLaunch.objects.filter(pk=pk)
        .select_related("registration", "membership__user", "link")
        .annotate(
            fellows=models.Subquery(
                fellows.values("context").annotate(n=models.Count("pk")).values("n")
            ),
            same_roles=models.F("membership__roles"),
        )
    )


def difference(pk: object) -> str:
    """Return in what a prepared query differs from its queryset, or ''."""
    prepared = Prepared(lambda: launches(Param("pk", models.UUIDField())))
    try:
        found = prepared.first(pk=pk)
    except Exception as error:  # noqa: BLE001 - whatever it is, Django did otherwise
        return f"{type(error).__name__}: {error}"
    assert found is not None
    ours, theirs = contents(found), contents(launches(pk).get())
    return ", ".join(
        name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)
    )


def contents(row: models.Model, path: str = "") -> dict[str, object]:
    """Return everything that a row holds, with the state that Django keeps of it."""
    related = row._state.fields_cache
    state = {f"{path}_state.{name}": value for name, value in vars(row._state).items()}
    found: dict[str, object] = {f"{path}{name}": value for name, value in vars(row).items()} | state
    found[f"{path}_state"] = None
    found[f"{path}_state.fields_cache"] = sorted(related)
    for name, other in related.items():
        if other is not None:
            found |= contents(other, f"{path}{name}.")
    return found


def check(cast: Cast) -> None:
    for someone in (cast.ruth, cast.zara):
        found = difference(someone.launch.pk)
        assert not found, f"{CHANGED}: {found}"
    StoredLaunch.objects.update(message="LtiDeepLinkingRequest", deep_linking={}, link=None)
    found = difference(cast.ruth.launch.pk)
    assert not found, f"{CHANGED}: {found}"


def test_django_is_the_one_that_prepared_queries_were_written_for(cast: Cast) -> None:
    check(cast)


def populators(info: Any, select: Any, db: Any, fetch_mode: Any) -> Any:
    """As in Django 6.1, which wants to know how fields are fetched that were left out."""
    return []


def populate(self: Any, row: Any, made: Any, peers: Any) -> None:
    """Wants more than it is given."""


def get_converters(self: Any, rows: Any, expressions: Any) -> Any:
    return {}


def from_db(cls: Any, db: Any, names: Any) -> Any:
    return cls()


@pytest.mark.parametrize(
    ("owner", "name", "other"),
    [
        (query, "get_related_populators", populators),
        (query.RelatedPopulator, "populate", populate),
        (SQLCompiler, "get_converters", get_converters),
        (models.Model, "from_db", classmethod(from_db)),
    ],
)
def test_a_django_that_does_otherwise_is_seen(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, other: object
) -> None:
    monkeypatch.setattr(owner, name, other)
    with pytest.raises(AssertionError, match="Django changed: see decision 11"):
        check(cast)


@pytest.mark.parametrize("name", ["klass_info", "annotation_col_map", "select"])
def test_a_compiler_that_calls_its_parts_otherwise_is_seen(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    compiled = SQLCompiler.as_sql

    def as_sql(self: SQLCompiler, *arguments: Any, **options: Any) -> Any:
        answer = compiled(self, *arguments, **options)
        setattr(self, name, None)
        return answer

    monkeypatch.setattr(SQLCompiler, "as_sql", as_sql)
    with pytest.raises(AssertionError, match="Django changed: see decision 11"):
        check(cast)


def test_a_row_that_holds_more_than_it_did_is_seen(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is raised where Django's own rows have something that the prepared ones lack."""
    iterate = query.ModelIterable.__iter__

    def iterating(self: Any) -> Any:
        for row in iterate(self):
            row._state.fetch_mode = "one"
            yield row

    monkeypatch.setattr(query.ModelIterable, "__iter__", iterating)
    with pytest.raises(AssertionError, match=r"Django changed: see decision 11.*fetch_mode"):
        check(cast)
