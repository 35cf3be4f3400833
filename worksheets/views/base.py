"""Base classes and helpers of all pages of an activity."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from lti_tool import audit
from lti_tool.audit import Actor
from lti_tool.db.prepared import Param, Prepared
from lti_tool.launches.visit import Visit, newest_launch
from lti_tool.models import StoredLaunch
from lti_tool.views.activity import ActivityView
from worksheets.authoring.copies import assign_inherited
from worksheets.gradebook.status_texts import lms_name
from worksheets.models import Answer, Assignment, Attempt, Mark, Picture, PupilDates, Worksheet
from worksheets.permissions import (
    Rights,
    may_build,
    may_edit,
    may_mark,
    may_own,
    may_read,
    may_see_class,
    may_teach,
)
from worksheets.policy.schedule import Schedule, own_dates, schedule
from worksheets.questions import ItemAnswer
from worksheets.rendering.document import PictureFile, Pictures
from worksheets.wording.notices import COUNT, PARAMETER, read_notice

MAX_DIGITS = 15  # of a number that a page of ours sends back

_ASSIGNMENT = Prepared(
    lambda: Assignment.objects.select_related("edition").filter(link=Param("link"))
)
_PICTURES = Prepared(
    lambda: Picture.objects.filter(worksheet=Param("worksheet")).only("name", "width", "height")
)


class WorksheetView(ActivityView):
    """A page that knows its assignment and its own addresses."""

    @property
    def actor(self) -> Actor:
        """Return who this is, for what is recorded."""
        return audit.person(self.visit.user)

    def url(self, view_name: str, /, **kwargs: object) -> str:
        """Return the address of a page of this visit."""
        return reverse(view_name, kwargs={"token": self.visit.token, **kwargs})

    def go(
        self, view_name: str, notice: str = "", n: int | None = None, **kwargs: object
    ) -> HttpResponse:
        """Redirect to another page of this visit, which says what was done."""
        query = {PARAMETER: notice} if notice else {}
        if n is not None:
            query[COUNT] = str(n)
        address = self.url(view_name, **kwargs)
        return HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address)

    def page(
        self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        """Render with what every template may use: the visit and its token."""
        shared = {
            "visit": self.visit,
            "token": self.visit.token,
            "rights": Rights(self.visit),
            # A page that is the answer to a form says what came of that, not of the step before.
            "message": read_notice(request.GET if request.method != "POST" else {}),
            "lms": lms_name(self.visit.registration),
            # Else times say in which zone they are, wherever they stand.
            "is_own_zone": str(timezone.get_current_timezone()) == self.visit.user.time_zone,
        }
        return render(request, template, {**shared, **context}, status=status)

    def find_or_inherit_assignment(self) -> Assignment | None:
        """Return what is assigned at this link, or None; in deep linking there is no link.

        If nothing is assigned yet, assign what was chosen for the link or copied with it.
        """
        if self.visit.deep_linking is not None:
            return None
        found = _ASSIGNMENT.first(link=self.visit.link.pk)
        if found is None:
            return assign_inherited(self.visit.link)
        found.link = self.visit.link
        return found

    def assignment_or_404(self) -> Assignment:
        """Do what ``find_or_inherit_assignment`` does, and raise Http404 without an assignment."""
        found = self.find_or_inherit_assignment()
        if found is None:
            raise Http404
        return found

    def schedule(self, assignment: Assignment) -> Schedule:
        """Return when this person may work on it: by the LMS's dates as told last, or their own."""
        return schedule(assignment, self._newest_launch, self._own_dates)

    @functools.cached_property
    def _newest_launch(self) -> StoredLaunch:
        return newest_launch(self.visit)

    @functools.cached_property
    def _own_dates(self) -> PupilDates | None:
        return own_dates(self.visit.link, self.visit.user)

    def pictures(self, worksheet_id: int) -> Pictures:
        """Return a function for the pictures of a worksheet."""

        @functools.cache
        def rows() -> dict[str, Picture]:
            # Many sheets show no picture, and need no query.
            return {row.name: row for row in _PICTURES.all(worksheet=worksheet_id)}

        def picture(name: str) -> PictureFile | None:
            row = rows().get(name)
            if row is None:
                return None
            url = self.url("picture", worksheet=worksheet_id, name=name)
            return PictureFile(url, row.width, row.height)

        return picture


def saved_answers(attempt: Attempt | None) -> dict[str, ItemAnswer]:
    """Return what is saved of an attempt, by item key."""
    return by_item(attempt.answers.all()) if attempt else {}


def by_item(answers: Iterable[Answer]) -> dict[str, ItemAnswer]:
    """Return what the rows of an attempt's answers hold, by item key."""
    return {answer.item: ItemAnswer.stored(answer.value, answer.text) for answer in answers}


def marks_by_item(attempt: Attempt) -> dict[str, Mark]:
    """Return an attempt's marks, by item key."""
    return {mark.item: mark for mark in attempt.marks.all()}


def shown_alone(marks: Mapping[str, Mark]) -> list[str]:
    """Return the keys of the questions whose marks are released by themselves."""
    return [key for key, mark in marks.items() if mark.released_at]


class TeacherView(WorksheetView):
    """A page for teachers; a pupil gets 403."""

    def check_access(self) -> None:
        self.require(may_teach(self.visit))

    def attempt(self, number: int) -> Attempt:
        """Return an attempt at this link. Raise Http404 if there is none that one may mark."""
        rows = Attempt.objects.select_related("edition__worksheet", "assignment__link", "user")
        found = rows.filter(pk=number, assignment__link=self.visit.link).first()
        if found is None or not may_mark(self.visit, found):
            raise Http404
        return found


class WholeClassView(TeacherView):
    """A page about everybody in the class; in a review of one submission it is 403."""

    def check_access(self) -> None:
        self.require(may_see_class(self.visit))


class BuilderView(WorksheetView):
    """A page for teachers and course designers, on which no pupil's work is shown."""

    def check_access(self) -> None:
        self.require(may_build(self.visit))


class AuthorView(BuilderView):
    """A page about one worksheet, of this person's own or shared with the course."""

    def worksheet(self, number: int) -> Worksheet:
        """Return the worksheet. Raise Http404 if there is none that one may edit."""
        return self._worksheet(number, may_edit)

    def own_worksheet(self, number: int) -> Worksheet:
        """Return the worksheet. Raise Http404 if it is not this person's own."""
        return self._worksheet(number, may_own)

    def readable_worksheet(self, number: int) -> Worksheet:
        """Return the worksheet. Raise Http404 if there is none that one may read."""
        return self._worksheet(number, may_read)

    def _worksheet(self, number: int, may: Callable[[Visit, Worksheet], bool]) -> Worksheet:
        found = Worksheet.objects.filter(pk=number).select_related("author").first()
        if found is None or not may(self.visit, found):
            raise Http404
        return found
