"""Views that release marks, and take back a release, of one pupil's attempt or of the class."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import urlencode

from lti_tool.launches.visit import Visit
from lti_tool.models import User
from worksheets import attempts
from worksheets.attempts import NotReady
from worksheets.gradebook import taking_back
from worksheets.gradebook.shared_work import names_of, people_of
from worksheets.gradebook.taking_back import TakenBack
from worksheets.models import Assignment, Attempt
from worksheets.permissions import may_release
from worksheets.reports.class_overview import overview
from worksheets.reports.selection import Act, Selection, of_attempts, selected_rows
from worksheets.views.base import TeacherView, WholeClassView, WorksheetView
from worksheets.views.moments import read_moment
from worksheets.views.teacher.acts import reaches_gradebook
from worksheets.wording.notices import COUNT, PARAMETER
from worksheets.wording.rights import NO_RELEASE

JUST_NOW = timedelta(minutes=1)  # within which a second press was meant as the first one
MOMENT = "release"  # the parameter that names a press of 'Release'


def go_to_class(view: WorksheetView, notice: str, n: int, moment: str = "") -> HttpResponse:
    """Redirect to the class list, which says what was done, and offers to take back a release."""
    query = {PARAMETER: notice, COUNT: str(n)} | ({MOMENT: moment} if moment else {})
    return HttpResponseRedirect(f"{view.url('class')}?{urlencode(query)}")


def released_then(assignment: Assignment, moment: str) -> list[Attempt]:
    """Return the attempts of which something is released since the press that a page names."""
    at = read_moment(moment)
    return attempts.released_in(assignment, at) if at else []


def undo_context(request: HttpRequest, visit: Visit, assignment: Assignment) -> dict[str, Any]:
    """Return what the class page needs to offer that a release is taken back."""
    moment = request.GET.get(MOMENT, "")
    if not moment or not may_release(visit):
        return {}
    pupils = people_of(released_then(assignment, moment))
    return {"undo_moment": moment, "undo_pupils": len(pupils)} if pupils else {}


class ReleaseAllView(WholeClassView):
    """The view that releases the marks of everybody who is marked."""

    http_method_names = ["post"]

    def check_access(self) -> None:
        super().check_access()
        self.require(may_release(self.visit), NO_RELEASE)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Release, and say for how many: of the group alone that the list has shown."""
        assignment = self.assignment_or_404()
        # Another teacher may have reopened some since the list is read: these are left out.
        seen = overview(assignment).in_group(request.GET.get("group", ""))
        if not (seen.releasable or seen.releasable_entered) and (same := self._same(assignment)):
            return same
        found = [work.attempt for work in seen.releasable]
        entered = [row.user.pk for row in seen.releasable_entered]
        now = timezone.now()
        released = attempts.release_all(assignment, found, by=self.actor, moment=now)
        released |= attempts.release_entered(assignment, entered, by=self.actor)
        return go_to_class(self, "released-many", len(released), now.isoformat())

    def _same(self, assignment: Assignment) -> HttpResponse | None:
        """Answer a press that comes twice with the way back that the first one has."""
        moment = attempts.last_release(assignment, timezone.now() - JUST_NOW)
        return go_to_class(self, "released-many", 0, moment.isoformat()) if moment else None


class ReleaseView(TeacherView):
    """The view that releases one pupil's marks."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG002
        attempt = self.attempt(number)
        self.require(may_release(self.visit, attempt), NO_RELEASE)
        try:
            attempts.release(attempt, by=self.actor)
        except NotReady:
            return self.go("attempt", "not-released", number=attempt.pk)
        notice = "released" if reaches_gradebook(attempt) else "released-here"
        return self.go("attempt", notice, number=attempt.pk)


class TakeBackReleaseView(TeacherView):
    """The page that says what a pupil and the LMS keep before a release is taken back."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        attempt = self.attempt(number)
        self.require(may_release(self.visit, attempt), NO_RELEASE)
        assignment = attempt.assignment
        rows = selected_rows(assignment, {user.pk for user in people_of([attempt])})
        selection = of_attempts(assignment, Act.TAKE_BACK, {attempt.pk}, rows)
        context = taking_back_context(assignment, selection)
        context |= {"names": names_of([attempt])[attempt.pk]}
        context |= {"attempt": attempt, "edition": attempt.edition, "selection": selection}
        return self.page(request, "worksheets/teacher/take_back.html", context)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG002
        attempt = self.attempt(number)
        self.require(may_release(self.visit, attempt), NO_RELEASE)
        done = attempts.take_back_release(attempt.assignment, [attempt], by=self.actor)
        notice = "release-taken-back" if done else "release-not-taken-back"
        return self.go("attempt", notice, number=attempt.pk)


@dataclass(frozen=True, slots=True)
class ShownEffect:
    """The effect on a pupil's mark in the LMS."""

    user: User
    taken: TakenBack


def taking_back_context(
    assignment: Assignment, selection: Selection, moment: str = ""
) -> dict[str, Any]:
    """Return what a page says about a release that is to be taken back: the LMS, who has seen.

    ``alike`` is the effect that all pupils share whose mark the LMS shows, None where it differs.
    """
    item = selection.question.key if selection.question else ""
    works = [one.work.attempt for one in selection.chosen]
    found = taking_back.effects(assignment, works, item=item, moment=read_moment(moment))
    people = {user for one in selection.chosen for user in one.work.people}
    users = sorted(people, key=lambda user: user.sort_name)
    effects: defaultdict[str, list[ShownEffect]] = defaultdict(list)
    for user in users:
        if user.pk in found:
            name = found[user.pk].effect.replace("-", "_")
            effects[name].append(ShownEffect(user, found[user.pk]))
    moved = [one.taken for one in effects["goes_back"] + effects["emptied"]]
    alike = moved[0] if moved and all(one == moved[0] for one in moved) else None
    return {"effects": dict(effects), "alike": alike, "seen": selection.seen}
