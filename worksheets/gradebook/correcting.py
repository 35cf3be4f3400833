"""The job that changes a key as a teacher has decided, and marks the class's work again in steps.

It begins with what another process has left: an assignment where the decision is kept already is
not changed again, and work that has moved to the new edition is not marked again.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lti_tool import audit
from lti_tool.background import jobs
from lti_tool.background.collector import collector_held
from lti_tool.background.jobs import JobFailed, Task, Write
from lti_tool.models import Job, ResourceLink, User
from worksheets.authoring import TooManyEditions
from worksheets.gradebook import corrections
from worksheets.gradebook.changes import Outdated
from worksheets.gradebook.corrections import (
    PUPILS_AT_ONCE,
    Change,
    Decision,
    Proposal,
    Withdrawal,
)
from worksheets.gradebook.remarking import MarksUnder
from worksheets.markup.editing import CannotEdit
from worksheets.models import Assignment, KeyCorrection
from worksheets.questions.correcting import Verdict
from worksheets.wording.jobs import Destination, JobPages

KIND = "correct-key"
PAGES = JobPages(
    heading=gettext_lazy("Re-marking with the changed answers"),
    step=gettext_lazy("%(done)s of %(of)s done, going on"),
    safe=gettext_lazy("You can leave this page. It goes on, also if it is broken off."),
    done=gettext_lazy("The answers are changed, and the work is re-marked."),
    open_result=gettext_lazy("Show the answers"),
    cancelled=gettext_lazy(
        "Stopped. What was re-marked stays so; the page of the answers offers to go on."
    ),
    back="class-answers",
    back_words=gettext_lazy("The class’s answers"),
    result=lambda found: Destination("class-answers", found["notice"], {"n": found["n"]}),
)


def start(
    user: User,
    link: ResourceLink,
    assignments: Sequence[Assignment],
    change: Change,
    *,
    seen: str,
    keeps_released: bool = False,
) -> Job:
    """Start to make a change whose proposals have the digest ``seen``.

    Raise AlreadyAsked if one is being made at this link, TooManyJobs.
    """
    return jobs.start(
        KIND,
        user,
        link=link,
        subject=subject(link),
        arguments={
            "assignments": [assignment.pk for assignment in assignments],
            "change": _values(change),
            "press": secrets.token_hex(16),
            "seen": seen[:64],  # as long as a digest
            "keeps_released": keeps_released,
        },
    )


def go_on(user: User, assignment: Assignment) -> Job:
    """Start to mark work again that an earlier job has left. Raise AlreadyAsked, TooManyJobs."""
    arguments = {"assignments": [assignment.pk], "change": None, "press": "", "seen": ""}
    link = assignment.link
    return jobs.start(KIND, user, link=link, subject=subject(link), arguments=arguments)


def subject(link: ResourceLink) -> str:
    """Return what such jobs are about: of one link there is one at a time."""
    return f"key-{link.pk}"


def _values(change: Change) -> dict[str, Any]:
    if isinstance(change, Withdrawal):
        return {"press": change.press}
    return {
        "item": change.item,
        "answers": list(change.answers),
        "verdict": change.verdict,
        "feedback": change.feedback,
    }


def _change(values: Mapping[str, Any]) -> Change:
    if "press" in values:
        return Withdrawal(values["press"])
    return Decision(
        values["item"], tuple(values["answers"]), Verdict(values["verdict"]), values["feedback"]
    )


def correct_key(task: Task) -> Write:
    """Make the change at each assignment, then mark the work there again, some pupils at a time.

    The job's result has 'n', for how many pupils marks have changed, or why it failed.
    """
    arguments = task.row.arguments
    rows = Assignment.objects.filter(pk__in=arguments["assignments"]).order_by("pk")
    assignments = list(rows.select_related("link", "edition__worksheet"))
    if arguments["change"] is not None:
        change = _change(arguments["change"])
        with collector_held():
            proposals = _proposals(task, assignments, change)
            _decide(task, proposals, change)
            _let_go(proposals)
            del proposals
    n = _remark(task, assignments)
    notice = "work-remarked"
    if arguments["change"] is not None:
        is_back = isinstance(_change(arguments["change"]), Withdrawal)
        notice = "answers-taken-back" if is_back else "answers-changed"
    return lambda: {"n": n, "notice": notice}


def _proposals(task: Task, assignments: Sequence[Assignment], change: Change) -> list[Proposal]:
    """Return what is to be decided, as the teacher has seen it; [] if it is decided already."""
    if all(_is_decided(one, change, task) for one in assignments):
        return []
    try:
        proposals = [corrections.propose(one, change, task.progress) for one in assignments]
    except (CannotEdit, KeyCorrection.DoesNotExist):
        raise _outdated() from None
    if corrections.digest_of(proposals) != task.row.arguments["seen"]:
        raise _outdated()
    return proposals


def _is_decided(assignment: Assignment, change: Change, task: Task) -> bool:
    rows = KeyCorrection.objects.filter(assignment=assignment)
    if isinstance(change, Withdrawal):
        return not rows.filter(press=change.press, undone_at=None).exists()
    return rows.filter(press=task.row.arguments["press"]).exists()


def _outdated() -> JobFailed:
    text = _("Something changed here in the meantime, so nothing was changed.")
    return JobFailed(text, reason="outdated")


def _decide(task: Task, proposals: Sequence[Proposal], change: Change) -> None:
    """Assign the new editions: all of them or none."""
    press, by = task.row.arguments["press"], task.row.owner
    try:
        with task.step():
            corrections.hold([one.assignment for one in proposals])
            editions = [corrections.decide(one, change, press, by=by) for one in proposals]
    except Outdated:
        raise _outdated() from None
    except TooManyEditions:
        text = _("This worksheet has as many versions as can be kept, so nothing was changed.")
        raise JobFailed(text, reason="too-many-editions") from None
    for proposal, edition in zip(proposals, editions, strict=True):
        proposal.assignment.edition = edition


def _let_go(proposals: Sequence[Proposal]) -> None:
    """Part the work of the class from its marks and answers, which refer to each other.

    Else the collector of garbage has to find a million objects, while pupils' requests stand still.
    """
    for proposal in proposals:
        for attempt in proposal.plan.remarked:
            vars(attempt).pop("_prefetched_objects_cache", None)


def _remark(task: Task, assignments: Sequence[Assignment]) -> int:
    arguments = task.row.arguments
    waiting = {one.pk: corrections.pupils_waiting(one) for one in assignments}
    total, done, changed = sum(map(len, waiting.values())), 0, 0
    for assignment in assignments:
        users = waiting[assignment.pk]
        for start_at in range(0, len(users), PUPILS_AT_ONCE):
            task.progress(done, total)
            some = users[start_at : start_at + PUPILS_AT_ONCE]
            # Those of the whole class would be as many objects as were just let go.
            marks = MarksUnder(assignment.edition)
            work = corrections.read_work(assignment, some, marks)
            try:
                with task.step():
                    changed += corrections.remark(
                        assignment,
                        some,
                        marks,
                        by=audit.person(task.row.owner),
                        press=arguments["press"],
                        keeps_released=bool(arguments.get("keeps_released")),
                        work=work,
                    )
            except Outdated:  # somebody assigns yet another edition, and marks by that one
                break
            done += len(some)
    return changed
