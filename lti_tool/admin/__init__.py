"""The operator's pages in Django's admin."""

from lti_tool.admin import deliveries, logs, registrations

__all__ = ["deliveries", "logs", "registrations"]
