"""A class's answers while it works, and one gap at a time for the projector."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.template.loader import render_to_string

from worksheets.reports.class_answers import class_answers, class_version
from worksheets.views.base import WholeClassView


class LiveAnswersView(WholeClassView):
    """The figures of the page, for its script: it asks every few seconds whether they changed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the figures as JSON; 304 to a page that has this version of them already."""
        assignment = self.assignment_or_404()
        version = f'"{class_version(assignment)}"'
        if request.headers.get("If-None-Match") == version:
            return HttpResponseNotModified()
        found = class_answers(assignment, group=request.GET.get("group", ""))
        template = "worksheets/teacher/answers_figures.html"
        rows = {one.gap.key: render_to_string(template, {"one": one}) for one in found.gaps}
        return JsonResponse({"pupils": found.pupils, "rows": rows}, headers={"ETag": version})


class ProjectorView(WholeClassView):
    """One gap in large letters, without names, marks and presses; answers only when asked for."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the gap that the address names, else the first."""
        assignment = self.assignment_or_404()
        gaps = assignment.edition.sheet.gaps
        keys = [gap.key for gap in gaps]
        asked = request.GET.get("gap", "")
        place = keys.index(asked) if asked in keys else 0
        context = {
            "edition": assignment.edition,
            "version": class_version(assignment),
            "one": class_answers(assignment, keys[place : place + 1]).gaps[0] if gaps else None,
            "count": len(gaps),
            "before": keys[place - 1] if place else "",
            "following": keys[place + 1] if place + 1 < len(keys) else "",
            "with_answers": "answers" in request.GET,
        }
        return self.page(request, "worksheets/teacher/answers_projector.html", context)
