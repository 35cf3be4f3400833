"""The command ``lti-worksheets``, which is ``manage.py`` in a checkout."""

from __future__ import annotations

import os
import secrets
import sys

from django.core.management import execute_from_command_line

# These commands use neither a database nor a browser, so they need none of the settings that
# a server refuses to start without.
_WITHOUT_SERVER = frozenset({"import_worksheet", "collectstatic", "help", "--help"})


def main() -> None:
    """Run Django's command line for this project."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lti_tool.settings")
    if _WITHOUT_SERVER.intersection(sys.argv[1:2]):
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
        os.environ.setdefault("PUBLIC_URL", "http://localhost:8001")
    execute_from_command_line(sys.argv)
