"""Every reason that may stand in the launch log has a meaning for whoever reads it."""

from __future__ import annotations

import pytest

from lti_tool.platforms.dynamic.errors import RegistrationProblem
from lti_tool.protocol.refusal import Reason
from lti_tool.templatetags.refusals import meaning


@pytest.mark.parametrize("reason", [*Reason, *RegistrationProblem])
def test_each_reason_means_something(reason: str) -> None:
    assert meaning(str(reason)).endswith(".")


def test_one_of_another_version_means_nothing_here() -> None:
    assert meaning("from-elsewhere") == ""
