"""The certification's checks of a tool's LTI Advantage services, over real HTTP.

What the tool answers to a deep linking request, as the platform reads it; and what it asks
of the platform when people work: a column, a score, a result, the roster, each with the
media type and the scope of the specification. Source of the list: the LTI Advantage
certification for tools, Deep Linking, Assignment and Grade Services, Names and Roles.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

import jwt
import pytest
from django.utils import timezone

from lti_tool.models import User
from lti_tool.protocol.vocabulary import Claim
from tests.lti_tool.clock import Clock
from tests.lti_tool.delivering import deliver_due
from tests.lti_tool.launching import Browser
from tests.lti_tool.rosters import FAULTY, page, person
from tests.lti_tool.selecting import RETURN, SETTINGS, deep_linking
from tests.platform.launches import ABSENT, SUB, TEACHER, Changes, Platform
from tests.platform.server import Asked, Fault
from tests.reported import reported
from worksheets import authoring
from worksheets.models import Attempt

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/scope"
SOURCE = """# Causes

Japan took ___Manchuria___.

1. Why?

??? 3 marks
"""


def published(browser: Browser) -> dict[str, Any]:
    """The tool's key set, as a platform fetches it, by ``kid``."""
    keys = json.loads(browser.get("/lti/jwks.json").text)["keys"]
    return {key["kid"]: jwt.PyJWK(key).key for key in keys}


def read(browser: Browser, token: str, issuer: str, audience: str) -> dict[str, Any]:
    """The claims of a JWT of the tool's, whose signature and times hold."""
    header = jwt.get_unverified_header(token)
    assert header["alg"] == "RS256"
    claims: dict[str, Any] = jwt.decode(
        token,
        published(browser)[header["kid"]],
        algorithms=["RS256"],
        options={"require": ["exp", "iat"]},
        issuer=issuer,
        audience=audience,
    )
    return claims


def picked(
    browser: Browser, platform: Platform, changes: Changes | None = None, **settings: object
) -> dict[str, Any]:
    """A teacher is asked to choose, and chooses a worksheet: the claims of the answer."""
    asked = {**deep_linking(**settings), "sub": "teacher", **(changes or {})}
    opened = browser.launch(platform, asked)
    assert opened.status == 302, opened.text
    edition = authoring.publish(authoring.create(User.objects.get(sub="teacher"), SOURCE))
    form = {"worksheet": str(edition.worksheet_id)}
    answer = browser.send("POST", f"{opened.location}pick/", form).text
    posted_to = re.search(r'<form method="post" action="([^"]+)"', answer)
    token = re.search(r'name="JWT" value="([^"]+)"', answer)
    assert posted_to
    assert token
    address = settings.get("deep_link_return_url", RETURN)
    assert unescape(posted_to[1]) == str(address).replace(" ", "%20")
    return read(browser, token[1], platform.client_id, platform.issuer)


class TestDeepLinkingResponse:
    """LTI-DL 2.0 section 4.5: a JWT that the browser posts to the return address."""

    @pytest.fixture
    def response(self, browser: Browser, platform: Platform) -> dict[str, Any]:
        return picked(browser, platform)

    def test_iss_is_our_client_id(self, response: dict[str, Any], platform: Platform) -> None:
        assert response["iss"] == platform.client_id

    def test_aud_is_the_platform(self, response: dict[str, Any], platform: Platform) -> None:
        assert response["aud"] == platform.issuer

    def test_exp_and_iat_are_around_now(self, response: dict[str, Any]) -> None:
        assert response["iat"] <= time.time() < response["exp"] < time.time() + 3600

    def test_nonce_is_new_each_time(
        self, response: dict[str, Any], browser: Browser, platform: Platform
    ) -> None:
        assert response["nonce"]
        assert picked(browser, platform)["nonce"] != response["nonce"]

    def test_deployment_id(self, response: dict[str, Any], platform: Platform) -> None:
        name = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"
        assert response[name] == platform.deployment_id

    def test_message_type(self, response: dict[str, Any]) -> None:
        name = "https://purl.imsglobal.org/spec/lti/claim/message_type"
        assert response[name] == "LtiDeepLinkingResponse"

    def test_version(self, response: dict[str, Any]) -> None:
        assert response["https://purl.imsglobal.org/spec/lti/claim/version"] == "1.3.0"

    def test_content_items(self, response: dict[str, Any]) -> None:
        (item,) = response["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"]
        assert item["type"] in SETTINGS["accept_types"]
        assert item["url"].startswith("http")
        assert item["title"] == "Causes"
        assert item["lineItem"]["scoreMaximum"] == 4
        assert all(isinstance(value, str) for value in item["custom"].values())

    @reported("lti-06c")
    @pytest.mark.parametrize(
        "data",
        [
            "csrftoken:c7fbba78-7b75",
            "é<&>\"' \n=",
            "",
            {"a": 1},
            7,
            0,
            False,
            1.5,
            [],
            {"b": [None, {"é": ["\\u0000", 10**20]}]},
            "x" * 20_000,
        ],
        ids=lambda data: repr(data)[:30],
    )
    def test_data_is_given_back(self, browser: Browser, platform: Platform, data: object) -> None:
        response = picked(browser, platform, data=data)
        name = "https://purl.imsglobal.org/spec/lti-dl/claim/data"
        assert json.dumps(response[name], sort_keys=True) == json.dumps(data, sort_keys=True)

    @reported("lti-06c")
    def test_it_returns_to_an_address_with_a_space_in_its_query(
        self, browser: Browser, platform: Platform
    ) -> None:
        address = "https://lms.example/deep_links?title=Deep link&id=7"
        assert picked(browser, platform, deep_link_return_url=address)

    @reported("lti-r05")
    def test_a_request_without_a_course_is_answered(
        self, browser: Browser, platform: Platform
    ) -> None:
        response = picked(browser, platform, {Claim.CONTEXT: ABSENT})
        assert len(response[Claim.CONTENT_ITEMS]) == 1

    @reported("lti-r06")
    def test_the_request_of_blackboard_is_answered(
        self, browser: Browser, platform: Platform
    ) -> None:
        """Anthology's sample: it names a resource link, and its data have colons."""
        response = picked(
            browser,
            platform,
            {Claim.RESOURCE_LINK: {"id": "_22_1", "title": "", "description": ""}},
            data="_94_1::14::-1::false::false::_2_1::9ab3::false::false",
            accept_types=["ltiResourceLink", "link", "file", "html", "image"],
            accept_media_types="text/html,application/xhtml+xml",
            accept_multiple="true",
            auto_create="false",
            title="",
            text="",
        )
        assert response[Claim.DATA] == "_94_1::14::-1::false::false::_2_1::9ab3::false::false"
        (item,) = response[Claim.CONTENT_ITEMS]
        assert {"url", "title", "lineItem", "custom"} <= item.keys()

    def test_data_is_left_out(self, browser: Browser, platform: Platform) -> None:
        assert Claim.DATA not in picked(browser, platform, data=ABSENT)


@dataclass(frozen=True)
class School:
    """A worksheet that a teacher has put into a course; ``offer``: what its launches tell."""

    browser: Browser
    platform: Platform
    offer: dict[Any, Any]

    def submit(self) -> None:
        """A pupil fills the gap and hands in; what is due is sent."""
        home = self.browser.launch(self.platform, self.offer).location
        shown = self.browser.get(home).text
        form = {**dict(re.findall(r'name="(edition|attempt)" value="(\d+)"', shown)), "g1": "x"}
        assert self.browser.send("POST", f"{home}answers/", form).status == 302
        assert self.browser.send("POST", f"{home}submit/", form).status == 302
        assert deliver_due() == 1

    def teach(self) -> str:
        """The address of the teacher's page."""
        changes = {**self.offer, Claim.ROLES: [TEACHER], "sub": "teacher"}
        return self.browser.launch(self.platform, changes).location

    def only(self, endpoint: str) -> Asked:
        """The one request that there was."""
        (asked,) = self.platform.lms.asked_for(endpoint)
        return asked

    def scopes_of(self, asked: Asked) -> list[str]:
        """What the token of a call was asked for with; the platform numbers its tokens."""
        number = asked.headers["authorization"].removeprefix("Bearer token-")
        return self.platform.lms.asked_for("token")[int(number) - 1].form["scope"].split()


class TestServices:
    """What the tool asks of the platform, of itself, when a pupil and a teacher work."""

    @pytest.fixture
    def school(self, browser: Browser, platform: Platform) -> School:
        """The link has no column yet."""
        (item,) = picked(browser, platform)[Claim.CONTENT_ITEMS]
        url = platform.lms.url
        offer: dict[Any, Any] = {
            Claim.CUSTOM: item["custom"],
            Claim.AGS_ENDPOINT: {
                "scope": [f"{AGS}/lineitem", f"{AGS}/result.readonly", f"{AGS}/score"],
                "lineitems": f"{url}/1/lineitems?type_id=1",
            },
        }
        return School(browser, platform, offer)

    def test_creates_a_line_item(self, school: School) -> None:
        school.submit()
        looked, made = school.only("find"), school.only("make")
        accept = "application/vnd.ims.lis.v2.lineitemcontainer+json"
        assert (looked.method, looked.headers["accept"]) == ("GET", accept)
        assert made.target == "/1/lineitems?type_id=1"
        assert made.headers["content-type"] == "application/vnd.ims.lis.v2.lineitem+json"
        assert made.json["resourceLinkId"] == "link-1"
        assert made.json["label"]
        assert made.json["scoreMaximum"] == 4
        assert f"{AGS}/lineitem" in school.scopes_of(looked)
        assert f"{AGS}/lineitem" in school.scopes_of(made)

    @reported("lti-05j")
    @pytest.mark.parametrize(
        "scopes",
        [
            f"{AGS}/lineitem {AGS}/score",
            f"{AGS}/lineitem,{AGS}/score",
            {"1": f"{AGS}/lineitem", "3": f"{AGS}/score"},
            [None, f"{AGS}/lineitem", {}, f"{AGS}/score"],
        ],
        ids=["words", "commas", "PHP", "others among them"],
    )
    def test_posts_a_score_where_scopes_are_no_list(self, school: School, scopes: object) -> None:
        endpoint = {**school.offer[Claim.AGS_ENDPOINT], "scope": scopes, "lineitem": False}
        school = replace(school, offer={**school.offer, Claim.AGS_ENDPOINT: endpoint})
        school.submit()
        assert school.scopes_of(school.only("scores")) == [f"{AGS}/lineitem", f"{AGS}/score"]

    @reported("lti-05j")
    @pytest.mark.parametrize(
        "endpoint",
        [{"scope": ABSENT}, {"scope": None}, {"scope": True}, {"scope": [5]}, {}, []],
        ids=["missing", "null", "true", "numbers", "no members", "a list"],
    )
    def test_tells_the_teacher_that_no_marks_are_sent(
        self, school: School, endpoint: object
    ) -> None:
        if endpoint and isinstance(endpoint, dict):
            told = {**school.offer[Claim.AGS_ENDPOINT], **endpoint}
            endpoint = {name: value for name, value in told.items() if value is not ABSENT}
        school = replace(school, offer={**school.offer, Claim.AGS_ENDPOINT: endpoint})
        school.submit()
        assert school.platform.lms.asked_for("scores") == []
        shown = school.browser.get(f"{school.teach()}class/").text
        assert "This activity has no column in the gradebook, so no marks are sent." in shown

    def test_posts_a_score(self, school: School) -> None:
        school.submit()
        posted = school.only("scores")
        assert posted.target == "/1/lineitems/100/lineitem/scores?type_id=1"
        assert posted.headers["content-type"] == "application/vnd.ims.lis.v1.score+json"
        score = posted.json
        assert score["userId"] == SUB
        assert 0 == score["scoreGiven"] < score["scoreMaximum"]
        assert score["activityProgress"] == "Completed"
        assert score["gradingProgress"] == "FullyGraded"
        assert re.search(r"T[\d:]{8}\.\d{3}(Z|[+-]\d\d:\d\d)$", score["timestamp"])
        assert f"{AGS}/score" in school.scopes_of(posted)

    def test_reads_a_result(self, school: School, monkeypatch: pytest.MonkeyPatch) -> None:
        """Before the teacher's score takes the place of the first one."""
        clock = Clock()
        monkeypatch.setattr(timezone, "now", clock)
        school.submit()
        clock.go_on(5)
        released = f"{school.teach()}class/{Attempt.objects.get().pk}/release/"
        assert school.browser.send("POST", released).status == 302
        assert deliver_due() == 1
        of_the_class, of_the_pupil = school.platform.lms.asked_for("results")
        accept = "application/vnd.ims.lis.v2.resultcontainer+json"
        for asked in (of_the_class, of_the_pupil):
            assert (asked.method, asked.headers["accept"]) == ("GET", accept)
            assert f"{AGS}/result.readonly" in school.scopes_of(asked)
        assert of_the_pupil.query["user_id"] == SUB

    @reported("lti-14a")
    def test_pupils_without_a_name_are_told_apart(self, school: School) -> None:
        """ILIAS sends '-' in the place of each name where its privacy settings withhold them."""
        none = dict.fromkeys(("name", "given_name", "family_name"), "-")
        school = replace(school, offer={**school.offer, **none})
        school.submit()
        pupil, home = User.objects.get(sub=SUB), school.teach()
        for page_of_teacher in (f"{home}class/", f"{home}class/{Attempt.objects.get().pk}/"):
            shown = school.browser.get(page_of_teacher).text
            assert f"Pupil {pupil.pk}" in shown
            assert not re.search(r">\s*-\s*<|- \(", shown)

    def test_reads_the_roster(self, school: School) -> None:
        home = school.teach()
        school.platform.lms.fail(FAULTY, page(person(SUB, name="Not There Yet"), person("teacher")))
        assert school.browser.send("POST", f"{home}class/roster/").status == 302
        assert "Not There Yet" in school.browser.get(f"{home}class/").text
        asked = school.only(FAULTY)
        accept = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
        assert (asked.method, asked.headers["accept"]) == ("GET", accept)
        assert asked.target == "/members"
        assert school.scopes_of(asked) == [f"{NRPS}/contextmembership.readonly"]

    @reported("lti-r04")
    def test_reads_a_roster_of_another_course_id(self, school: School) -> None:
        """Coursera's differs from that of its launches."""
        home = school.teach()
        members = [person(SUB, name="Not There Yet")]
        reply = json.dumps({"id": "x", "context": {"id": "another"}, "members": members})
        school.platform.lms.fail(FAULTY, Fault(200, reply.encode()))
        assert school.browser.send("POST", f"{home}class/roster/").status == 302
        assert "Not There Yet" in school.browser.get(f"{home}class/").text

    def test_asks_for_tokens_by_an_assertion(self, school: School) -> None:
        """IMS Security Framework 1.0 section 4.1.1."""
        school.submit()
        form = school.only("token").form  # for all that the column grants
        assert form["grant_type"] == "client_credentials"
        assert form["client_assertion_type"] == (
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        )
        us, there = school.platform.client_id, f"{school.platform.lms.url}/token"
        claims = read(school.browser, form["client_assertion"], us, there)
        assert claims["sub"] == us
        assert claims["jti"]
