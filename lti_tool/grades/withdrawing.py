"""Functions that take back a score: its cell should show no mark again.

LTI-AGS 2.0 has no request for that. A score without points, whose grading is pending, erases what
Moodle 4.5 shows (scores.php in mod/lti/service/gradebookservices) and what Canvas shows
(scores_controller.rb in app/controllers/lti/ims). Other products are sent the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from lti_tool.grades import outbox
from lti_tool.grades.api import Grade
from lti_tool.grades.outbox.locking import locked_in_order
from lti_tool.models import Delivery, ResourceLink, User
from lti_tool.platforms.products import product_of
from lti_tool.protocol.vocabulary import ActivityProgress, GradingProgress

_IN_LMS = (Delivery.State.CHANGED, Delivery.State.KEPT)


def withdraw_score(link: ResourceLink, user: User, comment: str, *, tag: str = "") -> None:
    """Let this person's cell in a column show no mark, once a score with points was reported.

    What was never sent is not sent any more. What the LMS has, or may have, is erased there;
    where somebody has entered another grade, that stays. ``comment`` goes to an LMS that takes
    scores without points. Call it in the transaction that changes the marks.
    """
    rows = Delivery.objects.filter(line_item__link=link, line_item__tag=tag, user=user)
    with transaction.atomic():
        found = Delivery.objects.filter(pk__in=locked_in_order(rows))
        for row in found.select_related("registration"):
            if row.score_given is None:
                continue
            takes_submission = product_of(row.registration.product).takes_scores_without_points
            if not (_may_be_there(row) or takes_submission):
                row.delete()
                continue
            now = timezone.now()
            due = Delivery.due_values(now)
            if row.state in _IN_LMS:
                due = {"state": Delivery.State.KEPT, "problem": "", "detail": ""}
            Delivery.objects.filter(pk=row.pk).update(
                score_given=None,
                comment=comment,
                activity_progress=ActivityProgress.SUBMITTED,
                grading_progress=GradingProgress.PENDING_MANUAL,
                force=False,
                updated_at=now,
                revision=F("revision") + 1,
                **due,
            )
    transaction.on_commit(outbox.notify_deliverer, robust=True)


def _may_be_there(row: Delivery) -> bool:
    """Return whether the LMS has taken a mark for this cell, or may have taken one."""
    return row.sent_given is not None or any(entry[0] is not None for entry in row.tried)


def sent_grades(link: ResourceLink, *, tag: str = "") -> Mapping[int, Grade]:
    """Return the grades that the LMS took last for a column, by ``User.pk``, of those it has."""
    rows = Delivery.objects.filter(line_item__link=link, line_item__tag=tag)
    found = rows.values_list("user", "sent_given", "sent_maximum").exclude(sent_given=None)
    return {user: Grade(given, Decimal(maximum or 0)) for user, given, maximum in found}
