"""The page of a launch from the LMS's gradebook, for one pupil's submission."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from worksheets.reports.class_overview import attempts_of
from worksheets.views.base import TeacherView


class ReviewView(TeacherView):
    """The way from the LMS's gradebook straight to one pupil's answers."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the attempt that counts, or say that there is none."""
        pupil, assignment = self.visit.launch.reviewed, self.find_or_inherit_assignment()
        works = attempts_of(assignment, pupil) if assignment and pupil else []
        if works:
            shown = next((work for work in works if work.counts), works[0])
            return self.go("attempt", number=shown.attempt.pk)
        context = {"pupil": pupil}
        return self.page(request, "worksheets/teacher/nothing_to_review.html", context)
