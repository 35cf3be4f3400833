import re
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse

from lti_tool.protocol.vocabulary import CONTEXT_ROLE, Claim, MediaType
from tests.lti_tool.sandbox import lms

ADDRESS = "/lti/services/CourseSection/2/bindings/1/memberships"


def ask(tool: lms.Tool, query: str = "") -> HttpResponse:
    answer = tool.call("GET", ADDRESS + query, accept=MediaType.MEMBERSHIP_CONTAINER)
    assert answer.headers["Content-Type"] == MediaType.MEMBERSHIP_CONTAINER
    return answer


def members(tool: lms.Tool, query: str = "") -> list[Any]:
    found: list[Any] = lms.json_of(ask(tool, query))["members"]
    return found


def test_everyone_in_the_course_with_short_roles_and_no_e_mail(tool: lms.Tool) -> None:
    body = lms.json_of(ask(tool))
    assert body["id"] == lms.URL + ADDRESS
    assert body["context"] == {"id": "2", "label": "HIS10b", "title": "History 10b"}
    by_id = {member["user_id"]: member for member in body["members"]}
    assert len(by_id) == 32
    assert by_id["101"] == {
        "status": "Active",
        "roles": ["Learner"],
        "user_id": "101",
        "lis_person_sourcedid": "",
        "name": "Amina Abdullahi",
        "given_name": "Amina",
        "family_name": "Abdullahi",
    }
    assert by_id["10"]["roles"] == by_id["11"]["roles"] == ["Instructor"]


@pytest.mark.parametrize(
    ("role", "count"),
    [("Learner", 30), ("Instructor", 2), (f"{CONTEXT_ROLE}Learner", 30), ("Mentor", 0)],
)
def test_a_role_alone(tool: lms.Tool, role: str, count: int) -> None:
    assert len(members(tool, f"?role={quote(role)}")) == count


def test_pages_follow_their_links_to_everyone(tool: lms.Tool) -> None:
    found, query = [], "?limit=12&role=Learner"
    for _ in range(3):
        answer = ask(tool, query)
        found += [member["user_id"] for member in lms.json_of(answer)["members"]]
        link = re.fullmatch(r'<(.+)>; rel="next"', answer.headers.get("Link", ""))
        query = link[1].removeprefix(lms.URL + ADDRESS) if link else ""
    assert found == [str(number) for number in range(101, 131)]
    assert query == ""


def test_without_a_filter_the_next_page_is_well_formed_too(tool: lms.Tool) -> None:
    link = ask(tool, "?limit=30")["Link"]
    assert link == f'<{lms.URL}{ADDRESS}?limit=30&from=30>; rel="next"'


def test_a_link_of_the_course_adds_its_message(tool: lms.Tool) -> None:
    [message] = members(tool, "?rlid=1")[0]["message"]
    assert message[Claim.MESSAGE_TYPE] == "LtiResourceLinkRequest"


@pytest.mark.parametrize("link", ["4", "99", "x", ""])
def test_another_courses_link_is_404(tool: lms.Tool, link: str) -> None:
    answer = tool.call("GET", f"{ADDRESS}?rlid={link}")
    assert answer.status_code == 404
