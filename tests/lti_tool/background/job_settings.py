"""The project's settings with a kind of job that processes of these tests do."""

from lti_tool.settings import *  # noqa: F403

LTI_JOBS = {"work": "tests.lti_tool.background.working.work"}
LTI_JOB_LEASE_SECONDS = 2
