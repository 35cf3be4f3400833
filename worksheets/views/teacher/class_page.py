"""The page of a class: which part of its list is shown, and what stands around it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_tool import roster
from lti_tool.background import jobs
from lti_tool.launches.visit import Visit
from lti_tool.protocol.values import whole_number
from lti_tool.roster import advice as roster_advice
from lti_tool.views.requests import HtmxRequest
from worksheets import gradebook
from worksheets.authoring import copies
from worksheets.authoring.library import search_words
from worksheets.gradebook import ScoreProgress, ScoreStatus, leading_status, marking_again
from worksheets.gradebook.scoring import full_marks
from worksheets.gradebook.status_texts import no_column, no_gaps_column
from worksheets.marking.entered import Outcome
from worksheets.models import Assignment
from worksheets.permissions import may_give_dates, may_release
from worksheets.reports.class_figures import class_averages
from worksheets.reports.class_news import class_version
from worksheets.reports.class_overview import (
    AttemptProgress,
    Overview,
    Row,
    with_gaps,
)
from worksheets.reports.groups import MAX_ID, group_context
from worksheets.views.base import MAX_DIGITS, WholeClassView
from worksheets.views.jobs import ShownJob, own_jobs, shown
from worksheets.views.teacher.acts import acts_on_class
from worksheets.views.teacher.class_live import ClassLive
from worksheets.views.teacher.class_seen import class_seen
from worksheets.views.teacher.entries import undo_in_class
from worksheets.views.teacher.grade_choices import choice_groups
from worksheets.views.teacher.releasing import undo_context
from worksheets.views.teacher.reminder import NOT_BEGUN, reminder_for
from worksheets.wording.entered import words_to_offer
from worksheets.wording.notices import PARAMETER

PAGE = 50
MAX_NAMED = 60  # pupils by name where marks can be released to all
MAX_WAIT_SECONDS = 30  # seconds between two looks at the gradebook, of a page that stays open


@dataclass(frozen=True, slots=True)
class ClassPart:
    """A part of a class, with its size; a link shows it alone."""

    name: str
    label: Promise
    count: int


def _matches_standing(*standings: AttemptProgress) -> Callable[[Row], bool]:
    return lambda row: not row.has_left and row.standing in standings


def _has_no_work(*standings: AttemptProgress) -> Callable[[Row], bool]:
    return lambda row: _matches_standing(*standings)(row) and row.entered is None


def _is_entered(*outcomes: Outcome) -> Callable[[Row], bool]:
    return lambda row: row.entered is not None and row.entered.entry.outcome in outcomes


_PARTS: dict[str, tuple[Promise, Callable[[Row], bool]]] = {
    "submitted": (
        _("submitted"),
        _matches_standing(
            AttemptProgress.SUBMITTED, AttemptProgress.MARKED, AttemptProgress.RELEASED
        ),
    ),
    "to-mark": (
        _("to mark"),
        lambda row: not row.has_left and row.waits_for_mark,
    ),
    "marked": (_("marked, not released"), _matches_standing(AttemptProgress.MARKED)),
    "released": (_("released"), _matches_standing(AttemptProgress.RELEASED)),
    "on-paper": (_("on paper"), _is_entered(Outcome.ON_PAPER)),
    "absent": (_("absent"), _is_entered(Outcome.ABSENT, Outcome.ABSENT_ZERO)),
    "excused": (_("excused"), _is_entered(Outcome.EXCUSED)),
    "not-in-gradebook": (
        _("not in the gradebook"),
        lambda row: not row.has_left and row.has_problem,
    ),
    "begun": (_("in progress"), _matches_standing(AttemptProgress.BEGUN)),
    "opened": (_("opened, not started"), _has_no_work(AttemptProgress.OPENED)),
    "never-opened": (_("not opened"), _has_no_work(AttemptProgress.NEVER_OPENED)),
    "not-begun": (_("not begun"), _has_no_work(*NOT_BEGUN)),
    "left": (_("left the course"), lambda row: row.has_left),
}


_STANDINGS = list(AttemptProgress)


def _name(row: Row) -> str | None:
    # Those without a name, and those who left, come last.
    return row.user.sort_name if row.is_named and not row.has_left else None


def _automatic(row: Row) -> Decimal | None:
    return row.work.tally.automatic if row.work and row.work.tally else None


def _by_teacher(row: Row) -> Decimal | None:
    tally = row.work.tally if row.work else None
    return tally.by_teacher if tally and (tally.by_teacher or not tally.unmarked) else None


def _total(row: Row) -> Decimal | None:
    if row.entered is not None and row.entered.counts:
        return row.entered.points
    tally = row.work.tally if row.work else None
    return tally.total if tally and not tally.unmarked else None


def _in_gradebook(row: Row) -> Decimal | None:
    return row.score_status.given if row.score_status else None


# What the list can be sorted by; pupils of whom a key is None come last in either order.
_SORTS: dict[str, Callable[[Row], Any]] = {
    "name": _name,
    "status": lambda row: _STANDINGS.index(row.standing),
    "gaps": _automatic,
    "written": _by_teacher,
    "total": _total,
    "gradebook": _in_gradebook,
}
ASCENDING, DESCENDING = "ascending", "descending"


@dataclass(frozen=True, slots=True)
class SortedColumn:
    """A column of the list: 'ascending', 'descending', or '' if another one is sorted by."""

    order: str
    query: str


@dataclass(frozen=True, slots=True)
class ClassQuery:
    """The part of an address that says which pupils of the class are shown, in which order."""

    show: str = ""  # the name of a part, '' for all
    search: str = ""
    page: str = ""
    sort: str = ""  # the name of a column, '' for the order of the overview
    order: str = ""
    group: str = ""  # of pupils; an odd one is the whole class

    @classmethod
    def parse(cls, query: QueryDict) -> ClassQuery:
        """Return what an address asks for; what it cannot ask for is left out."""
        show, sort = query.get("show", ""), query.get("sort", "")
        is_sorted = sort in _SORTS
        return cls(
            show if show in _PARTS else "",
            search_words(query.get("search", "")),
            query.get("page", "")[:10],
            sort if is_sorted else "",
            DESCENDING if is_sorted and query.get("order") == DESCENDING else "",
            query.get("group", "")[:MAX_ID],
        )

    def urlencode(self) -> str:
        return urlencode({name: value for name, value in asdict(self).items() if value})

    def sorted(self, rows: list[Row]) -> list[Row]:
        """Return the rows, which are in the order of the overview, in the order asked for."""
        if not self.sort:
            return rows
        keys = {row.user.pk: _SORTS[self.sort](row) for row in rows}
        rest = [row for row in rows if keys[row.user.pk] is None]
        known = [row for row in rows if keys[row.user.pk] is not None]
        known.sort(key=lambda row: keys[row.user.pk], reverse=self.order == DESCENDING)
        return known + rest

    @property
    def also(self) -> str:
        """Return it as what follows another field of an address."""
        query = self.urlencode()
        return f"&{query}" if query else ""

    @property
    def columns(self) -> dict[str, SortedColumn]:
        """Return how each column of the list is sorted, and the address that sorts by it."""
        return {name: self._column(name) for name in _SORTS}

    def _column(self, name: str) -> SortedColumn:
        order = (self.order or ASCENDING) if name == (self.sort or "name") else ""
        following = DESCENDING if order == ASCENDING else ""
        query = replace(self, page="", sort=name, order=following)
        return SortedColumn(order, query.urlencode())

    def matches(self, row: Row) -> bool:
        is_part = not self.show or _PARTS[self.show][1](row)
        return is_part and self.search.casefold() in row.user.display_name.casefold()


def class_context(visit: Visit, assignment: Assignment, query: ClassQuery) -> dict[str, Any]:
    """Return what the class's templates show."""
    version = class_version(assignment)  # before all else: what happens meanwhile is news
    seen, is_hidden = class_seen(visit, assignment)
    seen = seen.in_group(query.group)
    rows = query.sorted([row for row in seen.rows if query.matches(row)])
    page = Paginator(rows, PAGE).get_page(query.page)
    page.object_list = with_gaps(page.object_list)
    return {
        "assignment": assignment,
        "edition": assignment.edition,
        "sheet": assignment.edition.sheet,
        "overview": seen,
        "hides_totals": is_hidden,
        "parts": _parts(seen),
        "page": page,
        "entered_reach_gradebook": gradebook.reaches_gradebook(assignment),
        "released_by_name": seen.releasable[:MAX_NAMED],
        "released_beside": len(seen.releasable[MAX_NAMED:]),
        "entry_words": words_to_offer(),
        "averages": class_averages(rows),
        "live": ClassLive.of(version, page.object_list, seen),
        "following": Following(_statuses(page)),
        "reminder": reminder_for(visit, assignment.edition.title, rows) if query.show else None,
        "show": query.show,
        "search": query.search,
        "is_long": len(seen.rows) > PAGE,
        "no_column": _without_column(visit, assignment, seen),
        "choice_groups": choice_groups(seen) if may_release(visit) else [],
        "earlier_grades": gradebook.earlier_grades(assignment.link),
        **group_context(query.group, seen.groups),
        "query": query.urlencode(),
        "kept": replace(query, page="").urlencode(),
        "columns": query.columns,
        "may_give_dates": may_give_dates(visit),
        "sorting": ClassQuery(sort=query.sort, order=query.order, group=query.group),
        **_roster_context(visit),
        **acts_on_class(visit),
    }


def _without_column(visit: Visit, assignment: Assignment, seen: Overview) -> str | Promise:
    """Return what a teacher can do about marks that have no column to go to, '' if they have one.

    Launches may tell of that before the first score does.
    """
    problem = seen.column_problem
    if problem is None and full_marks(assignment, assignment.edition.sheet):
        problem = gradebook.column_problem(assignment.link)
    if problem:
        return no_column(visit.registration, problem)
    if problem := seen.gaps_column_problem:
        return no_gaps_column(visit.registration, problem)
    return ""


@dataclass(frozen=True, slots=True)
class Following:
    """The marks on their way to the gradebook that a page which stays open waits for.

    ``statuses`` are those of the marks that it shows as waiting, by ``User.pk``; ``looks`` is how
    often it has looked since the last news, after which it looks more and more seldom.
    """

    statuses: Mapping[int, ScoreStatus]
    looks: int = 0

    @property
    def waiting(self) -> list[int]:
        """Return the users whose marks are not settled."""
        return [pk for pk, status in self.statuses.items() if not status.is_settled]

    @property
    def digest(self) -> str:
        """Return a short text that changes with what is shown of these marks."""
        shown = [(pk, one.progress, one.problem) for pk, one in sorted(self.statuses.items())]
        return hashlib.sha256(str(shown).encode()).hexdigest()[:16]

    @property
    def query(self) -> str:
        """Return the query that asks for news of the marks that wait."""
        rest = Following({pk: self.statuses[pk] for pk in self.waiting})
        waiting = "-".join(map(str, rest.waiting))
        return urlencode({"waiting": waiting, "seen": rest.digest, "look": self.looks + 1})

    @property
    def seconds(self) -> int:
        return min(1 << min(self.looks, 6), MAX_WAIT_SECONDS)


def _statuses(rows: Iterable[Row]) -> dict[int, ScoreStatus]:
    return {row.user.pk: row.score_status for row in rows if row.score_status}


def _parts(seen: Overview) -> list[ClassPart]:
    counted = [
        ClassPart(name, label, sum(test(row) for row in seen.rows))
        for name, (label, test) in _PARTS.items()
    ]
    # Those who have not begun are a part of their own where some have opened it and some not.
    sizes = {part.name: part.count for part in counted}
    if not (sizes["opened"] and sizes["never-opened"]):
        counted = [part for part in counted if part.name != "not-begun"]
    return [part for part in counted if part.count]


def _roster_context(visit: Visit) -> dict[str, Any]:
    context, registration = visit.membership.context, visit.registration
    return {
        "course": context,
        "roster_is_due": roster.is_due(context),
        "roster_problem": roster_advice.problem(context),
        "roster_setting": (
            roster_advice.roster_setting(registration)
            if roster_advice.needs_setting(context)
            else None
        ),
        "names_setting": roster_advice.names_setting(registration),
    }


class ClassView(WholeClassView):
    """The list of everybody in the course, page by page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        assignment = self.assignment_or_404()
        context = class_context(self.visit, assignment, ClassQuery.parse(request.GET))
        context["schedule"] = self.schedule(assignment)
        context["jobs"] = self._jobs()
        context["undo"] = undo_in_class(request, context["overview"])
        context["newest"] = assignment.edition.worksheet.newest_edition
        context |= undo_context(request, self.visit, assignment)
        context["is_asked"] = copies.requests_to(self.visit.user).filter(answer="").exists()
        return self.page(request, "worksheets/teacher/class.html", context)

    def _jobs(self) -> list[ShownJob]:
        """Return the re-marking of this activity, whoever asked for it, and how one's own ended."""
        own = own_jobs(self, marking_again.KIND)
        running = jobs.unfinished(marking_again.KIND, marking_again.subject(self.visit.link))
        is_known = running is None or running.pk in {job.row.pk for job in own}
        return own if running is None or is_known else [*own, shown(self, running)]


class RosterView(WholeClassView):
    """The view that reads the course's roster; the class page asks for it once it is shown."""

    http_method_names = ["post"]

    def post(self, request: HtmxRequest) -> HttpResponse:
        """Return the new list to htmx; redirect to the class page without it."""
        assignment = self.assignment_or_404()
        is_read = roster.refresh(self.visit.membership.context)
        self.visit.membership.refresh_from_db(fields=["status", "listed_by", "updated_at", "roles"])
        if self.visit.has_ended:
            return self.leave(request)
        # The list that was just read may say that this person is no teacher any more.
        self.require(self.visit.membership.course_roles.is_teacher)
        query = ClassQuery.parse(request.GET)
        if not request.htmx:
            fields = asdict(query) | ({} if is_read else {PARAMETER: "roster-waits"})
            query_string = urlencode({name: value for name, value in fields.items() if value})
            address = self.url("class")
            return HttpResponseRedirect(f"{address}?{query_string}" if query_string else address)
        context = class_context(self.visit, assignment, query)
        context["roster_waits"] = not is_read
        return self.page(request, "worksheets/teacher/class_refreshed.html", context)


class ScoresView(WholeClassView):
    """A fragment with news of marks that are on their way; the class page asks for it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return what has changed, and the element that asks again while a mark is on its way."""
        assignment = self.assignment_or_404()
        numbers = (whole_number(n, MAX_DIGITS) for n in request.GET.get("waiting", "").split("-"))
        asked = {number for number in numbers if number is not None}
        found = {
            pk: status
            for pk, of_person in gradebook.statuses(assignment).items()
            if (status := leading_status(of_person)) is not None
        }
        looks = whole_number(request.GET.get("look", ""), MAX_DIGITS) or 0
        following = Following({pk: found[pk] for pk in asked & found.keys()}, looks)
        query = ClassQuery.parse(request.GET)
        context: dict[str, Any] = {"following": following, "query": query.urlencode()}
        if following.digest != request.GET.get("seen"):
            context = class_context(self.visit, assignment, query)
            rows = [row for row in context["overview"].rows if row.user.pk in asked]
            statuses = _statuses(rows)
            progress = [status.progress for status in statuses.values()]
            arrived = progress.count(ScoreProgress.IN_GRADEBOOK)
            waiting = progress.count(ScoreProgress.ON_ITS_WAY)
            context |= {
                "following": Following(statuses),
                "rows": rows,
                "arrived": arrived,
                "failed": len(progress) - arrived - waiting,
            }
        return self.page(request, "worksheets/teacher/class_scores.html", context)
