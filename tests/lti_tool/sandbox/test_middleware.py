import pytest

from tests.lti_tool.sandbox import lms

pytestmark = pytest.mark.usefixtures("planted")


@pytest.mark.parametrize("address", ["192.168.1.7", "8.8.8.8", "::2"])
def test_nobody_from_another_machine_is_served(address: str) -> None:
    assert lms.browser(REMOTE_ADDR=address).get("/").status_code == 403


def test_an_unknown_host_is_not_served() -> None:
    assert lms.browser().get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_browser_that_came_by_another_name_is_led_to_the_issuers_address() -> None:
    answer = lms.browser().get("/courses/2/?a=b", headers={"host": "localhost:8000"})
    assert answer.status_code == 302
    assert answer["Location"] == f"{lms.URL}/courses/2/?a=b"


def test_a_post_under_another_name_is_answered_where_it_came() -> None:
    answer = lms.browser().post("/lti/token", headers={"host": "localhost:8000"})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/json"
