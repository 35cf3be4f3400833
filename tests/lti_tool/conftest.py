"""Fixtures of the launch tests."""

from tests.lti_tool.fixtures import *  # noqa: F403
