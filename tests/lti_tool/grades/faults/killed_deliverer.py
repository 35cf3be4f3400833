"""A deliverer that is killed: ``python -m tests.lti_tool.grades.faults.killed_deliverer STEP``.

Run by ``test_kills`` with a database file of its own. It dies in front of the statement
that a step names, or right behind the work that it did.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import django

from tests.lti_tool.killed_process import die


def dying(work: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    """The same work, and then no more; or not even that."""

    @functools.wraps(work)
    def last_words(*args: Any, **kwargs: Any) -> None:
        if after:
            work(*args, **kwargs)
        die()

    return last_words


def main(step: str) -> None:
    """Deliver what is due until the step comes."""
    django.setup()
    from django.core.management import call_command

    from lti_tool.adapter import tokens
    from lti_tool.grades import outbox
    from lti_tool.grades.outbox import settling
    from lti_tool.services import ags

    owner, name, after = {
        "after-lease": (outbox, "lease", True),
        "before-asking-for-a-token": (tokens, "_renew", False),
        "after-the-token-was-given": (tokens, "save_token", False),
        "after-the-token-was-kept": (tokens, "save_token", True),
        "after-the-column-was-made": (ags, "make_line_item", True),
        "before-the-post": (ags, "post_score", False),
        "after-the-answer": (ags, "post_score", True),
        "before-settling": (outbox, "settle", False),
        "in-the-middle-of-settling": (settling, "_save", True),
        "after-settling": (outbox, "settle", True),
    }[step]
    setattr(owner, name, dying(getattr(owner, name), after=after))
    call_command("deliver_scores", "--once")


if __name__ == "__main__":
    main(*sys.argv[1:])
