"""A class page that stays open: what it shows, and what it is told once that has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from worksheets.reports.class_news import row_digest
from worksheets.reports.class_overview import Overview, Row

MAX_SHOWN = 4000  # characters of what a page says that it shows


@dataclass(frozen=True, slots=True)
class ClassLive:
    """The state of a class that a page shows: a version of all, and each pupil's digest in order.

    ``release`` stands for the marks that it offers to release.
    """

    version: str
    shown: Mapping[int, str]
    release: str

    @classmethod
    def of(cls, version: str, rows: Sequence[Row], overview: Overview) -> ClassLive:
        """Return what a page shows that lists these rows."""
        return cls(version, {row.user.pk: row_digest(row) for row in rows}, _release(overview))

    @property
    def query(self) -> str:
        """Return the query that asks what has changed since."""
        shown = "-".join(f"{pk}.{digest}" for pk, digest in self.shown.items())
        return urlencode({"version": self.version, "shown": shown, "release": self.release})

    def news_since(self, shown: str, rows: Sequence[Row]) -> tuple[list[Row], bool]:
        """Return the rows that differ on a page that shows this, and whether it lists others.

        ``shown`` is as ``query`` says it; odd parts of it count as pupils whom nobody knows.
        """
        before = dict(_split(part) for part in shown[:MAX_SHOWN].split("-") if part)
        known = [row for row in rows if str(row.user.pk) in before]
        changed = [row for row in known if before[str(row.user.pk)] != self.shown[row.user.pk]]
        return changed, list(before) != [str(pk) for pk in self.shown]


def _split(part: str) -> tuple[str, str]:
    pk, _, digest = part.partition(".")
    return pk, digest


def _release(overview: Overview) -> str:
    offered: list[object] = [(one.attempt.pk, one.tally) for one in overview.releasable]
    offered += [
        (row.user.pk, row.entered and row.entered.entry) for row in overview.releasable_entered
    ]
    return hashlib.sha256(repr(offered).encode()).hexdigest()[:16] if offered else ""
