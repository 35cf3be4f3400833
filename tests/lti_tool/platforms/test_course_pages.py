"""The page of a course, which a launch's return address makes certain or does not."""

from __future__ import annotations

import pytest

from lti_tool.models import Registration, ResourceLink, StoredLaunch
from lti_tool.platforms.course_pages import course_page


def page(product: str, return_url: str, assignment: str = "") -> str:
    registration = Registration(
        issuer="https://lms.example", auth_login_url="https://lms.example/auth", product=product
    )
    link = ResourceLink(lms_assignment=assignment)
    return course_page(StoredLaunch(registration=registration, link=link, return_url=return_url))


MOODLE_RETURN = "/mod/lti/return.php?course=7&launch_container=3&instanceid=5&sesskey=SECRET"
CANVAS_RETURN = "/courses/34/external_content/success/external_tool_redirect"


@pytest.mark.parametrize(
    ("product", "path", "assignment", "expected"),
    [
        ("moodle", MOODLE_RETURN, "", "/course/view.php?id=7"),
        ("Moodle", f"/school{MOODLE_RETURN}", "", "/school/course/view.php?id=7"),
        ("canvas", CANVAS_RETURN, "", "/courses/34"),
        ("canvas", CANVAS_RETURN, "91", "/courses/34/assignments/91"),
        ("canvas", CANVAS_RETURN, "9/../x", "/courses/34"),
    ],
)
def test_moodle_and_canvas_tell_it(product: str, path: str, assignment: str, expected: str) -> None:
    assert (
        page(product, f"https://lms.example{path}", assignment) == f"https://lms.example{expected}"
    )


@pytest.mark.parametrize(
    ("product", "address"),
    [
        ("moodle", ""),
        ("moodle", "https://lms.example/mod/lti/return.php?course=7%22"),
        ("moodle", "https://lms.example/mod/lti/return.php"),
        ("moodle", f"https://lms.example{CANVAS_RETURN}"),
        ("canvas", f"https://lms.example{MOODLE_RETURN}"),
        ("canvas", "https://lms.example/accounts/1/external_content/success/x"),
        ("sakai", f"https://lms.example{CANVAS_RETURN}"),
        ("moodle", f"https://evil.example{MOODLE_RETURN}"),
        ("canvas", f"https://evil.example{CANVAS_RETURN}"),
    ],
)
def test_nothing_is_guessed(product: str, address: str) -> None:
    assert page(product, address) == ""
