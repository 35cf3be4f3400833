"""The command ``manage.py delivery_report``, which prints the state of the queues of scores."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from lti_tool.grades.queue_report import Queue, queues


class Command(BaseCommand):
    """A command that prints a paragraph for each platform, or JSON for a program."""

    help = "Print how many scores wait for each platform, for how long, and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        found = queues()
        if options["json"]:
            rows = [asdict(queue) for queue in found]
            self.stdout.write(json.dumps(rows, cls=DjangoJSONEncoder, indent=2))
            return
        for queue in found:
            self._write(queue)
        if not found:
            self.stdout.write("No score has been sent to any platform yet.")

    def _write(self, queue: Queue) -> None:
        self.stdout.write(f"{queue.registration}: {queue.platform}")
        self.stdout.write(
            f"  due {queue.due} (oldest {queue.oldest_due_seconds} s),"
            f" sending {queue.on_their_way}, not accepted {queue.refused},"
            f" changed in the LMS {queue.changed}"
        )
        self.stdout.write(
            f"  delivered {queue.delivered_last_hour} in the last hour,"
            f" {queue.delivered_last_day} in the last day"
        )
        if queue.paused_until:
            self.stdout.write(f"  paused until {queue.paused_until:%Y-%m-%d %H:%M:%S %Z}")
        for problem, count in sorted(queue.failures.items()):
            self.stdout.write(f"  {problem}: {count}")
