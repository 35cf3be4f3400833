"""A course page with sixty embedded activities: sixty logins of one browser at once."""

from __future__ import annotations

import random
from urllib.parse import urlencode

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from lti_tool.models import StoredLaunch
from tests.lti_tool.launching import FORM, query_of
from tests.platform.launches import Platform

MANY = 60
LONGEST_HEADER = 8190  # gunicorn's
FRAME = {"Sec-Fetch-Dest": "iframe"}


def post(browser: Client, path: str, form: dict[str, str]) -> HttpResponseBase:
    return browser.post(path, urlencode(form), content_type=FORM, headers=FRAME)


def knock(browser: Client, platform: Platform) -> str:
    """The LMS's form; the answer sets the cookie and leads to ourselves, or to the platform."""
    return post(browser, "/lti/login/", platform.login_form())["Location"]


def finish(browser: Client, platform: Platform, address: str) -> HttpResponseBase:
    """From an address at the tool or at the platform to the launch's answer."""
    if address.startswith("/lti/login/"):
        address = browser.get(address, headers=FRAME)["Location"]
    query = query_of(address)
    form = {"state": query["state"], "id_token": platform.token(query["nonce"])}
    return post(browser, "/lti/launch/", form)


def header(browser: Client) -> str:
    """The Cookie header that the browser would send now."""
    return browser.cookies.output(attrs=[], header="", sep=";")


@pytest.fixture
def page(db: None) -> Client:
    return Client(headers={"host": "localhost:8001"})


def test_all_begin_before_any_cookie_has_arrived(platform: Platform, page: Client) -> None:
    """The worst case: sixty answers set a cookie, and any of them may be the last."""
    addresses = []
    for _ in range(MANY):
        other = Client(headers={"host": "localhost:8001"})
        addresses.append(knock(other, platform))
        page.cookies.update(other.cookies)
    assert len(header(page)) < LONGEST_HEADER * 0.6
    opened = [finish(page, platform, address) for address in addresses]
    assert {answer.status_code for answer in opened} == {302}
    assert StoredLaunch.objects.count() == MANY
    assert {page.get(answer["Location"]).status_code for answer in opened} == {200}


@pytest.mark.parametrize("seed", range(5))
def test_cookies_arrive_between_login_and_launch(
    platform: Platform, page: Client, seed: int
) -> None:
    order = random.Random(seed)
    begun: list[str] = []
    for _ in range(MANY):
        if begun and order.random() < 0.5:
            # One that has begun goes on, with the cookies that are there by now.
            place = order.randrange(len(begun))
            assert finish(page, platform, begun.pop(place)).status_code == 302
        other = Client(headers={"host": "localhost:8001"})
        address = knock(other, platform)
        begun.append(page.get(address, headers=FRAME)["Location"] if page.cookies else address)
        page.cookies.update(other.cookies)
    assert {finish(page, platform, address).status_code for address in begun} == {302}


def test_what_stays_is_little(platform: Platform, page: Client) -> None:
    """Keys that led to no launch end with the login; later launches add none."""
    for _ in range(MANY):
        other = Client(headers={"host": "localhost:8001"})
        address = knock(other, platform)
        page.cookies.update(other.cookies)
        finish(page, platform, address)
    lasting = [cookie for cookie in page.cookies.values() if int(cookie["max-age"]) > 600]
    assert 1 <= len(lasting) <= 15
    before = len(page.cookies)
    for _ in range(MANY):
        finish(page, platform, knock(page, platform))
    assert len(page.cookies) == before
