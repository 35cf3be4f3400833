"""The answers of a class, item by item, and what a teacher decides about them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from lti_tool.background import jobs
from lti_tool.background.jobs import AlreadyAsked, TooManyJobs
from lti_tool.models import Job
from lti_tool.views.requests import HtmxRequest
from worksheets import attempts
from worksheets.attempts import NotReady, StaleEdition
from worksheets.gradebook import correcting
from worksheets.gradebook.corrections import Change, Decision, Withdrawal
from worksheets.markup.editing import CannotEdit
from worksheets.models import Assignment, Attempt
from worksheets.permissions import may_change_answers
from worksheets.questions.correcting import Verdict
from worksheets.reports.class_answers import GapAnswers, class_answers
from worksheets.reports.class_questions import QuestionFigures, class_questions
from worksheets.reports.groups import class_groups, group_context
from worksheets.views.base import WholeClassView
from worksheets.views.jobs import follow, own_jobs
from worksheets.views.teacher.answer_forms import Unreadable, read_decision, read_mark
from worksheets.views.teacher.answer_panel import (
    Panel,
    answers_context,
    effects_of,
    panel_context,
    said_of,
    standing_corrections,
    texts_of,
)
from worksheets.wording.rights import NO_CHANGE_OF_ANSWERS

ItemAnswers = GapAnswers | QuestionFigures


class AnswersView(WholeClassView):
    """The page of the class's answers; a chip's address opens what can be done about it."""

    def get(self, request: HtmxRequest) -> HttpResponse:
        """Show the page; to htmx, which asks for one gap, its row alone."""
        assignment = self.assignment_or_404()
        item = request.GET.get("gap", "")
        if request.htmx:
            answers = _item_or_404(request, assignment, item)
            name = request.GET.get("answer", "")
            group = answers.group(name) if isinstance(answers, GapAnswers) else None
            panel = Panel(item, group, ticked=texts_of(group)) if group else None
            return row(self, request, assignment, answers, panel)
        return page(self, request, assignment, open_at=(item, request.GET.get("answer", "")))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Go on with marking work again that was broken off."""
        self.require(may_change_answers(self.visit), NO_CHANGE_OF_ANSWERS)
        assignment = self.assignment_or_404()
        return done(
            self, request, assignment, lambda: correcting.go_on(self.visit.user, assignment)
        )


class GapAnswerView(WholeClassView):
    """A decision about one item or answers to it: its effects first, and then the change."""

    http_method_names = ["post"]

    def post(self, request: HtmxRequest, item: str) -> HttpResponse:
        assignment = self.assignment_or_404()
        answers = _item_or_404(request, assignment, item)
        if isinstance(answers, GapAnswers) and answers.gap.is_counted and "attempt" in request.POST:
            return self._give_mark(request, assignment, answers)
        self.require(may_change_answers(self.visit), NO_CHANGE_OF_ANSWERS)
        if request.POST.get("verdict") == Verdict.OMITTED:
            takes_all = "classes" in request.POST or "seen" not in request.POST
            panel = Panel(item, verdict=Verdict.OMITTED, in_all_classes=takes_all)
            change = Decision(item, (), Verdict.OMITTED)
            return decide(self, request, assignment, change, panel, answers)
        if isinstance(answers, QuestionFigures):
            raise Http404
        try:
            posted = read_decision(request.POST, answers)
        except Unreadable as error:
            panel = Panel(item, answers.group(request.POST.get("answer", "")), error=str(error))
            panel = replace(panel, ticked=request.POST.getlist("spelling"))
            return row(self, request, assignment, answers, panel, status=422)
        panel = Panel(
            item,
            posted.group,
            verdict=posted.verdict,
            ticked=posted.ticked,
            feedback=posted.feedback,
            in_all_classes=posted.in_all_classes or not posted.seen,
        )
        return decide(self, request, assignment, posted.decision(item), panel, answers)

    def _give_mark(
        self, request: HtmxRequest, assignment: Assignment, answers: GapAnswers
    ) -> HttpResponse:
        """Give one pupil a mark by hand, or the machine's again."""
        gap, error = answers.gap, ""
        try:
            pk, share = read_mark(request.POST)
            rows = Attempt.objects.select_related("assignment__link", "user", "edition")
            attempt = rows.filter(pk=pk, assignment=assignment).first()
            if attempt is None:
                raise Http404
            points = None if share is None else gap.points * share
            attempts.give_gap_mark(attempt, gap, points, self.visit.user)
        except Unreadable as unreadable:
            error = str(unreadable)
        except (NotReady, StaleEdition):
            error = _("This work has changed in the meantime. No mark was changed.")
        if error or request.htmx:
            answers = _gap_or_404(request, assignment, gap.key)
            group = answers.group(request.POST.get("answer", ""))
            panel = Panel(gap.key, group, ticked=texts_of(group), error=error)
            said = "" if error else _("Mark given by hand.")
            return row(self, request, assignment, answers, panel, 422 if error else 200, said)
        return self.go("class-answers", "given-by-hand")


class CorrectionView(WholeClassView):
    """A decision about answers that is taken back: shown first what that does."""

    http_method_names = ["post"]

    def post(self, request: HtmxRequest, number: int) -> HttpResponse:
        assignment = self.assignment_or_404()
        found = assignment.key_corrections.select_related("made_by").filter(pk=number).first()
        if found is None:
            raise Http404
        self.require(may_change_answers(self.visit), NO_CHANGE_OF_ANSWERS)
        answers = _item_or_404(request, assignment, found.item)
        panel = Panel(found.item, correction=found, in_all_classes="classes" in request.POST)
        if found.is_undone:
            error = _("This was taken back already.")
            return row(self, request, assignment, answers, replace(panel, error=error), 409)
        if "seen" not in request.POST:
            panel = replace(panel, in_all_classes=True)
        return decide(self, request, assignment, Withdrawal(found.press), panel, answers)


def decide(
    view: WholeClassView,
    request: HtmxRequest,
    assignment: Assignment,
    change: Change,
    panel: Panel,
    answers: ItemAnswers,
) -> HttpResponse:
    """Show what a change does; make it if that is what the teacher has seen."""
    try:
        effects = effects_of(assignment, change, view.visit.user)
    except CannotEdit:
        text = _(
            "The key of this gap cannot have that. A gap for a number takes numbers only; else edit"
            " the worksheet."
        )
        if panel.verdict is Verdict.OMITTED:
            text = _("This cannot be taken out of the marks here. Edit the worksheet instead.")
            if isinstance(answers, QuestionFigures) and answers.question.marks is None:
                text = _("This question has no marks, so it counts nothing already.")
        return row(view, request, assignment, answers, replace(panel, error=text), 422)
    panel = replace(panel, effects=effects)
    seen = request.POST.get("seen", "")
    if not seen:
        return row(view, request, assignment, answers, panel)
    # What another version has dropped can still be taken off the list.
    if not effects.here.changes_key and not isinstance(change, Withdrawal):
        error = _("The key says that already. Nothing was changed.")
        return row(view, request, assignment, answers, replace(panel, error=error), 409)
    takes_all = panel.in_all_classes and bool(effects.elsewhere)
    wanted = effects.seen_everywhere if takes_all else effects.seen
    confirmed = request.POST.get("seen_everywhere", "") if takes_all else seen
    if confirmed != wanted:
        return row(view, request, assignment, answers, replace(panel, is_second=True), 409)
    chosen = effects.proposals if takes_all else [effects.here]

    def start() -> Job:
        return correcting.start(
            view.visit.user,
            assignment.link,
            [one.assignment for one in chosen],
            change,
            seen=wanted,
            keeps_released="keep" in request.POST,
        )

    return done(view, request, assignment, start, panel, answers)


def done(
    view: WholeClassView,
    request: HtmxRequest | HttpRequest,
    assignment: Assignment,
    start: Any,
    panel: Panel | None = None,
    answers: ItemAnswers | None = None,
) -> HttpResponse:
    """Start a job and show what has come of it, or how far it is."""
    is_htmx = bool(getattr(request, "htmx", False))
    try:
        job = jobs.wait(start())
    except AlreadyAsked:
        return _away(view, is_htmx, "being-marked-again")
    except TooManyJobs:
        return _away(view, is_htmx, "too-many-jobs")
    if job.state == Job.State.FAILED and panel is not None and answers is not None:
        jobs.mark_told([job])
        assignment = view.assignment_or_404()
        panel = replace(panel, error=job.error, effects=None)
        return row(view, request, assignment, answers, panel, 409)
    if not is_htmx or job.state != Job.State.DONE:
        answer = follow(view, job)
        return HttpResponseClientRedirect(answer["Location"]) if is_htmx else answer
    jobs.mark_told([job])
    assignment = view.assignment_or_404()
    context = answers_context(view.visit, assignment, group=_group(request))
    context |= {"said": said_of(panel, job.result["n"])}
    context |= group_context(_group(request), class_groups(assignment))
    answer = view.page(request, "worksheets/teacher/answers_all.html", context)
    return retarget(reswap(answer, "outerHTML"), "#answers")


def _away(view: WholeClassView, is_htmx: bool, notice: str) -> HttpResponse:
    answer = view.go("class-answers", notice)
    return HttpResponseClientRedirect(answer["Location"]) if is_htmx else answer


def _group(request: HttpRequest) -> str:
    """Return the group that a page shows, which htmx sends along with each press on it."""
    return request.GET.get("group") or request.POST.get("group", "")


def _item_or_404(request: HttpRequest, assignment: Assignment, item: str) -> ItemAnswers:
    if item.startswith("g"):
        return _gap_or_404(request, assignment, item)
    questions = class_questions(assignment, _group(request))
    found = next((one for one in questions if one.question.key == item), None)
    if found is None:
        raise Http404
    return found


def _gap_or_404(request: HttpRequest, assignment: Assignment, item: str) -> GapAnswers:
    if not any(gap.key == item for gap in assignment.edition.sheet.gaps):
        raise Http404
    return class_answers(assignment, [item], _group(request)).gaps[0]


def row(
    view: WholeClassView,
    request: HtmxRequest | HttpRequest,
    assignment: Assignment,
    answers: ItemAnswers,
    panel: Panel | None,
    status: int = 200,
    said: str = "",
) -> HttpResponse:
    """Return an item's row to htmx, and the whole page with it to everybody else."""
    if not getattr(request, "htmx", False):
        return page(view, request, assignment, panel=panel, status=status)
    context = {
        "one": answers,
        "edition": assignment.edition,
        "panel": panel_context(assignment, panel) if panel else None,
        "corrections": standing_corrections(assignment),
        "said": said,
        "is_row": True,
        "shows_all": _shows_all(request),
    }
    name = "answers_row" if isinstance(answers, GapAnswers) else "answers_question"
    # htmx shows an answer that is no success as it shows others: ``errors.js`` is for the rest.
    return view.page(request, f"worksheets/teacher/{name}.html", context, 200)


def page(
    view: WholeClassView,
    request: HttpRequest,
    assignment: Assignment,
    *,
    open_at: tuple[str, str] = ("", ""),
    panel: Panel | None = None,
    status: int = 200,
) -> HttpResponse:
    order = request.GET.get("order", "")
    context = answers_context(view.visit, assignment, order, _group(request))
    context |= group_context(_group(request), class_groups(assignment))
    item, name = open_at
    if panel is None and (found := next((g for g in context["gaps"] if g.gap.key == item), None)):
        group = found.group(name)
        panel = Panel(item, group, ticked=texts_of(group)) if group else None
    context["panel"] = panel_context(assignment, panel) if panel else None
    context["shows_all"] = _shows_all(request)
    context["jobs"] = own_jobs(view, correcting.KIND)
    return view.page(request, "worksheets/teacher/answers.html", context, status)


def _shows_all(request: HttpRequest) -> str:
    """Return the key of the gap of which all answers are shown, '' for none."""
    return request.GET.get("gap", "") if "all" in request.GET else ""
