"""A worksheet's pictures: shown to whoever may see them, added and removed by its author."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from lti_tool.protocol.values import whole_number
from worksheets import authoring
from worksheets.authoring import (
    ChangedElsewhere,
    InUse,
    NameTaken,
    QuotaReached,
    quotas,
    reviewing,
)
from worksheets.formats.picture_file import StoredPicture
from worksheets.markup import picture_lines
from worksheets.markup.editing import CannotEdit
from worksheets.models import Assignment, Edition, Picture, Worksheet
from worksheets.models.worksheet import read_sheet
from worksheets.permissions import may_build, may_read
from worksheets.questions import KINDS
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
        if may_read(self.visit, worksheet):
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
        user = self.visit.user
        shared = Q(partners__user=user, partners__confirmed_at__isnull=False)
        attempts = assignment.attempts.filter(Q(user=user) | shared)
        if answered := list(Edition.objects.filter(pk__in=attempts.values("edition"))):
            return answered
        return [] if self.schedule(assignment).is_not_open_yet else [assignment.edition]


class AddPictureView(AuthorView):
    """The view that adds a picture: from the form, or dropped on the text or pasted into it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Keep the picture; one that the review asks for also gets its place in the text."""
        is_of_a_script = request.headers.get("Accept", "") == "application/json"
        is_asked_for = "line" in request.POST  # by the review, which is its author's alone
        worksheet = self.own_worksheet(number) if is_asked_for else self.worksheet(number)
        form = PictureForm(request.POST, request.FILES)
        if form.is_valid():
            name, content = form.cleaned_data["picture"]
            try:
                if is_of_a_script:
                    picture = authoring.add_picture_under_free_name(worksheet, name, content)
                    return self._written(request, worksheet, picture)
                if is_asked_for:
                    self._place(request, worksheet, name, content)
                    return self.go("review", number=worksheet.pk)
                authoring.add_picture(worksheet, name, content)
                return self.go("edit", "picture-added", number=worksheet.pk)
            except NameTaken:
                form.add_error("picture", _("There is already a picture with this name."))
            except QuotaReached as error:
                form.add_error("picture", str(error))
            except (CannotEdit, ChangedElsewhere):
                form.add_error(
                    "picture",
                    _(
                        "The text has changed at this place, so the picture was not added. Go back"
                        " to the review and add it there."
                    ),
                )
        if is_of_a_script:
            said = " ".join(str(message) for errors in form.errors.values() for message in errors)
            return JsonResponse({"name": "", "row": "", "said": said}, status=422)
        context = {
            "worksheet": worksheet,
            "picture_form": form,
            "usage": quotas.usage_of(worksheet.author),
            "asked": {name: request.POST.get(name, "") for name in ("line", "name", "seen")}
            if is_asked_for
            else {},
        }
        return self.page(request, "worksheets/authoring/picture.html", context, 422)

    def _written(
        self, request: HttpRequest, worksheet: Worksheet, picture: Picture
    ) -> HttpResponse:
        """Return the name for the text, and the picture's row in the list below it."""
        context = {"worksheet": worksheet, "picture": picture, "token": self.visit.token}
        row = render_to_string("worksheets/authoring/picture_row.html", context, request)
        return JsonResponse({"name": picture.name, "row": row, "said": ""})

    def _place(
        self, request: HttpRequest, worksheet: Worksheet, name: str, picture: StoredPicture
    ) -> None:
        """Keep a picture under the name that the text has for it, or put it below a line.

        Raise CannotEdit or ChangedElsewhere if the text is another by now.
        """
        wanted = request.POST.get("name", "")
        source, seen = worksheet.source, request.POST.get("seen", "")
        if wanted:
            if wanted not in read_sheet(source).pictures:
                raise CannotEdit
            authoring.add_picture(worksheet, wanted, picture)
            return
        line = whole_number(request.POST["line"], max_digits=6) or 0
        if seen != authoring.digest_of(source):
            raise ChangedElsewhere
        text = picture_lines.add_below(source, line, name, KINDS.values())
        with transaction.atomic():
            authoring.add_picture(worksheet, name, picture)
            more = text.count("\n") - source.count("\n")
            cautions = [
                (
                    at + more if at > line else at,
                    *rest,
                    *([authoring.DONE] if at == line and authoring.PICTURE in rest else []),
                )
                for at, *rest in worksheet.cautions
            ]
            reviewing.take_step(worksheet, text, seen=seen, action="picture", cautions=cautions)


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
