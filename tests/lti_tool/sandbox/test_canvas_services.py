"""Line items, results and the roster as Canvas answers them."""

import re
from typing import Any

import pytest

from lti_tool.protocol.vocabulary import CONTEXT_ROLE, Claim, MediaType
from lti_tool.sandbox.canvas import ids
from lti_tool.sandbox.models import Activity, Column, ToolClient
from tests.lti_tool.sandbox import canvas, lms

SUBMISSION_TYPE = "https://canvas.instructure.com/lti/submission_type"


@pytest.fixture
def tool(planted: None) -> lms.Tool:
    return canvas.tool()


def create(tool: lms.Tool, **changes: object) -> Any:
    body = {"label": "Essay", "scoreMaximum": 20, **changes}
    body = {name: value for name, value in body.items() if value is not ...}
    return tool.call("POST", canvas.COLUMNS, body, content_type=MediaType.LINE_ITEM)


def update(tool: lms.Tool, **changes: object) -> Any:
    media = MediaType.LINE_ITEM
    return tool.call("PUT", canvas.column_address(), changes, content_type=media)


def test_the_list_and_one_of_it(tool: lms.Tool) -> None:
    [item] = lms.json_of(tool.call("GET", canvas.COLUMNS))
    assert item == {
        "id": f"{canvas.ISSUER}/api/lti/courses/4/line_items/5",
        "label": "A worksheet in Canvas",
        "scoreMaximum": 100,
        "resourceLinkId": ids.link(canvas.LINK),
    }
    assert lms.json_of(tool.call("GET", canvas.column_address())) == item


def test_without_a_link_it_is_an_assignment_that_nobody_can_launch(tool: lms.Tool) -> None:
    answer = create(tool)
    assert answer.status_code == 201
    assert "resourceLinkId" not in lms.json_of(answer)
    assert Column.objects.get(label="Essay").activity is None


def test_with_a_submission_type_the_assignment_opens_the_tool(tool: lms.Tool) -> None:
    url = "http://localhost:8001/lti/launch/?sheet=1"
    kind = {"type": "external_tool", "external_tool_url": url}
    item = lms.json_of(create(tool, **{SUBMISSION_TYPE: kind}))
    activity = Activity.objects.get(title="Essay")
    assert item["resourceLinkId"] == ids.link(activity.pk)
    assert activity.target_link_uri == url


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"resourceLinkId": "unknown"}, 404),
        ({"resourceLinkId": ids.link(lms.WORKSHEET)}, 404),
        ({"label": ...}, 422),
        ({"label": " "}, 422),
        ({"scoreMaximum": ...}, 422),
        ({"scoreMaximum": 0}, 422),
        ({"tag": 7}, 422),
        ({SUBMISSION_TYPE: {"type": "external_tool"}}, 422),
        ({SUBMISSION_TYPE: {"type": "essay"}}, 422),
        ({SUBMISSION_TYPE: "none"}, 422),
        (
            {
                SUBMISSION_TYPE: {
                    "type": "external_tool",
                    "external_tool_url": "http://evil.example/",
                }
            },
            422,
        ),
    ],
    ids=str,
)
def test_what_is_refused(tool: lms.Tool, changes: dict[str, object], expected: int) -> None:
    assert create(tool, **changes).status_code == expected
    assert Column.objects.filter(course=canvas.COURSE).count() == 1


def test_a_link_that_is_no_assignment_takes_no_line_item(tool: lms.Tool) -> None:
    link = {"resourceLinkId": ids.link(canvas.LINK)}
    assert create(tool, **link).status_code == 201
    Column.objects.filter(course=canvas.COURSE).delete()
    assert create(tool, **link).status_code == 412


def test_an_update_keeps_what_it_leaves_out(tool: lms.Tool) -> None:
    update(tool, tag="grade", resourceId="sheet")
    item = lms.json_of(update(tool, label="Renamed", scoreMaximum=50))
    assert (item["label"], item["scoreMaximum"], item["tag"]) == ("Renamed", 50, "grade")
    assert item["resourceId"] == "sheet"


def test_only_what_the_tool_made_is_deleted(tool: lms.Tool) -> None:
    assert tool.call("DELETE", canvas.column_address()).status_code == 401
    made = lms.json_of(create(tool))["id"].removeprefix(lms.URL)
    assert tool.call("DELETE", made).status_code == 204
    assert tool.call("GET", made).status_code == 404


def test_filters_and_an_unknown_link(tool: lms.Tool) -> None:
    create(tool, tag="grade")
    [item] = lms.json_of(tool.call("GET", f"{canvas.COLUMNS}?tag=grade"))
    assert item["label"] == "Essay"
    link = ids.link(canvas.LINK)
    [own] = lms.json_of(tool.call("GET", f"{canvas.COLUMNS}?resource_link_id={link}"))
    assert own["label"] == "A worksheet in Canvas"
    assert tool.call("GET", f"{canvas.COLUMNS}?resource_link_id=1").status_code == 404


def test_results_have_a_zero_and_no_comment(tool: lms.Tool) -> None:
    canvas.post(tool, scoreGiven=0)
    canvas.post(tool, userId=ids.person(lms.OTHER_PUPIL), scoreGiven=..., gradingProgress="Pending")
    address = f"{canvas.column_address()}/results"
    first, second = lms.json_of(tool.call("GET", address))
    assert (first["resultScore"], first["resultMaximum"]) == (0, 100)
    assert "comment" not in first
    assert "resultScore" not in second
    [one] = lms.json_of(tool.call("GET", f"{address}?user_id={ids.person(lms.OTHER_PUPIL)}"))
    assert one["userId"] == ids.person(lms.OTHER_PUPIL)


def test_the_roster_comes_in_pages_of_ten_with_the_next_one_named(tool: lms.Tool) -> None:
    address, seen = canvas.ROSTER, []
    for _ in range(4):
        answer = tool.call("GET", address)
        seen += lms.json_of(answer)["members"]
        links = {name: url for url, name in re.findall(r'<([^>]+)>; rel="(\w+)"', answer["Link"])}
        if "next" not in links:
            break
        address = links["next"].removeprefix(lms.URL)
    assert len(seen) == len({one["user_id"] for one in seen}) == 32
    assert set(links) == {"current", "first", "last"}


@pytest.mark.parametrize("query", ["per_page=50", "limit=50", "per_page=100000"])
def test_a_page_may_be_longer(tool: lms.Tool, query: str) -> None:
    answer = tool.call("GET", f"{canvas.ROSTER}?{query}")
    assert len(lms.json_of(answer)["members"]) == 32


def test_the_roster_has_full_roles_and_opaque_ids_and_no_test_student(tool: lms.Tool) -> None:
    members = lms.json_of(tool.call("GET", f"{canvas.ROSTER}?per_page=50"))["members"]
    by_id = {one["user_id"]: one for one in members}
    assert by_id[ids.person(lms.PUPIL)]["roles"] == [CONTEXT_ROLE + "Learner"]
    assert by_id[ids.person(lms.PUPIL)]["name"] == "Amina Abdullahi"
    assert ids.person(canvas.TEST_STUDENT) not in by_id


def test_without_names_the_roster_has_none(tool: lms.Tool) -> None:
    ToolClient.objects.update(shares_names=False)
    [first, *_] = lms.json_of(tool.call("GET", canvas.ROSTER))["members"]
    assert set(first) == {"status", "user_id", "lti11_legacy_user_id", "roles"}


def test_the_roster_of_a_link_and_of_a_role(tool: lms.Tool) -> None:
    query = f"rlid={ids.link(canvas.LINK)}&role={CONTEXT_ROLE.replace('#', '%23')}Instructor"
    members = lms.json_of(tool.call("GET", f"{canvas.ROSTER}?{query}"))["members"]
    assert [one["name"] for one in members] == ["Ruth Adeyemi", "Tomasz Brandt"]
    custom = members[0]["message"][0][Claim.CUSTOM]
    assert custom["context_history"] == ""
    assert tool.call("GET", f"{canvas.ROSTER}?rlid=5").status_code == 404
