"""A class's answers while it works, and one gap at a time for the projector."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.template.loader import render_to_string

from worksheets.models import Assignment
from worksheets.reports.class_answers import class_answers, class_version
from worksheets.reports.class_questions import class_questions
from worksheets.reports.groups import class_groups, group_context
from worksheets.views.base import WholeClassView


class LiveAnswersView(WholeClassView):
    """The figures of the page, for its script: it asks every few seconds whether they changed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the figures as JSON; 304 to a page that has this version of them already."""
        assignment = self.assignment_or_404()
        version = f'"{class_version(assignment)}"'
        if request.headers.get("If-None-Match") == version:
            return HttpResponseNotModified()
        group = request.GET.get("group", "")
        found = class_answers(assignment, group=group)
        template = "worksheets/teacher/answers_figures.html"
        rows = {one.gap.key: str(render_to_string(template, {"one": one})) for one in found.gaps}
        rows |= dict(_pictures(assignment, group))
        return JsonResponse({"pupils": found.pupils, "rows": rows}, headers={"ETag": version})


class ProjectorView(WholeClassView):
    """One gap or picture in large letters, of the class or a group, without names and presses.

    Answers to a gap, and what is right of a picture, are shown only when asked for.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the gap or question that the address names, else the first."""
        assignment = self.assignment_or_404()
        of_group = group_context(request.GET.get("group", ""), class_groups(assignment))
        group, also = of_group["chosen_group"], of_group["group_also"]
        gaps = [gap.key for gap in assignment.edition.sheet.gaps]
        questions = class_questions(assignment, group)
        pictured = {one.question.key: one for one in questions if one.picture}
        keys = [*gaps, *pictured]
        asked = request.GET.get("gap", "")
        place = keys.index(asked) if asked in keys else 0
        here = keys[place] if keys else ""
        context = {
            "edition": assignment.edition,
            "version": class_version(assignment),
            "one": class_answers(assignment, [here], group).gaps[0] if here in gaps else None,
            "pictured": pictured.get(here),
            "here": here,
            "number": place + 1,
            "count": len(keys),
            "before_url": f"?gap={keys[place - 1]}{also}" if place else "",
            "following_url": f"?gap={keys[place + 1]}{also}" if place + 1 < len(keys) else "",
            "with_answers": "answers" in request.GET,
            **of_group,
        }
        return self.page(request, "worksheets/teacher/answers_projector.html", context)


def _pictures(assignment: Assignment, group: str) -> Iterator[tuple[str, str]]:
    """Yield the pictures by the question's key, and without their key as 'q1-plain'."""
    template = "worksheets/teacher/answers_pictures.html"
    for one in class_questions(assignment, group):
        for with_key, name in [(True, one.question.key), (False, f"{one.question.key}-plain")]:
            yield name, str(render_to_string(template, {"one": one, "with_key": with_key}))
