"""A process that hands in a worksheet and is killed: ``python -m tests.lti_tool.killed_process``.

Run by ``test_outbox_kill`` with a database file of its own. The first argument says when
the process dies, the second where the gradebook is.
"""

from __future__ import annotations

import os
import signal
import sys

import django

SOURCE = """# Causes

Japan took ___Manchuria___, Italy took ___Abyssinia___ in ___#1935___.
"""
ANSWERS = {"g1": "Manchuria", "g2": "Rhineland", "g3": "1935"}  # two of three


def die() -> None:
    """As a power cut does: nothing is caught, closed or written any more."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(moment: str, gradebook_url: str) -> None:
    """Place a worksheet, answer it, hand it in; die where told to."""
    django.setup()
    from lti_tool.audit import TOOL
    from lti_tool.background import deliverer
    from lti_tool.models import LineItem, Registration
    from tests.cast import assemble
    from worksheets import attempts, authoring, gradebook
    from worksheets.authoring import assigning
    from worksheets.authoring.assigning import AssignmentRules
    from worksheets.models import Attempt, Feedback

    cast = assemble()
    Registration.objects.update(auth_token_url=f"{gradebook_url}/token")
    LineItem.objects.filter(link=cast.course.link).update(
        url=f"{gradebook_url}/2/lineitems/1/lineitem?type_id=1"
    )
    edition = authoring.publish(authoring.create(cast.ruth.user, SOURCE))
    assigning.assign(cast.course.link, edition, AssignmentRules(Feedback.CORRECTNESS), by=TOOL)
    assignment = cast.course.link.assignment
    pupils = [cast.amina, cast.ben] if moment == "never" else [cast.amina]
    for pupil in pupils:
        attempts.save_answers(assignment, pupil.user, edition.pk, ANSWERS)
    if moment == "after-commit":
        deliverer.wake = die
    if moment == "before-commit":
        report = gradebook.report

        def report_and_die(attempt: Attempt) -> None:
            report(attempt)
            die()

        gradebook.report = report_and_die
    for pupil in pupils:
        attempts.submit(assignment, pupil.user, edition.pk)


if __name__ == "__main__":
    main(*sys.argv[1:])
