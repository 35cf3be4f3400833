"""The view with which a teacher takes a pupil out of work that another has submitted for both."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from worksheets import attempts
from worksheets.attempts import AttemptError
from worksheets.models import Partner
from worksheets.permissions import may_release
from worksheets.views.base import TeacherView
from worksheets.wording.rights import NO_RELEASE


class TakeOutView(TeacherView):
    """The press on a pupil's page that makes the work that of the others alone."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG002
        """Take the partner out; a second press finds that done."""
        rows = Partner.objects.filter(pk=number, attempt__assignment__link=self.visit.link)
        partner = rows.select_related("user", "attempt").first()
        if partner is None:
            raise Http404
        partner.attempt = self.attempt(partner.attempt_id)
        self.require(may_release(self.visit, partner.attempt), NO_RELEASE)
        try:
            attempts.take_out(partner, by=self.actor)
        except AttemptError:
            return self.go("attempt", "not-changed", number=partner.attempt_id)
        return self.go("attempt", "taken-out", number=partner.attempt_id)
