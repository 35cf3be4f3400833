"""Fixtures of the pages' tests."""

from tests.lti_tool.platforms.dynamic.conftest import lms

__all__ = ["lms"]
