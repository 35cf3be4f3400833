"""The launch log in the operator's pages."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User as Operator
from django.test import Client
from django.urls import reverse

from lti_tool import audit
from lti_tool.audit import AuditKind
from lti_tool.models import AuditEntry, RefusedLaunch, StoredLaunch
from tests.cast import Cast


@pytest.fixture
def operator(db: None) -> Client:
    """Signed in, with every permission."""
    client = Client(headers={"host": "localhost:8001"})
    client.force_login(Operator.objects.create_superuser("operator"))
    return client


def test_a_refusal_is_searched_by_its_reference(operator: Client) -> None:
    for reference in ("K7QM-4TXA", "BBBB-BBBB"):
        RefusedLaunch.objects.create(reference=reference, reason="key-unknown")
    url = reverse("admin:lti_tool_refusedlaunch_changelist")
    assert operator.get(url).content.count(b"BBBB-BBBB") == 1
    found = operator.get(url, {"q": "k7qm 4txa"}).content
    assert (b"K7QM-4TXA" in found, b"BBBB-BBBB" in found) == (True, False)


def test_launches_are_listed_by_ids_and_kinds_of_role(operator: Client, cast: Cast) -> None:
    page = operator.get(reverse("admin:lti_tool_storedlaunch_changelist")).content.decode()
    assert "teacher" in page
    for someone in (cast.ruth, cast.amina, cast.otis):
        assert someone.user.given_name not in page


def test_launches_with_claims_that_could_not_be_read_are_found(
    operator: Client, cast: Cast
) -> None:
    note = "custom is a list, not an object"
    StoredLaunch.objects.filter(pk=cast.amina.launch.pk).update(notes=note)
    url = reverse("admin:lti_tool_storedlaunch_changelist")
    assert note in operator.get(url).content.decode()
    found = operator.get(url, {"notes__isempty": "0"}).content.decode()
    assert (note in found, found.count("field-role")) == (True, 1)


def test_nothing_is_opened_made_changed_or_deleted(operator: Client, cast: Cast) -> None:
    RefusedLaunch.objects.create(reference="K7QM-4TXA", reason="key-unknown")
    for row in (RefusedLaunch.objects.get(), cast.amina.launch):
        for action in ("change", "delete"):
            url = reverse(f"admin:lti_tool_{row._meta.model_name}_{action}", args=[row.pk])
            assert operator.get(url).status_code in {302, 403}
        add = reverse(f"admin:lti_tool_{row._meta.model_name}_add")
        assert operator.get(add).status_code == 403


class TestAuditTrail:
    """Read-only, without names of people, found by kind and platform."""

    ADDRESS = "admin:lti_tool_auditentry_changelist"

    @pytest.fixture
    def recorded(self, cast: Cast) -> Cast:
        audit.record(
            AuditKind.RELEASE,
            audit.person(cast.ruth.user),
            link=cast.course.link,
            person_id=cast.amina.user.pk,
            subject="attempt-7",
            after={"points": 3},
        )
        audit.record(
            AuditKind.PLATFORM,
            audit.command_line(),
            registration=cast.elsewhere.deployment.registration,
            before={"is_active": True},
            after={"is_active": False},
        )
        return cast

    def test_it_is_read(self, operator: Client, recorded: Cast) -> None:
        page = operator.get(reverse(self.ADDRESS)).content.decode()
        person, pupil = recorded.ruth.user.pk, recorded.amina.user.pk
        for shown in (f"person {person}", f"person-{pupil} attempt-7", "manage.py", "Causes"):
            assert shown in page
        assert "Ruth" not in page
        assert "Amina" not in page

    def test_it_is_filtered(self, operator: Client, recorded: Cast) -> None:
        other = recorded.elsewhere.deployment.registration.pk
        for query in ({"kind__exact": "platform"}, {"registration__id__exact": other}):
            page = operator.get(reverse(self.ADDRESS), query).content.decode()
            assert ("manage.py" in page, "attempt-7" in page) == (True, False)

    def test_nothing_is_added_changed_or_deleted(self, operator: Client, recorded: Cast) -> None:
        entry = AuditEntry.objects.get(link=recorded.course.link)
        before = AuditEntry.objects.count()
        add = reverse("admin:lti_tool_auditentry_add")
        change = reverse("admin:lti_tool_auditentry_change", args=[entry.pk])
        delete = reverse("admin:lti_tool_auditentry_delete", args=[entry.pk])
        assert [operator.post(url, {}).status_code for url in (add, change, delete)] == [403] * 3
        posted = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
        operator.post(reverse(self.ADDRESS), posted)
        assert AuditEntry.objects.count() == before

    @pytest.mark.django_db
    def test_it_is_for_operators_with_leave_to_read_it(self) -> None:
        client = Client(headers={"host": "localhost:8001"})
        client.force_login(Operator.objects.create_user("clerk", is_staff=True))
        assert client.get(reverse(self.ADDRESS)).status_code == 403
