"""Deep linking requests and submission reviews over real HTTP: what is taken, what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lti_tool.models import StoredLaunch
from lti_tool.protocol.refusal import Reason
from lti_tool.protocol.vocabulary import Claim, MessageType
from tests.lti_tool.launching import Browser
from tests.lti_tool.refusals import assert_refused
from tests.lti_tool.selecting import RETURN, deep_linking, review
from tests.platform.launches import ABSENT, PUPIL, SUB, TEACHER, Changes, Platform
from tests.reported import reported


@pytest.mark.parametrize(
    "changes",
    [
        deep_linking(),
        {**deep_linking(), Claim.TARGET_LINK_URI: ABSENT},
        {**deep_linking(), Claim.CONTEXT: ABSENT},
        deep_linking(data=ABSENT),
        deep_linking(accept_multiple="true", accept_lineitem=ABSENT),
    ],
    ids=["everything", "no target", "no context", "no data", "texts for flags"],
)
def test_deep_linking_is_accepted(platform: Platform, browser: Browser, changes: Changes) -> None:
    answer = browser.launch(platform, changes)
    assert answer.status == 302, answer.text
    launch = StoredLaunch.objects.get()
    assert (launch.message, launch.link) == (MessageType.DEEP_LINKING, None)
    assert launch.deep_linking is not None
    assert launch.deep_linking["return_url"] == RETURN
    assert launch.frame_ancestor == "https://lms.example"
    assert browser.get(answer.location).status == 200


@pytest.mark.parametrize(
    "settings",
    [
        {"deep_link_return_url": ABSENT},
        {"deep_link_return_url": "javascript:alert(1)"},
        {"deep_link_return_url": "data:text/html,x"},
        {"deep_link_return_url": "//lms.example/x"},
        {"deep_link_return_url": 5},
        {"deep_link_return_url": "https://lms.example/" + "x" * 2000},
        {"deep_link_return_url": "https://lms.example/deep links"},
        {"accept_types": 5},
        {"accept_types": [5]},
        {"data": "x" * 20_001},
        {"data": ["x" * 20_000]},
        {"data": "nul\0"},
        {"data": {"a": ["lone \ud800"]}},
        {"data": {"\0": 1}},
        {"data": [float("nan")]},
        {"data": json.loads("[" * 60 + "]" * 60)},
        {"accept_presentation_document_targets": [5]},
    ],
    ids=str,
)
def test_malformed_settings_are_refused(
    platform: Platform,
    browser: Browser,
    caplog: pytest.LogCaptureFixture,
    settings: dict[str, Any],
) -> None:
    answer = browser.launch(platform, deep_linking(**settings))
    assert_refused(answer, caplog, Reason.CLAIM_MALFORMED)


def test_targets_are_required(platform: Platform, browser: Browser) -> None:
    changes = deep_linking(accept_presentation_document_targets=ABSENT)
    assert browser.launch(platform, changes).status == 400


def test_settings_are_required(platform: Platform, browser: Browser) -> None:
    changes = deep_linking()
    del changes[Claim.DEEP_LINKING_SETTINGS]
    assert browser.launch(platform, changes).status == 400


@pytest.mark.parametrize("types", [[], ["file", "html"], ABSENT])
def test_a_request_for_anything_but_links_is_refused(
    platform: Platform, browser: Browser, types: object
) -> None:
    answer = browser.launch(platform, deep_linking(accept_types=types))
    assert answer.status == 400


YES: list[object] = [True, "true", "True", " TRUE", "1", 1, "yes"]
NO: list[object] = [False, "false", "False", "0", 0, "no"]
NEITHER: list[object] = ["", None, "perhaps", 2, 1.5, [], {}, [True]]


@reported("lti-06a")
@pytest.mark.parametrize(
    ("value", "means"),
    [
        *[(value, True) for value in YES],
        *[(value, False) for value in NO],
        *[(value, None) for value in NEITHER],
    ],
    ids=repr,
)
def test_a_flag_is_read_or_its_default(
    platform: Platform, browser: Browser, value: object, means: bool | None
) -> None:
    answer = browser.launch(platform, deep_linking(accept_multiple=value, accept_lineitem=value))
    assert answer.status == 302, answer.text
    settings = StoredLaunch.objects.get().deep_linking
    assert settings is not None
    several, line_item = (False, True) if means is None else (means, means)
    assert (settings["accepts_several"], settings["accepts_line_item"]) == (several, line_item)


@pytest.mark.parametrize(
    "types",
    [
        "ltiResourceLink",
        "link ltiResourceLink",
        "link,ltiResourceLink",
        {"1": "ltiResourceLink"},
        [None, "ltiResourceLink", 5],
    ],
    ids=repr,
)
def test_a_list_is_read_in_other_shapes(
    platform: Platform, browser: Browser, types: object
) -> None:
    settings = deep_linking(
        accept_types=types, accept_presentation_document_targets="iframe,window"
    )
    assert browser.launch(platform, settings).status == 302
    stored = StoredLaunch.objects.get().deep_linking
    assert stored is not None
    assert stored["targets"] == ["iframe", "window"]


@pytest.mark.parametrize("roles", [[PUPIL], [], ["Mentor"]])
def test_a_learner_never_chooses(
    platform: Platform, browser: Browser, caplog: pytest.LogCaptureFixture, roles: list[str]
) -> None:
    answer = browser.launch(platform, {**deep_linking(), Claim.ROLES: roles})
    assert_refused(answer, caplog, Reason.TEACHERS_ONLY)


def test_a_teacher_reviews_anybody(platform: Platform, browser: Browser) -> None:
    answer = browser.launch(platform, review("somebody"))
    assert answer.status == 302, answer.text
    launch = StoredLaunch.objects.get()
    assert launch.reviewed is not None
    assert launch.reviewed.sub == "somebody"
    assert browser.get(answer.location).status == 200


def test_a_pupil_reviews_only_their_own(
    platform: Platform, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    others = browser.launch(platform, review("somebody", PUPIL))
    assert_refused(others, caplog, Reason.OTHERS_WORK)
    own = browser.launch(platform, {**review(SUB, PUPIL), "sub": SUB})
    assert own.status == 302, own.text
    assert browser.get(own.location).status == 200


@pytest.mark.parametrize(
    "person", [[], "somebody", {}, {"user_id": 5}, {"user_id": ""}, {"user_id": "x" * 256}]
)
def test_a_review_names_somebody(platform: Platform, browser: Browser, person: object) -> None:
    changes = {**review("x"), Claim.FOR_USER: person}
    assert browser.launch(platform, changes).status == 400
    assert not StoredLaunch.objects.exists()


def test_a_review_of_nobody_is_one_of_the_class(platform: Platform, browser: Browser) -> None:
    """As Moodle's grader report asks for a column's results."""
    changes = review("x")
    del changes[Claim.FOR_USER]
    answer = browser.launch(platform, changes)
    assert answer.status == 302, answer.text
    assert browser.get(answer.location).status == 200
    assert StoredLaunch.objects.get().reviewed is None


def test_a_pupil_who_reviews_nobody_sees_their_own_page(
    platform: Platform, browser: Browser
) -> None:
    changes = {**review("x", PUPIL), "sub": SUB}
    del changes[Claim.FOR_USER]
    answer = browser.launch(platform, changes)
    page = browser.get(answer.location)
    assert "Your teacher has not set this up yet." in page.text


@pytest.mark.parametrize("endpoint", [ABSENT, None])
def test_a_review_names_a_gradebook(
    platform: Platform, browser: Browser, caplog: pytest.LogCaptureFixture, endpoint: object
) -> None:
    answer = browser.launch(platform, {**review("somebody"), Claim.AGS_ENDPOINT: endpoint})
    assert_refused(answer, caplog, Reason.CLAIM_MALFORMED)


def test_canvas_opens_a_submission_by_an_address_of_its_own(
    platform: Platform, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    target = "http://localhost:8001/lti/launch/?submission_of=somebody"
    others = browser.launch(platform, {Claim.TARGET_LINK_URI: target})
    assert_refused(others, caplog, Reason.OTHERS_WORK)
    assert "Only the pupil and the teachers of the course can see this work" in others.text
    answer = browser.launch(platform, {Claim.TARGET_LINK_URI: target, Claim.ROLES: [TEACHER]})
    assert answer.status == 302, answer.text
    launch = StoredLaunch.objects.get()
    assert launch.reviewed is not None
    assert launch.reviewed.sub == "somebody"


@pytest.mark.parametrize(
    "query", ["submission_of=", "submission_of=%00", "submission_of=" + "x" * 256]
)
def test_an_odd_address_of_a_submission(platform: Platform, browser: Browser, query: str) -> None:
    target = f"http://localhost:8001/lti/launch/?{query}"
    answer = browser.launch(platform, {Claim.TARGET_LINK_URI: target, Claim.ROLES: [TEACHER]})
    assert answer.status in {302, 400}
    assert not StoredLaunch.objects.filter(reviewed__isnull=False).exists()
