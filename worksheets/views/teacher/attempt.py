"""Pages on which a teacher marks a pupil's attempt, and submits it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from worksheets import attempts, gradebook
from worksheets.attempts import NotReady, StaleEdition
from worksheets.gradebook import scoring
from worksheets.markup import Question
from worksheets.models import Attempt, DraftPage, Mark
from worksheets.permissions import may_read, may_reopen, may_see_class
from worksheets.rendering import render_sheet
from worksheets.rendering.results import TO_TEACHER, Results
from worksheets.reports.class_overview import attempts_of, next_to_mark
from worksheets.reports.comments import used_overall_comments
from worksheets.reports.history import history_of_work
from worksheets.views.base import TeacherView, marks_by_item, saved_answers
from worksheets.views.drafts import base_of, draft_for, drop_draft_of
from worksheets.views.teacher.acts import (
    acts_on,
    hand_back_url,
    may_hand_back,
    reaches_gradebook,
)
from worksheets.views.teacher.class_seen import hides_totals
from worksheets.views.teacher.forms import MarkForm, OverallForm
from worksheets.wording.rights import NO_REOPENING


class AttemptView(TeacherView):
    """A page with one pupil's answers, and a form for each written one."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show the answers as handed in, or as far as they are."""
        attempt = self.attempt(number)
        return self._page(request, attempt, self._forms(attempt))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Save the marks: all of them or, if one is wrong, none."""
        attempt = self.attempt(number)
        forms, overall = self._forms(attempt, request), OverallForm(attempt, request.POST)
        is_read = request.POST.get("read", attempt.submission) == attempt.submission
        if attempt.is_submitted and not is_read:  # what was typed is for another text
            return self._page(request, attempt, forms, status=409, overall=overall)
        if not all(form.is_valid() for form in [*forms.values(), overall]):
            return self._page(request, attempt, forms, status=422, overall=overall)
        try:
            kept = self._keep(attempt, forms, overall)
        except NotReady:
            return self.go("attempt", "taken-back", number=attempt.pk)
        except StaleEdition:
            return self._page_of_now(request, attempt, forms)
        drop_draft_of(request, self.visit.user, DraftPage.MARK, attempt.pk)
        return self._next(request, attempt, _saved_notice(attempt) if kept else "marks-unchanged")

    def _forms(self, attempt: Attempt, request: HttpRequest | None = None) -> dict[str, MarkForm]:
        marks = marks_by_item(attempt)
        data = request.POST if request else None
        forms = {
            question.key: MarkForm(question, marks.get(question.key), data)
            for question in attempt.edition.sheet.questions
            if not question.automatic
        }
        waiting = (q.key for q in attempt.edition.sheet.must_be_marked if q.key not in marks)
        if (first := next(waiting, None)) is not None:
            forms[first].fields["points"].widget.attrs["autofocus"] = True
        return forms

    def _keep(self, attempt: Attempt, forms: dict[str, MarkForm], overall: OverallForm) -> int:
        marks = marks_by_item(attempt)
        kept = 0
        with transaction.atomic():
            for key, form in forms.items():
                points, comment = form.cleaned_data["points"], form.cleaned_data["comment"]
                if points is None or _same(marks.get(key), points, comment):
                    continue
                attempts.give_mark(attempt, form.question, points, comment, self.visit.user)
                kept += 1
            if overall.has_changed_from(attempt):
                attempts.comment_overall(attempt, **overall.texts, teacher=self.visit.user)
                kept += 1
        return kept

    def _page_of_now(
        self, request: HttpRequest, attempt: Attempt, before: dict[str, MarkForm]
    ) -> HttpResponse:
        """Show what was typed, beside the maximum that holds by now."""
        attempt = self.attempt(attempt.pk)
        forms = self._forms(attempt, request)
        for key, form in forms.items():
            if key not in before or before[key].question.marks != form.question.marks:
                form.add_error(
                    "points",
                    _("The maximum mark for this answer has changed since you opened this page."),
                )
        overall = OverallForm(attempt, request.POST)
        return self._page(request, attempt, forms, status=409, overall=overall)

    def _next(self, request: HttpRequest, attempt: Attempt, notice: str) -> HttpResponse:
        if "next" not in request.POST or not may_see_class(self.visit):
            return self.go("attempt", notice, number=attempt.pk)
        following = next_to_mark(attempt.assignment, attempt)
        if following is None:
            return self.go("class", "marked-all")
        # Who goes on to the next has read, and need not hear that nothing was changed.
        notice = "" if notice == "marks-unchanged" else notice
        return self.go("attempt", notice, number=following.pk)

    def _page(
        self,
        request: HttpRequest,
        attempt: Attempt,
        forms: dict[str, MarkForm],
        status: int = 200,
        overall: OverallForm | None = None,
    ) -> HttpResponse:
        sheet, marks = attempt.edition.sheet, marks_by_item(attempt)
        collects = attempt.is_submitted and may_see_class(self.visit)
        answers = saved_answers(attempt)
        before = {mark.item: mark for mark in attempt.earlier_marks.all()}
        works = attempts_of(attempt.assignment, attempt.user)
        is_last = works[-1].attempt == attempt

        def form(question: Question[Any]) -> str:
            shown: dict[str, Any] = {
                "form": forms.get(question.key) if attempt.is_submitted else None,
                "before": before.get(question.key),
                "mark": marks.get(question.key) if question.key in forms else None,
                "collected_as": question.key
                if collects and question.key in answers and answers[question.key].text
                else "",
            }
            if not any(shown.values()):
                return ""
            is_handed_back = is_last and may_hand_back(self.visit, attempt, question)
            shown |= {"hand_back": hand_back_url(self, attempt, question) if is_handed_back else ""}
            return render_to_string("worksheets/teacher/mark_form.html", shown)

        results = Results(
            sheet,
            answers,
            {key: mark for key, mark in marks.items() if key not in forms},
            TO_TEACHER,
            self.pictures(attempt.edition.worksheet_id),
            form,
        )
        is_hidden = hides_totals(self.visit, attempt.assignment)
        shows_total = attempt.is_submitted and not is_hidden
        context = {
            "attempt": attempt,
            "work": next(work for work in works if work.attempt == attempt),
            "works": works,
            "is_last": is_last,
            "edition": attempt.edition,
            "hides_totals": is_hidden,
            "tally": scoring.tally(sheet, marks.values()) if shows_total else None,
            "document": render_sheet(sheet, results.widgets),
            **acts_on(self.visit, attempt, is_last=is_last),
            "history": history_of_work(attempt),
            "entered": gradebook.entered_mark(attempt.assignment, attempt.user),
            "may_copy": may_see_class(self.visit)
            and may_read(self.visit, attempt.edition.worksheet),
            "partners": attempt.partners.select_related("user").order_by("pk"),
            "has_forms": attempt.is_submitted,
            "collects": collects,
            "has_marks": bool(forms),
            "overall": overall or OverallForm(attempt),
            "used_overall": used_overall_comments(self.visit.user),
            "has_errors": status != 200,
            "is_submitted_again": request.POST.get("read", attempt.submission)
            != attempt.submission,
            "draft": draft_for(
                request,
                self.visit.user,
                DraftPage.MARK,
                attempt.pk,
                base_of(
                    *sorted((key, m.points, m.comment) for key, m in marks.items()),
                    *filter(None, [attempt.went_well, attempt.better_if]),
                ),
            ),
        }
        return self.page(request, "worksheets/teacher/attempt.html", context, status)


class SubmitForView(TeacherView):
    """The view that submits what a pupil has saved and never submitted."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG002
        found = self.attempt(number)
        self.require(may_reopen(self.visit), NO_REOPENING)
        attempt = attempts.submit_for(found, by=self.actor)
        return self.go("attempt", "submitted-for", number=attempt.pk)


def _same(mark: Mark | None, points: object, comment: str) -> bool:
    return (
        mark is not None
        and mark.points == points
        and mark.comment == comment
        and mark.source == Mark.Source.TEACHER
    )


def _saved_notice(attempt: Attempt) -> str:
    if not attempt.edition.sheet.to_mark:
        return "marks-saved-shown"
    if not (attempt.is_released or attempt.marks.filter(released_at__isnull=False).exists()):
        return "marks-saved"
    return "marks-saved-released" if reaches_gradebook(attempt) else "marks-saved-shown"
