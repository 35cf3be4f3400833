"""The project's settings, with the sandbox LMS beside it; nothing is delivered by itself."""

import os
from typing import cast

os.environ.setdefault("SECRET_KEY", "only-for-tests-q7w9etyu1opas5dfg8hjk2zxcvb4nm6")
os.environ["PUBLIC_URL"] = "http://localhost:8001"
os.environ["LTI_ALLOW_PRIVATE_HOSTS"] = "1"

from lti_tool.settings import *  # noqa: F403
from lti_tool.settings import ALLOWED_HOSTS, DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "lti_tool.sandbox"]
SANDBOX = True
SANDBOX_URL = "http://127.0.0.1:8000"
SANDBOX_TOOL_URL = "http://localhost:8001"

ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver", "127.0.0.1"]
if DATABASES["default"]["ENGINE"] == "lti_tool.db.sqlite3":
    # A file (see tests/conftest.py), which no crash must leave whole.
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    options = cast("dict[str, object]", DATABASES["default"]["OPTIONS"])
    DATABASES["default"]["OPTIONS"] = {**options, "init_command": pragmas}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LTI_DELIVER_IN_PROCESS = False
# Jobs are done before the page that asked for them goes on, in its own thread.
LTI_WAKE_JOBS = "lti_tool.background.jobs.run_due"
LTI_JOB_WAIT_SECONDS = 0.0
