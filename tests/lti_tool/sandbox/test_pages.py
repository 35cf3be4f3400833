import pytest
from django.test import Client

from lti_tool.sandbox.models import SignIn
from tests.lti_tool.sandbox import lms


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.usefixtures("planted")
def test_home_offers_every_person_as_a_button() -> None:
    page = text(lms.browser(), "/")
    assert page.count('<button name="person"') == 35
    assert "Ruth Adeyemi" in page
    assert "sandbox for trying the tool" in page


@pytest.mark.usefixtures("planted")
def test_one_click_signs_in_and_leads_to_the_course() -> None:
    client = lms.browser()
    answer = client.post("/sign-in/", {"person": lms.PUPIL})
    assert answer["Location"] == f"{lms.URL}/courses/2/"
    cookie = answer.cookies["sandbox_session"]
    assert (cookie["samesite"], cookie["httponly"]) == ("Lax", True)
    assert "You are here as pupil" in text(client, "/courses/2/")


def test_one_click_makes_someone_else_of_you_and_keeps_the_page(pupil: Client) -> None:
    before = pupil.cookies["sandbox_session"].value
    answer = pupil.post("/sign-in/", {"person": lms.TEACHER, "next": "/activities/1/"})
    assert answer["Location"] == "/activities/1/"
    assert "You are here as teacher" in text(pupil, "/courses/2/")
    assert not SignIn.objects.filter(key=before).exists()


def test_signing_out_ends_the_session_for_good(pupil: Client) -> None:
    key = pupil.cookies["sandbox_session"].value
    pupil.post("/sign-out/")
    again = lms.browser()
    again.cookies["sandbox_session"] = key
    assert again.get("/courses/2/").status_code == 302


@pytest.mark.parametrize("person", ["", "nobody", "-1", "²", "9" * 30])
@pytest.mark.usefixtures("planted")
def test_nobody_cannot_sign_in(person: str) -> None:
    assert lms.browser().post("/sign-in/", {"person": person}).status_code == 400


@pytest.mark.usefixtures("planted")
def test_an_unknown_person_cannot_sign_in() -> None:
    assert lms.browser().post("/sign-in/", {"person": "999"}).status_code == 404


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "courses/2/"])
@pytest.mark.usefixtures("planted")
def test_signing_in_leads_nowhere_else(next_page: str) -> None:
    answer = lms.browser().post("/sign-in/", {"person": lms.PUPIL, "next": next_page})
    assert answer["Location"] == f"{lms.URL}/courses/2/"


@pytest.mark.parametrize(
    "address", ["/courses/2/", "/activities/1/", "/launch/1/", "/courses/2/gradebook/"]
)
@pytest.mark.usefixtures("planted")
def test_who_is_not_signed_in_is_asked_who_they_are(address: str) -> None:
    client = lms.browser()
    answer = client.get(address)
    assert answer.status_code == 302
    page = text(client, answer["Location"].removeprefix(lms.URL))
    assert f'name="next" value="{address}"' in page


@pytest.mark.parametrize(
    "address", ["/courses/2/", "/activities/1/", "/launch/1/", "/courses/2/gradebook/"]
)
def test_another_course_is_closed(stranger: Client, address: str) -> None:
    assert "do not belong" in text(stranger, address, 403)


@pytest.mark.parametrize(
    "address",
    ["/courses/99/", "/activities/99/", "/launch/99/", f"/launch/{'9' * 19}/", "/nowhere"],
)
def test_what_is_not_there_is_404_in_the_sandbox_dress(pupil: Client, address: str) -> None:
    assert "no such page" in text(pupil, address, 404)


def test_the_course_page_lists_its_activities(pupil: Client) -> None:
    page = text(pupil, "/courses/2/")
    assert [f"/activities/{number}/" in page for number in (1, 2, 3, 4)] == [True] * 3 + [False]
    assert "My grades" in page


def test_the_activity_is_shown_in_a_named_frame_and_can_be_opened_in_a_tab(pupil: Client) -> None:
    page = text(pupil, "/activities/1/")
    assert 'name="activity"' in page
    assert 'src="/launch/1/"' in page
    assert 'href="/launch/1/?target=window" target="_blank"' in page


def test_the_way_back_leads_out_of_the_frame_and_says_what_the_tool_said(pupil: Client) -> None:
    page = text(pupil, "/courses/2/return/?lti_errormsg=<b>gone</b>&lti_msg=done")
    assert 'target="_top"' in page
    assert "&lt;b&gt;gone&lt;/b&gt;" in page
    assert "<p>done</p>" in page


def test_pages_allow_no_foreign_code_and_no_foreign_frame(pupil: Client) -> None:
    answer = pupil.get("/activities/1/")
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-src 'self' http://localhost:8001" in policy
    assert "form-action 'self' http://localhost:8001" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["sandbox.css", "post.js", "icon.svg"])
def test_assets_are_served_without_a_static_files_app(name: str) -> None:
    answer = lms.browser().get(f"/assets/{name}")
    assert answer.status_code == 200
    assert answer.content


@pytest.mark.parametrize("name", ["other.css", "..", "settings.py"])
def test_nothing_else_is_served_as_an_asset(name: str) -> None:
    assert lms.browser().get(f"/assets/{name}").status_code == 404


@pytest.mark.parametrize("address", ["/sign-in/", "/sign-out/"])
def test_signing_in_and_out_are_posts(address: str) -> None:
    assert lms.browser().get(address).status_code == 405
