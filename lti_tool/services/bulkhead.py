"""Places for calls that a person waits for, so that an LMS which hangs stops nobody else's pages.

A thread that waits for an LMS serves no page meanwhile. Of the threads of a web process at most a
quarter may wait so, and for one platform few of these: who finds no place is told so at once, and
asks again. Deliverers and other work beside the pages have threads of their own and take no place.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings

from lti_tool.server.places import NoPlace, Places

__all__ = ["NoPlace", "place_for"]

MAX_FOR_ONE = 2  # places for one platform, in each process

_places = Places()


def place_for(platform: str) -> AbstractContextManager[None]:
    """Hold a place for a platform, by any name that stands for it. Raise NoPlace if none is free.

    The block may call the platform several times, and must not ask for another place.
    """
    in_all = max(settings.LTI_WEB_THREADS // 4, 1)
    # One platform must not take them all, where there are several.
    for_one = min(MAX_FOR_ONE, max(in_all // 2, 1))
    return _places.hold(platform, for_one=for_one, in_all=in_all)
