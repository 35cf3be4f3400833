"""The presses of 'Collect this' on the pages of marking and of the class's answers."""

from __future__ import annotations

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.utils.translation import gettext as _

from lti_tool.protocol.values import whole_number
from worksheets.attempts import class_feedback
from worksheets.attempts.class_feedback import MAX_TEXT, NothingToQuote, PartIsFull
from worksheets.models import Assignment, FeedbackPart
from worksheets.reports.class_answers import class_answers
from worksheets.reports.class_questions import class_questions
from worksheets.reports.pseudonyms import pseudonyms_of
from worksheets.views.base import MAX_DIGITS
from worksheets.views.teacher.desk import DeskView, question_or_404
from worksheets.views.teacher.feedback_forms import posted_part, posted_text
from worksheets.views.teacher.hidden_names import revealed_numbers
from worksheets.views.teacher.shown_answers import MarkingQuery
from worksheets.wording.messages import translate
from worksheets.wording.notices import PARAMETER

# The notice of what came of it, and the status that a script hears.
DONE, ALREADY, FULL = ("collected", 200), ("collected-already", 200), ("feedback-full", 409)
NOTHING, TOO_LONG = ("nothing-to-collect", 409), ("collected-too-long", 422)


def collect(view: DeskView, request: HttpRequest, assignment: Assignment) -> HttpResponse:
    """Put an answer, a sentence of a picture or a point on the page; say so, or go back.

    A script asks for JSON; a form goes back to the page that it stood on. The form that marks an
    answer has the answer's question as the value of its press.
    """
    posted = request.POST.copy()
    if "attempt" in request.POST:
        # Of equal answers the first one that is ticked.
        posted["work"] = str(_attempt_meant(view, request, assignment))
        posted["item"] = request.POST["collect"]
        posted["from"], posted["query"] = "mark", request.GET.urlencode()
    notice, status = _collected(view, posted, assignment)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"said": _words(notice)}, status=status)
    return HttpResponseRedirect(_back(view, posted, assignment, notice))


def _attempt_meant(view: DeskView, request: HttpRequest, assignment: Assignment) -> int:
    """Return the ``Attempt.pk`` of an answer on a page that hides names, 0 if it names none.

    The page may be that of a parallel class: its numbers are those of that class's question.
    """
    page_of = whole_number(request.GET.get("page-of", ""), MAX_DIGITS)
    shown_on = view.activity(page_of) if page_of else assignment
    question = question_or_404(shown_on, request.POST["collect"])
    number = whole_number(request.POST.getlist("attempt")[0], MAX_DIGITS) or 0
    return next(iter(revealed_numbers([number], pseudonyms_of(shown_on, question))), 0)


def _collected(view: DeskView, posted: QueryDict, assignment: Assignment) -> tuple[str, int]:
    teacher, item = view.visit.user, posted.get("item", "")
    try:
        if "work" in posted:
            attempt = whole_number(posted.get("work", ""), MAX_DIGITS) or 0
            part = posted_part(posted, "part", FeedbackPart.QUOTE)
            around = _words_around(assignment, item)
            done = class_feedback.quote(assignment, attempt, item, part, teacher, around)
            return DONE if done else ALREADY
        part = posted_part(posted, "part", FeedbackPart.ERROR)
        text = _sentence(assignment, item) if item else posted_text(posted, "text")
        if not text:
            return NOTHING
        if len(text) > MAX_TEXT:
            return TOO_LONG
        class_feedback.add_point(assignment, part, text, teacher)
    except PartIsFull:
        return FULL
    except NothingToQuote:
        return NOTHING
    return DONE


def _words_around(assignment: Assignment, item: str) -> str:
    """Return the words around a gap, '' for a question. Raise Http404 for no item of the sheet."""
    sheet = assignment.edition.sheet
    if any(gap.key == item for gap in sheet.gaps):
        return class_answers(assignment, [item]).gaps[0].words
    if not any(question.key == item for question in sheet.questions):
        raise Http404
    return ""


def _sentence(assignment: Assignment, item: str) -> str:
    """Return what the picture of a question says, '' if there is none."""
    found = (one for one in class_questions(assignment) if one.question.key == item)
    one = next(found, None)
    return translate(one.picture.sentence) if one and one.picture else ""


def _words(notice: str) -> str:
    match notice:
        case "collected":
            return _("Collected")
        case "collected-already":
            return _("It is collected already.")
        case "feedback-full":
            return _("Not collected: there is no room for more. Remove a point first.")
        case "collected-too-long":
            return _("Not collected: this is too long.")
        case _:
            return _("Not collected: there is nothing to collect.")


def _back(view: DeskView, posted: QueryDict, assignment: Assignment, notice: str) -> str:
    """Return the address of the page on which the form stood; that of the feedback otherwise."""
    said, item = {PARAMETER: notice}, posted.get("item", "")
    here = posted.get("from", "")
    if here == "mark" and any(one.key == item for one in assignment.edition.sheet.to_mark):
        query = MarkingQuery.parse(QueryDict(posted.get("query", "")[:200])).urlencode()
        address = view.desk_url("mark-question", assignment, item=item)
        # A parallel class is marked on the page of another one.
        return _with(address, said, query)
    if here == "attempt" and (number := whole_number(posted.get("work", ""), MAX_DIGITS)):
        return f"{_with(view.url('attempt', number=number), said)}#question-{item}"
    if here == "answers":
        return _with(view.url("class-answers"), said)
    return _with(view.desk_url("class-feedback", assignment), said)


def _with(address: str, said: dict[str, str], query: str = "") -> str:
    values = QueryDict(query, mutable=True)
    values.update(said)
    return f"{address}?{values.urlencode()}"
