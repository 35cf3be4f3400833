"""The WSGI application. It needs several threads: the sandbox and the tool call each other."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lti_tool.sandbox.settings")

application = get_wsgi_application()
