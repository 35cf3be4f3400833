"""The page of one pupil's mark without an attempt: enter, change, release, say what counts."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
    QueryDict,
)

from lti_tool.models import User
from worksheets import attempts, gradebook
from worksheets.attempts import EntryState, Wanted
from worksheets.attempts.entered import pupils_of, sheet_maximum
from worksheets.gradebook import GradeChoice
from worksheets.gradebook.status_texts import lms_name
from worksheets.marking.entered import Entry
from worksheets.models import Assignment
from worksheets.permissions import may_release
from worksheets.reports.class_overview import attempts_of
from worksheets.reports.history import history_of_pupil
from worksheets.views.base import WholeClassView
from worksheets.views.teacher.class_page import ClassQuery
from worksheets.views.teacher.entries import (
    TypedEntry,
    outcome_message,
    read_typed,
    undo_offer,
)
from worksheets.wording.entered import OUTCOMES
from worksheets.wording.rights import NO_RELEASE

_NOTHING = TypedEntry("")
# What is a teacher's to decide, as with marks of work.
_DECISIONS = {"release", "count-entered", "count-work", "keep", "replace"}


class EnteredView(WholeClassView):
    """A pupil who has no submitted work: what is entered, and what else can be."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        assignment = self.assignment_or_404()
        return self._page(request, assignment, self._pupil(assignment, number))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Do what was pressed, and go back to where the button was."""
        assignment = self.assignment_or_404()
        pupil = self._pupil(assignment, number)
        if request.POST.get("do") in _DECISIONS:
            self.require(may_release(self.visit), NO_RELEASE)
        match request.POST.get("do", "enter"):
            case "enter":
                typed = read_typed(
                    request.POST.get("text", ""),
                    request.POST.get("outcome", ""),
                    sheet_maximum(assignment),
                )
                if typed.entry is None:
                    return self._page(request, assignment, pupil, typed, status=422)
                return self._enter(request, assignment, pupil, typed.entry, typed)
            case "take-back":
                return self._enter(request, assignment, pupil, None)
            case "undo" | "set":
                try:
                    entry = Entry.parse(request.POST.get("before", ""), sheet_maximum(assignment))
                except ValueError:
                    return HttpResponseBadRequest()
                return self._enter(request, assignment, pupil, entry)
            case "release":
                done = attempts.release_entered(assignment, [pupil.pk], by=self.actor)
                return self._back(request, pupil, "entry-released" if done else "not-changed")
            case "count-entered" | "count-work" as choice:
                entered = choice == "count-entered"
                attempts.choose_what_counts(assignment, pupil, entered=entered, by=self.actor)
                return self._back(request, pupil, choice)
            case "send-again":
                sent = gradebook.send_again(self.visit.link, [pupil])
                return self._back(request, pupil, "sent-again" if sent else "not-changed")
            case "keep" | "replace" as choice:
                seen = {pupil.pk: request.POST.get("fingerprint", "")}
                decided = gradebook.decide(
                    self.visit.link, GradeChoice(choice), seen, by=self.actor
                )
                notice = "theirs-kept" if choice == "keep" else "ours-sent"
                return self._back(request, pupil, notice if decided else "not-changed")
            case _:
                return HttpResponseBadRequest()

    def _pupil(self, assignment: Assignment, number: int) -> User:
        """Return a pupil of this course, or who has an entry here. Raise Http404."""
        found = pupils_of(assignment, [number]).get(number)
        if found is None:
            row = assignment.entered_marks.filter(user=number).select_related("user").first()
            if row is None:
                raise Http404
            found = row.user
        return found

    def _enter(
        self,
        request: HttpRequest,
        assignment: Assignment,
        pupil: User,
        entry: Entry | None,
        typed: TypedEntry = _NOTHING,
    ) -> HttpResponse:
        wanted = Wanted(pupil.pk, entry, request.POST.get("seen", ""), "confirmed" in request.POST)
        (done,) = attempts.enter(assignment, [wanted], by=self.actor)
        if done.state in {EntryState.SAVED, EntryState.SAME}:
            is_undo = request.POST.get("do") == "undo"
            notice = "entry-undone" if is_undo else "entry-saved"
            if done.state is EntryState.SAME:
                return self._back(request, pupil, "entry-same")
            return self._back(request, pupil, notice, None if is_undo else done.before)
        statuses = gradebook.statuses_of(assignment, pupil)
        message = outcome_message(done, lms_name(self.visit.registration), statuses)
        asks = entry if done.state is EntryState.RELEASED else None
        return self._page(
            request,
            assignment,
            pupil,
            typed,
            message=message,
            confirm=(asks.text if asks else "") if done.state is EntryState.RELEASED else None,
            status=409,
        )

    def _back(
        self, request: HttpRequest, pupil: User, notice: str, before: str | None = None
    ) -> HttpResponse:
        """Redirect to the page that has the button; with ``before`` it offers to undo."""
        undo = {} if before is None else {"entered": str(pupil.pk), "before": before}
        if "class" not in request.POST:
            address = self.url("entered", number=pupil.pk)
            return HttpResponseRedirect(f"{address}?{urlencode({'notice': notice, **undo})}")
        kept = ClassQuery.parse(QueryDict(request.POST["class"])).urlencode()
        query = "&".join(filter(None, [kept, urlencode({"notice": notice, **undo})]))
        return HttpResponseRedirect(f"{self.url('class')}?{query}#row-{pupil.pk}")

    def _page(
        self,
        request: HttpRequest,
        assignment: Assignment,
        pupil: User,
        typed: TypedEntry = _NOTHING,
        *,
        message: str = "",
        confirm: str | None = None,
        status: int = 200,
    ) -> HttpResponse:
        entered = gradebook.entered_mark(assignment, pupil)
        works = attempts_of(assignment, pupil)
        statuses = gradebook.statuses_of(assignment, pupil)
        context = {
            "assignment": assignment,
            "edition": assignment.edition,
            "pupil": pupil,
            "entered": entered,
            "may_enter": entered or not any(work.attempt.is_submitted for work in works),
            "standing": attempts.standing_entry(entered),
            "typed": typed,
            "problem": message,
            "confirm": confirm,
            "works": works,
            "statuses": statuses,
            "scores": {"statuses": statuses},
            "maximum": sheet_maximum(assignment),
            "outcomes": OUTCOMES.items(),
            "reaches_gradebook": gradebook.reaches_gradebook(assignment),
            "undo": undo_offer(request, pupil, entered),
            "history": history_of_pupil(assignment, pupil),
        }
        return self.page(request, "worksheets/teacher/entered.html", context, status)
