"""The page that asks before an act on the work of selected pupils: release, take back, reopen."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from worksheets import attempts, gradebook
from worksheets.gradebook.shared_work import people_of
from worksheets.models import Assignment, Attempt
from worksheets.permissions import may_release, may_reopen
from worksheets.reports.class_overview import Row
from worksheets.reports.selection import (
    Act,
    Selection,
    of_attempts,
    question_number,
    select,
    selected_rows,
)
from worksheets.views.base import WholeClassView
from worksheets.views.moments import read_moment
from worksheets.views.teacher.class_page import MAX_NAMED, ClassQuery
from worksheets.views.teacher.releasing import (
    go_to_class,
    released_then,
    taking_back_context,
)
from worksheets.views.teacher.selection_forms import (
    HandBackForm,
    PostedSelection,
    read_selection,
)
from worksheets.wording.left_out import left_out
from worksheets.wording.rights import NO_RELEASE, NO_REOPENING


class SelectedView(WholeClassView):
    """The view that shows what an act does to whom, and does it once that is confirmed."""

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """Redirect to the class list: who reloads the page selects again."""
        self.assignment_or_404()
        return self.go("class")

    def post(self, request: HttpRequest) -> HttpResponse:
        assignment = self.assignment_or_404()
        posted = read_selection(request.POST, assignment.edition.sheet)
        if posted is None:
            return self.go("class", "nothing-selected")
        if posted.act is Act.REOPEN:
            self.require(may_reopen(self.visit), NO_REOPENING)
        else:
            self.require(may_release(self.visit), NO_RELEASE)
        selection = self._selection(request, assignment, posted)
        if not (selection.pupils or selection.left_out):
            return self.go("class", "nothing-selected")
        form = HandBackForm(request.POST if posted.is_confirmed else None)
        if posted.is_confirmed and form.is_valid() and selection.pupils:
            return self._do(assignment, posted, selection, form.cleaned_data["comment"])
        status = 422 if posted.is_confirmed and not form.is_valid() else 200
        return self._page(request, assignment, posted, selection, form, status)

    def _selection(
        self, request: HttpRequest, assignment: Assignment, posted: PostedSelection
    ) -> Selection:
        if posted.release:
            found = released_then(assignment, posted.release)
            rows = selected_rows(assignment, found.people)
            works = {one.pk for one in found.works}
            return of_attempts(assignment, posted.act, works, rows, found.entered)
        if posted.takes_all:
            rows = self._listed(request, assignment)
        else:
            rows = selected_rows(assignment, posted.pupils)
        return select(assignment, posted.act, rows, posted.question)

    def _listed(self, request: HttpRequest, assignment: Assignment) -> list[Row]:
        """Return the pupils whom the list shows that was looked at, on all of its pages."""
        query = ClassQuery.parse(request.GET)
        rows = selected_rows(assignment, group=query.group)
        return [row for row in rows if query.matches(row)]

    def _do(
        self, assignment: Assignment, posted: PostedSelection, selection: Selection, comment: str
    ) -> HttpResponse:
        works = [one.work.attempt for one in selection.chosen]
        question, by = posted.question, self.actor
        beside: set[int] = set()
        if posted.act is Act.RELEASE:
            return self._release(assignment, posted, works, selection)
        if posted.act is Act.TAKE_BACK:
            item = question.key if question else ""
            at = read_moment(posted.release)
            done = attempts.take_back_release(assignment, works, by=by, item=item, moment=at)
            entered = [row.user_id for row in selection.entered]
            beside = attempts.take_back_entered(assignment, entered, by=by, moment=at)
            notice = "release-taken-back-many"
        elif question is None:
            done = attempts.reopen_all(assignment, works, by=by)
            notice = "reopened-many"
        else:
            done = attempts.reopen_question_of_all(assignment, question, works, comment, by=by)
            notice = "handed-back-many"
        count = len({user.pk for user in people_of(done)} | beside)
        return go_to_class(self, notice if count else "nothing-done", count)

    def _release(
        self,
        assignment: Assignment,
        posted: PostedSelection,
        works: Sequence[Attempt],
        selection: Selection,
    ) -> HttpResponse:
        now, question = timezone.now(), posted.question
        if question is None:
            done = attempts.release_all(assignment, works, by=self.actor, moment=now)
            entered = [row.user_id for row in selection.entered]
            done |= attempts.release_entered(assignment, entered, by=self.actor, moment=now)
        else:
            done = attempts.release_question(assignment, question, works, by=self.actor, moment=now)
        notice = "released-many" if question is None else "question-released-many"
        return go_to_class(self, notice if done else "nothing-done", len(done), now.isoformat())

    def _page(
        self,
        request: HttpRequest,
        assignment: Assignment,
        posted: PostedSelection,
        selection: Selection,
        form: HandBackForm,
        status: int,
    ) -> HttpResponse:
        sheet, pupils = assignment.edition.sheet, selection.pupils
        beside = pupils[MAX_NAMED:]
        context = {
            "assignment": assignment,
            "edition": assignment.edition,
            "act": posted.act,
            "selection": selection,
            "question": posted.question,
            "number": question_number(sheet, posted.question),
            "pupils": len(selection.reached),
            "named": pupils[:MAX_NAMED],
            "beside": len(beside),
            "beside_pupils": "-".join(str(one.user.pk) for one in beside),
            "left_out": [
                (left_out(reason, len(users)), users[:MAX_NAMED], len(users[MAX_NAMED:]))
                for reason, users in selection.left_out.items()
            ],
            "is_choosing": posted.is_choosing,
            "release": posted.release,
            "is_closed": self.schedule(assignment).is_closed,
            "form": form,
        }
        if posted.act is Act.REOPEN:
            works = [one.work.attempt for one in selection.chosen]
            context["total_stays"] = gradebook.total_stays(works)
        if posted.act is Act.TAKE_BACK:
            context |= taking_back_context(assignment, selection, posted.release)
        return self.page(request, "worksheets/teacher/selected.html", context, status)
