"""Prepared queries give what the same queryset gives, each time with other values."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, models
from pytest_django import DjangoAssertNumQueries

from lti_tool.db.prepared import Param, Prepared, update_rows, update_where
from lti_tool.models import Membership, StoredLaunch, User
from tests.cast import Cast, assemble

LAUNCH = Prepared(
    lambda: StoredLaunch.objects.select_related("registration", "membership__user", "link").filter(
        pk=Param("pk", models.UUIDField())
    )
)
MEMBERS = Prepared(
    lambda: Membership.objects.filter(context=Param("context"), status="active").order_by("pk")
)


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def fields(row: models.Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_row_is_that_of_the_queryset_field_by_field(cast: Cast) -> None:
    for someone in (cast.ruth, cast.zara):
        found = LAUNCH.first(pk=someone.launch.pk)
        assert found is not None
        plain = StoredLaunch.objects.get(pk=someone.launch.pk)
        assert fields(found) == fields(plain)
        assert fields(found.membership) == fields(plain.membership)
        assert fields(found.membership.user) == fields(plain.membership.user)


def test_what_is_related_comes_along(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        found = LAUNCH.first(pk=cast.amina.launch.pk)
        assert found is not None
        assert found.membership.user.name == "Amina Abdullahi"
        assert found.link == cast.course.link
        assert found.registration.client_id == "client-1"


def test_a_relation_to_nothing_is_none(cast: Cast) -> None:
    StoredLaunch.objects.update(message="LtiDeepLinkingRequest", deep_linking={}, link=None)
    found = LAUNCH.first(pk=cast.ruth.launch.pk)
    assert found is not None
    assert found.link is None


def test_a_found_row_can_be_saved(cast: Cast) -> None:
    found = LAUNCH.first(pk=cast.ruth.launch.pk)
    assert found is not None
    found.locale = "de"
    found.save(update_fields=["locale"])
    assert StoredLaunch.objects.filter(locale="de").get() == cast.ruth.launch


def test_several_rows_keep_their_order(cast: Cast) -> None:
    found = MEMBERS.all(context=cast.course.context.pk)
    assert found == list(Membership.objects.filter(context=cast.course.context).order_by("pk"))
    assert len(found) == 3


def test_what_is_written_into_the_query_stays(cast: Cast) -> None:
    Membership.objects.filter(user=cast.ben.user).update(status="gone")
    assert len(MEMBERS.all(context=cast.course.context.pk)) == 2


def test_nothing_found_is_none_or_an_empty_list(cast: Cast) -> None:
    assert MEMBERS.first(context=-1) is None
    assert MEMBERS.all(context=-1) == []


def test_a_value_is_never_part_of_the_sql(cast: Cast) -> None:
    people = Prepared(lambda: User.objects.filter(sub=Param("sub")))
    assert people.all(sub="10' OR '1'='1") == []
    assert [user.sub for user in people.all(sub="101")] == ["101"]


@pytest.mark.django_db(transaction=True)
def test_threads_have_their_own_connections() -> None:
    cast = assemble()
    found: list[int] = []

    def read() -> None:
        found.append(len(MEMBERS.all(context=cast.course.context.pk)))
        connection.close()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [3] * 4


COUNTED = Prepared(
    lambda: (
        Membership.objects.filter(context=Param("context"))
        .annotate(
            fellows=models.Subquery(
                Membership.objects.filter(context=Param("context"))
                .order_by()
                .values("context")
                .annotate(n=models.Count("pk"))
                .values("n")
            ),
            same_roles=models.F("roles"),
        )
        .order_by("pk")
    )
)


def test_what_is_annotated_is_an_attribute(cast: Cast) -> None:
    found = COUNTED.all(context=cast.course.context.pk)
    assert [vars(row)["fellows"] for row in found] == [3, 3, 3]
    assert [vars(row)["same_roles"] for row in found] == [row.roles for row in found]


def test_the_first_ones(cast: Cast) -> None:
    every = MEMBERS.all(context=cast.course.context.pk)
    assert MEMBERS.all(context=cast.course.context.pk, limit=2) == every[:2]
    assert MEMBERS.all(context=cast.course.context.pk, limit=0) == []
    assert MEMBERS.all(context=cast.course.context.pk, limit=9) == every


def test_a_change_is_of_the_rows_that_are_meant(cast: Cast) -> None:
    user = cast.ben.user.pk
    moment = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    values = {"roles": ["Mentor", "%s"], "updated_at": moment, "status": "gone"}
    assert update_where(Membership, values, user=user, context=cast.course.context.pk) == 1
    row = Membership.objects.get(user=user, context=cast.course.context)
    assert (row.roles, row.updated_at, row.status) == (["Mentor", "%s"], moment, "gone")
    assert Membership.objects.filter(status="gone").count() == 1


def test_a_change_of_nothing(cast: Cast) -> None:
    assert update_where(Membership, {"status": "gone"}, pk=0) == 0
    assert (
        update_where(Membership, {"status": "gone"}, pk=cast.ben.membership.pk, status="gone") == 0
    )
    assert not Membership.objects.filter(status="gone").exists()


def test_each_row_keeps_its_own(cast: Cast) -> None:
    people = list(User.objects.order_by("pk"))
    for number, person in enumerate(people):
        person.name, person.sub = f"Person {number}", "not saved"
    update_rows(people, "name")
    found = list(User.objects.order_by("pk"))
    assert [person.name for person in found] == [f"Person {n}" for n in range(len(people))]
    assert "not saved" not in {person.sub for person in found}
    update_rows([], "name")


def test_only_a_models_own_fields_are_changed(cast: Cast) -> None:
    with pytest.raises(KeyError):
        update_where(Membership, {"status; --": "gone"}, pk=1)
