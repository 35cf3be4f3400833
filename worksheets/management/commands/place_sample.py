"""The command place_sample: it places the sample worksheet at a link, for the demo."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from lti_tool.audit import command_line
from lti_tool.models import Context, Deployment, ResourceLink, User
from worksheets import authoring
from worksheets.authoring.assigning import AssignmentRules, assign
from worksheets.models import Assignment


class Command(BaseCommand):
    """A command that does what a teacher would do by hand; nothing where something is placed."""

    help = "Add the sample worksheet to a resource link."

    def add_arguments(self, parser: CommandParser) -> None:
        for option in ("client-id", "deployment-id", "context-id", "link-id", "teacher"):
            parser.add_argument(f"--{option}", required=True)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        deployment = Deployment.objects.filter(
            deployment_id=options["deployment_id"], registration__client_id=options["client_id"]
        ).first()
        if deployment is None:
            raise CommandError("There is no such deployment: add the platform first.")
        context, _made = Context.objects.get_or_create(
            deployment=deployment, lti_id=options["context_id"]
        )
        link, _made = ResourceLink.objects.get_or_create(
            deployment=deployment, lti_id=options["link_id"], defaults={"context": context}
        )
        if Assignment.objects.filter(link=link).exists():
            return
        teacher, _made = User.objects.get_or_create(
            registration=deployment.registration, sub=options["teacher"]
        )
        edition = authoring.publish(authoring.create_sample(teacher))
        assign(link, edition, AssignmentRules(), by=command_line())
        self.stdout.write(f"Added “{edition.title}”.")
