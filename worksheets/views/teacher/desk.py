"""The base of pages on which a teacher marks by question, here or at another activity of theirs."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from worksheets.markup import Question
from worksheets.models import Assignment
from worksheets.permissions import may_mark_there
from worksheets.reports.my_marking import offered_together
from worksheets.views.base import WholeClassView
from worksheets.views.teacher.shown_answers import MarkingQuery

# The same page of another activity, whose number its address names.
THERE = "-there"


class DeskView(WholeClassView):
    """A page about one question of the activity that was opened, or of another one by number."""

    def activity(self, number: int | None) -> Assignment:
        """Return the assignment. Raise Http404 if there is none that this person may mark."""
        if number is None:
            return self.assignment_or_404()
        rows = Assignment.objects.select_related("edition", "link__context__deployment")
        found = rows.filter(pk=number).first()
        if found is None or not may_mark_there(self.visit, found):
            raise Http404
        return found

    def others(self, assignment: Assignment, query: MarkingQuery) -> list[Assignment]:
        """Return the parallel classes that are marked in the same run, as the address asks."""
        return offered_together(self.visit.user, assignment) if query.together else []

    def is_here(self, assignment: Assignment) -> bool:
        """Return whether this is the activity that was opened."""
        return assignment.link_id == self.visit.launch.link_id

    def desk_url(self, view_name: str, assignment: Assignment, **kwargs: object) -> str:
        """Return the address of a page of marking for an activity."""
        if self.is_here(assignment):
            return self.url(view_name, **kwargs)
        return self.url(f"{view_name}{THERE}", number=assignment.pk, **kwargs)


def question_or_404(assignment: Assignment, item: str) -> Question[Any]:
    """Return the question with that key. Raise Http404 for one that a teacher does not mark."""
    found = next((one for one in assignment.edition.sheet.to_mark if one.key == item), None)
    if found is None:
        raise Http404
    return found
