"""The roster of a course, as its platform tells it (LTI-NRPS 2.0)."""

from lti_tool.roster.reading import is_due, refresh, refresh_or_wait

__all__ = ["is_due", "refresh", "refresh_or_wait"]
