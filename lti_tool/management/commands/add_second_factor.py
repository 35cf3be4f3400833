"""The command ``manage.py add_second_factor``, which gives an operator a code generator."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django_otp import devices_for_user
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from lti_tool import audit
from lti_tool.audit import AuditKind

RECOVERY_CODES = 6


class Command(BaseCommand):
    """A command that makes the keys of an operator's second factor and prints them, once."""

    help = "Give an account of /admin/ a second factor, in place of the one that it has."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Replace the devices of the account. Raise CommandError if there is no such account."""
        users = get_user_model()._default_manager
        user = users.filter(username=options["username"]).first()
        if user is None:
            raise CommandError("There is no such account. 'createsuperuser' makes one.")
        with transaction.atomic():
            for device in devices_for_user(user, confirmed=None):
                device.delete()
            app = TOTPDevice.objects.create(user=user, name="app")
            paper = StaticDevice.objects.create(user=user, name="recovery code")
            codes = [StaticToken.random_token() for _code in range(RECOVERY_CODES)]
            for code in codes:
                paper.token_set.create(token=code)
            subject = f"account-{user.pk}"
            audit.record(AuditKind.SECOND_FACTOR, audit.command_line(), subject=subject)
        self.stdout.write(app.config_url)
        self.stdout.write("\n".join(codes))
        self.stderr.write(
            "The first line is for an authenticator app. The others are recovery codes, each good"
            " for one sign-in: keep them on paper. Set ADMIN_SECOND_FACTOR=1 once every account"
            " has its own."
        )
