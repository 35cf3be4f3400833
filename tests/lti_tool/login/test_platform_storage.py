"""Where in the platform's storage a login's key lies."""

from __future__ import annotations

from lti_tool.login.browser_key import browser_hash, new_browser_key
from lti_tool.login.platform_storage import storage_slot

CANVAS = "https://sso.canvaslms.com/api/lti/authorize_redirect?x=1"


def test_messages_go_to_the_authorisation_addresss_origin_alone() -> None:
    place = storage_slot("post_message_forwarding", CANVAS, browser_hash("a" * 32))
    assert (place.frame, place.origin) == ("post_message_forwarding", "https://sso.canvaslms.com")


def test_the_platforms_own_pages_may_stand_in_for_the_frame() -> None:
    pages = {"https://hill.instructure.com", "https://canvas.instructure.com"}
    place = storage_slot("post_message_forwarding", CANVAS, browser_hash("a" * 32), pages)
    assert place.pages == ("https://canvas.instructure.com", "https://hill.instructure.com")


def test_each_login_has_its_own_place_that_tells_nothing_of_the_key() -> None:
    keys = [new_browser_key() for _ in range(100)]
    names = {storage_slot("_parent", CANVAS, browser_hash(key)).name for key in keys}
    assert len(names) == 100
    assert not any(key in name for key in keys for name in names)
    assert all(name.isascii() and len(name) < 100 for name in names)
