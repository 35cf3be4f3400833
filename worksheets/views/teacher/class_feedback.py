"""The page on which teachers collect feedback for a class, for the projector and for paper."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from lti_tool.protocol.values import whole_number
from lti_tool.views.requests import HtmxRequest
from worksheets.attempts import class_feedback
from worksheets.attempts.class_feedback import PartIsFull, SavedEdits
from worksheets.models import Assignment, DraftPage, FeedbackPart
from worksheets.reports.history import history_of_class_feedback
from worksheets.views.base import MAX_DIGITS, WholeClassView
from worksheets.views.drafts import base_of, draft_for, drop_draft_of
from worksheets.views.teacher.collecting import collect
from worksheets.views.teacher.desk import DeskView
from worksheets.views.teacher.feedback_forms import (
    PostedFeedback,
    parts_shown,
    read_feedback,
    things_told,
)
from worksheets.wording.notices import PARAMETER


class ClassFeedbackView(DeskView):
    """The points of an activity in a form. What is collected on other pages is posted here too."""

    def get(self, request: HtmxRequest, number: int | None = None) -> HttpResponse:
        """Show the page; to htmx, on a page of marking, the field for one point."""
        assignment = self.activity(number)
        if request.htmx:
            context = {"address": self.desk_url("class-feedback", assignment)}
            return self.page(request, "worksheets/teacher/collect_point.html", context)
        return self._page(request, assignment)

    def post(self, request: HttpRequest, number: int | None = None) -> HttpResponse:
        """Take what was collected; or save what was typed, and then move, remove or put back."""
        assignment = self.activity(number)
        if "collect" in request.POST:
            return collect(self, request, assignment)
        posted = read_feedback(request.POST)
        if posted.too_long:
            return self._page(request, assignment, posted, status=422)
        saved = class_feedback.save_points(assignment, posted.edits, self.visit.user)
        full = bool(saved.without_room)
        unsaved: dict[FeedbackPart, str] = {}
        for part, text in posted.added.items():
            try:
                class_feedback.add_point(assignment, part, text, self.visit.user)
            except PartIsFull:
                full = True
                unsaved[part] = text
        if saved.conflicts or full:
            status = 409 if saved.conflicts else 422
            return self._page(request, assignment, posted, saved, unsaved, status=status)
        drop_draft_of(request, self.visit.user, DraftPage.CLASS_FEEDBACK, assignment.pk)
        return self._act(request, assignment)

    def _act(self, request: HttpRequest, assignment: Assignment) -> HttpResponse:
        """Do what a button beside a point asks for, and show the page again at that point."""
        acts = ("up", "down", "remove", "restore")
        act = next((name for name in acts if name in request.POST), "")
        pk = whole_number(request.POST.get(act, ""), MAX_DIGITS) or 0
        teacher, notice, place = self.visit.user, "feedback-saved", ""
        match act:
            case "up" | "down":
                class_feedback.move_point(assignment, pk, -1 if act == "up" else 1, teacher)
                notice, place = "", f"#point-{pk}"
            case "remove":
                is_done = class_feedback.remove_point(assignment, pk, teacher)
                notice = "feedback-removed" if is_done else "feedback-gone"
            case "restore":
                try:
                    is_done = class_feedback.restore_point(assignment, pk, teacher)
                except PartIsFull:
                    notice = "feedback-full"
                else:
                    notice = "feedback-restored" if is_done else "feedback-gone"
                    place = f"#point-{pk}" if is_done else ""
        said = f"?{urlencode({PARAMETER: notice})}" if notice else ""
        address = self.desk_url("class-feedback", assignment)
        return HttpResponseRedirect(f"{address}{said}{place}")

    def _page(
        self,
        request: HttpRequest,
        assignment: Assignment,
        posted: PostedFeedback | None = None,
        saved: SavedEdits | None = None,
        unsaved: dict[FeedbackPart, str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        points = class_feedback.points_of(assignment)
        shown = sorted((row.pk, row.text, row.part) for row in points)
        context: dict[str, Any] = {
            "assignment": assignment,
            "edition": assignment.edition,
            "is_here": self.is_here(assignment),
            "course": "" if self.is_here(assignment) else str(assignment.link.context),
            "address": self.desk_url("class-feedback", assignment),
            "parts": parts_shown(points, posted, saved, unsaved),
            "choices": FeedbackPart.choices,
            "count": len(points),
            "removed": class_feedback.removed_points(assignment),
            "conflicts": bool(saved and saved.conflicts),
            "is_too_long": bool(posted and posted.too_long),
            "is_full": bool(unsaved or (saved and saved.without_room)),
            "most": class_feedback.MAX_POINTS,
            "longest": class_feedback.MAX_TEXT,
            "history": history_of_class_feedback(assignment),
            "draft": draft_for(
                request,
                self.visit.user,
                DraftPage.CLASS_FEEDBACK,
                assignment.pk,
                base_of(*shown),
            ),
        }
        return self.page(request, "worksheets/teacher/feedback.html", context, status)


class FeedbackProjectorView(WholeClassView):
    """One point in large letters, without names and presses; the space bar goes on."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the point of that place, the first one without a place."""
        assignment = self.assignment_or_404()
        things = things_told(class_feedback.points_of(assignment))
        place = min(max(whole_number(request.GET.get("n", ""), 4) or 1, 1), len(things) or 1)
        context = {
            "edition": assignment.edition,
            "thing": things[place - 1] if things else None,
            "number": place,
            "count": len(things),
            "before_url": f"?n={place - 1}" if place > 1 else "",
            "following_url": f"?n={place + 1}" if place < len(things) else "",
        }
        return self.page(request, "worksheets/teacher/feedback_projector.html", context)


class PrintFeedbackView(WholeClassView):
    """The feedback for the class as a sheet of paper."""

    def get(self, request: HttpRequest) -> HttpResponse:
        assignment = self.assignment_or_404()
        points = class_feedback.points_of(assignment)
        context = {"edition": assignment.edition, "parts": parts_shown(points)}
        return self.page(request, "worksheets/teacher/print_feedback.html", context)
