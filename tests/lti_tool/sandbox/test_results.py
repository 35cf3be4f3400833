from decimal import Decimal
from typing import Any

import pytest

from lti_tool.protocol.vocabulary import MediaType
from lti_tool.sandbox.models import Column, Person
from lti_tool.sandbox.services import gradebook
from tests.lti_tool.sandbox import lms


def results(tool: lms.Tool, query: str = "") -> list[Any]:
    answer = tool.call("GET", lms.results_address() + query, accept=MediaType.RESULT_CONTAINER)
    assert answer.headers["Content-Type"] == MediaType.RESULT_CONTAINER
    found: list[Any] = lms.json_of(answer)
    return found


def test_without_scores_there_are_no_results(tool: lms.Tool) -> None:
    assert results(tool) == []


def test_a_result_in_points_of_the_column(tool: lms.Tool) -> None:
    tool.post_score(lms.a_score())
    assert results(tool) == [
        {
            "id": f"{lms.URL}{lms.results_address()}&user_id=101",
            "userId": "101",
            "resultScore": 75,
            "resultMaximum": 100,
            "scoreOf": f"{lms.URL}{lms.column_address()}",
            "timestamp": "2026-03-01T10:00:00+00:00",
            "comment": "Gaps: 6 of 8.",
        }
    ]


@pytest.mark.parametrize("changes", [{"scoreGiven": 0}, {"gradingProgress": "PendingManual"}])
def test_zero_comes_back_without_a_score_as_nothing_does(
    tool: lms.Tool, changes: dict[str, object]
) -> None:
    tool.post_score(lms.a_score(**changes))
    [result] = results(tool)
    assert set(result) == {"id", "userId"}


@pytest.mark.parametrize(
    ("user", "found"), [("101", ["101"]), ("102", ["102"]), ("103", []), ("x", []), ("", [])]
)
def test_one_pupils_result(tool: lms.Tool, user: str, found: list[str]) -> None:
    tool.post_score(lms.a_score())
    tool.post_score(lms.a_score(userId="102"))
    assert [result["userId"] for result in results(tool, f"&user_id={user}")] == found


def test_pages(tool: lms.Tool) -> None:
    for number in range(101, 104):
        tool.post_score(lms.a_score(userId=str(number)))
    assert [result["userId"] for result in results(tool, "&limit=2")] == ["101", "102"]
    assert [result["userId"] for result in results(tool, "&limit=2&from=2")] == ["103"]
    address = lms.results_address() + "&limit=2"
    assert "rel=“next”" in tool.call("GET", address)["Link"].encode("latin-1").decode()


def test_a_teachers_grade_is_what_results_show(tool: lms.Tool) -> None:
    tool.post_score(lms.a_score())
    column, person = Column.objects.get(pk=1), Person.objects.get(pk=lms.PUPIL)
    gradebook.override(column, person, Decimal(42), "By hand")
    [result] = results(tool)
    assert (result["resultScore"], result["comment"]) == (42, "By hand")
