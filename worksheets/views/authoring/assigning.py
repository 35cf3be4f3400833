"""The page that assigns an edition to the link that was opened, or changes its rules there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse

from lti_tool.background import jobs
from lti_tool.background.jobs import AlreadyAsked, TooManyJobs
from lti_tool.models import Job
from worksheets.authoring import InUse, assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.gradebook import changes, marking_again
from worksheets.gradebook.changes import Outdated
from worksheets.models import Assignment, DraftPage, Edition
from worksheets.permissions import may_build, may_place, may_read, may_see_class
from worksheets.reports.history import history_of_rules
from worksheets.views.authoring.forms import AssignForm
from worksheets.views.base import AuthorView, WorksheetView
from worksheets.views.drafts import base_of, draft_for, drop_draft_of
from worksheets.views.jobs import follow
from worksheets.wording.rights import NO_RULES

SHOWN = "shown-rules"  # the field that says with which rules a page was opened


class AssignView(AuthorView):
    """The page that assigns an edition to this link, or changes its rules here.

    Where that changes pupils' marks, the teacher sees first for whom, and agrees.
    """

    def check_access(self) -> None:
        if self.visit.deep_linking is not None:  # there is no link yet to assign it to
            raise Http404
        self.require(may_build(self.visit))
        # The rules are those of the whole class.
        reason = NO_RULES if self.visit.roles.is_assistant else ""
        self.require(may_place(self.visit, self.find_or_inherit_assignment()), reason)

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show the rules, with defaults filled in."""
        assigned = self.find_or_inherit_assignment()
        edition = self._edition(number, assigned)
        instance = assigned or Assignment()
        form = AssignForm(edition, instance=instance, launch=self.visit.launch)
        return self._page(request, edition, assigned, form)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Assign the edition; show what that would change; or apply that."""
        assigned = self.find_or_inherit_assignment()
        edition = self._edition(number, assigned)
        # The form writes onto its instance: another one than the row that is compared below.
        instance = self.find_or_inherit_assignment() or Assignment(link=self.visit.link)
        form = AssignForm(edition, request.POST, instance=instance, launch=self.visit.launch)
        if "back" in request.POST:
            return self._page(request, edition, assigned, form)
        if not form.is_valid():
            return self._page(request, edition, assigned, form, 422)
        try:
            if assigned is None:
                assigning.assign(self.visit.link, edition, form.rules(), by=self.actor)
                drop_draft_of(request, self.visit.user, DraftPage.ASSIGN, self.visit.link.pk)
                return self._done("placed")
            # Who confirms a plan has been shown what stands now.
            if "seen" not in request.POST and _is_old(request, assigned, edition):
                return self._page(request, edition, assigned, form, 409)
            return self._change(request, assigned, edition, form)
        except InUse:
            return self.go("assign", "in-use", number=edition.pk)

    def _change(
        self, request: HttpRequest, assigned: Assignment, edition: Edition, form: AssignForm
    ) -> HttpResponse:
        rules, again = form.rules(), bool(form.cleaned_data.get("mark_again"))
        seen = request.POST.get("seen", "")
        if seen:
            return self._apply(request, assigned, edition, form, seen)
        try:
            changes.apply(assigned, edition, rules, mark_again=again, seen="", by=self.actor)
        except Outdated:
            return self._changes_page(request, assigned, edition, form)
        drop_draft_of(request, self.visit.user, DraftPage.ASSIGN, self.visit.link.pk)
        return self._done("settings-saved" if assigned.edition == edition else "placed")

    def _apply(
        self,
        request: HttpRequest,
        assigned: Assignment,
        edition: Edition,
        form: AssignForm,
        seen: str,
    ) -> HttpResponse:
        """Apply the plan that the teacher has confirmed, and go on as soon as that is done."""
        again = bool(form.cleaned_data.get("mark_again"))
        try:
            job = marking_again.start(
                self.visit.user, assigned, edition, form.rules(), mark_again=again, seen=seen
            )
        except AlreadyAsked:
            return self.go("class", "being-marked-again")
        except TooManyJobs:
            return self.go("class", "too-many-jobs")
        job = jobs.wait(job)
        if job.state == Job.State.FAILED and (reason := job.result.get("reason")):
            jobs.mark_told([job])
            if reason == "in-use":
                return self.go("assign", "in-use", number=edition.pk)
            return self._changes_page(request, assigned, edition, form, is_second=True)
        return follow(self, job)

    def _done(self, notice: str) -> HttpResponse:
        return self.go("class" if may_see_class(self.visit) else "home", notice)

    def _edition(self, number: int, assigned: Assignment | None) -> Edition:
        """Return an edition of a worksheet that one may read, or the one that is assigned here.

        Raise Http404 for any other.
        """
        found = Edition.objects.select_related("worksheet").filter(pk=number).first()
        if found is None:
            raise Http404
        is_here = assigned is not None and assigned.edition.worksheet_id == found.worksheet_id
        if not is_here and not may_read(self.visit, found.worksheet):
            raise Http404
        return found

    def _page(
        self,
        request: HttpRequest,
        edition: Edition,
        assigned: Assignment | None,
        form: AssignForm,
        status: int = 200,
    ) -> HttpResponse:
        posted, now = request.POST.get(SHOWN), _base(assigned, edition)
        context = {
            "edition": edition,
            "form": form,
            "is_old": status == 409,
            # What could not be saved for another reason was typed beside the rules of before.
            "shown": posted if status == 422 and posted is not None else now,
            "assignment": assigned,
            "sheet": edition.sheet,
            "columns": changes.column_changes(
                assigned, edition, AssignmentRules.of(assigned), with_unlike=True
            )
            if assigned
            else [],
            "history": history_of_rules(assigned) if assigned else [],
            "draft": draft_for(
                request,
                self.visit.user,
                DraftPage.ASSIGN,
                self.visit.link.pk,
                now,
            ),
        }
        return self.page(request, "worksheets/authoring/assign.html", context, status)

    def _changes_page(
        self,
        request: HttpRequest,
        assigned: Assignment,
        edition: Edition,
        form: AssignForm,
        *,
        is_second: bool = False,
    ) -> HttpResponse:
        posted = {name: request.POST[name] for name in form.fields if name in request.POST}
        return changes_page(
            self, request, assigned, edition, form.rules(), posted, is_second=is_second
        )


def changes_page(
    view: WorksheetView,
    request: HttpRequest,
    assigned: Assignment,
    edition: Edition,
    rules: AssignmentRules,
    posted: Mapping[str, str],
    *,
    is_second: bool = False,
) -> HttpResponse:
    """Ask the teacher to confirm a plan; ``posted`` are its rules as the settings' form has them.

    With ``is_second`` they have confirmed one, but its effects have changed since.
    """
    # A pupil has begun meanwhile.
    view.require(may_place(view.visit, assigned))
    plan = changes.plan(assigned, edition, rules, mark_again="mark_again" in posted)
    drafts = f"draft-at-{DraftPage.ASSIGN}"
    kept = {drafts: request.POST[drafts]} if drafts in request.POST else {}
    context = {
        "edition": edition,
        "plan": plan,
        "posted": {**posted, **kept},
        "is_second": is_second,
    }
    return view.page(request, "worksheets/authoring/changes.html", context)


def posted_rules(rules: AssignmentRules, *, mark_again: bool) -> dict[str, str]:
    """Return rules as a form of the settings posts them."""
    posted = {}
    for rule in fields(rules):
        value = getattr(rules, rule.name)
        if value is not None:
            posted[rule.name] = value.isoformat() if isinstance(value, datetime) else str(value)
    return {**posted, "mark_again": "on"} if mark_again else posted


def _is_old(request: HttpRequest, assigned: Assignment, edition: Edition) -> bool:
    """Return whether a page was opened before somebody else changed what it is about."""
    return request.POST.get(SHOWN) not in {None, _base(assigned, edition)}


def _base(assigned: Assignment | None, edition: Edition) -> str:
    """Return a text that changes with what the page is about, and with the rules here."""
    rules = (assigned.edition_id, AssignmentRules.of(assigned)) if assigned else ()
    return base_of(edition.pk, rules)
