"""The reasons why an act on selected pupils leaves some out, in words for a teacher."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import ngettext_lazy

_WORDS: Mapping[str, Promise] = {
    "not-submitted": ngettext_lazy("%(n)d has not submitted", "%(n)d have not submitted", "n"),
    "not-marked": ngettext_lazy("%(n)d not marked yet", "%(n)d not marked yet", "n"),
    "released": ngettext_lazy("%(n)d released already", "%(n)d released already", "n"),
    "nothing": ngettext_lazy(
        "%(n)d marked at once, with nothing to release",
        "%(n)d marked at once, with nothing to release",
        "n",
    ),
    "not-released": ngettext_lazy("%(n)d not released", "%(n)d not released", "n"),
    "writing": ngettext_lazy("%(n)d still working on it", "%(n)d still working on it", "n"),
    "other-version": ngettext_lazy(
        "%(n)d has another version of the question",
        "%(n)d have another version of the question",
        "n",
    ),
    "entered": ngettext_lazy(
        "%(n)d with an entered mark, which has no questions",
        "%(n)d with an entered mark, which has no questions",
        "n",
    ),
    "gone": ngettext_lazy("%(n)d has left the course", "%(n)d have left the course", "n"),
}


def left_out(reason: str, count: int) -> str:
    """Return why so many pupils are left out. Raise KeyError for a reason that is none."""
    return str(_WORDS[reason] % {"n": count})
