"""The command ``manage.py add_platform``, which registers an LMS by hand."""

from __future__ import annotations

from argparse import BooleanOptionalAction
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lti_tool.audit import command_line
from lti_tool.models import NewDeployments
from lti_tool.platforms.products import UNKNOWN, product_of
from lti_tool.platforms.registrations import PlatformDetails, RegistrationInvalid, register

OPTIONS = {
    "name": "the name of this LMS on the pages",
    "issuer": "the platform ID or issuer",
    "client-id": "the client ID that the LMS gave this tool",
    "deployment-id": "the deployment ID that the LMS gave this tool",
    "auth-login-url": "the authentication request URL",
    "auth-token-url": "the access token URL",
    "jwks-url": "the public keyset URL",
}


class Command(BaseCommand):
    """A command that registers an LMS, or updates one that has the same issuer and client id."""

    help = "Register an LMS, or update its registration."

    def add_arguments(self, parser: CommandParser) -> None:
        for option, words in OPTIONS.items():
            required = option != "deployment-id"
            # Blanks beside a copied id are removed.
            parser.add_argument(
                f"--{option}", required=required, default="", help=words, type=str.strip
            )
        parser.add_argument(
            "--auth-audience",
            help="audience of token requests, if it is not the token URL",
            type=str.strip,
        )
        parser.add_argument(
            "--frame-ancestor",
            action="append",
            help="an origin whose pages may show the tool, if it differs from the addresses above,"
            " for example Canvas's https://school.instructure.com; may be repeated",
            type=str.strip,
        )
        parser.add_argument(
            "--new-deployments",
            choices=NewDeployments.values,
            help="other deployments at their first launch: accept, wait (for approval) or refuse;"
            " with accept or wait, --deployment-id is not needed",
        )

        parser.add_argument(
            "--institution-roles",
            action=BooleanOptionalAction,
            default=None,
            help="administrators and teachers of the institution teach in every course that gives"
            " them no role of its own; Open edX needs it, which gives no roles in courses",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Register the LMS, and print the tool's addresses for its administrator.

        Raise CommandError for details that cannot be right.
        """
        given = options["new_deployments"]
        if not options["deployment_id"] and given in {None, NewDeployments.REFUSE}:
            raise CommandError("--deployment-id or --new-deployments wait|accept is needed.")
        names = [*(option.replace("-", "_") for option in OPTIONS), "auth_audience"]
        details = PlatformDetails(
            **{name: options[name] for name in names},
            frame_ancestors=options["frame_ancestor"],
            new_deployments=NewDeployments(given) if given else None,
            takes_institution_roles=options["institution_roles"],
        )
        try:
            registration, made = register(details, is_authorised=True, by=command_line())
        except RegistrationInvalid as error:
            raise CommandError(str(error)) from error
        verb = "Added" if made else "Updated"
        self.stdout.write(f"{verb} {registration.name}.")
        product = product_of(registration.product, registration.auth_login_url)
        if options["institution_roles"] and product is UNKNOWN:
            self.stdout.write(
                "We do not know to whom this LMS gives roles of the institution. Make sure that no"
                " pupil has one of a teacher: such a pupil would see everybody's work."
            )
        self.stdout.write(
            "In the LMS, the tool's addresses are:\n"
            f"  tool URL and redirection URI  {settings.PUBLIC_URL}/lti/launch/\n"
            f"  initiate login URL            {settings.PUBLIC_URL}/lti/login/\n"
            f"  public keyset URL             {settings.PUBLIC_URL}/lti/jwks.json"
        )
