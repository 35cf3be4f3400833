"""The app configuration of the sandbox LMS."""

from django.apps import AppConfig
from django.core import checks


class SandboxConfig(AppConfig):
    name = "lti_tool.sandbox"
    label = "sandbox"
    verbose_name = "Sandbox LMS"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lti_tool.sandbox.server.checks import check_not_in_production

        checks.register(check_not_in_production)
