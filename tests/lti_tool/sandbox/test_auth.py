"""What the authorisation endpoint refuses, and whom it tells."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lti_tool.sandbox.models import Ticket, ToolClient
from tests.lti_tool.sandbox import lms


def refused(client: Client, params: dict[str, str]) -> dict[str, str]:
    """The error that is posted back to the tool."""
    form = lms.self_posting(client.post("/lti/auth", params))
    assert form.action == lms.REDIRECT_URI
    assert "id_token" not in form.fields
    return form.fields


def accepted(client: Client, params: dict[str, str]) -> bool:
    return "id_token" in lms.self_posting(client.post("/lti/auth", params)).fields


def test_an_honest_request_is_answered_at_the_redirect_uri(pupil: Client) -> None:
    form = lms.self_posting(pupil.post("/lti/auth", lms.auth_request(lms.begin(pupil))))
    assert form.action == lms.REDIRECT_URI
    assert set(form.fields) == {"id_token", "state"}


def test_it_may_come_by_get(pupil: Client) -> None:
    answer = pupil.get("/lti/auth", lms.auth_request(lms.begin(pupil)))
    assert "id_token" in lms.self_posting(answer).fields


def test_other_methods_are_refused(pupil: Client) -> None:
    assert pupil.put("/lti/auth").status_code == 405


@pytest.mark.parametrize("state", ["", "a b&c=d<\"'>é漢 😀", "x" * 4000])
def test_the_state_comes_back_as_it_was(pupil: Client, state: str) -> None:
    request = lms.auth_request(lms.begin(pupil), state=state)
    assert lms.self_posting(pupil.post("/lti/auth", request)).fields["state"] == state


def test_no_state_is_made_up(pupil: Client) -> None:
    request = lms.auth_request(lms.begin(pupil), state=None)
    assert set(lms.self_posting(pupil.post("/lti/auth", request)).fields) == {"id_token"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"scope": None}, "invalid_request"),
        ({"scope": "openid profile"}, "invalid_scope"),
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "code"}, "unsupported_response_type"),
        ({"response_mode": None}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"prompt": None}, "invalid_request"),
        ({"prompt": "login"}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
        ({"nonce": "x" * 5000}, "invalid_request"),
        ({"login_hint": None}, "invalid_request"),
        ({"login_hint": "102"}, "access_denied"),
        ({"lti_message_hint": None}, "invalid_request"),
    ],
)
def test_a_wrong_request_is_told_to_the_tool(
    pupil: Client, changes: dict[str, str | None], error: str
) -> None:
    fields = refused(pupil, lms.auth_request(lms.begin(pupil), **changes))
    assert fields["error"] == error
    assert fields["error_description"]
    assert fields["state"] == "a state"


@pytest.mark.parametrize("name", ["nonce", "state", "login_hint", "scope"])
def test_a_parameter_that_comes_twice_is_refused(pupil: Client, name: str) -> None:
    params = lms.auth_request(lms.begin(pupil))
    answer = pupil.post("/lti/auth", {**params, name: [params[name], params[name]]})
    assert lms.self_posting(answer).fields["error"] == "invalid_request"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "another"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": lms.REDIRECT_URI.rstrip("/")},
        {"redirect_uri": lms.REDIRECT_URI + "?a=b"},
        {"redirect_uri": lms.REDIRECT_URI.upper()},
    ],
)
def test_whom_the_sandbox_does_not_know_it_sends_nothing(
    pupil: Client, changes: dict[str, str | None]
) -> None:
    answer = pupil.post("/lti/auth", lms.auth_request(lms.begin(pupil), **changes))
    assert answer.status_code == 400
    assert b"<form" not in answer.content.split(b"<main")[1]


def test_a_hint_works_once(pupil: Client) -> None:
    request = lms.auth_request(lms.begin(pupil))
    assert accepted(pupil, request)
    assert refused(pupil, request)["error"] == "invalid_request"


def test_a_refused_request_uses_its_hint_up(pupil: Client) -> None:
    initiation = lms.begin(pupil)
    refused(pupil, lms.auth_request(initiation, prompt="login"))
    refused(pupil, lms.auth_request(initiation))


@pytest.mark.parametrize(("seconds", "fine"), [(60, True), (121, False)])
def test_a_hint_lives_two_minutes(pupil: Client, seconds: int, fine: bool) -> None:
    request = lms.auth_request(lms.begin(pupil))
    Ticket.objects.update(created_at=timezone.now() - timedelta(seconds=seconds))
    if fine:
        assert accepted(pupil, request)
    else:
        assert refused(pupil, request)["error"] == "invalid_request"


def test_a_hint_is_of_one_session(pupil: Client) -> None:
    request = lms.auth_request(lms.begin(pupil))
    same_person = lms.browser()
    lms.sign_in(same_person, lms.PUPIL)
    assert refused(same_person, request)["error"] == "invalid_request"


def test_a_hint_ends_when_someone_else_signs_in(pupil: Client) -> None:
    request = lms.auth_request(lms.begin(pupil))
    lms.sign_in(pupil, lms.TEACHER)
    assert refused(pupil, request)["error"] == "invalid_request"


def test_another_tool_cannot_use_the_hint(pupil: Client) -> None:
    ToolClient.objects.create(
        name="Other", client_id="other", deployment_id="1", redirect_uris=[lms.REDIRECT_URI]
    )
    fields = refused(pupil, lms.auth_request(lms.begin(pupil), client_id="other"))
    assert fields["error"] == "unauthorized_client"


def test_the_hint_has_to_name_the_activity_it_was_made_for(pupil: Client) -> None:
    initiation = lms.begin(pupil)
    hint = initiation["lti_message_hint"].replace('"cmid":1', '"cmid":2')
    refused(pupil, lms.auth_request(initiation, lti_message_hint=hint))


@pytest.mark.parametrize(
    "hint",
    [
        "1",
        "[]",
        "{}",
        "null",
        "not JSON",
        '{"cmid":"1","launchid":"x"}',
        '{"cmid":1,"launchid":1}',
        '{"cmid":true,"launchid":"x"}',
        '{"cmid":1e999,"launchid":"x"}',
        "[" * 4000,
        '{"cmid":1,"launchid":"\\ud800"}',
        '{"cmid":99999999999999999999999,"launchid":"x"}',
    ],
)
def test_a_hint_that_is_none_of_ours_is_refused(pupil: Client, hint: str) -> None:
    fields = refused(pupil, lms.auth_request(lms.begin(pupil), lti_message_hint=hint))
    assert fields["error"] == "invalid_request"


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_its_cookie_the_sandbox_asks_once_to_post_again(pupil: Client, method: str) -> None:
    """As Moodle does when the browser kept the cookie back on a request from another site."""
    request = lms.auth_request(lms.begin(pupil))
    form = lms.self_posting(getattr(lms.browser(), method)("/lti/auth", request))
    assert form.action == f"{lms.URL}/lti/auth"
    assert form.fields == {**request, "repost": "1"}
    assert accepted(pupil, form.fields)


def test_who_is_still_not_signed_in_then_is_told_to_the_tool(pupil: Client) -> None:
    request = {**lms.auth_request(lms.begin(pupil)), "repost": "1"}
    assert refused(lms.browser(), request)["error"] == "login_required"


def test_a_repost_does_not_use_the_hint_up(pupil: Client) -> None:
    request = lms.auth_request(lms.begin(pupil))
    lms.browser().post("/lti/auth", request)
    assert accepted(pupil, request)
