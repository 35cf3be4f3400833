"""manage.py import_worksheet and place_sample."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lti_tool.models import Context, ResourceLink, User
from tests.cast import Cast
from worksheets.models import Assignment, Worksheet
from worksheets.questions import parse_sheet

PAPER = """THE CAUSES OF TERROR

Stalin forced the __________ of the farms and signed the __________.

1. Why did he do that?

???
"""


def run_import(path: Path) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_worksheet", str(path), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_paper_becomes_markup(tmp_path: Path) -> None:
    paper = tmp_path / "paper.txt"
    paper.write_text(PAPER, encoding="utf-8")
    markup, _warnings = run_import(paper)
    sheet = parse_sheet(markup)
    assert (len(sheet.gaps), len(sheet.questions)) == (2, 1)
    assert "Why did he do that?" in markup


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nothing\.txt cannot be read: No such file"):
        run_import(tmp_path / "nothing.txt")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        run_import(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [("paper.exe", b"MZ"), ("paper", b"text"), ("paper.docx", b"no zip"), ("paper.pdf", b"no pdf")],
)
def test_a_file_of_another_kind(tmp_path: Path, name: str, content: bytes) -> None:
    paper = tmp_path / name
    paper.write_bytes(content)
    with pytest.raises(CommandError, match=name):
        run_import(paper)


def place_sample(**changes: str) -> str:
    options = {
        "client_id": "client-1",
        "deployment_id": "1",
        "context_id": "2",
        "link_id": "link-2",
        "teacher": "10",
        **changes,
    }
    out = io.StringIO()
    call_command("place_sample", stdout=out, **options)
    return out.getvalue()


def test_the_sample_is_placed_as_the_teachers_own(cast: Cast) -> None:
    assert place_sample() == "Added “Why did Stalin turn to terror?”.\n"
    placed = Assignment.objects.get()
    assert placed.link == cast.course.link
    assert placed.edition.worksheet.author == cast.ruth.user
    assert cast.amina.client.get(cast.amina.url("home")).status_code == 200


def test_where_something_is_placed_nothing_happens(cast: Cast) -> None:
    place_sample()
    assert place_sample() == ""
    assert Worksheet.objects.count() == 1


def test_course_link_and_teacher_may_be_unknown_yet(cast: Cast) -> None:
    place_sample(context_id="77", link_id="link-77", teacher="88")
    link = ResourceLink.objects.get(lti_id="link-77")
    assert link.context == Context.objects.get(lti_id="77")
    teacher = User.objects.get(sub="88")
    assert teacher.registration == cast.course.deployment.registration
    assert Assignment.objects.get(link=link).edition.worksheet.author == teacher


@pytest.mark.parametrize("changes", [{"client_id": "nobody"}, {"deployment_id": "99"}])
def test_a_deployment_that_is_not_there(cast: Cast, changes: dict[str, str]) -> None:
    with pytest.raises(CommandError, match="add the platform first"):
        place_sample(**changes)
    assert not Worksheet.objects.exists()
