"""Addresses without sign-in: our public keys and health checks."""

from __future__ import annotations

import functools
import logging

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from lti_tool.background import deliverer
from lti_tool.db import health
from lti_tool.db.schema import SchemaState, read_schema
from lti_tool.db.troubles import trouble_of
from lti_tool.platforms.tool_keys import public_key_set

logger = logging.getLogger(__name__)

TOO_OLD = "migrations: the database lacks {n}; run 'migrate'"
TOO_NEW = "ready\nmigrations: the database has {n} of a newer version; restart with that version"


@require_safe
@cache_control(public=True, max_age=300)
def jwks(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Return our public keys (RFC 7517), with which platforms check what we sign."""
    return JsonResponse(public_key_set())


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Return 200 as long as the process is alive."""
    return _said("ok")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Return 200 if the process can serve requests, else 503.

    Something could be saved, the database has all its tables, and scores are delivered if that is
    this process's work. A process that is older than the database goes on serving, so that an
    upgrade refuses nobody, and says so. The shared cache is not asked: without it nothing is lost
    or refused.
    """
    try:
        with health.trial_connection() as trial:
            schema = read_schema(trial)
            # Of tables that are not there yet, nothing could be saved.
            if not schema.unapplied:
                health.try_to_save(trial)
    except (DatabaseError, OSError) as error:
        trouble = trouble_of(error)
        return _not_ready(f"database: {trouble}" if trouble else "database")
    _log_schema(schema)
    if schema.unapplied:
        return _not_ready(TOO_OLD.format(n=len(schema.unapplied)))
    if not deliverer.is_healthy():
        return _not_ready("deliverer")
    return _said(TOO_NEW.format(n=len(schema.unknown)) if schema.unknown else "ready")


def _not_ready(reason: str) -> HttpResponse:
    response = _said(reason, status=503)
    # Whoever asks has the reason; Django would log each time that it is asked.
    setattr(response, "_has_been_logged", True)  # noqa: B010
    return response


def _said(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8", status=status)


@functools.lru_cache(maxsize=1)
def _log_schema(schema: SchemaState) -> None:
    """Name the migrations that differ, once until they change: probes come every few seconds."""
    if schema.unapplied:
        logger.warning("not ready: the database lacks migrations: %s", ", ".join(schema.unapplied))
    if schema.unknown:
        logger.warning("the database is newer, it has migrations: %s", ", ".join(schema.unknown))
