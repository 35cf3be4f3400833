"""'Check this connection': each line says what is so, and what to change where it is not."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from lti_tool.connection import CheckResult, State, check
from lti_tool.connection.remedies import Remedy, remedy_text
from lti_tool.models import (
    Deployment,
    PlatformKeySet,
    RefusedLaunch,
    Registration,
    StoredLaunch,
)
from lti_tool.protocol.vocabulary import Scope
from lti_tool.services import http
from tests.cast import Cast
from tests.platform.fake import FakePlatform
from tests.platform.server import Fault

GRADES = "'IMS LTI Assignment and Grade Services'"
ROSTER = "'IMS LTI Names and Role Provisioning'"
KEYSET = "'Public keyset' http://localhost:8001/lti/jwks.json"


def refusal(status: int) -> Fault:
    return Fault(status, b'{"error": "invalid_client"}')


def lines(registration: Registration) -> dict[str, CheckResult]:
    """By title."""
    return {line.title: line for line in check(registration).lines}


def states(registration: Registration) -> dict[str, State]:
    """What is not well, by title."""
    found = lines(registration).items()
    return {title: line.state for title, line in found if line.state is not State.OK}


def permission(scope: Scope) -> str:
    """The title of a scope's line ends with the scope's own name."""
    return f"({scope.rpartition('/')[2]})"


def test_a_healthy_connection_is_green_and_nothing_is_written(
    lms: FakePlatform, registration: Registration
) -> None:
    report = check(registration)
    assert [line for line in report.lines if line.state is not State.OK] == []
    assert report.problems == 0
    assert {ask.endpoint for ask in lms.asked} == {"token", "keys", "members", "column"}
    said = json.dumps([[line.title, line.sentence, line.remedy] for line in report.lines])
    assert "2 people" in said
    assert not any(name in said for name in (*lms.roster.names, "Amina", "Ruth"))


@pytest.mark.parametrize(
    ("scope", "state", "setting"),
    [
        (Scope.LINE_ITEM, State.PROBLEM, GRADES),
        (Scope.SCORE, State.PROBLEM, GRADES),
        (Scope.RESULT_READONLY, State.WARNING, GRADES),
        (Scope.MEMBERSHIP_READONLY, State.WARNING, ROSTER),
    ],
)
def test_a_scope_that_was_cut_is_named_with_its_setting(
    lms: FakePlatform, registration: Registration, scope: Scope, state: State, setting: str
) -> None:
    lms.tokens.scopes.remove(scope)
    (line,) = [
        line for line in lines(registration).values() if line.state not in {State.OK, "not-known"}
    ]
    assert line.title.endswith(permission(scope))
    assert (line.state, setting in line.remedy) == (state, True)


def test_seeing_columns_is_not_missed_by_whoever_makes_them(
    lms: FakePlatform, registration: Registration
) -> None:
    lms.tokens.scopes.remove(Scope.LINE_ITEM_READONLY)
    assert states(registration) == {}


def test_a_setting_that_cures_several_lines_is_told_once(
    lms: FakePlatform, registration: Registration
) -> None:
    lms.tokens.scopes = {str(Scope.MEMBERSHIP_READONLY)}
    remedies = [line.remedy for line in check(registration).lines if line.remedy]
    assert GRADES in remedies[0]
    assert remedies[1:] == ["Change the same setting as above."] * 3


def test_no_service_at_all_is_not_taken_for_a_wrong_key(
    lms: FakePlatform, registration: Registration
) -> None:
    lms.tokens.scopes = set()
    line = lines(registration)["Access to the LMS's services"]
    assert line.state is State.PROBLEM
    assert "knows this tool" in line.sentence
    assert GRADES in line.remedy


@pytest.mark.parametrize("status", [400, 401, 404])
def test_a_signature_that_is_not_accepted_names_our_key_address(
    lms: FakePlatform, registration: Registration, status: int
) -> None:
    lms.always_fail("token", refusal(status))
    found = lines(registration)
    assert KEYSET in found["Access to the LMS's services"].remedy
    assert ("'Access token URL'" in found["Access to the LMS's services"].remedy) == (status == 404)
    assert found["Permissions, class list, gradebook"].state is State.NOT_KNOWN


def test_a_token_address_where_nobody_is(registration: Registration) -> None:
    registration.auth_token_url = "http://127.0.0.1:9/token"
    line = lines(registration)["Access to the LMS's services"]
    assert "The LMS does not answer" in line.sentence
    assert "'Access token URL' with http://127.0.0.1:9/token" in line.remedy


def test_a_platform_that_does_not_answer_is_asked_for_one_token_only(
    lms: FakePlatform, registration: Registration
) -> None:
    lms.always_fail("token", refusal(503))
    check(registration)
    assert len(lms.asked_for("token")) == 1


def test_keys_that_cannot_be_read(lms: FakePlatform, registration: Registration) -> None:
    lms.always_fail("keys", refusal(404))
    line = lines(registration)["Keys of the LMS"]
    assert line.state is State.PROBLEM
    assert "every launch is refused" in line.sentence
    assert f"'Public keyset URL' with {lms.url}/jwks" in line.remedy


def test_keys_that_could_be_read_before_still_serve(
    lms: FakePlatform, registration: Registration
) -> None:
    check(registration)
    three_days_ago = timezone.now() - timedelta(days=3)
    PlatformKeySet.objects.update(read_at=three_days_ago)
    lms.always_fail("keys", refusal(503))
    line = lines(registration)["Keys of the LMS"]
    assert line.state is State.WARNING
    assert f"{timezone.localtime(three_days_ago):%-d %B %Y}" in line.sentence


def test_an_empty_set_of_keys(lms: FakePlatform, registration: Registration) -> None:
    lms.keys.publish()
    assert states(registration) == {"Keys of the LMS": State.PROBLEM}


@pytest.mark.parametrize(
    ("ahead", "state", "words"),
    [
        (20, State.OK, "differ by less than half a minute"),
        (-45, State.WARNING, "behind ours. If the difference reaches 60 seconds"),
        (45, State.WARNING, "ahead of ours. If the difference reaches 60 seconds"),
        (-3600, State.PROBLEM, "behind ours. The difference is 60 seconds or more"),
        (None, State.NOT_KNOWN, "does not include"),
    ],
)
def test_clocks(
    lms: FakePlatform, registration: Registration, ahead: float | None, state: State, words: str
) -> None:
    if ahead is None:
        lms.date_header = ""
    else:
        lms.clock_ahead = ahead
    line = lines(registration)["Clocks"]
    assert (line.state, words in line.sentence) == (state, True)
    assert ("NTP" in line.remedy) == (state in {State.WARNING, State.PROBLEM})


@pytest.mark.parametrize("date", ["soon", f"Mon, 01 Jan {10**30} 00:00:00 GMT"])
def test_a_date_that_is_none(lms: FakePlatform, registration: Registration, date: str) -> None:
    lms.date_header = date
    assert states(registration) == {"Clocks": State.NOT_KNOWN}


def test_an_lms_that_sends_no_names(lms: FakePlatform, registration: Registration) -> None:
    lms.roster.names = ["", ""]
    assert states(registration) == {"Names": State.WARNING}
    assert "'Share launcher's name with tool'" in lines(registration)["Names"].remedy.replace(
        "“", "'"
    ).replace("”", "'")


def test_a_roster_and_a_column_that_cannot_be_read(
    lms: FakePlatform, registration: Registration
) -> None:
    lms.always_fail("members", refusal(403))
    lms.always_fail("column", refusal(404))
    found = lines(registration)
    assert found["Class list"].state is State.PROBLEM
    assert ROSTER in found["Class list"].remedy
    assert found["Gradebook column"].state is State.WARNING
    assert "no longer has its column" in found["Gradebook column"].sentence


def test_before_the_first_launch(lms: FakePlatform, registration: Registration) -> None:
    StoredLaunch.objects.all().delete()
    report = check(registration)
    (line,) = [line for line in report.lines if line.title == "Launches"]
    assert line.state is State.NOT_KNOWN
    assert "'Show in activity chooser and as a preconfigured tool'" in line.remedy
    assert report.launches == []


def test_launches_are_told_by_ids_and_kinds(registration: Registration) -> None:
    launches = check(registration).launches
    assert [(row.course, row.deployment, row.role, row.way) for row in launches] == [
        ("3", "1", "pupil", "cookie"),
        ("2", "1", "pupil", "cookie"),
        ("2", "1", "pupil", "cookie"),
        ("2", "1", "teacher", "cookie"),
    ]


def test_a_refusal_after_the_last_launch_is_a_warning(registration: Registration) -> None:
    row = RefusedLaunch.objects.create(
        reference="K7QM-4TXA", reason="times-invalid", registration=registration
    )
    assert states(registration) == {"Refused launches": State.WARNING}
    line = lines(registration)["Refused launches"]
    assert "K7QM-4TXA" in line.sentence
    assert "NTP" in line.remedy
    row.created_at -= timedelta(hours=1)
    row.save()
    assert states(registration) == {}


@pytest.mark.parametrize(
    ("reason", "setting"),
    [
        ("key-unknown", "'Public keyset URL'"),
        ("audience-invalid", "'Client ID'"),
        ("unknown-deployment", "'Deployment ID'"),
        ("replayed", ""),  # nobody can set that right
    ],
)
def test_a_refusal_names_the_setting_behind_it(
    registration: Registration, reason: str, setting: str
) -> None:
    RefusedLaunch.objects.create(reference="K7QM-4TXA", reason=reason, registration=registration)
    found = lines(registration)["Refused launches"].remedy
    assert setting in found
    assert bool(found) == bool(setting)


def test_refusals_of_others_are_nobody_else_s(registration: Registration, cast: Cast) -> None:
    RefusedLaunch.objects.create(reference="AAAA-AAAA", reason="unknown-platform")
    RefusedLaunch.objects.create(
        reference="BBBB-BBBB",
        reason="times-invalid",
        registration=cast.elsewhere.deployment.registration,
    )
    assert check(registration).refusals == []


def test_a_deployment_that_waits(registration: Registration) -> None:
    Deployment.objects.create(registration=registration, deployment_id="77", is_approved=False)
    line = lines(registration)["Deployments"]
    assert (line.state, "77" in line.sentence) == (State.WARNING, True)
    assert "'Is approved'" in line.remedy


def test_deployments_that_are_known_are_named(registration: Registration) -> None:
    (first,) = registration.deployments.values_list("deployment_id", flat=True)
    line = lines(registration)["Deployments"]
    assert line.sentence == f"This deployment ID is known: {first}."
    Deployment.objects.create(registration=registration, deployment_id="77")
    line = lines(registration)["Deployments"]
    assert line.sentence == f"These deployment IDs are known: {first}, 77."


def test_what_could_not_be_read_in_launches_is_said_once(
    registration: Registration, cast: Cast
) -> None:
    odd, custom = "name is a list, not text", "custom is a list, not an object"
    assert "Values in launches" not in lines(registration)
    for someone, notes in ((cast.amina, custom), (cast.ben, f"{odd}; {custom}")):
        StoredLaunch.objects.filter(pk=someone.launch.pk).update(notes=notes)
    line = lines(registration)["Values in launches"]
    assert line.state is State.WARNING
    assert line.sentence.endswith(f": {odd}; {custom}.")
    assert [launch.notes for launch in check(registration).launches].count(custom) == 1


def test_a_registration_that_is_switched_off(registration: Registration) -> None:
    registration.is_active = False
    assert "'Is active'" in lines(registration)["Registration"].remedy


def test_no_call_is_waited_for_long(
    registration: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call has a limit of its own, far below a deliverer's."""
    limits: list[float | None] = []
    call = http.call

    def noted(*args: object, seconds: float | None = None, **others: object) -> http.HttpReply:
        limits.append(seconds)
        return call(*args, seconds=seconds, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(http, "call", noted)
    check(registration)
    assert len(limits) >= 8
    assert set(limits) == {8.0}


@pytest.mark.parametrize("product", ["moodle", "canvas", "brightspace"])
@pytest.mark.parametrize("what", Remedy)
def test_every_remedy_has_words_in_every_product(
    registration: Registration, product: str, what: Remedy
) -> None:
    registration.product = product
    said = remedy_text(what, registration)
    assert len(said) > 40
    assert "%(" not in said


def test_canvas_has_its_own_words(lms: FakePlatform, registration: Registration) -> None:
    registration.product = "canvas"
    lms.tokens.scopes.remove(Scope.SCORE)
    found = lines(registration)
    (line,) = [found[title] for title in found if title.endswith("(score)")]
    assert "Developer Keys" in line.remedy
    assert "'Can create and update submission results for assignments" in line.remedy


def test_the_product_is_guessed_before_the_first_launch(registration: Registration) -> None:
    registration.product = ""
    registration.auth_login_url = "https://moodle.example.org/mod/lti/auth.php"
    assert "In Moodle" in remedy_text(Remedy.SCORES, registration)
    registration.auth_login_url = "https://sso.canvaslms.com/api/lti/authorize_redirect"
    assert "In Canvas" in remedy_text(Remedy.SCORES, registration)
