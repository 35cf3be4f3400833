"""Pages on which the tables of a class are saved as files, and marks come in from one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from worksheets.attempts import (
    GivenMark,
    MarkOutcome,
    give_marks_of_file,
    standing,
    with_kept_lines,
)
from worksheets.formats.library_file import folder_names
from worksheets.formats.tables import (
    MAX_FILE_BYTES,
    UnreadableTable,
    read_table,
    write_csv,
    write_xlsx,
)
from worksheets.markup import Question
from worksheets.models import Assignment, Mark
from worksheets.permissions import may_replace_marks
from worksheets.reports.groups import class_groups, group_context
from worksheets.reports.marks_file import (
    Change,
    ColumnTwice,
    FileDifferences,
    NoMarksFile,
    OtherActivity,
    Reason,
    differences,
    differences_now,
    entries_now,
    is_of_another,
)
from worksheets.reports.tables import TABLES, cut_note
from worksheets.views.base import WholeClassView
from worksheets.views.teacher.class_seen import hides_totals, require_totals
from worksheets.views.teacher.file_entries import (
    enter_of_file,
    entry_fields,
    posted_entries,
    still_stand,
    undo_fields,
)
from worksheets.views.teacher.given_marks import read_json
from worksheets.wording.messages import translate
from worksheets.wording.numbers import plain

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_LOCALE = re.compile(r"[a-z]{2,3}", re.IGNORECASE)

REASONS: dict[Reason, Promise] = {
    Reason.UNKNOWN: _("No pupil of this class has this number."),
    Reason.TWICE: _("This pupil stands further up in the file already."),
    Reason.NO_WORK: _("This pupil has submitted nothing."),
    Reason.OTHER_ATTEMPT: _("Another attempt of this pupil counts by now."),
    Reason.SUBMITTED_AGAIN: _("This pupil has submitted again since the file was saved."),
    Reason.NO_ACTIVITY: _("This line has no number of an activity."),
    Reason.OTHER_VERSION: _("This pupil answered another version of the worksheet."),
    Reason.NO_MARK: _("This is not a mark."),
    Reason.TOO_HIGH: _("This is more than the maximum."),
    Reason.COMMENT_ALONE: _("A comment needs a mark."),
    Reason.LONG_COMMENT: _("This comment is too long."),
    Reason.HAS_WORK: _("This pupil has submitted work here: mark that."),
    Reason.LEFT: _("This pupil has left the course."),
    Reason.NO_ENTRY: _("This is neither a mark nor a word like “absent”, “paper” or “excused”."),
}
PROBLEMS: dict[str, Promise] = {
    "none": _("Choose a file first."),
    "no-marks": _(
        "This is not a table of marks. Save the marks of this activity as a file first, fill in"
        " that file, and leave its first row as it is."
    ),
    "column-twice": _(
        "Two columns of this file have the same word in square brackets. Leave one of them, and"
        " choose the file again. Nothing was taken from it."
    ),
    "other-activity": _(
        "These are the marks of another activity or class. Nothing was taken from this file."
    ),
    "others": _(
        "Somebody else has given one of these marks by now, so nothing was changed. A teacher can"
        " replace it."
    ),
    "odd": _("The marks could not be read. Choose the file again."),
}


class TablesView(WholeClassView):
    """The page on which a table and its form are chosen, and a file of marks comes in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.tables(request, self.assignment_or_404())

    def tables(
        self, request: HttpRequest, assignment: Assignment, problem: str | Promise = ""
    ) -> HttpResponse:
        context = {
            "assignment": assignment,
            "edition": assignment.edition,
            "sheet": assignment.edition.sheet,
            "hides_totals": hides_totals(self.visit, assignment),
            "problem": problem,
            **group_context(request.GET.get("group", ""), class_groups(assignment)),
        }
        status = 422 if problem else 200
        return self.page(request, "worksheets/teacher/tables.html", context, status)


class TableFileView(WholeClassView):
    """A table as a file, in the forms of the page's language."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, table: str, form: str) -> HttpResponse:
        """Return the file. Raise Http404 for a table or a form that there is not."""
        if table not in TABLES or form not in {"csv", "xlsx"}:
            raise Http404
        assignment = self.assignment_or_404()
        if table == "marks":
            require_totals(self, assignment)
        made = TABLES[table](assignment, request.GET.get("group", ""))
        if form == "csv":
            has_comma = _has_decimal_comma(self.visit.launch.locale)
            response = HttpResponse(write_csv(made, decimal_comma=has_comma), content_type=CSV)
        else:
            response = HttpResponse(write_xlsx(made, cut_note=cut_note), content_type=XLSX)
        name = folder_names([f"{assignment.edition.title} {made.name}"])[0]
        disposition = content_disposition_header(as_attachment=True, filename=f"{name}.{form}")
        response["Content-Disposition"] = disposition or "attachment"
        response["X-Content-Type-Options"] = "nosniff"
        return response


class MarksFileView(TablesView):
    """The page that shows what a file of marks changes, and changes it once that is pressed.

    It keeps no file: the page itself has the marks, each with the one that stood when it was read.
    """

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        return self.go("tables")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show the differences of a file, or apply those that a page has shown, or undo them."""
        assignment = self.assignment_or_404()
        if "do" in request.POST:
            return self._apply(request, assignment)
        upload = request.FILES.get("file")
        if upload is None:
            return self.tables(request, assignment, PROBLEMS["none"])
        try:
            content = upload.read(MAX_FILE_BYTES + 1)
            found = differences(assignment, read_table(content))
        except UnreadableTable as error:
            return self.tables(request, assignment, translate(error.sentence))
        except NoMarksFile:
            return self.tables(request, assignment, PROBLEMS["no-marks"])
        except ColumnTwice:
            return self.tables(request, assignment, PROBLEMS["column-twice"])
        except OtherActivity:
            return self.tables(request, assignment, PROBLEMS["other-activity"])
        if not may_replace_marks(self.visit):
            found.leave_marks_of_others(self.visit.user)
        return self._preview(request, assignment, found)

    def _apply(self, request: HttpRequest, assignment: Assignment) -> HttpResponse:
        questions = assignment.edition.sheet.to_mark
        wanted, entries = _posted(request, questions), posted_entries(request, assignment)
        if wanted is None or entries is None or not (any(wanted.values()) or entries):
            return self.tables(request, assignment, PROBLEMS["odd"])
        before = _standing_marks(assignment, wanted)
        if not may_replace_marks(self.visit) and any(
            is_of_another(mark, self.visit.user) for mark in before.values()
        ):
            return self.tables(request, assignment, PROBLEMS["others"])
        stands = _still_stand(assignment, wanted) and still_stand(assignment, entries)
        if request.POST["do"] == "apply" and not stands:
            chosen = (
                (question, one.attempt_id, one.points, one.comment)
                for question in questions
                for one in wanted[question.key]
                if one.points is not None
            )
            found = differences_now(assignment, chosen)
            found.entries = entries_now(assignment, [(e.user_id, e.entry) for e in entries])
            return self._preview(request, assignment, found, is_anew=True)
        saved = give_marks_of_file(assignment, questions, wanted, self.visit.user)
        changed = [one for one in saved if _is_changed(one, before)]
        entered = enter_of_file(assignment, entries, by=self.actor)
        context = {
            "edition": assignment.edition,
            "changed": len(changed) + len(entered),
            "left": sum(map(len, wanted.values())) - len(saved) + len(entries) - len(entered),
            "is_undone": request.POST["do"] == "undo",
            "undo": _fields(
                (question, _reverse(one, before.get((one.given.attempt_id, question.key))))
                for question, one in changed
            )
            + undo_fields(entered),
        }
        return self.page(request, "worksheets/teacher/marks_applied.html", context)

    def _preview(
        self,
        request: HttpRequest,
        assignment: Assignment,
        found: FileDifferences,
        *,
        is_anew: bool = False,
    ) -> HttpResponse:
        context = {
            "edition": assignment.edition,
            "found": found,
            "is_anew": is_anew,
            "refused": [(one, REASONS[one.reason]) for one in found.refused],
            "fields": _fields((one.question, _given(one)) for one in found.changes)
            + entry_fields(found.entries),
        }
        status = 409 if is_anew else 200
        return self.page(request, "worksheets/teacher/marks_file.html", context, status)


def _has_decimal_comma(locale: str) -> bool:
    """Return whether 2.5 is written 2,5 where the LMS's language is spoken.

    That is also known of languages into which these pages are not translated.
    """
    named = _LOCALE.match(locale)
    return str(get_format("DECIMAL_SEPARATOR", lang=named[0] if named else None)) == ","


def _given(change: Change) -> dict[str, Any]:
    """Return a mark as ``given_marks.read_json`` reads it."""
    return {
        "attempt": change.attempt.pk,
        "points": plain(change.points),
        "comment": change.comment,
        "seen": [standing(change.before)],
        "read": change.attempt.submission,
        "confirmed": True,
    }


def _reverse(outcome: MarkOutcome, former: Mark | None) -> dict[str, Any]:
    """Return the mark that stood before, to be given where the new one still stands."""
    return {
        "attempt": outcome.given.attempt_id,
        "points": plain(former.points) if former else None,
        "comment": former.comment if former else "",
        "seen": [standing(outcome.mark)],
        "read": outcome.given.read or "",
        "confirmed": True,
    }


def _fields(given: Iterable[tuple[Question[Any], dict[str, Any]]]) -> list[tuple[str, str]]:
    """Return names and values of hidden fields: the marks of each question as JSON."""
    marks: dict[str, list[dict[str, Any]]] = {}
    for question, one in given:
        marks.setdefault(question.key, []).append(one)
    return [(f"marks-{key}", json.dumps({"marks": rows})) for key, rows in marks.items()]


def _posted(
    request: HttpRequest, questions: Iterable[Question[Any]]
) -> dict[str, list[GivenMark]] | None:
    """Return the marks of a page of ours by question, or None if they cannot be read."""
    wanted: dict[str, list[GivenMark]] = {}
    for question in questions:
        wanted[question.key] = []
        text = request.POST.get(f"marks-{question.key}")
        if text is None:
            continue
        read = read_json(text.encode(), question)
        if read is None or any(one.given is None for one in read):
            return None
        wanted[question.key] = [one.given for one in read if one.given]
    return wanted


def _standing_marks(
    assignment: Assignment, wanted: dict[str, list[GivenMark]]
) -> dict[tuple[int, str], Mark]:
    pks = {one.attempt_id for given in wanted.values() for one in given}
    rows = Mark.objects.filter(attempt__in=pks, attempt__assignment=assignment, item__in=wanted)
    return {(row.attempt_id, row.item): row for row in rows}


def _still_stand(assignment: Assignment, wanted: dict[str, list[GivenMark]]) -> bool:
    """Return whether nobody has changed a mark or an answer since a page has shown them.

    What stands as it is wanted already counts as such: a second press changes nothing.
    """
    marks = _standing_marks(assignment, wanted)
    pks = {one.attempt_id for given in wanted.values() for one in given}
    attempts = assignment.attempts.in_bulk(pks)
    for key, given in wanted.items():
        for one in given:
            mark = marks.get((one.attempt_id, key))
            attempt, now = attempts.get(one.attempt_id), standing(mark)
            if attempt is None or attempt.submission != one.read:
                return False
            wanted_now = with_kept_lines(replace(one, keeps_lines=True), mark).wanted
            if now != wanted_now and now not in one.seen:
                return False
    return True


def _is_changed(
    saved: tuple[Question[Any], MarkOutcome], before: dict[tuple[int, str], Mark]
) -> bool:
    question, outcome = saved
    former = before.get((outcome.given.attempt_id, question.key))
    return standing(former) != standing(outcome.mark)
