"""Pages on which a teacher gives single pupils dates of their own, changes and takes them back."""

from __future__ import annotations

from collections.abc import Collection

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lti_tool.models import User
from lti_tool.protocol.values import whole_number
from worksheets import attempts
from worksheets.authoring.library import search_words
from worksheets.models import Assignment, PupilDates
from worksheets.permissions import may_give_dates
from worksheets.policy.schedule import Schedule, with_own
from worksheets.reports.groups import class_groups, group_context
from worksheets.reports.history import history_of_dates
from worksheets.reports.pupil_dates import dated_pupils, pupils, pupils_to_choose
from worksheets.views.base import MAX_DIGITS, WholeClassView
from worksheets.views.drafts import base_of
from worksheets.views.teacher.date_forms import DatesForm

SHOWN = "shown-dates"  # the field that says with which dates a page was opened

MAX_SHOWN = 60  # pupils to choose from; others are found by their name


class DatesView(WholeClassView):
    """The base of these pages; ``of_class`` are the dates that hold without any of their own."""

    def check_access(self) -> None:
        self.require(may_give_dates(self.visit))

    def of_class(self, assignment: Assignment) -> Schedule:
        """Return the dates of everybody else, as the LMS told them to this teacher."""
        return self.schedule(assignment)

    def pupil(self, assignment: Assignment, number: int) -> User:
        """Return a pupil of the course, or one with dates here. Raise Http404 for anybody else."""
        found = {user.pk: user for user in pupils(assignment)}
        if number not in found:
            dated = assignment.pupil_dates.select_related("user")
            found |= {row.user_id: row.user for row in dated}
        if number not in found:
            raise Http404
        return found[number]


class AllDatesView(DatesView):
    """The page with everybody who has dates of their own, and a form for one more or many."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, self.assignment_or_404(), None, set())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Give the dates to those who are ticked; or look for others, with the form as it is."""
        assignment = self.assignment_or_404()
        chosen = _numbers(request.POST.getlist("pupil"))
        form = DatesForm(self.of_class(assignment), None, request.POST)
        if "find" in request.POST:
            # What was typed is shown again, and not judged yet.
            return self._page(request, assignment, form, chosen, is_search=True)
        users = [user for user in pupils(assignment) if user.pk in chosen]
        if not (form.is_valid() and users):
            return self._page(request, assignment, form, chosen, lacks_pupils=not users, status=422)
        note = form.cleaned_data["note"]
        attempts.give_dates(assignment, users, form.dates(), note, by=self.visit.user)
        notice = "dates-given-moved" if form.moved else "dates-given"
        return self.go("pupil-dates", notice, n=len(users))

    def _page(
        self,
        request: HttpRequest,
        assignment: Assignment,
        form: DatesForm | None,
        chosen: Collection[int],
        *,
        is_search: bool = False,
        lacks_pupils: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        of_class = self.of_class(assignment)
        search = search_words(request.POST.get("search", ""))
        of_group = group_context(request.GET.get("group", ""), class_groups(assignment))
        group = of_group["chosen_group"]
        found, others = pupils_to_choose(assignment, search, set(chosen), MAX_SHOWN, group)
        if is_search and form is not None:
            form.errors.clear()
        context = {
            "assignment": assignment,
            "edition": assignment.edition,
            "of_class": of_class,
            "dated": dated_pupils(assignment, of_class),
            "form": form or DatesForm(of_class, None),
            "found": found,
            "others": others,
            "chosen": chosen,
            "search": search,
            **of_group,
            "error": _("Tick at least one pupil.") if lacks_pupils else "",
        }
        return self.page(request, "worksheets/teacher/pupil_dates.html", context, status)


class OneDatesView(DatesView):
    """The page on which one pupil's own dates are given or changed."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        assignment = self.assignment_or_404()
        pupil = self.pupil(assignment, number)
        form = DatesForm(self.of_class(assignment), _row(assignment, pupil))
        return self._page(request, assignment, pupil, form)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Save them, or show what is wrong."""
        assignment = self.assignment_or_404()
        pupil = self.pupil(assignment, number)
        row = _row(assignment, pupil)
        form = DatesForm(self.of_class(assignment), row, request.POST)
        if not form.is_valid():
            return self._page(request, assignment, pupil, form, 422)
        if request.POST.get(SHOWN) not in {None, _as_shown(row)}:
            return self._page(request, assignment, pupil, form, 409)
        note = form.cleaned_data["note"]
        attempts.give_dates(assignment, [pupil], form.dates(), note, by=self.visit.user)
        notice = "dates-given-moved" if form.moved else "dates-given"
        return self.go("pupil-dates", notice, n=1)

    def _page(
        self,
        request: HttpRequest,
        assignment: Assignment,
        pupil: User,
        form: DatesForm,
        status: int = 200,
    ) -> HttpResponse:
        row, of_class = _row(assignment, pupil), self.of_class(assignment)
        posted = request.POST.get(SHOWN)
        context = {
            "assignment": assignment,
            "edition": assignment.edition,
            "pupil": pupil,
            "is_old": status == 409,
            # What could not be saved for another reason was typed beside the dates of before.
            "shown": posted if status == 422 and posted is not None else _as_shown(row),
            "row": row,
            "schedule": with_own(of_class, row) if row else of_class,
            "of_class": of_class,
            "form": form,
            "history": history_of_dates(assignment, pupil),
        }
        return self.page(request, "worksheets/teacher/pupil_dates_one.html", context, status)


class TakeBackDatesView(DatesView):
    """The page that asks before the class's dates hold for a pupil again."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show what will hold then. Raise Http404 for a pupil without dates of their own."""
        assignment = self.assignment_or_404()
        pupil = self.pupil(assignment, number)
        row = _row(assignment, pupil)
        if row is None:
            raise Http404
        of_class = self.of_class(assignment)
        context = {
            "assignment": assignment,
            "edition": assignment.edition,
            "pupil": pupil,
            "schedule": with_own(of_class, row),
            "of_class": of_class,
        }
        return self.page(request, "worksheets/teacher/pupil_dates_take_back.html", context)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG002
        """Take them back; a second press finds nothing to do."""
        assignment = self.assignment_or_404()
        attempts.take_back_dates(assignment, self.pupil(assignment, number), by=self.visit.user)
        return self.go("pupil-dates", "dates-taken-back")


def _as_shown(row: PupilDates | None) -> str:
    """Return a text that is another one for other dates of a pupil."""
    return base_of(row.opens_at, row.due_at, row.closes_at, row.note) if row else ""


def _row(assignment: Assignment, pupil: User) -> PupilDates | None:
    return assignment.pupil_dates.filter(user=pupil).first()


def _numbers(texts: Collection[str]) -> set[int]:
    """Return the numbers that a page sent back; what is none is left out."""
    found = (whole_number(text, MAX_DIGITS) for text in texts)
    return {number for number in found if number is not None}
