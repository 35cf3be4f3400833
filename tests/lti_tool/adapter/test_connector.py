"""Tokens: asked for once, kept for all, asked for anew when they are no longer good."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import jwt
import pytest
from django.utils import timezone

from lti_tool import connection, grades
from lti_tool.adapter import tokens
from lti_tool.adapter.connector import Connector
from lti_tool.grades import Score
from lti_tool.grades.reconciliation import reconcile
from lti_tool.models import AccessToken, LineItem
from lti_tool.protocol.vocabulary import CLIENT_ASSERTION_TYPE, Claim, MediaType, Scope
from lti_tool.roster.reading import refresh
from lti_tool.services.errors import DeliveryProblem, ServiceError
from lti_tool.services.http import HttpReply
from tests.cast import Cast, Course
from tests.lti_tool.delivering import deliver_due
from tests.platform.fake import KID, FakePlatform
from tests.platform.keys import key_pair
from tests.platform.server import HTML_PAGE, Fault


@pytest.fixture
def lms(fake_platform: FakePlatform, cast: Cast) -> FakePlatform:
    fake_platform.connect(cast.course)
    fake_platform.connect(cast.elsewhere)
    return fake_platform


def connector(course: Course) -> Connector:
    return Connector(course.deployment.registration)


def columns(course: Course) -> HttpReply:
    """Any call that needs a token."""
    course.line_item.refresh_from_db()
    return connector(course).request(
        "GET",
        course.line_item.container_url,
        [Scope.LINE_ITEM],
        accept=MediaType.LINE_ITEM_CONTAINER,
    )


def named_deployments(lms: FakePlatform) -> list[str | None]:
    """What each request for a token says of a deployment."""
    claims = [
        jwt.decode(asked.form["client_assertion"], options={"verify_signature": False})
        for asked in lms.asked_for("token")
    ]
    return [each.get(Claim.DEPLOYMENT_ID) for each in claims]


def test_a_token_is_asked_for_in_our_own_name(cast: Cast, lms: FakePlatform) -> None:
    token = connector(cast.course).get_access_token([Scope.SCORE, Scope.LINE_ITEM])
    assert token == "token-1"
    (asked,) = lms.asked
    assert asked.form["grant_type"] == "client_credentials"
    assert asked.form["client_assertion_type"] == CLIENT_ASSERTION_TYPE
    assert set(asked.form["scope"].split()) == {Scope.SCORE, Scope.LINE_ITEM}
    assertion = asked.form["client_assertion"]
    assert jwt.get_unverified_header(assertion) == {"alg": "RS256", "kid": KID, "typ": "JWT"}
    claims = jwt.decode(
        assertion,
        key_pair(KID).private.public_key(),
        algorithms=["RS256"],
        audience=f"{lms.url}/token",
        options={"require": ["exp", "iat", "jti", "iss", "sub", "aud"]},
    )
    assert (claims["iss"], claims["sub"]) == ("client-1", "client-1")
    assert claims["exp"] - claims["iat"] <= 300


def test_an_audience_of_its_own(cast: Cast, lms: FakePlatform) -> None:
    registration = cast.course.deployment.registration
    registration.auth_audience = "https://lms.example/audience"
    connector(cast.course).get_access_token([Scope.SCORE])
    assertion = lms.asked[0].form["client_assertion"]
    claims = jwt.decode(assertion, options={"verify_signature": False})
    assert claims["aud"] == "https://lms.example/audience"


def test_the_deployment_is_named(cast: Cast, lms: FakePlatform) -> None:
    deployment = cast.course.deployment
    Connector(deployment.registration, deployment=deployment).get_access_token([Scope.SCORE])
    connector(cast.course).get_access_token([Scope.SCORE])
    assert named_deployments(lms) == [deployment.deployment_id, None]


def test_each_service_names_its_deployment(cast: Cast, lms: FakePlatform) -> None:
    LineItem.objects.update(scopes=list(Scope))
    grades.report_score(cast.course.link, cast.amina.user, Score(Decimal(8), Decimal(8), ""))
    assert deliver_due() == 1
    asked = len(named_deployments(lms))
    registration = cast.course.deployment.registration
    AccessToken.objects.all().delete()
    tokens._cache.clear()
    assert not reconcile(registration).problem
    assert len(named_deployments(lms)) > asked
    cast.course.context.roster_url = f"{lms.url}/members"
    cast.course.context.save()
    refresh(cast.course.context)
    connection.check(registration)
    assert set(named_deployments(lms)) == {cast.course.deployment.deployment_id}


def test_deployments_have_tokens_of_their_own(cast: Cast, lms: FakePlatform) -> None:
    one = cast.course.deployment
    other = one.registration.deployments.create(deployment_id="another")
    found = [
        Connector(one.registration, deployment=deployment).get_access_token([Scope.SCORE])
        for deployment in (one, other, None, one, other, None)
    ]
    assert found == ["token-1", "token-2", "token-3"] * 2
    tokens._cache.clear()
    again = Connector(one.registration, deployment=other).get_access_token([Scope.SCORE])
    assert again == "token-2"
    assert AccessToken.objects.count() == 3


def test_a_token_that_is_refused_is_replaced_for_its_deployment_alone(
    cast: Cast, lms: FakePlatform
) -> None:
    one = cast.course.deployment
    other = one.registration.deployments.create(deployment_id="another")
    for deployment in (one, other):
        Connector(one.registration, deployment=deployment).get_access_token([Scope.LINE_ITEM])
    lms.tokens.valid.discard("token-2")
    cast.course.line_item.refresh_from_db()
    platform = Connector(one.registration, deployment=other)
    reply = platform.request(
        "GET",
        cast.course.line_item.container_url,
        [Scope.LINE_ITEM],
        accept=MediaType.LINE_ITEM_CONTAINER,
    )
    assert reply.status == 200
    kept = AccessToken.objects.values_list("deployment__deployment_id", "token")
    assert set(kept) == {(one.deployment_id, "token-1"), ("another", "token-3")}


def test_no_two_assertions_are_the_same(cast: Cast, lms: FakePlatform) -> None:
    connector(cast.course).get_access_token([Scope.SCORE])
    connector(cast.course).get_access_token([Scope.LINE_ITEM])
    ids = {
        jwt.decode(asked.form["client_assertion"], options={"verify_signature": False})["jti"]
        for asked in lms.asked
    }
    assert len(ids) == 2


def test_a_token_serves_every_process(cast: Cast, lms: FakePlatform) -> None:
    first = connector(cast.course).get_access_token([Scope.SCORE, Scope.LINE_ITEM])
    again = connector(cast.course).get_access_token([Scope.LINE_ITEM, Scope.SCORE])
    assert first == again
    assert len(lms.asked) == 1


def test_scopes_and_registrations_have_tokens_of_their_own(cast: Cast, lms: FakePlatform) -> None:
    """Also where two registrations share an issuer, as all customers of one cloud do."""
    one, other = cast.course.deployment.registration, cast.elsewhere.deployment.registration
    assert one.issuer == other.issuer
    tokens = {
        connector(cast.course).get_access_token([Scope.SCORE]),
        connector(cast.course).get_access_token([Scope.LINE_ITEM]),
        connector(cast.elsewhere).get_access_token([Scope.SCORE]),
    }
    assert len(tokens) == 3


@pytest.mark.parametrize(
    ("said", "seconds"),
    [(600, 600), (None, 3600), ("soon", 3600), (0, 3600), (-1, 3600), (10**9, 3600), ([], 3600)],
)
def test_how_long_a_token_is_good(
    cast: Cast, lms: FakePlatform, said: object, seconds: int
) -> None:
    lms.tokens.expires_in = said
    before = timezone.now()
    connector(cast.course).get_access_token([Scope.SCORE])
    life = AccessToken.objects.get().expires_at - before
    assert timedelta(seconds=seconds) <= life < timedelta(seconds=seconds + 30)


def test_a_call_carries_the_token_and_what_it_accepts(cast: Cast, lms: FakePlatform) -> None:
    assert columns(cast.course).status == 200
    headers = lms.asked_for("find")[0].headers
    assert headers["authorization"] == "Bearer token-1"
    assert headers["accept"] == MediaType.LINE_ITEM_CONTAINER


def test_a_token_that_is_no_longer_known_is_replaced_once(cast: Cast, lms: FakePlatform) -> None:
    columns(cast.course)
    lms.tokens.valid.clear()
    assert columns(cast.course).status == 200
    assert AccessToken.objects.get().token == "token-2"
    assert len(lms.asked_for("find")) == 3


def test_a_platform_that_knows_no_token_is_not_asked_for_ever(
    cast: Cast, lms: FakePlatform
) -> None:
    lms.always_fail("find", Fault(401))
    assert columns(cast.course).status == 401
    assert len(lms.asked_for("find")) == 2
    assert len(lms.asked_for("token")) == 2


def test_a_refused_token_of_one_platform_leaves_others_theirs(
    cast: Cast, lms: FakePlatform
) -> None:
    kept = connector(cast.elsewhere).get_access_token([Scope.SCORE])
    lms.fail("find", Fault(401))
    columns(cast.course)
    assert connector(cast.elsewhere).get_access_token([Scope.SCORE]) == kept


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (Fault(400, b'{"error": "invalid_client"}'), DeliveryProblem.TOKEN_REFUSED),
        (Fault(401), DeliveryProblem.TOKEN_REFUSED),
        (Fault(404), DeliveryProblem.TOKEN_REFUSED),
        (Fault(302, headers={"Location": "/sign-in"}), DeliveryProblem.TOKEN_REFUSED),
        (Fault(429), DeliveryProblem.SERVER_ERROR),
        (Fault(500), DeliveryProblem.SERVER_ERROR),
        (HTML_PAGE, DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(200, b"[]"), DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(200, b"{}"), DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(200, b'{"access_token": ""}'), DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(200, b'{"access_token": 7}'), DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(200, b'{"access_token": "a\\u0000"}'), DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(200, b'{"access_token": "a\\ud800"}'), DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(200, b'{"access_token": null}'), DeliveryProblem.ANSWER_UNREADABLE),
        (Fault(reset=True), DeliveryProblem.UNREACHABLE),
    ],
)
def test_no_token_is_a_passing_problem_and_leaves_none(
    cast: Cast, lms: FakePlatform, fault: Fault, problem: DeliveryProblem
) -> None:
    lms.fail("token", fault)
    with pytest.raises(ServiceError) as caught:
        columns(cast.course)
    assert caught.value.problem == problem
    assert not caught.value.permanent
    assert not AccessToken.objects.exclude(token="").exists()
    assert lms.asked_for("find") == []


def test_the_operator_reads_why_a_token_was_refused(cast: Cast, lms: FakePlatform) -> None:
    lms.fail("token", Fault(400, b'{"error": "invalid_client", "error_description": "x"}'))
    with pytest.raises(ServiceError, match="token endpoint: 400 invalid_client"):
        columns(cast.course)


def keep(cast: Cast, token: str) -> None:
    AccessToken.objects.create(
        registration=cast.course.deployment.registration,
        scopes=Scope.LINE_ITEM,
        token=token,
        renew_at=timezone.now() + timedelta(hours=1),
        expires_at=timezone.now() + timedelta(hours=1),
    )


@pytest.mark.parametrize("token", ["a\r\nX-Evil: 1", "日本"])
def test_a_token_that_no_header_can_carry_is_not_sent(
    cast: Cast, lms: FakePlatform, token: str
) -> None:
    keep(cast, token)
    with pytest.raises(ServiceError) as caught:
        columns(cast.course)
    assert (caught.value.problem, caught.value.permanent) == (DeliveryProblem.UNREACHABLE, False)
    assert lms.asked == []


def test_an_odd_token_is_replaced_like_any_other(cast: Cast, lms: FakePlatform) -> None:
    keep(cast, "tökén")
    assert columns(cast.course).status == 200


@pytest.mark.parametrize(
    ("said", "ahead"),
    [(0, 0), (1.5, 0), (90, 90), (-90, -90), (3600, 3600), (3 * 24 * 3600, None)],
)
def test_a_platforms_clock_is_told_by_its_answers(
    cast: Cast, lms: FakePlatform, said: float, ahead: int | None
) -> None:
    lms.clock_ahead = said
    platform = connector(cast.course)
    assert platform.clock_ahead is None
    platform.request("GET", f"{lms.url}/2/lineitems", [Scope.LINE_ITEM], accept="*/*")
    found = platform.clock_ahead
    # The date has whole seconds.
    assert found == ahead or (found is not None and ahead is not None and found == ahead - 1)
