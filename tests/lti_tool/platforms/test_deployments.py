"""Deployments that a platform did not tell beforehand."""

from __future__ import annotations

import pytest

from lti_tool.audit import AuditKind
from lti_tool.models import AuditEntry, Deployment, NewDeployments, Registration
from lti_tool.platforms import deployments
from lti_tool.protocol.refusal import Reason
from lti_tool.protocol.vocabulary import Claim
from tests.lti_tool.launching import Browser
from tests.lti_tool.refusals import assert_refused
from tests.platform.launches import Changes, Platform

NEW: Changes = {Claim.DEPLOYMENT_ID.value: "new-place"}


def learns(how: NewDeployments) -> None:
    Registration.objects.update(new_deployments=how)


def test_refused(platform: Platform, direct: Browser, caplog: pytest.LogCaptureFixture) -> None:
    learns(NewDeployments.REFUSE)
    assert_refused(direct.launch(platform, NEW), caplog, Reason.UNKNOWN_DEPLOYMENT)
    assert Deployment.objects.count() == 1


def test_remembered_until_somebody_approves(
    platform: Platform, direct: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    learns(NewDeployments.WAIT)
    answer = direct.launch(platform, NEW)
    assert answer.status == 403
    assert "has to be approved first" in answer.text
    assert_refused(answer, caplog, Reason.DEPLOYMENT_WAITING)
    assert direct.launch(platform, NEW).status == 403
    Deployment.objects.update(is_approved=True)
    assert direct.launch(platform, NEW).status == 302


def test_accepted(platform: Platform, direct: Browser) -> None:
    learns(NewDeployments.ACCEPT)
    assert direct.launch(platform, NEW).status == 302
    assert direct.launch(platform, NEW).status == 302
    assert Deployment.objects.get(deployment_id="new-place").is_approved


@pytest.mark.parametrize(
    ("how", "text"),
    [
        (NewDeployments.ACCEPT, "new-place (approved)"),
        (NewDeployments.WAIT, "new-place (waiting)"),
    ],
)
def test_a_new_one_is_recorded_once(
    platform: Platform, direct: Browser, how: NewDeployments, text: str
) -> None:
    learns(how)
    for _time in range(2):
        direct.launch(platform, NEW)
    (row,) = AuditEntry.objects.filter(kind=AuditKind.PLATFORM)
    assert (row.by, row.registration) == ("tool", platform.registration)
    assert row.after == {"deployments": [text]}


def test_a_launch_that_is_not_signed_teaches_nothing(platform: Platform, direct: Browser) -> None:
    learns(NewDeployments.ACCEPT)
    answer = direct.launch(platform, NEW, algorithm="none")
    assert answer.status == 400
    assert Deployment.objects.count() == 1


def test_not_without_end(
    platform: Platform, direct: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    learns(NewDeployments.WAIT)
    monkeypatch.setattr(deployments, "MAX_WAITING", 2)
    for number in range(4):
        assert direct.launch(platform, {Claim.DEPLOYMENT_ID.value: str(number)}).status == 403
    assert Deployment.objects.filter(is_approved=False).count() == 2
