"""Jobs on the pages: one that a page started is waited for, followed, cancelled, and told of."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRedirect

from lti_tool.background import jobs
from lti_tool.models import Job
from lti_tool.protocol.values import whole_number
from lti_tool.views.requests import HtmxRequest
from worksheets.authoring import from_paper, library_files
from worksheets.gradebook import correcting, marking_again
from worksheets.permissions import may_build, may_see_job
from worksheets.views.base import WorksheetView
from worksheets.wording.jobs import JobPages
from worksheets.wording.numbers import number

MAX_PAUSE = 10  # seconds between two looks at a job
ROUNDED = 5  # seconds: nobody counts with us
STAGES = 4  # of which screen readers are told


_PAGES = {
    from_paper.KIND: from_paper.PAGES,
    library_files.KIND: library_files.PAGES,
    marking_again.KIND: marking_again.PAGES,
    correcting.KIND: correcting.PAGES,
}


@dataclass(frozen=True, slots=True)
class ShownJob:
    """A job as the templates show it; ``url`` is '' for everybody but its owner.

    ``settings_url`` is the page on which it was asked for, '' if nothing there can be changed.
    """

    row: Job
    words: JobPages
    url: str
    back_url: str
    settings_url: str
    pause: int = 1
    said: str = ""  # the stage that a screen reader was told of last

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
    def line(self) -> str:
        """Return who comes before it, in words; '' once it is being done."""
        if self.row.steps or self.row.has_ended or not (count := jobs.ahead_of(self.row)):
            return ""
        seconds = count * max(jobs.usual_seconds(self.row.kind), 1.0)
        return self.words.line(count, ROUNDED * ceil(seconds / ROUNDED))

    @property
    def stage(self) -> str:
        """Return which part of the way it is on: it changes a few times, the figures often."""
        if self.row.cancel_requested:
            return "cancelling"
        if not self.row.steps:
            return str(self.row.state)
        return str(self.row.steps_done * STAGES // self.row.steps)

    @property
    def next_pause(self) -> int:
        return min(self.pause + (self.pause + 1) // 2, MAX_PAUSE)


def shown(view: WorksheetView, row: Job, pause: int = 1, said: str = "") -> ShownJob:
    """Return what the templates need of a job."""
    pages = _PAGES[row.kind]
    url = view.url("job", number=row.pk) if may_see_job(view.visit, row) else ""
    settings = pages.settings(row.arguments)
    settings_url = view.url(settings.page, **settings.values) if settings else ""
    return ShownJob(row, pages, url, view.url(pages.back), settings_url, pause, said)


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
    result = _PAGES[row.kind].result(row.result)
    return view.go(result.page, result.notice, **result.values)


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
        said = request.GET.get("said", "")
        context: dict[str, Any] = {"job": shown(self, row, min(pause, MAX_PAUSE), said)}
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
