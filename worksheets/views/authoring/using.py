"""The publishing and use of a worksheet, from the page on which its answers are given."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

from worksheets import authoring
from worksheets.authoring import HasErrors, InUse, TooManyEditions, assigning, quotas
from worksheets.authoring.assigning import AssignmentRules
from worksheets.authoring.library import Entry
from worksheets.gradebook import changes
from worksheets.gradebook.changes import Outdated
from worksheets.models import Assignment, DraftPage, Edition, Worksheet
from worksheets.permissions import may_place, may_see_class
from worksheets.views.authoring.assigning import changes_page, posted_rules
from worksheets.views.authoring.deep_linking import SelectionPage, select_form
from worksheets.views.authoring.forms import AssignForm, SelectForm
from worksheets.views.authoring.selection import add_to_selection, saved_selection
from worksheets.views.base import AuthorView
from worksheets.views.drafts import FormDraft, base_of, draft_for, drop_draft_of

MAX_VERSIONS = 20  # that are listed
SETTINGS = "settings"  # a field of the form whose settings are open
# Buttons that publish: to use the worksheet here, to choose more beside it, or for later.
USES = frozenset({"use", "choose", "publish"})


class UsePage(SelectionPage, AuthorView):
    """The base of the page that publishes a worksheet and uses it.

    It is used at the link that was opened, or in deep linking for a link that the LMS is about to
    make. The usual settings count, or those that stand there, unless they were opened and changed.
    """

    def settings_form(
        self, worksheet: Worksheet, posted: QueryDict | None = None
    ) -> AssignForm | SelectForm:
        """Return the settings under which the text as it stands would be used."""
        edition = Edition(worksheet=worksheet, title=worksheet.title, source=worksheet.source)
        if self.visit.deep_linking is not None:
            fields = saved_selection(self.visit) if posted is None else posted
            return select_form(Entry(worksheet, edition), fields)
        # A form writes onto its instance.
        instance = self.find_or_inherit_assignment() or Assignment(link=self.visit.link)
        form = AssignForm(edition, posted, instance=instance, launch=self.visit.launch)
        form.fields.pop("mark_again", None)  # it stands beside them
        return form

    def use_context(
        self,
        request: HttpRequest,
        worksheet: Worksheet,
        form: AssignForm | SelectForm | None = None,
    ) -> dict[str, Any]:
        """Return what the page shows of the worksheet's use; ``form`` are the open settings."""
        assigned = self.find_or_inherit_assignment()
        editions = list(
            worksheet.editions.filter(is_correction=False).defer("source")[:MAX_VERSIONS]
        )
        return {
            "settings": form,
            "draft": self._draft(request, assigned) if form else None,
            "editions": editions,
            "assigned_edition": assigned.edition_id if assigned else None,
            "may_mark_again": (
                assigned is not None
                and assigned.edition.worksheet_id == worksheet.pk
                and may_place(self.visit, assigned)
                and assigned.attempts.exists()
            ),
        }

    def _draft(self, request: HttpRequest, assigned: Assignment | None) -> FormDraft:
        user = self.visit.user
        if self.visit.deep_linking is not None:
            base = str(self.visit.membership.context_id)
            return draft_for(request, user, DraftPage.SELECT, base=base)
        base = base_of(AssignmentRules.of(assigned) if assigned else ())
        return draft_for(request, user, DraftPage.ASSIGN, self.visit.link.pk, base)

    def use(
        self, request: HttpRequest, worksheet: Worksheet
    ) -> HttpResponse | AssignForm | SelectForm:
        """Publish the worksheet and use it; return the settings if they cannot be so."""
        form = None
        if SETTINGS in request.POST:
            form = self.settings_form(worksheet, request.POST)
            if not form.is_valid():
                return form
        try:
            edition = authoring.publish(worksheet, by=self.visit.user)
        except HasErrors:
            return self.go("keys", "not-published", number=worksheet.pk)
        except TooManyEditions:
            return self.go("keys", "too-many-versions", quotas.MAX_EDITIONS, number=worksheet.pk)
        if "publish" in request.POST:
            return self.go("keys", "published", number=worksheet.pk)
        if self.visit.deep_linking is not None:
            return self._choose(request, worksheet, edition)
        return self._place(request, worksheet, edition, form)

    def _place(
        self,
        request: HttpRequest,
        worksheet: Worksheet,
        edition: Edition,
        form: AssignForm | SelectForm | None,
    ) -> HttpResponse:
        assigned = self.find_or_inherit_assignment()
        if not may_place(self.visit, assigned):
            return self.go("keys", "published-only", number=worksheet.pk)
        current = AssignmentRules.of(assigned) if assigned else AssignmentRules()
        rules = form.rules() if form else current
        again = "mark_again" in request.POST
        try:
            if assigned is None:
                assigning.assign(self.visit.link, edition, rules, by=self.actor)
            else:
                changes.apply(assigned, edition, rules, mark_again=again, seen="", by=self.actor)
        except Outdated:  # marks would change: the teacher sees first whose
            assert assigned is not None  # noqa: S101 - only a change of what there is has a plan
            return changes_page(
                self, request, assigned, edition, rules, posted_rules(rules, mark_again=again)
            )
        except InUse:
            return self.go("keys", "in-use", number=worksheet.pk)
        if form:
            drop_draft_of(request, self.visit.user, DraftPage.ASSIGN, self.visit.link.pk)
        return self.go("class" if may_see_class(self.visit) else "home", "placed")

    def _choose(self, request: HttpRequest, worksheet: Worksheet, edition: Edition) -> HttpResponse:
        """Answer the LMS with the worksheet; go on choosing if others are chosen beside it."""
        posted = request.POST if SETTINGS in request.POST else None
        fields = add_to_selection(self.visit, worksheet, posted)
        if "choose" in request.POST or self.has_other_choices(worksheet):
            return self.go("home")
        form = select_form(Entry(worksheet, edition), fields)
        if not form.is_valid():  # what was typed on the page of choices
            return self.go("home")
        return self.answer_lms(request, [form])

    def has_other_choices(self, worksheet: Worksheet) -> bool:
        """Return whether the LMS would get another worksheet, too."""
        settings = self.visit.deep_linking
        chosen = {*saved_selection(self.visit).getlist("worksheet")} - {str(worksheet.pk)}
        return settings is not None and settings.accepts_several and bool(chosen)
