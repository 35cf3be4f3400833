"""What all pages share: not kept by anybody, framed by their LMS only, no stranger's words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import ISSUER, Cast, Someone
from tests.worksheets.html import Page, are_in_order
from tests.worksheets.sheets import hand_in, place

INJECTED = "?notice=%3Cscript%3Ealert(1)%3C/script%3E&n=%3Cb%3E"


@pytest.fixture
def pages(cast: Cast) -> list[tuple[Someone, str]]:
    """An address of each kind of page, with who opens it."""
    assignment = place(cast)
    attempt = hand_in(assignment, cast.amina)
    edition = assignment.edition
    ruth = cast.ruth
    return [
        (cast.amina, cast.amina.url("home")),
        (cast.amina, cast.amina.url("score-status")),
        (cast.amina, cast.amina.url("answers")),
        (cast.amina, cast.amina.url("class")),  # 403
        (cast.ben, cast.ben.url("home")),
        (cast.ben, cast.ben.url("submit")),
        (cast.otis, cast.otis.url("home")),
        (cast.otis, cast.otis.url("submit")),  # 404
        (ruth, ruth.url("home")),
        (ruth, ruth.url("class")),
        (ruth, ruth.url("attempt", number=attempt.pk)),
        (ruth, ruth.url("reopen", number=attempt.pk)),
        (ruth, ruth.url("library")),
        (ruth, ruth.url("edit", number=edition.worksheet_id)),
        (ruth, ruth.url("try", number=edition.worksheet_id)),
        (ruth, ruth.url("delete", number=edition.worksheet_id)),
        (ruth, ruth.url("assign", number=edition.pk)),
        (cast.zara, cast.zara.url("home")),
    ]


def directives(answer: Any) -> dict[str, list[str]]:
    parts = [part.split() for part in answer["Content-Security-Policy"].split(";")]
    return {part[0]: part[1:] for part in parts if part}


def test_no_page_is_kept(pages: list[tuple[Someone, str]]) -> None:
    for someone, url in pages:
        answer = someone.client.get(url)
        assert "no-store" in answer["Cache-Control"], url
        assert "private" in answer["Cache-Control"], url


def test_pages_are_framed_by_their_own_lms_only(pages: list[tuple[Someone, str]]) -> None:
    for someone, url in pages:
        policy = directives(someone.client.get(url))
        assert ISSUER in policy["frame-ancestors"], url
        assert "*" not in policy["frame-ancestors"], url
        assert policy["script-src"] == ["'self'"], url
        assert policy["default-src"] == ["'none'"], url
        assert policy["form-action"] == ["'self'"], url


def test_no_page_sets_a_cookie_or_asks_another_host(pages: list[tuple[Someone, str]]) -> None:
    for someone, url in pages:
        answer = someone.client.get(url)
        assert not answer.cookies, url
        assert answer["Referrer-Policy"] == "same-origin"
        html = answer.content.decode()
        assert "http://" not in html.replace("http://www.w3.org", ""), url
        example = "[«word»](https://example.org)"  # what the editor's bar writes
        assert "https://" not in html.replace(example, ""), url


def test_screen_readers_are_told_from_one_place(pages: list[tuple[Someone, str]]) -> None:
    """Apart from what stands on the page when it opens, and the class list that is being read."""
    for someone, url in pages:
        html = someone.client.get(url).content.decode()
        if "</html>" in html:
            assert html.count('id="live"') == 1, url
            assert "aria-live" not in html, url


def test_each_page_is_an_outline(pages: list[tuple[Someone, str]]) -> None:
    for someone, url in pages:
        page = Page(someone.client.get(url))
        if "</html>" in page.html:
            assert are_in_order(page.headings), (url, page.headings)


def test_no_page_has_a_script_or_style_of_its_own(pages: list[tuple[Someone, str]]) -> None:
    """The policy would not let it run."""
    for someone, url in pages:
        html = someone.client.get(url).content.decode()
        assert "<style" not in html, url
        assert " style=" not in html, url
        assert " onclick=" not in html, url
        assert "<script>" not in html, url


def test_pages_are_whole(pages: list[tuple[Someone, str]]) -> None:
    for someone, url in pages:
        answer = someone.client.get(url)
        if answer["Content-Type"].startswith("text/html"):
            assert Page(answer).text or url.endswith("receipt/")


def test_notices_cannot_be_injected(pages: list[tuple[Someone, str]]) -> None:
    for someone, url in pages:
        answer = someone.client.get(url + INJECTED)
        assert b"alert(1)" not in answer.content, url


def test_our_own_notices_are_shown(cast: Cast) -> None:
    place(cast)
    page = Page(cast.ruth.client.get(cast.ruth.url("class") + "?notice=released-many&n=3"))
    assert "Released to 3 pupils." in page.text


def test_a_refusal_may_be_read_in_the_frame(cast: Cast) -> None:
    answer = cast.amina.client.get(cast.amina.url("class"))
    assert answer.status_code == 403
    assert "This page is for teachers" in Page(answer).text
    assert ISSUER in directives(answer)["frame-ancestors"]


def test_pages_have_the_way_out(cast: Cast) -> None:
    place(cast)
    for someone, name in ((cast.amina, "home"), (cast.ruth, "class"), (cast.ruth, "library")):
        page = someone.client.get(someone.url(name)).content.decode()
        assert f'href="{someone.url("leave")}"' in page


def test_pages_with_a_message_have_the_way_out(cast: Cast) -> None:
    link = f'href="{cast.amina.url("leave")}"'
    for address, status in (
        (cast.amina.url("home"), 200),  # an activity without a worksheet
        (cast.amina.url("class"), 403),
        (cast.amina.url("attempt", number=1), 403),
    ):
        answer = cast.amina.client.get(address)
        assert answer.status_code == status
        assert link in answer.content.decode()
