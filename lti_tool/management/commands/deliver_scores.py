"""manage.py deliver_scores: deliver what is due, outside a web process."""

from __future__ import annotations

import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from lti_tool.background.deliverer import Deliverer
from lti_tool.background.housekeeping import Housekeeper


class Command(BaseCommand):
    """With --once what is due now, otherwise until it is stopped."""

    help = "Deliver the scores that are due to their gradebooks."

    def add_arguments(self, parser: CommandParser) -> None:
        """The one switch."""
        parser.add_argument("--once", action="store_true", help="stop when nothing is due")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Deliver."""
        deliverer = Deliverer(settings.LTI_DELIVERER_THREADS)
        if options["once"]:
            self.stdout.write(f"Scores tried: {deliverer.drain()}.")
            return
        # A signal only asks. An exception out of its handler could come between the arrival
        # of an answer and its writing down, and the score would be sent once more.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: deliverer.ask_to_stop())
        try:
            deliverer.run(Housekeeper().look)
        finally:
            deliverer.stop()
