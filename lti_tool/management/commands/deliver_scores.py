"""The command ``manage.py deliver_scores``, which delivers due scores outside a web process."""

from __future__ import annotations

import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from lti_tool.background.deliverer import Deliverer
from lti_tool.background.housekeeping import Housekeeper


class Command(BaseCommand):
    """A command that delivers until it is stopped, or with --once what is due now."""

    help = "Send the scores that are due to the gradebooks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing is due")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        deliverer = Deliverer(settings.LTI_DELIVERER_THREADS)
        if options["once"]:
            self.stdout.write(f"Scores tried: {deliverer.drain()}.")
            return
        # The handler only asks to stop. An exception from it could come between an answer and
        # its settling, and the score would be sent once more.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: deliverer.ask_to_stop())
        try:
            deliverer.run(Housekeeper().run_if_due)
        finally:
            deliverer.stop()
