"""The project's settings, with the sandbox LMS beside it; nothing is delivered by itself."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ["PUBLIC_URL"] = "http://localhost:8001"
os.environ["LTI_ALLOW_PRIVATE_HOSTS"] = "1"

from lti_tool.settings import *  # noqa: F403
from lti_tool.settings import ALLOWED_HOSTS, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "lti_tool.sandbox"]
SANDBOX = True
SANDBOX_URL = "http://127.0.0.1:8000"
SANDBOX_TOOL_URL = "http://localhost:8001"

ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LTI_DELIVER_IN_PROCESS = False
# Jobs are done before the page that asked for them goes on, in its own thread.
LTI_WAKE_JOBS = "lti_tool.background.jobs.run_due"
LTI_JOB_WAIT_SECONDS = 0.0
