"""manage.py deliver_scores: deliver what is due, outside a web process."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lti_tool import deliverer, outbox


class Command(BaseCommand):
    """With --once a single round, otherwise until it is stopped."""

    help = "Deliver the scores that are due to their gradebooks."

    def add_arguments(self, parser: CommandParser) -> None:
        """The one switch."""
        parser.add_argument("--once", action="store_true", help="stop when nothing is due")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Deliver."""
        if not options["once"]:
            deliverer.run_forever()
        tried = 0
        while round_tried := outbox.deliver_due():
            tried += round_tried
        self.stdout.write(f"Scores tried: {tried}.")
