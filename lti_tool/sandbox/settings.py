"""The settings of the sandbox LMS, a process of its own (see the package's docstring).

SANDBOX=1 must be set; SANDBOX_URL, SANDBOX_TOOL_URL and SANDBOX_DATABASE have defaults.
SANDBOX_DEBUG=1 shows Django's error pages, and templates as they are on the disk.
"""

import os

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured

from lti_tool.sandbox.server import environment

django_stubs_ext.monkeypatch()

try:
    _environment = environment.read(os.environ)
except environment.BadEnvironmentError as error:
    raise ImproperlyConfigured(str(error)) from error

SANDBOX = True
SANDBOX_URL = _environment.url
SANDBOX_TOOL_URL = _environment.tool_url

DEBUG = _environment.debug
SECRET_KEY = environment.secret_key(_environment.database)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", ".localhost", "[::1]", _environment.host]
ROOT_URLCONF = "lti_tool.sandbox.urls"
WSGI_APPLICATION = "lti_tool.sandbox.wsgi.application"
INSTALLED_APPS = ["lti_tool.sandbox"]
MIDDLEWARE = [
    "lti_tool.sandbox.server.middleware.LoopbackOnly",
    "django.middleware.common.CommonMiddleware",
    "lti_tool.sandbox.server.middleware.CanonicalHost",
    "django.middleware.csrf.CsrfViewMiddleware",
]
_LOADERS = ["django.template.loaders.filesystem.Loader"]
APPEND_SLASH = False
CSRF_COOKIE_NAME = "sandbox_csrf"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [environment.REPOSITORY / "templates"],
        "OPTIONS": {
            "loaders": _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": _environment.database,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}
