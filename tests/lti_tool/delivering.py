"""What a deliverer does with all that is due, one score after the other and in this thread."""

from __future__ import annotations

from lti_tool.grades import outbox


def deliver_due(limit: int = 100) -> int:
    """Send up to ``limit`` scores that are due. Gives how many were tried."""
    tried = 0
    while tried < limit and (leased := outbox.lease(1)):
        outbox.settle([outbox.send(one) for one in leased])
        tried += len(leased)
    return tried
