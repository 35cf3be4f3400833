"""The activity's own address: where each launch leads."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from worksheets.permissions import may_teach
from worksheets.views.authoring import shelf_page
from worksheets.views.pupil import PupilView, pupil_home
from worksheets.views.teacher import class_page


class HomeView(PupilView):
    """For a pupil the worksheet; for a teacher the class, or worksheets to choose from."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Whatever this person does here."""
        if not may_teach(self.visit):
            return pupil_home(self, request)
        if self.find_assignment() is None:
            return shelf_page(self, request)
        return class_page(self, request)
