"""Views that release marks, and take back a release, of one pupil's attempt or of the class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import urlencode

from lti_tool.launches.visit import Visit
from lti_tool.models import User
from worksheets import attempts
from worksheets.attempts import NotReady
from worksheets.gradebook import Grade, scoring, taking_back
from worksheets.gradebook.changes import VisibleMark
from worksheets.gradebook.scoring import GAPS
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


@dataclass(frozen=True, slots=True)
class ReleasedThen:
    """The works released at a press, and the ``User.pk`` of those with an entered mark of it."""

    works: Sequence[Attempt] = ()
    entered: Collection[int] = ()

    @property
    def people(self) -> set[int]:
        """Return the ``User.pk`` of everybody who sees something of it."""
        return {user.pk for user in people_of(self.works)} | set(self.entered)


def released_then(assignment: Assignment, moment: str) -> ReleasedThen:
    """Return what is released since the press that a page names."""
    at = read_moment(moment)
    if at is None:
        return ReleasedThen()
    entered = attempts.entered_released_in(assignment, at)
    return ReleasedThen(attempts.released_in(assignment, at), entered)


def undo_context(request: HttpRequest, visit: Visit, assignment: Assignment) -> dict[str, Any]:
    """Return what the class page needs to offer that a release is taken back."""
    moment = request.GET.get(MOMENT, "")
    if not moment or not may_release(visit):
        return {}
    pupils = released_then(assignment, moment).people
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
        released |= attempts.release_entered(assignment, entered, by=self.actor, moment=now)
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

    @property
    def before(self) -> VisibleMark | None:
        return _visible(self.taken.shown)

    @property
    def after(self) -> VisibleMark | None:
        return _visible(self.taken.after)


def taking_back_context(
    assignment: Assignment, selection: Selection, moment: str = ""
) -> dict[str, Any]:
    """Return what a page says about a release that is to be taken back: the LMS, who has seen.

    ``alike`` is the effect that all pupils share whose mark the LMS shows, None where it differs.
    ``gaps`` are those whose mark in the column for the gaps is another one then, if there is one.
    """
    item = selection.question.key if selection.question else ""
    works = [one.work.attempt for one in selection.chosen]
    of_work = partial(taking_back.effects, assignment, works, item=item, moment=read_moment(moment))
    people = {user for one in selection.chosen for user in one.work.people}
    people |= {row.user for row in selection.entered}
    users = sorted(people, key=lambda user: user.sort_name)
    effects = _by_effect(of_work(entered=selection.entered), users)
    moved = [one.taken for one in effects["goes_back"] + effects["emptied"]]
    alike = moved[0] if moved and all(one == moved[0] for one in moved) else None
    said = {"effects": dict(effects), "alike": alike, "seen": selection.seen}
    if GAPS not in scoring.columns(assignment):
        return said
    beside = _by_effect(of_work(tag=GAPS), users)
    gaps = beside["goes_back"] + beside["emptied"]
    return said | {"gaps": gaps, "gaps_stay": not (gaps or beside["not_sent"])}


def _by_effect(
    found: Mapping[int, TakenBack], users: Iterable[User]
) -> defaultdict[str, list[ShownEffect]]:
    """Return the effects on the marks of these users by their name, as templates have it."""
    effects: defaultdict[str, list[ShownEffect]] = defaultdict(list)
    for user in users:
        if user.pk in found:
            name = found[user.pk].effect.replace("-", "_")
            effects[name].append(ShownEffect(user, found[user.pk]))
    return effects


def _visible(grade: Grade | None) -> VisibleMark | None:
    """Return a grade as the tables of marks show it, None for none."""
    if grade is None or grade.given is None or grade.maximum is None:
        return None
    return VisibleMark(grade.given, grade.maximum)
