from decimal import Decimal
from typing import Any

import pytest

from lti_tool.protocol.vocabulary import MediaType
from lti_tool.sandbox.models import Column, Grade
from tests.lti_tool.sandbox import lms

NEW = {"label": "Essay", "scoreMaximum": 20, "resourceLinkId": "3", "resourceId": "r", "tag": "t"}


def listed(tool: lms.Tool, query: str = "") -> list[Any]:
    answer = tool.call("GET", lms.columns_address() + query, accept=MediaType.LINE_ITEM_CONTAINER)
    assert answer.headers["Content-Type"] == MediaType.LINE_ITEM_CONTAINER
    items: list[Any] = lms.json_of(answer)
    return items


def create(tool: lms.Tool, **changes: object) -> Any:
    body = {name: value for name, value in {**NEW, **changes}.items() if value is not ...}
    return tool.call("POST", lms.columns_address(), body, content_type=MediaType.LINE_ITEM)


def put(tool: lms.Tool, column: int, body: object) -> Any:
    address = lms.column_address(column)
    return tool.call("PUT", address, body, content_type=MediaType.LINE_ITEM)


def path(item: Any) -> str:
    return str(item["id"]).removeprefix(lms.URL)


def test_the_container_lists_this_courses_items(tool: lms.Tool) -> None:
    first, second = listed(tool)
    assert first == {
        "id": f"{lms.URL}{lms.column_address(1)}",
        "label": "The Terror and the Purges – causes",
        "scoreMaximum": 100,
        "resourceId": "",
        "tag": "",
        "resourceLinkId": "1",
    }
    assert second["resourceLinkId"] == "2"


def test_a_new_item_is_201_and_can_be_read_at_its_id(tool: lms.Tool) -> None:
    answer = create(tool)
    assert answer.status_code == 201
    assert answer.headers["Content-Type"] == MediaType.LINE_ITEM
    item = lms.json_of(answer)
    assert {name: item[name] for name in NEW} == NEW
    read = tool.call("GET", path(item), accept=MediaType.LINE_ITEM)
    assert read.headers["Content-Type"] == MediaType.LINE_ITEM
    assert lms.json_of(read) == item


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("&resource_link_id=3", ["Essay"]),
        ("&resource_link_id=1", ["The Terror and the Purges – causes"]),
        ("&resource_link_id=99", []),
        ("&resource_link_id=x", []),
        ("&resource_link_id=4", []),
        (f"&resource_link_id={'9' * 40}", []),
        ("&resource_id=r", ["Essay"]),
        ("&resource_id=other", []),
        ("&tag=t", ["Essay"]),
        ("&tag=t&resource_id=r&resource_link_id=1", []),
    ],
)
def test_filters(tool: lms.Tool, query: str, labels: list[str]) -> None:
    create(tool)
    assert [item["label"] for item in listed(tool, query)] == labels


def test_a_limit_brings_moodles_crooked_link_header(tool: lms.Tool) -> None:
    address = lms.columns_address() + "&limit=1"
    answer = tool.call("GET", address, accept=MediaType.LINE_ITEM_CONTAINER)
    assert len(lms.json_of(answer)) == 1
    link = answer["Link"].encode("latin-1").decode()
    assert "type_id=1&amp;limit=1&amp;from=1>; rel=“next”" in link
    assert [item["resourceLinkId"] for item in listed(tool, "&limit=1&from=1")] == ["2"]
    assert "next" not in tool.call("GET", address + "&from=1")["Link"]


@pytest.mark.parametrize("limit", ["", "0", "-1", "x", "9" * 30])
def test_a_limit_that_is_none_brings_everything(tool: lms.Tool, limit: str) -> None:
    assert len(listed(tool, f"&limit={limit}&from=x")) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"label": ...},
        {"label": ""},
        {"label": "  "},
        {"label": 7},
        {"label": "x" * 256},
        {"scoreMaximum": ...},
        {"scoreMaximum": 0},
        {"scoreMaximum": -1},
        {"scoreMaximum": "20"},
        {"scoreMaximum": True},
        {"scoreMaximum": None},
        {"scoreMaximum": 10**12},
        {"scoreMaximum": 1e-9},
        {"tag": 7},
        {"tag": "x" * 256},
        {"resourceId": None},
        {"resourceLinkId": 3},
        {"resourceLinkId": "three"},
        {"resourceLinkId": "9" * 30},
    ],
)
def test_what_is_no_line_item_is_400(tool: lms.Tool, changes: dict[str, object]) -> None:
    assert create(tool, **changes).status_code == 400
    assert len(listed(tool)) == 2


@pytest.mark.parametrize("link", ["4", "99"])
def test_a_link_that_is_not_the_tools_here_is_403(tool: lms.Tool, link: str) -> None:
    assert create(tool, resourceLinkId=link).status_code == 403


def test_an_item_may_belong_to_no_link(tool: lms.Tool) -> None:
    item = lms.json_of(create(tool, resourceLinkId=..., tag=..., resourceId=...))
    assert "resourceLinkId" not in item
    assert (item["tag"], item["resourceId"]) == ("", "")


def test_a_put_erases_what_it_leaves_out(tool: lms.Tool) -> None:
    made = lms.json_of(create(tool))
    number = Column.objects.get(label="Essay").pk
    answer = put(tool, number, {"label": "Renamed", "scoreMaximum": 20})
    assert answer.status_code == 200
    assert lms.json_of(answer) == {
        "id": made["id"],
        "label": "Renamed",
        "scoreMaximum": 20,
        "resourceId": "",
        "tag": "",
    }


def test_a_changed_maximum_rescales_the_grades(tool: lms.Tool) -> None:
    tool.post_score(lms.a_score())
    put(tool, 1, {"label": "A", "scoreMaximum": 20})
    grade = Grade.objects.get()
    assert (grade.score, grade.column.maximum) == (Decimal(15), Decimal(20))


def test_an_activitys_own_item_stays_with_it(tool: lms.Tool) -> None:
    body = {"label": "A", "scoreMaximum": 100}
    assert lms.json_of(put(tool, 1, body))["resourceLinkId"] == "1"
    assert put(tool, 1, {**body, "resourceLinkId": "2"}).status_code == 403
    assert tool.call("DELETE", lms.column_address(1)).status_code == 403
    assert Column.objects.get(pk=1).activity_id == 1


def test_a_refused_put_changes_nothing(tool: lms.Tool) -> None:
    before = listed(tool)
    assert put(tool, 1, {"label": "A", "scoreMaximum": 0}).status_code == 400
    assert listed(tool) == before


def test_what_the_tool_made_it_may_delete(tool: lms.Tool) -> None:
    item = lms.json_of(create(tool))
    assert tool.call("DELETE", path(item)).status_code == 204
    assert tool.call("GET", path(item), accept=MediaType.LINE_ITEM).status_code == 404
    assert len(listed(tool)) == 2
