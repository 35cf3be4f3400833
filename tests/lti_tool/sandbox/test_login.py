"""The authorisation endpoint, as Moodle's: what it takes, what it refuses, and whom it tells."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lti_tool.sandbox.models import Enrolment, Ticket, ToolClient
from tests.lti_tool.sandbox import canvas, lms


def refused(client: Client, params: dict[str, str]) -> dict[str, str]:
    """The error that is posted back to the tool."""
    form = lms.self_posting(client.post("/lti/auth", params))
    assert form.action == lms.REDIRECT_URI
    assert "id_token" not in form.fields
    return form.fields


def accepted(client: Client, params: dict[str, str]) -> bool:
    return "id_token" in lms.self_posting(client.post("/lti/auth", params)).fields


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_honest_request_gets_an_id_token_at_the_redirect_uri(pupil: Client, method: str) -> None:
    state = "a b&c=d<\"'>é漢 😀"
    request = lms.auth_request(lms.begin(pupil), state=state)
    form = lms.self_posting(getattr(pupil, method)("/lti/auth", request))
    assert form.action == lms.REDIRECT_URI
    assert set(form.fields) == {"id_token", "state"}
    assert form.fields["state"] == state


WRONG: list[tuple[dict[str, str | None], str]] = [
    ({"scope": None}, "invalid_request"),
    ({"scope": "openid profile"}, "invalid_scope"),
    ({"response_type": "code"}, "unsupported_response_type"),
    ({"response_mode": "fragment"}, "invalid_request"),
    ({"prompt": None}, "invalid_request"),
    ({"prompt": "login"}, "invalid_request"),
    ({"nonce": None}, "invalid_request"),
    ({"nonce": ""}, "invalid_request"),
    ({"login_hint": None}, "invalid_request"),
    ({"login_hint": "102"}, "access_denied"),
    ({"lti_message_hint": None}, "invalid_request"),
    ({"lti_message_hint": "not JSON"}, "invalid_request"),
    ({"lti_message_hint": '{"cmid":true,"launchid":"x"}'}, "invalid_request"),
    ({"lti_message_hint": "[" * 4000}, "invalid_request"),
]


def test_a_wrong_request_is_told_to_the_tool(pupil: Client) -> None:
    told = [refused(pupil, lms.auth_request(lms.begin(pupil), **wrong)) for wrong, _ in WRONG]
    assert [fields["error"] for fields in told] == [error for _, error in WRONG]
    assert all(fields["error_description"] for fields in told)
    assert {fields["state"] for fields in told} == {"a state"}


def test_a_parameter_that_comes_twice_is_refused(pupil: Client) -> None:
    for name in ("nonce", "state", "login_hint", "scope"):
        params = lms.auth_request(lms.begin(pupil))
        response = pupil.post("/lti/auth", {**params, name: [params[name], params[name]]})
        assert lms.self_posting(response).fields["error"] == "invalid_request"


UNKNOWN: list[dict[str, str | None]] = [
    {"client_id": "another"},
    {"client_id": None},
    {"redirect_uri": None},
    {"redirect_uri": "https://evil.example/"},
    {"redirect_uri": lms.REDIRECT_URI.rstrip("/")},
    {"redirect_uri": lms.REDIRECT_URI + "?a=b"},
]


def test_whom_the_platform_does_not_know_it_sends_nothing(pupil: Client) -> None:
    for changes in UNKNOWN:
        response = pupil.post("/lti/auth", lms.auth_request(lms.begin(pupil), **changes))
        assert response.status_code == 400, changes
        assert b"<form" not in response.content.split(b"<main")[1]
    # Canvas's tool is another's here, and the other way round.
    assert pupil.post("/lti/auth", lms.auth_request(canvas.begin(pupil))).status_code == 400
    assert pupil.post(canvas.AUTHORISE, lms.auth_request(lms.begin(pupil))).status_code == 400


def test_a_hint_works_once_even_where_it_was_refused(pupil: Client) -> None:
    request = lms.auth_request(lms.begin(pupil))
    assert accepted(pupil, request)
    assert refused(pupil, request)["error"] == "invalid_request"
    initiation = lms.begin(pupil)
    refused(pupil, lms.auth_request(initiation, prompt="login"))
    refused(pupil, lms.auth_request(initiation))


def test_a_hint_lives_two_minutes(pupil: Client) -> None:
    for seconds, fine in ((115, True), (121, False)):
        request = lms.auth_request(lms.begin(pupil))
        Ticket.objects.update(created_at=timezone.now() - timedelta(seconds=seconds))
        assert ("id_token" in lms.self_posting(pupil.post("/lti/auth", request)).fields) is fine


def test_a_hint_is_of_one_session_one_person_one_tool_and_one_activity(pupil: Client) -> None:
    same_person = lms.browser()
    lms.sign_in(same_person, lms.PUPIL)
    assert refused(same_person, lms.auth_request(lms.begin(pupil)))["error"] == "invalid_request"

    ToolClient.objects.create(
        name="Other", client_id="other", deployment_id="1", redirect_uris=[lms.REDIRECT_URI]
    )
    fields = refused(pupil, lms.auth_request(lms.begin(pupil), client_id="other"))
    assert fields["error"] == "unauthorized_client"

    initiation = lms.begin(pupil)
    hint = initiation["lti_message_hint"].replace('"cmid":1', '"cmid":2')
    refused(pupil, lms.auth_request(initiation, lti_message_hint=hint))

    request = lms.auth_request(lms.begin(pupil))
    lms.sign_in(pupil, lms.TEACHER)
    assert refused(pupil, request)["error"] == "invalid_request"


def test_without_its_cookie_the_platform_asks_once_to_post_again(pupil: Client) -> None:
    """As Moodle does when the browser kept the cookie back on a request from another site."""
    request = lms.auth_request(lms.begin(pupil))
    for method in ("get", "post"):
        form = lms.self_posting(getattr(lms.browser(), method)("/lti/auth", request))
        assert form.action == f"{lms.URL}/lti/auth"
        assert form.fields == {**request, "repost": "1"}
    assert refused(lms.browser(), form.fields)["error"] == "login_required"
    assert accepted(pupil, form.fields)


def test_who_has_left_the_course_is_not_launched(pupil: Client) -> None:
    request = lms.auth_request(lms.begin(pupil))
    Enrolment.objects.filter(person_id=lms.PUPIL).delete()
    assert refused(pupil, request)["error"] == "access_denied"
