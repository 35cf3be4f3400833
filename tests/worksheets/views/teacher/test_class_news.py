"""What a class page that stays open is told, and what that costs."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lti_tool.audit import TOOL, AuditKind
from lti_tool.models import AuditEntry, Delivery
from tests.cast import PUPIL, Cast, make_someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import CAUSES, hand_in, mark, place, publish, save
from worksheets import attempts
from worksheets.models import Assignment

LIVE = re.compile(r'<div id="class-live"\s+hidden\s+hx-get="([^"]+)"\s+hx-trigger="look"')


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


def look(cast: Cast, query: str = "") -> Page:
    return Page(cast.ruth.client.get(cast.ruth.url("class") + query))


def ask(cast: Cast, page: Page) -> Any:
    """What the page asks for after a while."""
    found = LIVE.search(page.html)
    assert found, page.html
    return cast.ruth.client.get(html.unescape(found[1]), headers={"HX-Request": "true"})


def rows(page: Page) -> list[str]:
    return [name for name in page.ids if name.startswith("row-")]


def test_without_news_there_is_nothing_and_it_costs_little(
    cast: Cast, assignment: Assignment
) -> None:
    hand_in(assignment, cast.amina)
    page = look(cast)
    with CaptureQueriesContext(connection) as asked:
        answer = ask(cast, page)
    assert (answer.status_code, answer.content) == (204, b"")
    assert len(asked) <= 9
    # What a pupil types is no news, nor is where a mark is on its way: that is followed by itself.
    save(assignment, cast.ben, {"g1": "Bavaria"})
    page = look(cast)
    save(assignment, cast.ben, {"g1": "Manchuria"})
    Delivery.objects.update(state=Delivery.State.DELIVERED)
    assert ask(cast, page).status_code == 204


def test_what_has_happened_is_shown_where_it_happened(cast: Cast, assignment: Assignment) -> None:
    page = look(cast)
    attempt = hand_in(assignment, cast.amina)
    news = Page(ask(cast, page))
    assert rows(news) == [f"row-{cast.amina.user.pk}"]
    assert "submitted" in news.text
    assert "1 submitted" in news.text  # the parts of the class
    assert "of 1 pupil" in news.text  # the averages
    assert 'id="class-following"' in news.html  # the mark's way is followed from now on
    assert "other pupils" not in news.text
    # From there on, not from the page as it was at first.
    assert ask(cast, news).status_code == 204
    mark(attempt, cast.ruth, q1="3", q2="4")
    marked = Page(ask(cast, news))
    assert "marked, not released" in marked.text
    assert "Release marks to 1 pupil …" in marked.text
    attempts.release(attempt, by=TOOL)
    released = Page(ask(cast, marked))
    assert rows(released) == [f"row-{cast.amina.user.pk}"]
    assert '<div id="class-release" hx-swap-oob="true">' in released.html
    assert "Release marks" not in released.text
    attempts.reopen(attempt, by=TOOL)
    assert "in progress" in Page(ask(cast, released)).text


def test_nothing_moves_under_the_finger(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.ben)
    page = look(cast, "?show=submitted")
    hand_in(assignment, cast.amina)
    news = Page(ask(cast, page))
    assert rows(news) == []  # Amina's has no place on this page yet
    assert "This list has other pupils by now, or another order." in news.text
    assert 'href="' + cast.ruth.url("class") + '?show=submitted"' in news.html
    page = look(cast)
    make_someone(cast.course, "901", "Cleo Cole", PUPIL)
    assert "This list has other pupils" in Page(ask(cast, page)).text


@pytest.mark.parametrize(
    "query", ["", "?version=x&shown=99.2-x-.-98.&release=9", "?shown=" + "1.a-" * 3000]
)
def test_an_odd_question_has_an_answer(cast: Cast, assignment: Assignment, query: str) -> None:
    answer = cast.ruth.client.get(cast.ruth.url("class-news") + query)
    assert answer.status_code == 200
    assert rows(Page(answer)) == []


def test_another_version_of_the_worksheet_is_news(cast: Cast, assignment: Assignment) -> None:
    page = look(cast)
    assignment.edition = publish(cast.ruth.user, CAUSES.replace("4 marks", "5 marks"))
    assignment.save()
    assert ask(cast, page).status_code == 200
    assert ask(cast, look(cast)).status_code == 204


def test_an_act_that_commits_behind_a_later_one_is_news(cast: Cast, assignment: Assignment) -> None:
    def act(number: int) -> None:
        AuditEntry.objects.create(pk=number, kind=AuditKind.MARK, by="tool", link=assignment.link)

    act(10_001)
    page = look(cast)
    assert ask(cast, page).status_code == 204
    act(10_000)  # its transaction took its number before the other one
    assert ask(cast, page).status_code == 200
