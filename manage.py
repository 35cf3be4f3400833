#!/usr/bin/env python3
"""Django's command line for this project."""

import os
import secrets
import sys

from django.core.management import execute_from_command_line

# Commands that turn one file into another: they meet neither a database nor a browser,
# so they need none of the settings that a server refuses to start without.
FILES_ONLY = {"import_worksheet"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lti_tool.settings")
    if FILES_ONLY.intersection(sys.argv[1:2]):
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
        os.environ.setdefault("PUBLIC_URL", "http://localhost:8001")
    execute_from_command_line(sys.argv)
