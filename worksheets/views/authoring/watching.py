"""The question of an open editor, every few seconds: was it saved elsewhere, who writes, too?"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from worksheets import authoring
from worksheets.models import Draft, DraftPage, Worksheet
from worksheets.views.base import AuthorView

PRESENT = timedelta(minutes=1)  # since somebody wrote last, who is said to write


class WatchView(AuthorView):
    """A fragment that says what has changed elsewhere since the page was opened; '' for nothing."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        worksheet = self.worksheet(number)
        seen = request.GET.get("seen", "")
        is_saved = bool(seen) and authoring.digest_of(worksheet.source) != seen
        context = {
            "worksheet": worksheet,
            "saved": worksheet.revisions.select_related("saved_by").first() if is_saved else None,
            "is_saved": is_saved,
            "is_own": self._is_typed_elsewhere(worksheet, request.GET.get("draft")),
            "others": [row.user.display_name for row in self._others(worksheet)],
        }
        return self.page(request, "worksheets/authoring/elsewhere.html", context)

    def _others(self, worksheet: Worksheet) -> QuerySet[Draft]:
        """Return the drafts of other people who are writing."""
        rows = self._drafts(worksheet).exclude(user=self.visit.user)
        return rows.filter(user__registration=self.visit.registration).select_related("user")

    def _is_typed_elsewhere(self, worksheet: Worksheet, draft: str | None) -> bool:
        """Return whether another page of this person's has written since.

        ``draft`` is when the draft was saved that the page goes on from, None if it does not say.
        """
        if draft is None:
            return False
        row = self._drafts(worksheet).filter(user=self.visit.user).first()
        return bool(row and row.fields and row.saved_at.isoformat() != draft)

    def _drafts(self, worksheet: Worksheet) -> QuerySet[Draft]:
        since = timezone.now() - PRESENT
        return Draft.objects.filter(page=DraftPage.EDIT, number=worksheet.pk, saved_at__gte=since)
