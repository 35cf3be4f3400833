"""The job that applies a change which a teacher has confirmed: it marks pupils' work again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lti_tool import audit
from lti_tool.background import jobs
from lti_tool.background.jobs import JobFailed, Result, Task, Write
from lti_tool.models import Job, ResourceLink, User
from worksheets.authoring import InUse
from worksheets.authoring.assigning import DATES, AssignmentRules
from worksheets.authoring.drafts import drop_draft
from worksheets.gradebook import changes
from worksheets.gradebook.changes import Outdated
from worksheets.gradebook.remarking import MarksUnder
from worksheets.models import Assignment, DraftPage, Edition
from worksheets.wording.jobs import Destination, JobPages

KIND = "mark-again"
PAGES = JobPages(
    heading=gettext_lazy("Re-marking submitted work"),
    step=gettext_lazy("Marking %(done)s of %(of)s"),
    safe=gettext_lazy("You can leave this page. All marks change together, at the end."),
    done=gettext_lazy("The submitted work has been re-marked."),
    open_result=gettext_lazy("Show the marks"),
    cancelled=gettext_lazy("Cancelled. No mark was changed."),
    back="class",
    back_words=gettext_lazy("This activity"),
    result=lambda found: Destination("class", "applied", {"n": found["n"]}),
    settings=lambda asked: Destination("assign", values={"number": asked["edition"]}),
)


def start(
    user: User,
    assignment: Assignment,
    edition: Edition,
    rules: AssignmentRules,
    *,
    mark_again: bool,
    seen: str,
) -> Job:
    """Start to apply the plan whose digest is ``seen``. Raise AlreadyAsked, TooManyJobs."""
    values = asdict(rules)
    for name in DATES:
        values[name] = values[name].isoformat() if values[name] else None
    return jobs.start(
        KIND,
        user,
        link=assignment.link,
        subject=subject(assignment.link),
        arguments={
            "edition": edition.pk,
            "rules": values,
            "mark_again": mark_again,
            "seen": seen[:64],  # as long as a digest
        },
    )


def subject(link: ResourceLink) -> str:
    """Return what such jobs are about: of one link there is one at a time."""
    return f"link-{link.pk}"


def mark_again(task: Task) -> Write:
    """Make all marks, pupil by pupil; the write applies the change if the plan is still the same.

    The job's result has 'n', for how many pupils scores were reported, or the reason why it failed.
    """
    job, arguments = task.row, task.row.arguments
    assignment = Assignment.objects.select_related("link").get(link=job.link_id)
    edition = Edition.objects.select_related("worksheet").get(pk=arguments["edition"])
    rules, again = _rules(arguments["rules"]), bool(arguments["mark_again"])
    marks = MarksUnder(edition)
    changes.plan(assignment, edition, rules, mark_again=again, marks=marks, progress=task.progress)

    def write() -> Result:
        try:
            sent = changes.apply(
                assignment,
                edition,
                rules,
                mark_again=again,
                seen=arguments["seen"],
                marks=marks,
                by=audit.person(job.owner),
            )
        except Outdated:
            raise JobFailed(
                _(
                    "Something changed here while the work was being marked, so nothing was"
                    " applied."
                ),
                reason="outdated",
            ) from None
        except InUse:
            raise JobFailed(
                _("Pupils have already started another worksheet here. Nothing was applied."),
                reason="in-use",
            ) from None
        drop_draft(job.owner, DraftPage.ASSIGN, assignment.link_id, typed_before=job.created_at)
        return {"n": sent}

    return write


def _rules(values: dict[str, Any]) -> AssignmentRules:
    # A job from before there was such a date has none.
    dates = {
        name: datetime.fromisoformat(values[name]) if values.get(name) else None for name in DATES
    }
    return AssignmentRules(**{**values, **dates})
