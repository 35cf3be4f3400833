"""Django's settings; what differs between installations comes from the environment alone."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from lti_tool.server import paths
from lti_tool.server.environment import EnvironmentInvalid, read_environment

django_stubs_ext.monkeypatch()

try:
    ENVIRONMENT = read_environment(os.environ, paths.DATA)
except EnvironmentInvalid as error:
    # A traceback would bury the one sentence that helps. Exit status 3 is the one with
    # which gunicorn's arbiter knows that starting the worker again is pointless.
    sys.stderr.write(f"lti-worksheets cannot start. {error}\n")
    raise SystemExit(3) from None

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
PUBLIC_URL = ENVIRONMENT.public_url
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "lti_tool",
    "worksheets",
    "lti_tool.apps.OperatorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_htmx",
    "crispy_forms",
    "csp",
]

MIDDLEWARE = [
    "lti_tool.server.middleware.redirect_forms",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "lti_tool.server.static_storage.kept_for_good",
    "lti_tool.server.static_storage.unversioned_paths",
    "lti_tool.server.minified_files.minified_files",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lti_tool.server.middleware.PagePolicyMiddleware",
    "lti_tool.views.unavailable.DatabaseTroubleMiddleware",
    "lti_tool.server.middleware.AdminSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "lti_tool.server.middleware.SlashMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "lti_tool.views.same_origin.SameOriginMiddleware",
    "lti_tool.server.middleware.AdminAuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "lti_tool.server.middleware.AdminMessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "lti_tool.urls"
WSGI_APPLICATION = "lti_tool.wsgi.application"

_LOADERS = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [paths.TEMPLATES],
        "OPTIONS": {
            # By default Django caches templates even if DEBUG is on.
            "loaders": _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ("components",)
CRISPY_TEMPLATE_PACK = "components"

DATABASES = {"default": dict(ENVIRONMENT.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- signing in to /admin/; nobody else has an account ---
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SESSION_COOKIE_AGE = 4 * 3600
ADMIN_SECOND_FACTOR = ENVIRONMENT.admin_second_factor
OTP_TOTP_ISSUER = f"LTI Worksheets ({PUBLIC_URL.partition('://')[2]})"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# After so many failures of one account or from one address, neither may try. They are counted in
# the database, because all processes share that.
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = ["ip_address", "username"]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "lti_tool.server.client_address.address_to_count"
AXES_LOCKOUT_CALLABLE = "lti_tool.server.operator_site.locked_out"

LANGUAGE_CODE = "en"
# CONTRIBUTING.md says how to add a language.
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [paths.LOCALE]
TIME_ZONE = ENVIRONMENT.time_zone
USE_TZ = True

# --- static files: served by the process itself, nothing has to be collected first ---
STATIC_URL = "static/"
STATIC_ROOT = ENVIRONMENT.static_root
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "lti_tool.server.static_storage.VersionedStaticFilesStorage"},
}
# Scripts and style sheets below these are ours, and are served without comments and blanks.
MINIFIED_FOLDERS = ("lti_tool/", "worksheets/")
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600

# --- what a browser may do with our pages ---
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        # Pages of an activity replace this by the origins of its LMS.
        "frame-ancestors": [SELF],
    }
}
# No page of ours needs any of these, whatever the LMS allows its frame.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "geolocation",
        "gyroscope",
        "hid",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "picture-in-picture",
        "publickey-credentials-get",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)
# 'no-referrer' would turn the Origin of our own forms into 'null'.
SECURE_REFERRER_POLICY = "same-origin"
IS_SECURE = PUBLIC_URL.startswith("https://")
# The proxy in front of us tells the scheme.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = IS_SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_SECURE
SECURE_HSTS_PRELOAD = IS_SECURE
SESSION_COOKIE_SECURE = IS_SECURE
CSRF_COOKIE_SECURE = IS_SECURE
# Browsers take a cookie of this prefix from this very host alone: no other name below its domain
# can plant a session or a token of forms (RFC 6265bis, 4.1.3.2). On http they take none.
SESSION_COOKIE_NAME = "__Host-sessionid" if IS_SECURE else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_SECURE else "csrftoken"
# frame-ancestors rules framing; X-Frame-Options cannot name several origins.
SILENCED_SYSTEM_CHECKS = ["security.W002"]
if not IS_SECURE:
    # On loopback there is no TLS to require: browsers treat it as secure.
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W010", "security.W016"]

# A worksheet of 2,000 gaps and 500 rankings of 20 things is a form of that many fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 13_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024

# --- LTI ---
LTI_ALLOW_PRIVATE_HOSTS = ENVIRONMENT.allow_private_hosts
# True: an LMS may be registered without an invitation.
LTI_OPEN_REGISTRATION = ENVIRONMENT.open_registration
# The view that a verified launch goes on with: lti_tool names it, and never imports it.
LTI_LAUNCH_VIEW = "worksheets.views.home.WorksheetLaunchView"
LTI_ACTIVITY_URLS = "worksheets.urls"
# What platforms are shown of the tool: a static file.
LTI_ICON = "worksheets/icon.svg"
# What a deep linking response puts into a link and its column. The parameter brings the link's key
# with each launch; links that LMSs made before have it under this name.
LTI_RESOURCE_PARAMETER = "worksheet"
LTI_LINE_ITEM_TAG = "worksheet"
LTI_ACTIVITY_HOURS = 24
# Hours after which a visit ends that nobody has used; without a cookie, by Platform Storage, the
# second.
LTI_IDLE_HOURS = 3
LTI_STORAGE_VISIT_HOURS = 2
# Threads of each web process: at most a quarter of them wait for LMSs (lti_tool.services.bulkhead),
# at most half for the database for long (lti_tool.db.waiting).
LTI_WEB_THREADS = ENVIRONMENT.web_threads
# Minutes after which a roster is read again when a teacher looks at the class.
LTI_ROSTER_MINUTES = 5
# The threads that deliver scores run inside each web process; with Redis, in workers.
LTI_DELIVER_IN_PROCESS = not ENVIRONMENT.redis_url
LTI_WAKE = (
    "lti_tool.background.tasks.wake"
    if ENVIRONMENT.redis_url
    else "lti_tool.background.deliverer.wake"
)
LTI_DELIVERER_THREADS = 32
# Scores on their way to one platform at the same time, over all processes.
LTI_SCORES_AT_ONCE = ENVIRONMENT.scores_at_once
LTI_SCORES_AT_ONCE_CANVAS = ENVIRONMENT.scores_at_once_canvas
# A deliverer holds a score for so long: longer than all time-outs let sending take.
LTI_LEASE_SECONDS = 180
# What a page need not wait for, by kind: a function, see lti_tool.background.jobs. It is done in
# threads of the web processes; with Redis, by workers.
LTI_JOBS = {
    "import": "worksheets.authoring.from_paper.import_paper",
    "library": "worksheets.authoring.library_files.read_library",
    "mark-again": "worksheets.gradebook.marking_again.mark_again",
    "correct-key": "worksheets.gradebook.correcting.correct_key",
}
LTI_WAKE_JOBS = (
    "lti_tool.background.tasks.wake_jobs"
    if ENVIRONMENT.redis_url
    else "lti_tool.background.deliverer.wake_jobs"
)
# Jobs that are done at the same time, over all processes: fewer than a worker has processes, so
# that scores never wait for jobs.
LTI_JOBS_AT_ONCE = 3
# A process holds a job for so long after it has last told its progress.
LTI_JOB_LEASE_SECONDS = 30
# A page waits for so long, and then shows the progress. Most jobs are done sooner.
LTI_JOB_WAIT_SECONDS = 1.0
# Days after which jobs are deleted.
LTI_JOB_DAYS = 7
# Called once a day, in one of the processes that deliver.
LTI_HOUSEKEEPING = ["worksheets.privacy.retention.forget_old"]
if ENVIRONMENT.reconcile:
    LTI_HOUSEKEEPING += ["lti_tool.grades.reconciliation.reconcile_nightly"]
METRICS_TOKEN = ENVIRONMENT.metrics_token
LTI_RETENTION_DAYS = ENVIRONMENT.retention_days
# What one author may keep: worksheets, and megabytes of pictures in them.
LTI_AUTHOR_QUOTA = ENVIRONMENT.author_quota
LTI_AUTHOR_QUOTA_MB = ENVIRONMENT.author_quota_mb
# Days that a key pair of ours signs (0: for ever), and hours that it is published before and
# after that.
LTI_KEY_DAYS = ENVIRONMENT.key_days
LTI_KEY_OVERLAP_HOURS = ENVIRONMENT.key_overlap_hours

# --- several machines: Redis carries the messages with which Celery wakes workers ---
if ENVIRONMENT.redis_url:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": ENVIRONMENT.redis_url,
            # A pupil's submit waits no longer than this for a Redis that hangs.
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
        }
    }
    CELERY_BROKER_URL = ENVIRONMENT.redis_url
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "visibility_timeout": 600}
    CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
    CELERY_TASK_IGNORE_RESULT = True
    # A worker that is killed leaves its message; the scores it had leased come back by time.
    CELERY_TASK_ACKS_LATE = True
    CELERY_TASK_REJECT_ON_WORKER_LOST = True
    CELERY_WORKER_PREFETCH_MULTIPLIER = 1
    CELERY_WORKER_HIJACK_ROOT_LOGGER = False
    CELERY_TIMEZONE = TIME_ZONE
    # Messages expire when the next one comes, or they would pile up without a worker.
    CELERY_BEAT_SCHEDULE = {
        "deliver": {
            "task": "lti_tool.deliver",
            "schedule": 5.0,
            "options": {"expires": 5.0},
        },
        "jobs": {
            "task": "lti_tool.run_jobs",
            "schedule": 5.0,
            "options": {"expires": 5.0},
        },
        "periodic jobs": {
            "task": "lti_tool.run_periodic_jobs",
            "schedule": 600.0,
            "options": {"expires": 600.0},
        },
    }

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"tokens": {"()": "lti_tool.server.log_filters.HideActivityTokens"}},
    "formatters": {
        "plain": {
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "datefmt": "%Y-%m-%d %H:%M:%S%z",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["tokens"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    # Django mails errors to ADMINS by default; one place to look is enough.
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Without this the requests of 'make dev' would not pass the filter.
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        # It names what was typed, which may be a password; see lti_tool.server.operator_site.
        "axes": {"level": "ERROR"},
        # It warns of more connections at once than are kept, which is no problem here.
        "urllib3.connectionpool": {"level": "ERROR"},
    },
}
