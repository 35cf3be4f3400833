"""The roster in words."""

from __future__ import annotations

import pytest

from lti_tool.models import Context, Registration
from lti_tool.roster.advice import names_setting, needs_setting, problem, roster_setting
from lti_tool.services.errors import DeliveryProblem

# What the reading of a roster can end in: see lti_tool.services.nrps.
POSSIBLE = [
    DeliveryProblem.UNREACHABLE,
    DeliveryProblem.BUSY,
    DeliveryProblem.SERVER_ERROR,
    DeliveryProblem.ANSWER_UNREADABLE,
    DeliveryProblem.TOKEN_REFUSED,
    DeliveryProblem.NOT_ALLOWED,
    DeliveryProblem.NOT_ACCEPTED,
]


@pytest.mark.parametrize("name", POSSIBLE)
def test_every_problem_has_a_sentence(name: DeliveryProblem) -> None:
    words = str(problem(Context(roster_problem=name)))
    assert words.endswith(".")
    assert len(words) > 15


@pytest.mark.parametrize("name", ["", "something-older"])
def test_no_problem_has_none(name: str) -> None:
    assert problem(Context(roster_problem=name)) is None


def test_a_setting_is_named_where_one_would_help() -> None:
    address = "https://lms.example/members"
    assert needs_setting(Context())
    assert not needs_setting(Context(roster_url=address))
    assert needs_setting(Context(roster_url=address, roster_problem=DeliveryProblem.NOT_ALLOWED))
    assert not needs_setting(
        Context(roster_url=address, roster_problem=DeliveryProblem.UNREACHABLE)
    )


@pytest.mark.parametrize("product", ["moodle", "Moodle"])
def test_moodle_s_own_words(product: str) -> None:
    registration = Registration(product=product)
    assert "IMS LTI Names and Role Provisioning" in str(roster_setting(registration))
    assert "Share launcher's name with tool" in str(names_setting(registration))


@pytest.mark.parametrize("product", ["canvas", "", "unheard-of"])
def test_other_lmss_get_no_words_of_moodle(product: str) -> None:
    registration = Registration(product=product)
    for words in (roster_setting(registration), names_setting(registration)):
        assert "Moodle" not in str(words)
        assert str(words).endswith(".")
