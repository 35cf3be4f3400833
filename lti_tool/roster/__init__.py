"""The roster of a course, as its platform tells it (LTI-NRPS 2.0)."""

from lti_tool.roster.reading import is_due, refresh

__all__ = ["is_due", "refresh"]
