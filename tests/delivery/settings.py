"""The project's settings, but for what one process may hold, and for how long once it is killed."""

from lti_tool.settings import *  # noqa: F403

LTI_LEASE_SECONDS = 8

# So few that one process alone cannot take all that the platform gets at once: where much is
# due, each process has its part.
LTI_DELIVERER_THREADS = 2

LTI_JOBS = {"work": "tests.lti_tool.background.working.work"}
LTI_JOB_LEASE_SECONDS = 2
