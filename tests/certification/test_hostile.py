"""Hostile launches beyond what the certification tries, over real HTTP.

``docs/security.md`` is the table of all of them, with what stops each.
"""

from __future__ import annotations

import pytest

from lti_tool.models import Deployment, NewDeployments, StoredLaunch, User
from lti_tool.protocol.refusal import Reason
from lti_tool.protocol.vocabulary import Claim, MessageType
from tests.lti_tool.launching import Answer, Browser
from tests.lti_tool.refusals import assert_refused
from tests.platform.fake import FakePlatform
from tests.platform.keys import key_pair
from tests.platform.launches import ABSENT, PUPIL, TEACHER, Changes, Platform
from tests.worksheets.sheets import HIDDEN, WRITTEN, publish
from worksheets.models import Assignment

Log = pytest.LogCaptureFixture
SETTINGS = {
    "deep_link_return_url": "https://lms.example/deep",
    "accept_types": ["ltiResourceLink"],
    "accept_presentation_document_targets": ["iframe"],
}
PICKING: Changes = {
    Claim.MESSAGE_TYPE: MessageType.DEEP_LINKING.value,
    Claim.RESOURCE_LINK: ABSENT,
    Claim.DEEP_LINKING_SETTINGS: SETTINGS,
}


def opened(browser: Browser, platform: Platform, changes: Changes | None = None) -> str:
    """The address of the page that a launch opens."""
    answer = browser.launch(platform, changes)
    assert answer.status == 302, answer.text
    return answer.location


def place_worksheet() -> Assignment:
    """A worksheet of a teacher's at the link that was launched last."""
    launch = StoredLaunch.objects.latest("created_at")
    author = User.objects.create(registration=launch.registration, sub="author")
    assert launch.link is not None
    return Assignment.objects.create(link=launch.link, edition=publish(author))


def work_as(browser: Browser, platform: Platform, sub: str, words: str) -> None:
    """A pupil writes something at the link."""
    page = opened(browser, platform, {"sub": sub})
    edition = str(Assignment.objects.latest("pk").edition_id)
    form = {**WRITTEN, "q1": words, "edition": edition}
    assert browser.send("POST", f"{page}answers/", form).status == 302


class TestAddress:
    """The address of an open page is worth nothing to others."""

    def test_opens_nothing_in_another_browser(self, platform: Platform, browser: Browser) -> None:
        page = opened(browser, platform)
        stranger = Browser(browser.wire)
        for cookie in ("", "0" * 32):
            stranger.cookie = cookie
            answer = stranger.get(page)
            assert answer.status == 403
            assert "This page has closed for security" in answer.text

    def test_opens_nothing_once_it_is_changed(self, platform: Platform, browser: Browser) -> None:
        pupil, teacher = (
            opened(browser, platform),
            opened(browser, platform, {Claim.ROLES: [TEACHER], "sub": "t"}),
        )
        theirs, mine = teacher.split("/")[2].split("."), pupil.split("/")[2].split(".")
        mixed = ".".join([theirs[0], *mine[1:]])
        for token in (mixed, pupil.split("/")[2][:-1], "x" * 60):
            assert browser.get(f"/a/{token}/").status == 403

    def test_gives_a_pupil_no_teachers_page(self, platform: Platform, browser: Browser) -> None:
        page = opened(browser, platform)
        place_worksheet()
        for path in ("class/", "worksheets/", "class/1/", "worksheets/1/", "editions/1/place/"):
            assert browser.get(page + path).status == 403, path

    def test_shows_no_key_of_the_worksheet(self, platform: Platform, browser: Browser) -> None:
        page = opened(browser, platform)
        place_worksheet()
        text = browser.get(page).text
        assert "Causes of terror" in text
        assert [secret for secret in HIDDEN if secret in text] == []


class TestForeignWork:
    """Nobody sees the work of somebody else, whatever the launch says."""

    def test_a_review_shows_a_pupil_nobody_elses_work(
        self, platform: Platform, browser: Browser
    ) -> None:
        opened(browser, platform)
        place_worksheet()
        work_as(browser, platform, "victim", "WORDS OF THE VICTIM")
        review: Changes = {
            "sub": "thief",
            Claim.MESSAGE_TYPE: MessageType.SUBMISSION_REVIEW.value,
            Claim.FOR_USER: {"user_id": "victim"},
        }
        answer = browser.launch(platform, review)
        assert (answer.status, answer.location) == (403, "")
        assert "WORDS OF THE VICTIM" not in answer.text

    def test_a_review_reaches_no_person_of_another_platform(
        self, platform: Platform, other_platform: Platform, browser: Browser
    ) -> None:
        opened(browser, platform)
        place_worksheet()
        work_as(browser, platform, "victim", "WORDS OF THE VICTIM")
        review: Changes = {
            Claim.ROLES: [TEACHER],
            Claim.MESSAGE_TYPE: MessageType.SUBMISSION_REVIEW.value,
            Claim.FOR_USER: {"user_id": "victim"},
        }
        answer = browser.launch(other_platform, review)
        assert answer.status < 500
        assert "WORDS OF THE VICTIM" not in followed(browser, answer)

    def test_another_platform_with_the_same_ids_finds_nothing(
        self, platform: Platform, other_platform: Platform, browser: Browser
    ) -> None:
        opened(browser, platform)
        place_worksheet()
        for role in (TEACHER, PUPIL):
            page = opened(browser, other_platform, {Claim.ROLES: [role]})
            text = browser.get(page).text
            assert "Causes of terror" not in text


class TestDeepLinking:
    def test_is_for_teachers_only(self, platform: Platform, browser: Browser, caplog: Log) -> None:
        answer = browser.launch(platform, {**PICKING, Claim.ROLES: [PUPIL]})
        assert_refused(answer, caplog, Reason.TEACHERS_ONLY)

    @pytest.mark.parametrize(
        "address", ["javascript:alert(1)", "data:text/html,x", "/relative", "https://a b/", "", 5]
    )
    def test_returns_to_no_odd_address(
        self, platform: Platform, browser: Browser, caplog: Log, address: object
    ) -> None:
        changed = {**SETTINGS, "deep_link_return_url": address}
        selecting = {**PICKING, Claim.ROLES: [TEACHER], Claim.DEEP_LINKING_SETTINGS: changed}
        assert_refused(browser.launch(platform, selecting), caplog, Reason.CLAIM_MALFORMED)


class TestDeployments:
    def test_one_that_nobody_approved_opens_nothing(
        self, platform: Platform, browser: Browser, caplog: Log
    ) -> None:
        platform.registration.new_deployments = NewDeployments.WAIT
        platform.registration.save()
        for _again in range(2):
            caplog.clear()
            answer = browser.launch(platform, {Claim.DEPLOYMENT_ID: "new"})
            assert_refused(answer, caplog, Reason.DEPLOYMENT_WAITING)

    def test_one_whose_approval_was_taken_back_closes_its_pages(
        self, platform: Platform, browser: Browser
    ) -> None:
        page = opened(browser, platform)
        assert browser.get(page).status == 200
        Deployment.objects.update(is_approved=False)
        assert browser.get(page).status == 403
        Deployment.objects.all().delete()
        assert browser.get(page).status == 403


class TestKeys:
    @pytest.mark.parametrize("member", ["jku", "x5u"])
    def test_are_not_read_from_where_the_token_says(
        self, platform: Platform, browser: Browser, caplog: Log, member: str
    ) -> None:
        with FakePlatform() as strangers:
            stranger = key_pair("a stranger's")
            strangers.keys.publish(stranger)
            header: Changes = {"kid": platform.key.kid, member: f"{strangers.url}/jwks"}
            answer = browser.launch(platform, header=header, key=stranger)
            assert_refused(answer, caplog, Reason.SIGNATURE_INVALID)
            assert strangers.count == 0


class TestPages:
    SCRIPT = '"><script>alert(1)</script>'

    def test_show_names_and_titles_as_text(self, platform: Platform, browser: Browser) -> None:
        pupil = opened(browser, platform, {"name": self.SCRIPT, "sub": "p"})
        place_worksheet()
        form = {**WRITTEN, "q1": self.SCRIPT}
        form["edition"] = str(Assignment.objects.get().edition_id)
        assert browser.send("POST", f"{pupil}answers/", form).status == 302
        titles: Changes = {
            Claim.ROLES: [TEACHER],
            "name": self.SCRIPT,
            (Claim.CONTEXT, "title"): self.SCRIPT,
            (Claim.RESOURCE_LINK, "title"): self.SCRIPT,
        }
        teacher = opened(browser, platform, titles)
        for page in (pupil, teacher, f"{teacher}class/"):
            text = browser.get(page).text
            assert "alert(1)" not in text or "&lt;script&gt;alert(1)" in text
            assert "<script>alert" not in text

    def test_run_no_script_but_ours_and_are_framed_by_no_stranger(
        self, platform: Platform, browser: Browser
    ) -> None:
        policy = browser.get(opened(browser, platform)).headers["content-security-policy"]
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules["script-src"] == "'self'"
        assert rules["base-uri"] == "'none'"
        ancestors = rules["frame-ancestors"].split()
        assert "https://lms.example" in ancestors
        assert not {"*", "https:", "http:"} & set(ancestors)

    def test_are_kept_by_no_cache_and_tell_no_address(
        self, platform: Platform, browser: Browser
    ) -> None:
        headers = browser.get(opened(browser, platform)).headers
        assert "no-store" in headers["cache-control"]
        assert headers["referrer-policy"] == "same-origin"


def test_a_host_that_is_not_ours_is_answered_nothing(platform: Platform, browser: Browser) -> None:
    answer = browser.send(
        "POST", "/lti/login/", platform.login_form(), headers={"Host": "evil.example"}
    )
    assert (answer.status, answer.location) == (400, "")


def followed(browser: Browser, answer: Answer) -> str:
    """The text of the page that an answer leads to, over redirects of ours."""
    text = answer.text
    for _step in range(5):
        if not answer.location:
            return text
        assert answer.location.startswith("/a/")
        answer = browser.get(answer.location)
        text += answer.text
    return text
