"""Addresses without sign-in: our public keys and health checks."""

from __future__ import annotations

from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from lti_tool.background import deliverer
from lti_tool.platforms.tool_keys import public_key_set


@require_safe
@cache_control(public=True, max_age=300)
def jwks(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Return our public keys (RFC 7517), with which platforms check what we sign."""
    return JsonResponse(public_key_set())


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Return 200 as long as the process is alive."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Return 200 if the process can serve requests, else 503.

    The database answers and has all its tables, and scores are delivered if that is this
    process's work. The shared cache is not asked: without it nothing is lost or refused.
    """
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("database\n", content_type="text/plain", status=503)
    if missing:
        return HttpResponse("migrations\n", content_type="text/plain", status=503)
    if not deliverer.is_healthy():
        return HttpResponse("deliverer\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")
