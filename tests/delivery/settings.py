"""The project's settings, but for how long a process that was killed holds its scores."""

from lti_tool.settings import *  # noqa: F403

LTI_LEASE_SECONDS = 8
