"""The Django app of everything that speaks to an LMS."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class LtiToolConfig(AppConfig):
    name = "lti_tool"
    verbose_name = "LTI"

    def ready(self) -> None:
        """Register the system checks and the receivers of signals by importing them."""
        from lti_tool.audit import operators  # noqa: F401
        from lti_tool.server import checks  # noqa: F401


class OperatorAdminConfig(admin.AdminConfig):
    """Django's admin with a site of our own."""

    default = False
    default_site = "lti_tool.server.operator_site.OperatorSite"
