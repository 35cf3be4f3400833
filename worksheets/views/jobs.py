"""Jobs on the pages: one that a page started is waited for, followed, cancelled, and told of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from lti_tool.background import jobs
from lti_tool.models import Job
from lti_tool.protocol.values import whole_number
from lti_tool.views.requests import HtmxRequest
from worksheets.authoring import from_paper
from worksheets.gradebook import marking_again
from worksheets.permissions import may_build, may_see_job
from worksheets.views.base import WorksheetView
from worksheets.wording.numbers import number

MAX_PAUSE = 10  # seconds between two looks at a job


@dataclass(frozen=True, slots=True)
class KindWords:
    """The words for a kind of job; ``back`` is the page where its result belongs."""

    heading: Promise
    step: Promise
    safe: Promise
    done: Promise
    open_result: Promise
    cancelled: Promise
    back: str
    back_words: Promise


_WORDS = {
    from_paper.KIND: KindWords(
        heading=_("Importing from paper"),
        step=_("Page %(done)s of %(of)s"),
        safe=_("You can leave this page. The worksheet will be in “My worksheets”."),
        done=_("The paper has been imported."),
        open_result=_("Open the worksheet"),
        cancelled=_("Cancelled. Nothing was imported."),
        back="library",
        back_words=_("My worksheets"),
    ),
    marking_again.KIND: KindWords(
        heading=_("Re-marking submitted work"),
        step=_("Marking %(done)s of %(of)s"),
        safe=_("You can leave this page. All marks change together, at the end."),
        done=_("The submitted work has been re-marked."),
        open_result=_("Show the marks"),
        cancelled=_("Cancelled. No mark was changed."),
        back="class",
        back_words=_("This activity"),
    ),
}


@dataclass(frozen=True, slots=True)
class ShownJob:
    """A job as the templates show it; ``url`` is '' for everybody but its owner.

    ``settings_url`` is the page on which it was asked for, '' for an import.
    """

    row: Job
    words: KindWords
    url: str
    back_url: str
    settings_url: str
    pause: int = 1

    @property
    def name(self) -> str:
        """Return the name of the file that it reads, '' if it reads none."""
        return str(self.row.arguments.get("name", ""))

    @property
    def step(self) -> str:
        """Return how far it has got, in words; '' while that is not known."""
        if not self.row.steps:
            return ""
        values = {"done": number(self.row.steps_done), "of": number(self.row.steps)}
        return str(self.words.step) % values

    @property
    def next_pause(self) -> int:
        return min(self.pause + (self.pause + 1) // 2, MAX_PAUSE)


def shown(view: WorksheetView, row: Job, pause: int = 1) -> ShownJob:
    """Return what the templates need of a job."""
    words = _WORDS[row.kind]
    url = view.url("job", number=row.pk) if may_see_job(view.visit, row) else ""
    edition = row.arguments.get("edition")
    settings_url = view.url("assign", number=edition) if edition else ""
    return ShownJob(row, words, url, view.url(words.back), settings_url, pause)


def own_jobs(view: WorksheetView, kind: str) -> list[ShownJob]:
    """Return what a page tells a person of their own jobs: each that has ended once."""
    rows = [row for row in jobs.to_show(kind, view.visit.user) if may_see_job(view.visit, row)]
    jobs.mark_told(rows)
    return [shown(view, row) for row in rows]


def follow(view: WorksheetView, row: Job) -> HttpResponse:
    """Redirect to what has come of a job, or to the page that shows how far it is."""
    if row.state != Job.State.DONE:
        return view.go("job", number=row.pk)
    jobs.mark_told([row])
    result = row.result
    if row.kind == from_paper.KIND:
        return view.go("edit", result["notice"], number=result["worksheet"])
    return view.go("class", "applied", n=result["n"])


class JobView(WorksheetView):
    """The page of a job; only its owner sees it, and may cancel it."""

    def check_access(self) -> None:
        self.require(may_build(self.visit))

    def get(self, request: HtmxRequest, number: int) -> HttpResponse:
        """Show how far it is; where it is done, go to what has come of it.

        To the script of this page and of the pages that tell of the job it is a fragment.
        """
        row = self._row(number)
        pause = whole_number(request.GET.get("pause", ""), max_digits=2) or 1
        context: dict[str, Any] = {"job": shown(self, row, min(pause, MAX_PAUSE))}
        if not request.htmx:
            if row.state == Job.State.DONE:
                return follow(self, row)
            jobs.mark_told([row])
            return self.page(request, "worksheets/job.html", context)
        if "notice" in request.GET:
            return self.page(request, "components/job_notice.html", context)
        if row.has_ended:
            return HttpResponseClientRedirect(self.url("job", number=row.pk))
        return self.page(request, "components/job_progress.html", context)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG002
        """Cancel it; where it was done before that, go to what has come of it."""
        row = self._row(number)
        jobs.cancel(row)
        return follow(self, jobs.wait(row))

    def _row(self, number: int) -> Job:
        row = Job.objects.defer("content").filter(pk=number).first()
        if row is None or not may_see_job(self.visit, row):
            raise Http404
        return row
