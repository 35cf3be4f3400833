"""What pages about one worksheet share: it must be this teacher's own."""

from __future__ import annotations

from django.http import Http404

from worksheets.models import Worksheet
from worksheets.permissions import may_edit
from worksheets.views.teacher.attempt import TeacherView


class AuthorView(TeacherView):
    """A page about one worksheet of this teacher's own."""

    def worksheet(self, number: int) -> Worksheet:
        """The worksheet. Raises Http404 for one of somebody else's."""
        found = Worksheet.objects.filter(pk=number).select_related("author").first()
        if found is None or not may_edit(self.visit, found):
            raise Http404
        return found
