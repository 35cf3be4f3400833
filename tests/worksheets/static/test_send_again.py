"""A launch that has to wait is kept on its page, and sent again by it."""

from __future__ import annotations

from collections.abc import Callable

from django.template.loader import render_to_string
from django.test import RequestFactory

from lti_tool.views.send_again import SECONDS
from tests.worksheets.static.tool import ORIGIN, Tool, posted_fields

LAUNCH = {"state": "state-x", "id_token": "a.b.c"}


def test_it_is_sent_again_by_itself(opened_page: Callable[[str, str], Tool]) -> None:
    context = {"launch": LAUNCH, "seconds": SECONDS}
    html = render_to_string("lti_tool/send_again.html", context, RequestFactory().get("/"))
    tool = opened_page(html, ORIGIN)
    sent: list[str] = []
    tool.page.on("request", lambda request: sent.append(request.url) if request.post_data else None)
    tool.wait(SECONDS * 1000 - 1)
    tool.settle()
    assert sent == []
    with tool.page.expect_request("**/lti/launch/") as launched:
        tool.wait(1)
    assert (launched.value.method, posted_fields(launched.value)) == ("POST", LAUNCH)
