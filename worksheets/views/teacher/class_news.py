"""The news of a class, for which its page asks every few seconds while it stays open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from worksheets.reports.class_news import class_version
from worksheets.views.base import WholeClassView
from worksheets.views.teacher.class_live import ClassLive
from worksheets.views.teacher.class_page import ClassQuery, class_context


class NewsView(WholeClassView):
    """A fragment with what has changed in a class since its page was made; nothing for no news."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        assignment = self.assignment_or_404()
        if request.GET.get("version") == class_version(assignment):
            return HttpResponse(status=204)
        context = class_context(self.visit, assignment, ClassQuery.parse(request.GET))
        return self.page(
            request, "worksheets/teacher/class_news.html", {**context, **_news(request, context)}
        )


def _news(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    live: ClassLive = context["live"]
    rows = list(context["page"].object_list)
    changed, is_another = live.news_since(request.GET.get("shown", ""), rows)
    return {
        "changed": changed,
        "is_another": is_another,
        "has_other_release": request.GET.get("release", "") != live.release,
    }
