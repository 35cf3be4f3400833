"""Pages on which a pupil opens, fills in, checks and submits a worksheet."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.crypto import salted_hmac
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from lti_tool.db.prepared import Param, Prepared
from lti_tool.protocol.values import whole_number
from worksheets import attempts
from worksheets.attempts import (
    UNNUMBERED,
    AlreadySubmitted,
    AttemptError,
    Closed,
    SaveResult,
    Sent,
    StaleEdition,
)
from worksheets.markup import Message, Sheet
from worksheets.models import Assignment, Attempt, Edition, EnteredMark, Feedback, Partner
from worksheets.permissions import may_answer
from worksheets.policy.late_work import late_now
from worksheets.questions import (
    ItemAnswer,
    Unanswered,
    read_answers,
    reading_order,
    saved_fields,
    unanswered,
    used_too_often,
)
from worksheets.rendering.context import gap_contexts
from worksheets.rendering.filling import scripts_of
from worksheets.rendering.results import shown_to_pupil
from worksheets.rendering.skeleton import AskedAgain, Reopened, fill_in
from worksheets.views.base import (
    MAX_DIGITS,
    WorksheetView,
    by_item,
    marks_by_item,
    saved_answers,
    shown_alone,
)
from worksheets.wording.messages import translate

WORK = 12  # signs of each of the two names by which a browser knows work
MAX_DEVICE = 16  # letters and digits with which a script names its browser

_ATTEMPTS = Prepared(
    lambda: Attempt.objects.filter(assignment=Param("assignment"), user=Param("user")).order_by(
        "-number"
    )
)

_ENTERED = Prepared(
    lambda: EnteredMark.objects.filter(assignment=Param("assignment"), user=Param("user"))
)


class PupilView(WorksheetView):
    """A page for a person who answers the worksheet; a teacher gets 403."""

    def check_access(self) -> None:
        self.require(may_answer(self.visit))

    def latest_attempt(self, assignment: Assignment) -> Attempt | None:
        """Return this pupil's last attempt, or None."""
        found = _ATTEMPTS.first(assignment=assignment.pk, user=self.visit.user.pk)
        if found is not None:
            found.assignment, found.user = assignment, self.visit.user
            if found.edition_id == assignment.edition_id:
                found.edition = assignment.edition
        return found

    def entered(self, assignment: Assignment) -> EnteredMark | None:
        """Return what a teacher has entered for this pupil without an attempt, or None."""
        return _ENTERED.first(assignment=assignment.pk, user=self.visit.user.pk)

    def filling_page(
        self,
        request: HttpRequest,
        assignment: Assignment,
        attempt: Attempt | None,
        *,
        posted: Mapping[str, ItemAnswer] | None = None,
        errors: Mapping[str, Message] | None = None,
        notice: str = "",
        newest: int = 0,
        others: Mapping[str, Mapping[str, str]] | None = None,
        shared: Partner | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """Show the worksheet to fill in: what is saved, replaced by what was just posted.

        ``shared`` is work of somebody else in which this person is named.
        ``newest`` is the number above which the page's script counts on, and ``others`` are the
        fields of what is saved, by item, where something else was posted too late.
        """
        edition = attempt.edition if attempt else assignment.edition
        sheet, number = edition.sheet, attempt.number if attempt else 1
        answers = {**saved_answers(attempt), **(posted or {})}
        pictures = self.pictures(edition.worksheet_id)
        reopened = _reopened(assignment, attempt)
        context = {
            "assignment": assignment,
            "schedule": self.schedule(assignment),
            "late_now": late_now(assignment, self.schedule(assignment).due_at),
            "entered": self.entered(assignment),
            "edition": edition,
            "sheet": sheet,
            "document": fill_in(edition, answers, errors or {}, pictures, reopened),
            "reopened": reopened,
            "seen": attempt.saved_at.isoformat() if attempt else "",
            "sent": newest,
            "others": json.dumps(others) if others else "",
            "number": number,
            "state": _state(attempt),
            "earlier": number - 1,
            "is_last": not assignment.allows_another(number),
            "notice": notice,
            "errors": errors,
            "has_items": bool(sheet.items),
            "scripts": scripts_of(sheet),
            "draft_key": f"{assignment.pk}-{edition.pk}-{self.visit.user.pk}-{number}",
            "work": self._work(edition, number),
            "partners": named_partners(assignment, attempt),
            "shared": shared,
        }
        return self.page(request, "worksheets/pupil/fill.html", context, status)

    def _work(self, edition: Edition, number: int) -> str:
        """Return a name of the person, and one of this work, for what a browser keeps of it.

        Keys of rows are given again to other ones where the database is restored from a backup.
        """
        registration, link = self.visit.registration, self.visit.link
        person = f"{registration.issuer} {registration.client_id} {self.visit.user.sub}"
        work = f"{person} {link.lti_id} {edition.created_at.isoformat()} {number}"
        salt = "worksheets.views.pupil.filling"
        return "-".join(salted_hmac(salt, text).hexdigest()[:WORK] for text in (person, work))

    def conflict(
        self, request: HttpRequest, assignment: Assignment, error: AttemptError
    ) -> HttpResponse:
        """Show the page of now to someone whose own is out of date, with what they typed.

        If the attempt is closed or submitted, redirect to the worksheet's home instead.
        """
        assignment = self.assignment_or_404()  # perhaps it is the assignment that has changed
        attempt = self.latest_attempt(assignment)
        if isinstance(error, StaleEdition):
            return self.filling_page(
                request,
                assignment,
                attempt,
                posted=_posted_answers(assignment, request.POST.dict()),
                notice=conflict_message(error),
                status=409,
            )
        return HttpResponseRedirect(self.url("home"))


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the check page: what is to be looked at, and where.

    ``gap`` is a gap's number, 0 for none.
    """

    anchor: str
    words: str
    gap: int = 0
    missing: Message | None = None


class SaveView(PupilView):
    """The view that saves answers of a script (JSON answer) or of a form (then the check page)."""

    http_method_names = ["get", "head", "post"]
    keeps_typing = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return what is saved, for a page shown again after work on another device.

        With it goes what has arrived from the browser that asks, which may not have heard of it.
        """
        attempt = self.latest_attempt(self.assignment_or_404())
        # Read once: what arrives in between is not what was shown.
        answers = list(attempt.answers.all()) if attempt else []
        device = request.GET.get("device", "")
        counts = {answer.item: answer.received_from(device) for answer in answers}
        return JsonResponse(
            {
                "fields": saved_fields(attempt.edition.sheet, by_item(answers)) if attempt else {},
                "seen": attempt.saved_at.isoformat() if attempt else "",
                "submitted": bool(attempt and attempt.is_submitted),
                "attempt": attempt.number if attempt else 1,
                "state": _state(attempt),
                "received": {item: count for item, count in counts.items() if count},
                "written": {answer.item: answer.saved_at.isoformat() for answer in answers},
            }
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save what was posted and nothing else."""
        assignment = self.assignment_or_404()
        is_script = request.content_type == "application/json"
        fields = _posted_fields(request)
        if fields is None:
            return JsonResponse({"error": _("This request could not be read.")}, status=400)
        try:
            saved = self._save(assignment, fields)
        except AttemptError as error:
            if is_script:
                body = {"error": conflict_message(error), "code": type(error).__name__}
                return JsonResponse(body, status=409)
            return self.conflict(request, assignment, error)
        if is_script:
            return JsonResponse(_reply(saved, fields))
        if saved.errors or saved.newest:
            return self._show_again(request, assignment, saved, fields)
        if "partners" in fields:
            return self.go("partners")
        return self.go("home", "saved-here") if "stay" in fields else self.go("submit")

    def save_typing(self, request: HttpRequest, *args: Any, **kwargs: Any) -> bool:  # noqa: ARG002
        assignment, fields = self.assignment_or_404(), _posted_fields(request)
        try:
            saved = self._save(assignment, fields) if fields is not None else None
        except AttemptError:
            return False
        return saved is not None and not saved.errors and not saved.newest

    def _show_again(
        self,
        request: HttpRequest,
        assignment: Assignment,
        saved: SaveResult,
        fields: Mapping[str, str],
    ) -> HttpResponse:
        """Show what was posted, with what is wrong, and beside it what is newer."""
        sheet, others = saved.attempt.edition.sheet, {}
        notice = _("Everything else is saved. Please check the highlighted answers.")
        if saved.newest:
            notice = _("Something newer was saved meanwhile. Check your answers.")
            there = saved_answers(saved.attempt)
            others = {
                item: saved_fields(sheet, {item: there[item]})
                for item, one in saved.kept.items()
                if there.get(item, one) != one
            }
        return self.filling_page(
            request,
            assignment,
            saved.attempt,
            posted=read_answers(sheet, fields).posted,
            errors=saved.errors,
            notice=notice,
            newest=saved.newest,
            others=others,
            status=422,
        )

    def _save(self, assignment: Assignment, fields: Mapping[str, str]) -> SaveResult:
        return attempts.save_answers(
            assignment,
            self.visit.user,
            whole_number(fields.get("edition", ""), MAX_DIGITS),
            fields,
            number=_attempt_number(fields),
            seen=_seen(fields),
            sent=_sent(fields),
            schedule=self.schedule(assignment),
        )


class SubmitView(PupilView):
    """A last look at what is still empty, and the submit itself."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what is still empty."""
        assignment = self.assignment_or_404()
        attempt = self.latest_attempt(assignment)
        schedule = self.schedule(assignment)
        if (attempt and attempt.is_submitted) or not schedule.is_open:
            return HttpResponseRedirect(self.url("home"))
        edition = attempt.edition if attempt else assignment.edition
        sheet, answers = edition.sheet, saved_answers(attempt)
        context = {
            "assignment": assignment,
            "schedule": schedule,
            "late_now": late_now(assignment, schedule.due_at),
            "edition": edition,
            "number": attempt.number if attempt else 1,
            "empty": _empty_places(sheet, unanswered(sheet, answers, _fixed(attempt))),
            "used_twice": _used_twice(sheet, answers),
            "has_written": bool(edition.sheet.to_mark),
            "partners": _submitting_for(assignment, attempt),
            "may_change_partners": attempt is not None and attempt.reopened_at is None,
            "may_take_back": any(not question.automatic for question in sheet.questions),
        }
        return self.page(request, "worksheets/pupil/check.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Submit. A second time, from another tab or by a double click, is no mistake."""
        assignment = self.assignment_or_404()
        fields = request.POST.dict()
        try:
            attempts.submit(
                assignment,
                self.visit.user,
                whole_number(fields.get("edition", ""), MAX_DIGITS),
                number=_attempt_number(fields),
                schedule=self.schedule(assignment),
            )
        except AttemptError as error:
            return self.conflict(request, assignment, error)
        return HttpResponseRedirect(self.url("home"))


def named_partners(assignment: Assignment, attempt: Attempt | None) -> list[str] | None:
    """Return the names of those with whom a pupil works; None where nobody can be named."""
    if not assignment.may_work_together or (attempt and attempt.reopened_at):
        return None
    rows = attempt.partners.filter(left_at__isnull=True) if attempt else Partner.objects.none()
    return [one.user.display_name for one in rows.select_related("user").order_by("pk")]


def _submitting_for(assignment: Assignment, attempt: Attempt | None) -> list[tuple[Partner, bool]]:
    """Return the partners in what is about to be submitted, each with whether it will count."""
    if attempt is None:
        return []
    rows = attempt.partners.filter(left_at__isnull=True).select_related("user").order_by("pk")
    return [(one, attempts.will_count(assignment, one)) for one in rows]


def _reply(saved: SaveResult, fields: Mapping[str, str]) -> dict[str, object]:
    """Return what the page's script hears of its save."""
    errors = {item: translate(error) for item, error in saved.errors.items()}
    sheet = saved.attempt.edition.sheet
    kept = {item: saved_fields(sheet, {item: one}) for item, one in saved.kept.items()}
    return {
        "errors": errors,
        "late": saved.newest,
        # What is kept in another way than it was sent: a bank's word, typed.
        "kept": {
            item: values
            for item, values in kept.items()
            if any(fields.get(name) != text for name, text in values.items())
        },
        "seen": saved.attempt.saved_at.isoformat(),
        # For pages that were opened before version 0.1.0, whose script reads them.
        "faults": errors,
    }


def _posted_answers(assignment: Assignment, fields: Mapping[str, str]) -> Mapping[str, ItemAnswer]:
    """Return what was posted, read by the edition that the page of it shows.

    Fields may stand for something else in the edition of now; values name what they are about.
    """
    number = whole_number(fields.get("edition", ""), MAX_DIGITS)
    rows = Edition.objects.filter(worksheet=assignment.edition.worksheet_id)
    edition = rows.filter(pk=number or 0).first() or assignment.edition
    return read_answers(edition.sheet, fields).posted


def conflict_message(error: AttemptError) -> str:
    """Return what happened, that nothing was lost, and what to do next."""
    if isinstance(error, StaleEdition):
        return _(
            "Your teacher changed this worksheet after you opened the page. Your answers are still"
            " here. Check them and continue."
        )
    if isinstance(error, Closed):
        return _("This worksheet is closed. Everything you saved before is kept.")
    if isinstance(error, AlreadySubmitted):
        return _("You have already submitted this worksheet. Reload the page to see your result.")
    return _("This is not possible now. Reload the page.")


def _state(attempt: Attempt | None) -> str:
    """Return what a page compares with its own: another one is to be loaded if it differs."""
    if attempt is None:
        return "1"
    reopened = f"-{attempt.reopened_at.timestamp():.0f}" if attempt.reopened_at else ""
    return f"{attempt.number}{reopened}{'-submitted' if attempt.is_submitted else ''}"


def _attempt_number(fields: Mapping[str, str]) -> int:
    """Return the attempt that the page says it shows; 0, which is none, if that is no number."""
    return whole_number(fields.get("attempt", "1"), MAX_DIGITS) or 0


def _empty_places(sheet: Sheet, empty: Unanswered) -> list[Place]:
    """Return what is empty in the order of the sheet, gaps with the words around them."""
    around = gap_contexts(sheet) if empty.gaps else {}
    places = {g.key: Place(g.key, around.get(g.key, ""), g.number) for g in empty.gaps}
    places |= {q.key: Place(f"question-{q.key}", q.prompt) for q in empty.questions}
    places |= {
        q.key: Place(f"question-{q.key}", q.prompt, missing=missing) for q, missing in empty.half
    }
    return [places[key] for key in reading_order(sheet) if key in places]


def _used_twice(sheet: Sheet, answers: Mapping[str, ItemAnswer]) -> list[tuple[str, list[Place]]]:
    """Return the words that are used too often, each with its gaps and the words around them."""
    used = list(used_too_often(sheet, answers))
    around = gap_contexts(sheet) if used else {}
    return [
        (word, [Place(gap.key, around.get(gap.key, ""), gap.number) for gap in gaps])
        for word, gaps in used
    ]


def _reopened(assignment: Assignment, attempt: Attempt | None) -> Reopened | None:
    """Return what differs in work that is open again; None for an attempt that never was shut."""
    if attempt is None or not attempt.reopened_at:
        return None
    feedback = assignment.feedback
    if feedback == Feedback.ANSWERS:  # too early: the pupil is still writing
        feedback = Feedback.CORRECTNESS
    marks = marks_by_item(attempt)
    if shown_alone(marks):
        attempts.note_marks_seen(attempt)
    again = [
        AskedAgain(question, number, attempt.reopened_items[question.key])
        for number, question in enumerate(attempt.edition.sheet.questions, 1)
        if question.key in attempt.open_items
    ]
    earlier = {mark.item: mark.comment for mark in attempt.earlier_marks.all() if mark.comment}
    return Reopened(
        fixed=attempts.fixed_items(attempt),
        marks=marks,
        # What the teacher asks for stands above all, and at the question.
        comments={one.question.key: one.comment for one in again} if again else earlier,
        shown=shown_to_pupil(feedback, is_released=False, alone=shown_alone(marks)),
        again=again,
    )


def _fixed(attempt: Attempt | None) -> Collection[str]:
    """Return the keys of the items that stay as they were submitted."""
    return attempts.fixed_items(attempt) if attempt and attempt.reopened_at else ()


def _seen(fields: Mapping[str, str]) -> datetime | None:
    """Return when the answers of the page were saved; long ago where nothing was saved yet."""
    text = fields.get("seen")
    if text == "":
        return datetime.min.replace(tzinfo=UTC)
    try:
        moment = parse_datetime(text or "")
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _sent(fields: Mapping[str, str]) -> Sent:
    """Return how a script has numbered its request; what nobody's script writes counts as none."""
    device, number = fields.get("device", ""), whole_number(fields.get("sent", ""), MAX_DIGITS)
    if number is None or not 0 < len(device) <= MAX_DEVICE or not device.isalnum():
        return UNNUMBERED
    return Sent(device, number)


def _posted_fields(request: HttpRequest) -> dict[str, str] | None:
    """Return the fields of a form or of a script's request; None if it cannot be read."""
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    return {key: value for key, value in body.items() if isinstance(value, str)}
