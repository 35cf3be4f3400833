"""Quotas of worksheets and pictures for each author, so that one cannot fill the disk of all."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from lti_tool.models import User
from worksheets.models import Paper, PaperPage, Picture, Worksheet

NEAR = 0.8  # of a quota: then pages say how much is used
MAX_PICTURES = 100  # of a worksheet
MAX_EDITIONS = 500  # of a worksheet: each has its whole text
MEGABYTE = 1024 * 1024
PAPERS_PART = 4  # the files of papers take one part in so many of the quota, beside the pictures


class QuotaReached(Exception):
    """The error for what would be too much; its text is a sentence for a teacher."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The amount that an author keeps, and the most that it may be."""

    worksheets: int
    picture_bytes: int
    max_worksheets: int
    max_picture_mb: int

    @property
    def picture_mb(self) -> int:
        """Return the megabytes of all pictures, rounded up."""
        return -(-self.picture_bytes // MEGABYTE)

    @property
    def is_near_worksheets(self) -> bool:
        return self.worksheets >= NEAR * self.max_worksheets

    @property
    def is_near_pictures(self) -> bool:
        return self.picture_bytes >= NEAR * self.max_picture_mb * MEGABYTE


def usage_of(author: User) -> Usage:
    """Return how much an author keeps; the pictures themselves are not read."""
    pictures = Picture.objects.filter(worksheet__author=author)
    return Usage(
        worksheets=Worksheet.objects.filter(author=author).count(),
        picture_bytes=pictures.aggregate(size=Sum(Length("content")))["size"] or 0,
        max_worksheets=settings.LTI_AUTHOR_QUOTA,
        max_picture_mb=settings.LTI_AUTHOR_QUOTA_MB,
    )


def take_worksheet(author: User) -> None:
    """Raise QuotaReached unless the author may have one worksheet more.

    Call it in the transaction that makes the worksheet: of two at once, one waits for the other.
    """
    usage = _locked_usage(author)
    if usage.worksheets >= usage.max_worksheets:
        raise QuotaReached(
            _(
                "You have %(n)s worksheets, and no more can be kept. Nothing was saved. Delete some"
                " that you no longer need."
            )
            % {"n": usage.worksheets}
        )


def take_picture(worksheet: Worksheet, size: int) -> None:
    """Raise QuotaReached unless the worksheet, and its author, may have a picture of ``size``.

    Call it in the transaction that makes the picture.
    """
    usage = _locked_usage(worksheet.author)
    if usage.picture_bytes + size > usage.max_picture_mb * MEGABYTE:
        raise QuotaReached(
            _(
                "Your pictures may take %(most)s MB in all, and with this one they would take more."
                " It was not saved. Remove some that you no longer need, or save this one smaller."
            )
            % {"most": usage.max_picture_mb}
        )
    if worksheet.pictures.count() >= MAX_PICTURES:
        raise QuotaReached(
            _(
                "A worksheet can have %(most)s pictures, and this one has as many. Remove some, or"
                " divide the worksheet."
            )
            % {"most": MAX_PICTURES}
        )


def has_room_for_paper(author: User, size: int) -> bool:
    """Return whether the file of a paper, or its pages, can be kept beside the author's others.

    Call it in the transaction that keeps it. A review does without the file.
    """
    User.objects.select_for_update(no_key=True).get(pk=author.pk)
    papers = Paper.objects.filter(worksheet__author=author, content__isnull=False)
    kept = papers.aggregate(size=Sum(Length("content")))["size"] or 0
    pages = PaperPage.objects.filter(paper__worksheet__author=author)
    kept += pages.aggregate(size=Sum(Length("content")))["size"] or 0
    return kept + size <= settings.LTI_AUTHOR_QUOTA_MB * MEGABYTE // PAPERS_PART


def _locked_usage(author: User) -> Usage:
    """Return the usage, which nobody else changes before the end of this transaction."""
    User.objects.select_for_update(no_key=True).get(pk=author.pk)
    return usage_of(author)
