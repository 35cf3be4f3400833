"""The command that creates the sandbox's keys, courses, people, activities and tools."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lti_tool.sandbox import seed
from lti_tool.sandbox.server import conf


class Command(BaseCommand):
    help = "Set the sandbox LMS up; run again, it only follows a changed SANDBOX_TOOL_URL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="delete all data first")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not conf.is_on():
            raise CommandError("The sandbox is not switched on here (SANDBOX).")
        if options["reset"]:
            seed.reset()
        seed.seed()
        status = "reset" if options["reset"] else "ready"
        self.stdout.write(f"Sandbox LMS {status}: {conf.issuer()}/ opens {conf.tool_url()}.")
