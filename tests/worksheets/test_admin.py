"""The operator's pages for what is kept of people and courses."""

from __future__ import annotations

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.auth.models import User as Operator
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from lti_tool.models import AuditEntry, Context, User
from tests.cast import Cast
from tests.worksheets.sheets import hand_in, place
from worksheets.models import Attempt

PEOPLE, COURSES = "admin:lti_tool_user_changelist", "admin:lti_tool_context_changelist"


@pytest.fixture
def worked(cast: Cast) -> Cast:
    hand_in(place(cast), cast.amina)
    return cast


def signed_in(operator: Operator) -> Client:
    client = Client(headers={"host": "localhost:8001"})
    client.force_login(operator)
    return client


@pytest.fixture
def operator(db: None) -> Client:
    return signed_in(Operator.objects.create_superuser("operator"))


def press(client: Client, page: str, action: str, *chosen: int, **more: str) -> HttpResponse:
    form = {"action": action, "_selected_action": list(chosen), **more}
    answer = client.post(reverse(page), form)
    assert isinstance(answer, HttpResponse)
    return answer


def test_people_are_found_by_name_and_by_the_id_in_the_lms(operator: Client, worked: Cast) -> None:
    for search in ("Abdullahi", "101"):
        page = operator.get(reverse(PEOPLE), {"q": search}).content
        assert (b"Amina" in page, b"Ben" in page) == (True, False)
    assert b"Course 2" in operator.get(reverse(COURSES), {"q": "Course 2"}).content


def test_nothing_is_made_changed_or_deleted_past_the_erasure(
    operator: Client, worked: Cast
) -> None:
    for kind, key in (("user", worked.amina.user.pk), ("context", worked.course.context.pk)):
        for address in ("add/", f"{key}/delete/"):
            assert operator.get(f"/admin/lti_tool/{kind}/{address}").status_code == 403
        assert operator.post(f"/admin/lti_tool/{kind}/{key}/change/", {}).status_code == 403
    assert press(operator, PEOPLE, "delete_selected", worked.amina.user.pk).status_code == 302
    assert User.objects.filter(pk=worked.amina.user.pk).exists()


def test_an_export_is_a_file_of_those_who_were_chosen(operator: Client, worked: Cast) -> None:
    chosen = [worked.amina.user.pk, worked.ben.user.pk]
    answer = press(operator, PEOPLE, "export", *chosen)
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"].startswith('attachment; filename="user-')
    assert "no-store" in answer["Cache-Control"]
    names = [one["person"]["name"] for one in json.loads(answer.content)]
    assert names == ["Amina Abdullahi", "Ben Ashworth"]
    course = json.loads(press(operator, COURSES, "export", worked.course.context.pk).content)
    assert course[0]["course"]["title"] == "Course 2"


def test_erasing_asks_first_with_what_would_be_lost(operator: Client, worked: Cast) -> None:
    page = press(operator, PEOPLE, "erase", worked.amina.user.pk).content.decode()
    assert "Erase for good?" in page
    assert "answers: 6" in page
    assert "Amina Abdullahi" in page
    assert Attempt.objects.exists()


def test_erasing_leaves_no_name_in_the_admins_own_log(operator: Client, worked: Cast) -> None:
    answer = press(operator, PEOPLE, "erase", worked.amina.user.pk, confirmed="yes")
    assert answer.status_code == 302
    assert not User.objects.filter(sub="101").exists()
    assert not LogEntry.objects.exists()
    press(operator, COURSES, "erase", worked.course.context.pk, confirmed="yes")
    assert not Context.objects.filter(pk=worked.course.context.pk).exists()


def test_an_author_of_placed_worksheets_stays_and_the_others_go(
    operator: Client, worked: Cast
) -> None:
    chosen = [worked.ruth.user.pk, worked.ben.user.pk]
    press(operator, PEOPLE, "erase", *chosen, confirmed="yes")
    page = operator.get(reverse(PEOPLE)).content.decode()
    assert "Ruth Adeyemi: Nothing was erased: worksheets of this person are in use" in page
    assert "Erased: 1." in page
    assert list(User.objects.filter(pk__in=chosen)) == [worked.ruth.user]


def test_whoever_may_only_look_neither_exports_nor_erases(worked: Cast) -> None:
    viewer = Operator.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(
        Permission.objects.get(codename="view_user", content_type__app_label="lti_tool")
    )
    client = signed_in(viewer)
    page = client.get(reverse(PEOPLE)).content
    assert b"Amina" in page
    assert b"Erase" not in page
    for action in ("export", "erase"):
        answer = press(client, PEOPLE, action, worked.amina.user.pk, confirmed="yes")
        assert b"answers" not in answer.content
    assert User.objects.filter(sub="101").exists()


@pytest.mark.parametrize("action", ["export", "erase"])
def test_all_pages_at_once_are_too_many(operator: Client, worked: Cast, action: str) -> None:
    registration = worked.amina.user.registration
    User.objects.bulk_create(User(registration=registration, sub=f"n{n}") for n in range(60))
    before = User.objects.count()
    chosen = {"select_across": "1", "confirmed": "yes"}
    assert press(operator, PEOPLE, action, worked.amina.user.pk, **chosen).status_code == 302
    assert "Choose at most 50" in operator.get(reverse(PEOPLE)).content.decode()
    assert User.objects.count() == before


def test_exports_and_erasures_are_recorded_by_operator(operator: Client, worked: Cast) -> None:
    press(operator, PEOPLE, "export", worked.amina.user.pk)
    (export,) = AuditEntry.objects.filter(kind="export")
    subject = f"person-{worked.amina.user.pk}"
    assert (export.operator, export.subject) == ("operator", subject)
    press(operator, COURSES, "export", worked.course.context.pk)
    press(operator, PEOPLE, "erase", worked.amina.user.pk, confirmed="yes")
    kept = AuditEntry.objects.filter(kind__in=["export", "erasure"]).order_by("pk")
    assert [(row.kind, row.operator, row.subject) for row in kept] == [
        ("export", "operator", subject),
        ("export", "operator", f"course-{worked.course.context.pk}"),
        ("erasure", "operator", ""),
    ]
