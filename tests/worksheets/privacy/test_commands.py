"""manage.py export_person, erase_person, export_course, erase_course."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from lti_tool.models import Context, Deployment, User
from tests.cast import Cast, make_course, make_registration
from tests.worksheets.sheets import hand_in, place
from worksheets.models import Attempt, Worksheet

AMINA = ["--client-id", "client-1", "--sub", "101"]
RUTH = ["--client-id", "client-1", "--sub", "10"]
COURSE = ["--client-id", "client-1", "--course-id", "2"]


@pytest.fixture
def worked(cast: Cast) -> Cast:
    hand_in(place(cast), cast.amina)
    return cast


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_an_export_is_json_that_people_can_read(worked: Cast) -> None:
    User.objects.filter(sub="101").update(name="Amína Abdullahi")
    person = run("export_person", *AMINA)
    assert "Amína" in person
    assert len(json.loads(person)["attempts"]) == 1
    assert len(json.loads(run("export_course", *COURSE))["people"]) == 3


@pytest.mark.parametrize("command", [["erase_person", *AMINA], ["erase_course", *COURSE]])
def test_without_yes_it_is_said_what_would_be_lost(worked: Cast, command: list[str]) -> None:
    with pytest.raises(CommandError, match=r"answers: 6.* Nothing was erased\. .*--yes"):
        run(*command)
    assert Attempt.objects.exists()


def test_with_yes_it_is_lost(worked: Cast) -> None:
    told = run("erase_person", *AMINA, "--yes")
    assert told == "Erased. Marks in the LMS's gradebook stay there.\n"
    assert not User.objects.filter(sub="101").exists()
    run("erase_course", *COURSE, "--yes")
    assert not Context.objects.filter(deployment__registration__client_id="client-1", lti_id="2")


def test_an_authors_worksheets_go_to_somebody_or_the_author_stays(worked: Cast) -> None:
    with pytest.raises(CommandError, match=r"in use in Course 2.*--worksheets-to"):
        run("erase_person", *RUTH, "--yes")
    with pytest.raises(CommandError, match="must go to another teacher"):
        run("erase_person", *RUTH, "--worksheets-to", "10", "--yes")
    with pytest.raises(CommandError, match="no such person"):
        run("erase_person", *RUTH, "--worksheets-to", "nobody", "--yes")
    run("erase_person", *RUTH, "--worksheets-to", "102", "--yes")
    assert Worksheet.objects.get().author.sub == "102"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["export_person", "--client-id", "client-1", "--sub", "999"], "no such person"),
        (["export_person", "--client-id", "client-9", "--sub", "101"], "no such person"),
        (["export_person", *AMINA, "--issuer", "https://other.example"], "no such person"),
        (["erase_course", "--client-id", "client-1", "--course-id", "9"], "no such course"),
        (["erase_course", *COURSE, "--deployment-id", "9"], "no such course"),
    ],
)
def test_whoever_is_not_there(worked: Cast, command: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(*command)


def test_where_two_fit_nobody_is_guessed(worked: Cast) -> None:
    """Two platforms may have given the same client id, two deployments the same course id."""
    registration = make_registration("client-1", "https://other.example")
    User.objects.create(registration=registration, sub="101")
    make_course(Deployment.objects.create(registration=registration, deployment_id="2"), "2")
    for command in (["erase_person", *AMINA, "--yes"], ["erase_course", *COURSE, "--yes"]):
        with pytest.raises(CommandError, match="More than one"):
            run(*command)
    run("erase_person", *AMINA, "--issuer", "https://other.example", "--yes")
    assert User.objects.get(sub="101") == worked.amina.user
    run("erase_course", *COURSE, "--deployment-id", "2", "--yes")
    assert Context.objects.filter(pk=worked.course.context.pk).exists()
