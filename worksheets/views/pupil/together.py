"""Pages for pupils who work together at one device: naming partners, and being named."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_tool.db.prepared import Param, Prepared
from lti_tool.models import User
from lti_tool.protocol.values import whole_number
from worksheets import attempts
from worksheets.attempts import (
    MAX_PARTNERS,
    AttemptError,
    Closed,
    HasLeft,
    HasOwnWork,
    NoPartner,
    NotReady,
    TooManyPartners,
)
from worksheets.models import Assignment, Attempt, Partner
from worksheets.reports.classmates import MAX_FOUND, MAX_WORDS, MIN_LETTERS, find_classmates
from worksheets.views.base import MAX_DIGITS
from worksheets.views.pupil.filling import PupilView

# Named last comes first: whose work one finds at the link.
_PARTNERSHIPS = Prepared(
    lambda: (
        Partner.objects.filter(
            attempt__assignment=Param("assignment"), user=Param("user"), left_at__isnull=True
        )
        .select_related("attempt__edition", "attempt__user")
        .order_by(F("number").desc(nulls_last=True), "-pk")
    )
)

_WHY: dict[type[AttemptError], Promise] = {
    TooManyPartners: _("At most three can work together at one device."),
    HasLeft: _("{name} has said that this is not their work. Ask your teacher."),
    HasOwnWork: _(
        "{name} has no attempt left here: they have begun or submitted this worksheet already."
    ),
    NoPartner: _("Nobody of that name is a pupil of this course now. Nothing was changed."),
}


def partnership(assignment: Assignment, user: User) -> Partner | None:
    """Return the partner that this person is in work of somebody else, the latest; or None."""
    found = _PARTNERSHIPS.first(assignment=assignment.pk, user=user.pk)
    if found is not None:
        found.user, found.attempt.assignment = user, assignment
    return found


class PartnersView(PupilView):
    """The page on which a pupil says with whom they work, until the work is submitted."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show who is named, and the search for a name."""
        assignment = self.assignment_or_404()
        attempt = self._attempt(assignment)
        if attempt is None:
            return self.go("home")
        return self._page(request, assignment, attempt, request.GET.get("name", ""))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Name somebody, or take that back."""
        assignment, user = self.assignment_or_404(), self.visit.user
        attempt = self._attempt(assignment)
        if attempt is None:
            return self.go("home")
        add = whole_number(request.POST.get("add", ""), MAX_DIGITS)
        remove = whole_number(request.POST.get("remove", ""), MAX_DIGITS)
        try:
            if add is not None:
                schedule = self.schedule(assignment)
                attempts.name_partner(assignment, user, add, schedule=schedule)
            elif remove is not None:
                attempts.unname_partner(assignment, user, remove)
        except NoPartner as error:
            typed = request.POST.get("name", "")
            found = find_classmates(assignment, user, typed)
            name = next((one.display_name for one in found if one.pk == add), "")
            kind = type(error) if name or isinstance(error, TooManyPartners) else NoPartner
            why = str(_WHY[kind]).replace("{name}", name)
            return self._page(request, assignment, attempt, typed, why=why, status=422)
        except (Closed, NotReady):
            return self.go("home")
        return HttpResponseRedirect(self.url("partners"))

    def _attempt(self, assignment: Assignment) -> Attempt | None:
        """Return the pupil's attempt if partners of it can be named or taken back now."""
        found = self.latest_attempt(assignment)
        if found is None or found.is_submitted or found.reopened_at is not None:
            return None
        is_used = assignment.may_work_together or found.partners.exists()
        return found if is_used and self.schedule(assignment).is_open else None

    def _page(
        self,
        request: HttpRequest,
        assignment: Assignment,
        attempt: Attempt,
        typed: str,
        *,
        why: str = "",
        status: int = 200,
    ) -> HttpResponse:
        named = list(attempt.partners.filter(left_at__isnull=True).select_related("user"))
        known = {one.user_id for one in named}
        found = find_classmates(assignment, self.visit.user, typed)
        context: dict[str, Any] = {
            "assignment": assignment,
            "edition": attempt.edition,
            "named": named,
            "may_add": assignment.may_work_together and len(named) < MAX_PARTNERS,
            "typed": typed[:MAX_WORDS],
            "found": [user for user in found if user.pk not in known],
            "is_searched": bool(typed.strip()),
            "is_cut": len(found) == MAX_FOUND,
            "letters": MIN_LETTERS,
            "max_words": MAX_WORDS,
            "why": why,
        }
        return self.page(request, "worksheets/pupil/partners.html", context, status)


class SharedWorkView(PupilView):
    """The page that tells a partner of work that they are named in, and asks whether it is so."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        partner = self._partner(number)
        if partner.has_left or partner.confirmed_at is not None:
            return self.go("home")
        return shared_work_page(self, request, partner)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Keep what the partner says; once it is said it stays."""
        partner = self._partner(number)
        try:
            if request.POST.get("answer") == "yes":
                attempts.confirm(partner)
                return self.go("own-attempt", number=self._partner(number).number)
            if request.POST.get("answer") == "no":
                attempts.leave(partner)
                return self.go("home", "not-my-work")
        except AttemptError:
            return self.go("home")
        return self.go("shared-work", number=partner.pk)

    def _partner(self, number: int) -> Partner:
        """Return one's own row. Raise Http404 for any other."""
        assignment = self.assignment_or_404()
        rows = Partner.objects.filter(attempt__assignment=assignment, user=self.visit.user)
        found = rows.select_related("attempt__edition", "attempt__user").filter(pk=number).first()
        if found is None:
            raise Http404
        found.user, found.attempt.assignment = self.visit.user, assignment
        return found


def shared_work_page(view: PupilView, request: HttpRequest, partner: Partner) -> HttpResponse:
    """Say who has named this person, and ask about it, before anything of the work is shown."""
    context = {
        "assignment": partner.attempt.assignment,
        "edition": partner.attempt.edition,
        "partner": partner,
        "attempt": partner.attempt,
    }
    return view.page(request, "worksheets/pupil/shared_work.html", context)
