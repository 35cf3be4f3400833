"""The Django app of everything that speaks to an LMS."""

from django.apps import AppConfig


class LtiToolConfig(AppConfig):
    name = "lti_tool"
    verbose_name = "LTI"

    def ready(self) -> None:
        """Register the system checks by importing them."""
        from lti_tool.server import checks  # noqa: F401
