"""Fixtures of the pages' tests."""

from tests.lti_tool.registration.conftest import lms

__all__ = ["lms"]
