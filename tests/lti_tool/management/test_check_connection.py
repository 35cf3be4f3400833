"""manage.py check_connection."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lti_tool.models import RefusedLaunch, Registration
from lti_tool.protocol.vocabulary import Scope
from tests.cast import Cast
from tests.lti_tool.connection.conftest import lms, registration
from tests.platform.fake import FakePlatform

__all__ = ["lms", "registration"]


def command(*options: str) -> str:
    said = StringIO()
    call_command("check_connection", *options, stdout=said)
    return said.getvalue()


def test_a_healthy_connection(registration: Registration) -> None:
    said = command("--client-id", registration.client_id)
    assert "[OK] Access to the LMS's services" in said
    assert "course=2 role=teacher way=cookie" in said
    assert "Amina" not in said


def test_a_problem_is_told_with_its_remedy_and_by_the_exit_status(
    lms: FakePlatform, registration: Registration
) -> None:
    lms.tokens.scopes.remove(Scope.SCORE)
    said = StringIO()
    with pytest.raises(CommandError, match="Problems: 1"):
        call_command("check_connection", client_id=registration.client_id, stdout=said)
    assert "[Problem] Permission: write grades (score)" in said.getvalue()
    assert "grade sync and column management" in said.getvalue()


def test_a_reference_is_looked_up(cast: Cast) -> None:
    RefusedLaunch.objects.create(
        reference="K7QM-4TXA",
        reason="key-unknown",
        detail="kid 'x'",
        registration=cast.course.deployment.registration,
    )
    said = command("--reference", "k7qm4txa")
    assert "reason=key-unknown detail=kid 'x'" in said
    assert "LMS of client-1" in said


@pytest.mark.django_db
@pytest.mark.parametrize("options", [["--client-id", "nobody"], ["--reference", "AAAA-AAAA"]])
def test_what_is_not_there_is_an_error(options: list[str]) -> None:
    with pytest.raises(CommandError, match="has this"):
        command(*options)
