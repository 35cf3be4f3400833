"""The certification's checks of a launch, one test each, over real HTTP; then what it leaves out.

Source of the list: the LTI Advantage certification for tools, Core.
"""

from __future__ import annotations

import time

import pytest
from django.core import signing

from lti_tool.models import Membership, RefusedLaunch, ResourceLink, StoredLaunch, User
from lti_tool.protocol.refusal import Reason
from lti_tool.protocol.vocabulary import CONTEXT_ROLE, INSTITUTION_ROLE, Claim
from tests.lti_tool.launching import Browser, query_of
from tests.lti_tool.refusals import assert_refused, rows
from tests.platform.keys import key_pair, raw_token
from tests.platform.launches import ABSENT, PUPIL, TEACHER, Changes, Platform
from tests.reported import reported

Log = pytest.LogCaptureFixture


def assert_opens(browser: Browser, platform: Platform, changes: Changes) -> StoredLaunch:
    """The launch is accepted, and its page opens."""
    answer = browser.launch(platform, changes)
    assert answer.status == 302, answer.text
    assert answer.location.startswith("/a/")
    assert browser.get(answer.location).status == 200
    return StoredLaunch.objects.get()


class TestRefuses:
    """What the suite wants refused."""

    @reported("lti-r14")
    def test_refuses_no_kid(self, platform: Platform, browser: Browser, caplog: Log) -> None:
        answer = browser.launch(platform, header={"kid": ABSENT})
        assert_refused(answer, caplog, Reason.KEY_UNKNOWN)
        assert RefusedLaunch.objects.get().detail == "the token names no key (kid)"

    def test_refuses_wrong_kid(self, platform: Platform, browser: Browser, caplog: Log) -> None:
        answer = browser.launch(platform, header={"kid": "another"})
        assert_refused(answer, caplog, Reason.KEY_UNKNOWN)

    def test_refuses_wrong_version(self, platform: Platform, browser: Browser, caplog: Log) -> None:
        answer = browser.launch(platform, {Claim.VERSION: "1.2.0"})
        assert_refused(answer, caplog, Reason.CLAIM_MALFORMED)

    def test_refuses_no_version(self, platform: Platform, browser: Browser, caplog: Log) -> None:
        answer = browser.launch(platform, {Claim.VERSION: ABSENT})
        assert_refused(answer, caplog, Reason.CLAIM_MALFORMED)

    def test_refuses_no_lti_message(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        begun = browser.begin(platform)
        claims = platform.claims(begun.nonce)
        plain = {name: value for name, value in claims.items() if "purl.imsglobal" not in name}
        token = raw_token({"alg": "RS256", "kid": platform.key.kid}, plain, platform.key)
        answer = browser.finish(begun.state, token)
        assert_refused(answer, caplog, Reason.CLAIM_MALFORMED, token=token)

    @pytest.mark.parametrize(
        ("claim", "reason"),
        [
            (Claim.TARGET_LINK_URI, Reason.CLAIM_MALFORMED),
            (Claim.RESOURCE_LINK, Reason.CLAIM_MALFORMED),
            ("iss", Reason.UNKNOWN_PLATFORM),
            ("aud", Reason.AUDIENCE_INVALID),
            ("nonce", Reason.NONCE_INVALID),
            ("iat", Reason.TIMES_INVALID),
            ("exp", Reason.TIMES_INVALID),
        ],
    )
    def test_refuses_missing_claims(
        self, platform: Platform, browser: Browser, caplog: Log, claim: str, reason: Reason
    ) -> None:
        answer = browser.launch(platform, {claim: ABSENT})
        assert_refused(answer, caplog, reason)

    @pytest.mark.parametrize(
        "times",
        [
            {"iat": -3600, "exp": -60 - 240},
            {"iat": 0, "exp": -300},
            {"iat": 300, "exp": 600},
            {"iat": -10 * 86400, "exp": 60},
            {"iat": -720, "exp": 60},
            {"nbf": 300},
        ],
        ids=["old", "expired", "in the future", "ten days old", "12 minutes old", "not yet"],
    )
    def test_refuses_bad_timestamps(
        self, platform: Platform, browser: Browser, caplog: Log, times: dict[str, int]
    ) -> None:
        now = int(time.time())
        answer = browser.launch(platform, {name: now + off for name, off in times.items()})
        assert_refused(answer, caplog, Reason.TIMES_INVALID)

    def test_refuses_no_message_type(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        answer = browser.launch(platform, {Claim.MESSAGE_TYPE: ABSENT})
        assert_refused(answer, caplog, Reason.CLAIM_MALFORMED)

    @pytest.mark.parametrize("kind", ["LtiDataPrivacyLaunchRequest", "Nonsense"])
    def test_refuses_unknown_message_type(
        self, platform: Platform, browser: Browser, caplog: Log, kind: str
    ) -> None:
        answer = browser.launch(platform, {Claim.MESSAGE_TYPE: kind})
        assert_refused(answer, caplog, Reason.MESSAGE_UNSUPPORTED)

    def test_refuses_no_roles(self, platform: Platform, browser: Browser, caplog: Log) -> None:
        answer = browser.launch(platform, {Claim.ROLES: ABSENT})
        assert_refused(answer, caplog, Reason.CLAIM_MALFORMED)

    def test_refuses_no_deployment_id(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        answer = browser.launch(platform, {Claim.DEPLOYMENT_ID: ABSENT})
        assert_refused(answer, caplog, Reason.CLAIM_MALFORMED)

    def test_refuses_unknown_deployment_id(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        answer = browser.launch(platform, {Claim.DEPLOYMENT_ID: "elsewhere"})
        assert_refused(answer, caplog, Reason.UNKNOWN_DEPLOYMENT)
        assert answer.status == 403

    def test_refuses_no_resource_link_id(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        answer = browser.launch(platform, {Claim.RESOURCE_LINK: {"title": "no id"}})
        assert_refused(answer, caplog, Reason.CLAIM_MALFORMED)

    def test_refuses_no_sub(self, platform: Platform, browser: Browser, caplog: Log) -> None:
        """Canvas launches so for a visitor of a public course who is not signed in."""
        answer = browser.launch(platform, {"sub": ABSENT})
        assert_refused(answer, caplog, Reason.NOT_SIGNED_IN)
        assert "Sign in to your LMS" in answer.text

    def test_refuses_empty_sub(self, platform: Platform, browser: Browser, caplog: Log) -> None:
        answer = browser.launch(platform, {"sub": ""})
        assert_refused(answer, caplog, Reason.CLAIM_MALFORMED)


@pytest.mark.parametrize("role", [TEACHER, PUPIL], ids=["instructor", "student"])
class TestAccepts:
    """What the suite wants accepted, as instructor and as student."""

    def test_accepts_everything(self, platform: Platform, browser: Browser, role: str) -> None:
        launch = assert_opens(browser, platform, {Claim.ROLES: [role]})
        assert launch.membership.course_roles.is_teacher == (role == TEACHER)
        assert set(rows().values()) == {1}

    def test_accepts_several_roles(self, platform: Platform, browser: Browser, role: str) -> None:
        roles = [role, f"{CONTEXT_ROLE}Mentor", f"{INSTITUTION_ROLE}Student"]
        launch = assert_opens(browser, platform, {Claim.ROLES: roles})
        assert launch.membership.roles == sorted(roles)

    def test_accepts_short_role(self, platform: Platform, browser: Browser, role: str) -> None:
        launch = assert_opens(browser, platform, {Claim.ROLES: [role.rpartition("#")[2]]})
        assert launch.membership.course_roles.is_teacher == (role == TEACHER)

    def test_accepts_unknown_role_beside_known_one(
        self, platform: Platform, browser: Browser, role: str
    ) -> None:
        launch = assert_opens(browser, platform, {Claim.ROLES: [role, "urn:odd:role", "Odd"]})
        assert launch.membership.course_roles.is_teacher == (role == TEACHER)

    def test_accepts_one_empty_role(self, platform: Platform, browser: Browser, role: str) -> None:
        launch = assert_opens(browser, platform, {Claim.ROLES: [role, ""]})
        assert launch.membership.roles == [role]

    def test_accepts_email_only(self, platform: Platform, browser: Browser, role: str) -> None:
        names = dict.fromkeys(("name", "given_name", "family_name"), ABSENT)
        assert_opens(browser, platform, {Claim.ROLES: [role], **names})
        assert User.objects.get().name == ""

    def test_accepts_names_only(self, platform: Platform, browser: Browser, role: str) -> None:
        assert_opens(browser, platform, {Claim.ROLES: [role], "email": ABSENT})

    def test_accepts_neither_names_nor_email(
        self, platform: Platform, browser: Browser, role: str
    ) -> None:
        private = dict.fromkeys(("name", "given_name", "family_name", "email"), ABSENT)
        assert_opens(browser, platform, {Claim.ROLES: [role], **private})

    def test_accepts_email_without_context(
        self, platform: Platform, browser: Browser, role: str
    ) -> None:
        absent = dict.fromkeys(("name", "given_name", "family_name", Claim.CONTEXT), ABSENT)
        launch = assert_opens(browser, platform, {Claim.ROLES: [role], **absent})
        assert launch.membership.context.is_link_only


@pytest.mark.parametrize("roles", [[], [""], ["urn:odd:role"]])
def test_accepts_no_role_that_we_know_as_a_pupil(
    platform: Platform, browser: Browser, roles: list[str]
) -> None:
    launch = assert_opens(browser, platform, {Claim.ROLES: roles})
    assert not launch.membership.course_roles.is_teacher


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512"])
def test_refuses_other_algorithms(
    platform: Platform, browser: Browser, caplog: Log, algorithm: str
) -> None:
    answer = browser.launch(platform, algorithm=algorithm)
    assert_refused(answer, caplog, Reason.SIGNATURE_INVALID)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512"])
def test_refuses_other_algorithms_that_call_themselves_rs256(
    platform: Platform, browser: Browser, caplog: Log, algorithm: str
) -> None:
    answer = browser.launch(platform, header={"alg": "RS256"}, algorithm=algorithm)
    assert_refused(answer, caplog, Reason.SIGNATURE_INVALID)


@pytest.mark.parametrize("alg", [ABSENT, "rs256", "", 256, ["RS256"], None])
def test_refuses_an_odd_alg(platform: Platform, browser: Browser, caplog: Log, alg: object) -> None:
    answer = browser.launch(platform, header={"alg": alg})
    assert_refused(answer, caplog, Reason.SIGNATURE_INVALID)


@pytest.mark.parametrize("kid", ["", 1, None, ["first"], {"a": 1}, True])
def test_refuses_an_odd_kid(platform: Platform, browser: Browser, caplog: Log, kid: object) -> None:
    assert_refused(browser.launch(platform, header={"kid": kid}), caplog, Reason.KEY_UNKNOWN)


def test_refuses_another_key(platform: Platform, browser: Browser, caplog: Log) -> None:
    answer = browser.launch(platform, key=key_pair("a stranger's"))
    assert_refused(answer, caplog, Reason.SIGNATURE_INVALID)


def test_refuses_a_key_that_the_token_brings_itself(
    platform: Platform, browser: Browser, caplog: Log
) -> None:
    stranger = key_pair("a stranger's")
    answer = browser.launch(platform, header={"jwk": stranger.jwk}, key=stranger)
    assert_refused(answer, caplog, Reason.SIGNATURE_INVALID)


def test_refuses_a_critical_extension(platform: Platform, browser: Browser, caplog: Log) -> None:
    answer = browser.launch(platform, header={"crit": ["odd"], "odd": 1})
    assert_refused(answer, caplog, Reason.TOKEN_MALFORMED)


@pytest.mark.parametrize(
    "times",
    [
        {"iat": 30, "exp": 90},
        {"iat": -60, "exp": -30},
        {"iat": -560, "exp": 60},
        {"nbf": 30},
    ],
    ids=["clock ahead", "clock behind", "nine minutes old", "nbf ahead"],
)
def test_accepts_a_clock_half_a_minute_off(
    platform: Platform, browser: Browser, times: dict[str, int]
) -> None:
    now = int(time.time())
    assert_opens(browser, platform, {name: now + off for name, off in times.items()})


@pytest.mark.parametrize("claim", ["iat", "exp", "nbf"])
@pytest.mark.parametrize(
    "value",
    [
        float("inf"),
        float("-inf"),
        float("nan"),
        10**400,
        -(10**400),
        1e300,
        "4102444800",
        True,
        None,
        [],
        {},
    ],
    ids=lambda value: repr(value)[:12],
)
def test_refuses_times_that_are_none(
    platform: Platform, browser: Browser, caplog: Log, claim: str, value: object
) -> None:
    answer = browser.launch(platform, {claim: value})
    assert_refused(answer, caplog, Reason.TIMES_INVALID)


def test_accepts_times_with_fractions(platform: Platform, browser: Browser) -> None:
    now = time.time()
    assert_opens(browser, platform, {"iat": now, "exp": now + 60})


@pytest.mark.parametrize(
    "audience",
    [
        {"aud": "another"},
        {"aud": []},
        {"aud": ["another"]},
        {"aud": ["client-1", "another"], "azp": ABSENT},
        {"aud": ["another", "client-1"], "azp": "another"},
        {"aud": ["another", "client-1"], "azp": ""},
        {"aud": ["client-1", 5]},
        {"aud": ["client-1", {"a": []}]},
        {"aud": {"client-1": 1}},
        {"aud": 5},
        {"aud": None},
        {"aud": [["client-1"]]},
        {"aud": "client-1 "},
    ],
    ids=repr,
)
def test_refuses_other_audiences(
    platform: Platform, browser: Browser, caplog: Log, audience: Changes
) -> None:
    answer = browser.launch(platform, audience)
    assert_refused(answer, caplog, Reason.AUDIENCE_INVALID)


@pytest.mark.parametrize(
    "audience",
    [
        {"azp": ABSENT},
        {"aud": ["client-1"], "azp": ABSENT},
        {"aud": ["another", "client-1"], "azp": "client-1"},
    ],
    ids=["no azp", "a list of one", "the second of two"],
)
def test_accepts_audiences_that_name_us(
    platform: Platform, browser: Browser, audience: Changes
) -> None:
    assert assert_opens(browser, platform, audience).notes == ""


@reported("lti-08")
@pytest.mark.parametrize("aud", ["client-1", ["client-1"]], ids=["a text", "a list"])
@pytest.mark.parametrize("azp", ["another", "", 5, [], {}], ids=repr)
def test_notes_another_azp_where_we_are_the_one_audience(
    platform: Platform, browser: Browser, aud: object, azp: object
) -> None:
    """IMS Security Framework 1.0 section 5.1.3: 'SHOULD verify that an azp Claim is present'."""
    launch = assert_opens(browser, platform, {"aud": aud, "azp": azp})
    assert launch.notes == "azp is not our client_id"


@pytest.mark.parametrize("issuer", ["https://other.example", "", None, 5, ["https://lms.example"]])
def test_refuses_another_issuer(
    platform: Platform, browser: Browser, caplog: Log, issuer: object
) -> None:
    answer = browser.launch(platform, {"iss": issuer})
    assert_refused(answer, caplog, Reason.UNKNOWN_PLATFORM)


LIMIT = "x" * 256
# Of required claims; test_optional_claims.py has the others.
WRONG_TYPES: list[tuple[str | tuple[str, ...], list[object]]] = [
    (Claim.MESSAGE_TYPE, [5, [], {}, True, None, ""]),
    (Claim.VERSION, [1.3, ["1.3.0"], {}, None, ""]),
    (Claim.DEPLOYMENT_ID, [1, [], {}, None, "", LIMIT, "a\0b", "\ud800"]),
    (Claim.TARGET_LINK_URI, [1, [], {}, None, "", "javascript:alert(1)", "https://", "/a", "//a"]),
    (Claim.TARGET_LINK_URI, ["https://a b/", "https://a/\n", "https://[", "https://a:b/"]),
    (Claim.RESOURCE_LINK, [1, [], "link-1", None, True, {}]),
    ((Claim.RESOURCE_LINK, "id"), [1, [], {}, None, "", LIMIT, "a\0b", "\udfff"]),
    (Claim.ROLES, ["Instructor", 1, {}, {"Instructor": 1}, None, True, [1], [None], [["Learner"]]]),
    (Claim.ROLES, [["Learner"] * 101]),
]


@pytest.mark.parametrize(
    ("claim", "value"),
    [(claim, value) for claim, values in WRONG_TYPES for value in values],
    ids=lambda value: ascii(value)[-30:],
)
def test_refuses_type_errors(
    platform: Platform,
    browser: Browser,
    caplog: Log,
    claim: str | tuple[str, ...],
    value: object,
) -> None:
    answer = browser.launch(platform, {claim: value})
    assert_refused(answer, caplog, Reason.CLAIM_MALFORMED)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (5, Reason.CLAIM_MALFORMED),
        ([], Reason.CLAIM_MALFORMED),
        ({}, Reason.CLAIM_MALFORMED),
        (None, Reason.NOT_SIGNED_IN),
        (LIMIT, Reason.CLAIM_MALFORMED),
        ("a\0b", Reason.CLAIM_MALFORMED),
        ("\ud800", Reason.CLAIM_MALFORMED),
    ],
)
def test_refuses_an_odd_sub(
    platform: Platform, browser: Browser, caplog: Log, value: object, reason: Reason
) -> None:
    assert_refused(browser.launch(platform, {"sub": value}), caplog, reason)


def test_accepts_text_that_no_database_stores_where_it_is_only_shown(
    platform: Platform, browser: Browser
) -> None:
    odd = "Na\0me \ud800 " + "x" * 1000
    changes: Changes = {
        "name": odd,
        (Claim.CONTEXT, "title"): odd,
        (Claim.RESOURCE_LINK, "title"): odd,
        (Claim.AGS_ENDPOINT, "scope"): [odd],
        Claim.ROLES: [PUPIL, odd],
        Claim.CUSTOM: {odd: odd, "n": 5},
    }
    launch = assert_opens(browser, platform, changes)
    link = ResourceLink.objects.get()
    stored = [launch.membership.user.name, link.title, *link.line_items.get().scopes]
    assert [len(text) for text in stored] == [500, 500, 500]
    assert not any("\0" in text or "\ud800" in text for text in stored)


@pytest.mark.parametrize("part", ["header", "body"])
@pytest.mark.parametrize("content", [[], "text", 5, None, True])
def test_refuses_a_token_of_no_objects(
    platform: Platform, browser: Browser, caplog: Log, part: str, content: object
) -> None:
    begun = browser.begin(platform)
    header: object = {"alg": "RS256", "kid": platform.key.kid}
    parts = {"header": header, "body": platform.claims(begun.nonce), part: content}
    token = raw_token(parts["header"], parts["body"], platform.key)
    assert_refused(browser.finish(begun.state, token), caplog, Reason.TOKEN_MALFORMED)


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c", "..", "é.é.é", "{}", "e30.e30.e30.e30"])
def test_refuses_what_is_no_token(
    platform: Platform, browser: Browser, caplog: Log, token: str
) -> None:
    begun = browser.begin(platform)
    assert_refused(browser.finish(begun.state, token), caplog, Reason.TOKEN_MALFORMED)


class TestReplay:
    """A token opens one page, once."""

    def test_refuses_the_same_token_twice(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        begun = browser.begin(platform)
        token = platform.token(begun.nonce)
        assert browser.finish(begun.state, token).status == 302
        again = browser.finish(begun.state, token)
        assert again.status == 400
        assert_refused(again, caplog, Reason.REPLAYED, token=token, launches=1)

    def test_refuses_another_token_of_the_same_login(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        begun = browser.begin(platform)
        assert browser.finish(begun.state, platform.token(begun.nonce)).status == 302
        again = browser.finish(begun.state, platform.token(begun.nonce, {Claim.ROLES: [TEACHER]}))
        assert_refused(again, caplog, Reason.REPLAYED, launches=1)
        assert Membership.objects.get().roles == [PUPIL]

    def test_refuses_the_token_with_a_new_state(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        token = platform.token(browser.begin(platform).nonce)
        later = browser.begin(platform)
        answer = browser.finish(later.state, token)
        assert_refused(answer, caplog, Reason.NONCE_INVALID, token=token)

    @pytest.mark.parametrize("nonce", [5, [], {}, True, "None"])
    def test_refuses_an_odd_nonce(
        self, platform: Platform, browser: Browser, caplog: Log, nonce: object
    ) -> None:
        answer = browser.launch(platform, {"nonce": nonce})
        assert_refused(answer, caplog, Reason.NONCE_INVALID)


class TestMixUp:
    """A login begun at one platform is finished by that one alone."""

    def test_refuses_another_client_of_the_same_issuer(
        self, platform: Platform, other_platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        begun = browser.begin(platform)
        answer = browser.finish(begun.state, other_platform.token(begun.nonce))
        assert_refused(answer, caplog, Reason.AUDIENCE_INVALID)

    def test_refuses_another_issuer_with_its_own_key(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        other = Platform(platform.lms, issuer="https://other.example", key=key_pair("second"))
        platform.lms.keys.publish(platform.key, other.key)
        begun = browser.begin(platform)
        answer = browser.finish(begun.state, other.token(begun.nonce))
        assert_refused(answer, caplog, Reason.UNKNOWN_PLATFORM)

    def test_refuses_another_platforms_key_for_our_issuer(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        other = Platform(platform.lms, issuer="https://other.example", key=key_pair("second"))
        answer = browser.launch(platform, header={"kid": other.key.kid}, key=other.key)
        assert_refused(answer, caplog, Reason.KEY_UNKNOWN)

    def test_refuses_a_deployment_of_the_other_client(
        self, platform: Platform, other_platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        other_platform.deployment.deployment_id = "only there"
        other_platform.deployment.save()
        answer = browser.launch(platform, {Claim.DEPLOYMENT_ID: "only there"})
        assert_refused(answer, caplog, Reason.UNKNOWN_DEPLOYMENT)


class TestUnknownPlatform:
    def test_login_of_an_unknown_issuer(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        form = platform.login_form(iss="https://nobody.example")
        answer = browser.send("POST", "/lti/login/", form)
        assert_refused(answer, caplog, Reason.UNKNOWN_PLATFORM)
        assert answer.status == 403

    def test_a_slash_too_many_is_told_to_the_administrator(
        self, platform: Platform, browser: Browser
    ) -> None:
        issuer = platform.registration.issuer
        browser.send("POST", "/lti/login/", platform.login_form(iss=f"{issuer}/"))
        detail = RefusedLaunch.objects.get().detail
        assert f"issuer '{issuer}/'" in detail
        assert f"registered with issuer '{issuer}'" in detail

    def test_login_of_an_unknown_client(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        answer = browser.send("POST", "/lti/login/", platform.login_form(client_id="nobody"))
        assert_refused(answer, caplog, Reason.UNKNOWN_PLATFORM)

    def test_launch_of_a_registration_that_is_gone(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        begun = browser.begin(platform)
        platform.registration.delete()
        answer = browser.finish(begun.state, platform.token(begun.nonce))
        assert_refused(answer, caplog, Reason.UNKNOWN_PLATFORM)


class TestDeactivated:
    def test_at_login(self, platform: Platform, browser: Browser, caplog: Log) -> None:
        _deactivate(platform)
        answer = browser.send("POST", "/lti/login/", platform.login_form())
        assert_refused(answer, caplog, Reason.REGISTRATION_INACTIVE)

    def test_between_login_and_launch(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        begun = browser.begin(platform)
        _deactivate(platform)
        answer = browser.finish(begun.state, platform.token(begun.nonce))
        assert_refused(answer, caplog, Reason.REGISTRATION_INACTIVE)

    def test_on_an_open_page(self, platform: Platform, browser: Browser) -> None:
        page = browser.launch(platform).location
        assert browser.get(page).status == 200
        _deactivate(platform)
        answer = browser.get(page)
        assert answer.status == 403
        assert "What you saved is safe" in answer.text


def _deactivate(platform: Platform) -> None:
    platform.registration.is_active = False
    platform.registration.save()


class TestState:
    """The login is this browser's, and recent."""

    def test_refuses_a_missing_cookie(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        begun = browser.begin(platform)
        browser.cookie = ""
        token = platform.token(begun.nonce)
        assert_refused(
            browser.finish(begun.state, token), caplog, Reason.COOKIE_MISSING, token=token
        )

    def test_refuses_another_browser(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        begun = browser.begin(platform)
        browser.cookie = "0" * 32
        answer = browser.finish(begun.state, platform.token(begun.nonce))
        assert_refused(answer, caplog, Reason.OTHER_BROWSER)

    @pytest.mark.parametrize("cookie", ["", "short", "0" * 31, "0" * 33, "é" * 16, "-" * 32])
    def test_refuses_a_cookie_that_is_none_of_ours(
        self, platform: Platform, browser: Browser, caplog: Log, cookie: str
    ) -> None:
        begun = browser.begin(platform)
        browser.cookie = cookie.encode().decode("latin-1")
        answer = browser.finish(begun.state, platform.token(begun.nonce))
        assert_refused(answer, caplog, Reason.COOKIE_MISSING)

    @pytest.mark.parametrize(("minutes", "accepted"), [(9, True), (11, False)])
    def test_refuses_an_expired_state(
        self,
        platform: Platform,
        browser: Browser,
        caplog: Log,
        monkeypatch: pytest.MonkeyPatch,
        minutes: int,
        accepted: bool,
    ) -> None:
        now = time.time()
        with monkeypatch.context() as patch:
            patch.setattr("django.core.signing.time.time", lambda: now - minutes * 60)
            begun = browser.begin(platform)
        answer = browser.finish(begun.state, platform.token(begun.nonce))
        if accepted:
            assert answer.status == 302
        else:
            assert_refused(answer, caplog, Reason.STATE_EXPIRED)

    @pytest.mark.parametrize("state", ["", "state-", "state-a:b:c", "é", "x" * 8000, ":::", "."])
    def test_refuses_a_forged_state(
        self, platform: Platform, browser: Browser, caplog: Log, state: str
    ) -> None:
        begun = browser.begin(platform)
        answer = browser.finish(state, platform.token(begun.nonce))
        assert_refused(answer, caplog, Reason.STATE_INVALID)

    def test_refuses_a_state_that_was_changed(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        begun = browser.begin(platform)
        other = "A" if begun.state[10] != "A" else "B"
        forged = begun.state[:10] + other + begun.state[11:]
        answer = browser.finish(forged, platform.token(begun.nonce))
        assert_refused(answer, caplog, Reason.STATE_INVALID)

    def test_refuses_a_state_signed_for_another_purpose(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        begun = browser.begin(platform)
        forged = signing.dumps([begun.nonce, platform.registration.pk, ""], salt="another")
        answer = browser.finish(f"state-{forged}", platform.token(begun.nonce))
        assert_refused(answer, caplog, Reason.STATE_INVALID)

    def test_several_logins_at_once_do_not_disturb_each_other(
        self, platform: Platform, browser: Browser
    ) -> None:
        first, second = browser.begin(platform), browser.begin(platform)
        assert browser.finish(second.state, platform.token(second.nonce)).status == 302
        assert browser.finish(first.state, platform.token(first.nonce)).status == 302


class TestPlatformError:
    @reported("lti-r15")
    @pytest.mark.parametrize("error", ["login_required", "launch_no_longer_valid"])
    @pytest.mark.parametrize("has_state", [True, False], ids=["with its state", "without"])
    def test_says_what_to_do(
        self, platform: Platform, browser: Browser, caplog: Log, error: str, has_state: bool
    ) -> None:
        state = {"state": browser.begin(platform).state} if has_state else {}
        form = {**state, "error": error, "error_description": "who knows"}
        answer = browser.send("POST", "/lti/launch/", form)
        assert_refused(answer, caplog, Reason.PLATFORM_ERROR)
        assert "Sign in to your LMS" in answer.text
        assert error in caplog.text

    def test_cannot_write_lines_into_the_log(self, browser: Browser, caplog: Log) -> None:
        form = {"error": "x\n2026-01-01 launch refused: reference=FORGED reason=x detail=y"}
        answer = browser.send("POST", "/lti/launch/", form)
        assert answer.status == 400
        assert all("\n" not in record.getMessage() for record in caplog.records)


class TestBadRequests:
    """Anybody may send anything to these addresses."""

    @pytest.mark.parametrize("query", ["", "?state=x&id_token=y"])
    def test_get_on_launch(self, browser: Browser, caplog: Log, query: str) -> None:
        answer = browser.get(f"/lti/launch/{query}")
        assert_refused(answer, caplog, Reason.STATE_INVALID)

    @pytest.mark.parametrize("path", ["/lti/login/", "/lti/launch/"])
    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
    def test_other_methods(self, browser: Browser, path: str, method: str) -> None:
        assert browser.send(method, path).status == 405

    @pytest.mark.parametrize("name", ["iss", "login_hint", "lti_message_hint", "client_id"])
    @pytest.mark.parametrize("value", ["x" * 8193, "a\0b"], ids=["huge", "NUL"])
    def test_odd_login_parameters(
        self, platform: Platform, browser: Browser, caplog: Log, name: str, value: str
    ) -> None:
        answer = browser.send("POST", "/lti/login/", platform.login_form(**{name: value}))
        assert_refused(answer, caplog, Reason.LOGIN_INCOMPLETE)

    def test_the_longest_hints_that_we_take_are_too_long_for_an_address(
        self, platform: Platform, browser: Browser
    ) -> None:
        form = platform.login_form(login_hint="é" * 8000, lti_message_hint="é" * 8000)
        assert browser.send("POST", "/lti/login/", form).status == 400

    @pytest.mark.parametrize("name", ["state", "id_token", "error"])
    @pytest.mark.parametrize("value", ["x" * 70_000, "a\0b"], ids=["huge", "NUL"])
    def test_odd_launch_parameters(
        self, browser: Browser, caplog: Log, name: str, value: str
    ) -> None:
        answer = browser.send("POST", "/lti/launch/", {name: value})
        assert_refused(answer, caplog, Reason.LOGIN_INCOMPLETE)

    @pytest.mark.parametrize("missing", ["iss", "login_hint"])
    def test_login_without(
        self, platform: Platform, browser: Browser, caplog: Log, missing: str
    ) -> None:
        answer = browser.send("POST", "/lti/login/", platform.login_form(**{missing: ABSENT}))
        assert_refused(answer, caplog, Reason.LOGIN_INCOMPLETE)

    @pytest.mark.parametrize("path", ["/lti/login/", "/lti/launch/"])
    @pytest.mark.parametrize(
        "body",
        [b"iss=%ED%A0%80&login_hint=%FF", b"state=\xed\xa0\x80", b"\xff\xfe=\x00", b"&&&===", b"%"],
    )
    def test_bytes_that_are_no_text(self, browser: Browser, path: str, body: bytes) -> None:
        assert 400 <= browser.send("POST", path, body=body).status < 500

    @pytest.mark.parametrize("path", ["/lti/login/", "/lti/launch/"])
    @pytest.mark.parametrize(
        "kind",
        [
            "application/json",
            "multipart/form-data",
            "multipart/form-data; boundary=é",
            "application/x-www-form-urlencoded; charset=utf-7",
            "nonsense",
        ],
    )
    def test_other_content_types(self, browser: Browser, path: str, kind: str) -> None:
        headers = {"Content-Type": kind.encode().decode("latin-1")}
        answer = browser.send("POST", path, body=b"{}", headers=headers)
        assert 400 <= answer.status < 500

    @pytest.mark.parametrize("path", ["/lti/login/", "/lti/launch/"])
    def test_too_many_and_too_much(self, browser: Browser, path: str) -> None:
        assert browser.send("POST", path, body=b"a=1&" * 6000).status == 400
        assert browser.send("POST", path, body=b"a=" + b"x" * 4_000_000).status == 400

    def test_a_target_link_never_chooses_where_the_browser_goes(
        self, platform: Platform, browser: Browser
    ) -> None:
        begun = browser.begin(platform, target_link_uri="https://evil.example/")
        assert query_of(begun.answer.location)["redirect_uri"] == (
            "http://localhost:8001/lti/launch/"
        )
        changes: Changes = {Claim.TARGET_LINK_URI: "https://evil.example/"}
        answer = browser.finish(begun.state, platform.token(begun.nonce, changes))
        assert answer.location.startswith("/a/")
