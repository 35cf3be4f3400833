"""Views for activities that seem to be copies: teachers ask for a worksheet, its author answers.

The pages that show both are in ``library``.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from worksheets.authoring import copies
from worksheets.models import CopyRequest
from worksheets.permissions import may_build, may_own, may_place
from worksheets.views.base import BuilderView
from worksheets.wording.rights import NO_RULES


class AskForCopyView(BuilderView):
    """The view that asks the author of the worksheet that this activity was copied with."""

    http_method_names = ["post"]

    def check_access(self) -> None:
        self.require(may_build(self.visit))
        reason = NO_RULES if self.visit.roles.is_assistant else ""
        self.require(may_place(self.visit, self.find_or_inherit_assignment()), reason)

    def post(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """Save the question. Raise Http404 where there is nothing to ask for."""
        has_worksheet = self.find_or_inherit_assignment() is not None
        worksheet = None if has_worksheet else copies.worksheet_to_ask_for(self.visit.link)
        if worksheet is None:
            raise Http404
        copies.ask(self.visit.link, worksheet, self.visit.user)
        return self.go("home")


class AnswerCopyView(BuilderView):
    """The view with which an author allows or refuses the use of a worksheet in another course."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Save the answer. Raise Http404 for what somebody else was asked."""
        rows = CopyRequest.objects.select_related("worksheet")
        found = rows.filter(pk=number).first()
        if found is None or not may_own(self.visit, found.worksheet):
            raise Http404
        is_allowed = "allow" in request.POST
        copies.answer(found, self.visit.user, is_allowed=is_allowed)
        return self.go("library", "copy-allowed" if is_allowed else "copy-refused")
