"""The page around a tool in Canvas's temper, and the frame beside it that keeps data."""

import pytest
from django.test import Client

from lti_tool.sandbox.models import Temper
from lti_tool.sandbox.platform import platform_storage
from tests.lti_tool.sandbox import canvas, lms


def test_only_canvas_offers_it() -> None:
    assert platform_storage.offer(Temper.CANVAS) == {"lti_storage_target": platform_storage.FRAME}
    assert platform_storage.offer(Temper.MOODLE) == {}


@pytest.mark.parametrize(("link", "count"), [(canvas.LINK, 1), (lms.WORKSHEET, 0)])
def test_the_page_listens_and_has_the_frame_that_was_named(
    pupil: Client, link: int, count: int
) -> None:
    page = pupil.get(f"/activities/{link}/").content.decode()
    assert page.count(f'name="{platform_storage.FRAME}"') == count
    assert page.count('src="/assets/messages.js"') == count
    # It must listen before the tool asks.
    assert not count or page.index("messages.js") < page.index('name="activity"')


def test_the_frame_is_the_lms_s_own_and_runs_its_script_alone(pupil: Client) -> None:
    answer = pupil.get("/storage/")
    assert answer.status_code == 200
    assert b'src="/assets/messages.js"' in answer.content
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    script = pupil.get("/assets/messages.js")
    assert script["Content-Type"] == "text/javascript; charset=utf-8"
    assert platform_storage.FRAME.encode() in script.content
