"""A worksheet's pictures: shown to whoever may see them, added and removed by its author."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from worksheets import authoring
from worksheets.authoring import InUse, NameTaken, QuotaReached, quotas
from worksheets.models import Assignment, Edition, Picture, Worksheet
from worksheets.permissions import may_build, may_edit
from worksheets.views.authoring.forms import PictureForm
from worksheets.views.base import AuthorView, WorksheetView

MAX_AGE = 24 * 3600  # seconds, as long as the address opens anything


class PictureView(WorksheetView):
    """The view that sends a picture."""

    is_picture = True

    def get(self, request: HttpRequest, worksheet: int, name: str) -> HttpResponse:  # noqa: ARG002
        """Return its bytes. Raise Http404 unless a sheet that this person may see shows it."""
        found = Worksheet.objects.filter(pk=worksheet).first()
        if found is None or not self._may_see(found, name):
            raise Http404
        picture = Picture.objects.filter(worksheet=found, name=name).first()
        if picture is None:
            raise Http404
        response = HttpResponse(bytes(picture.content), content_type=picture.media_type)
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the picture, which a browser may keep for itself: nothing else on a page is large.

        All other pages below the token are never kept.
        """
        response = super().dispatch(request, *args, **kwargs)
        if response.status_code == 200:
            response["Cache-Control"] = f"private, max-age={MAX_AGE}"
            del response["Expires"]
        return response

    def _may_see(self, worksheet: Worksheet, name: str) -> bool:
        if may_edit(self.visit, worksheet):
            return True
        assignment = self.find_or_inherit_assignment()
        if assignment is None:
            return False
        if may_build(self.visit):
            return assignment.edition.worksheet_id == worksheet.pk
        # A worksheet has more pictures than its pupils are shown: of the solution, say.
        return any(
            edition.worksheet_id == worksheet.pk and name in edition.sheet.pictures
            for edition in self._editions(assignment)
        )

    def _editions(self, assignment: Assignment) -> list[Edition]:
        """Return what this pupil has answered; before that, what can be answered by now."""
        attempts = assignment.attempts.filter(user=self.visit.user)
        if answered := list(Edition.objects.filter(pk__in=attempts.values("edition"))):
            return answered
        return [] if self.schedule(assignment).is_not_open_yet else [assignment.edition]


class AddPictureView(AuthorView):
    """The view that adds a picture."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        worksheet = self.worksheet(number)
        form = PictureForm(request.POST, request.FILES)
        if form.is_valid():
            name, picture = form.cleaned_data["picture"]
            try:
                authoring.add_picture(worksheet, name, picture)
            except NameTaken:
                form.add_error("picture", _("There is already a picture with this name."))
            except QuotaReached as error:
                form.add_error("picture", str(error))
            else:
                return self.go("edit", "picture-added", number=worksheet.pk)
        context = {
            "worksheet": worksheet,
            "picture_form": form,
            "usage": quotas.usage_of(worksheet.author),
        }
        return self.page(request, "worksheets/authoring/picture.html", context, 422)


class RemovePictureView(AuthorView):
    """The view that removes a picture."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int, name: str) -> HttpResponse:  # noqa: ARG002
        """Remove the picture, unless an edition shows it."""
        worksheet = self.worksheet(number)
        picture = worksheet.pictures.filter(name=name).first()
        if picture is None:
            raise Http404
        try:
            authoring.remove_picture(picture)
        except InUse:
            return self.go("edit", "picture-in-use", number=worksheet.pk)
        return self.go("edit", "picture-removed", number=worksheet.pk)
