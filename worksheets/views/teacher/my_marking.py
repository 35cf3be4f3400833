"""The page with all that a teacher has to mark, over all activities and courses of a platform."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from worksheets.reports.my_marking import ActivityMarking, my_marking
from worksheets.views.teacher.desk import DeskView


class MyMarkingView(DeskView):
    """The figures of it, the time that the rest may take, and the ways to it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = my_marking(self.visit.user)
        sheets = [
            {
                "sheet": sheet,
                "rows": [(one, self._url(one)) for one in sheet.activities],
                "together_url": f"{self._url((sheet.present or sheet.activities)[0])}?together=1",
            }
            for sheet in found.worksheets
        ]
        context = {
            "found": found,
            "sheets": sheets,
            "last_url": self._url(found.last) if found.last else "",
        }
        return self.page(request, "worksheets/teacher/my_marking.html", context)

    def _url(self, activity: ActivityMarking) -> str:
        return self.desk_url("mark", activity.assignment)
