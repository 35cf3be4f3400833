"""Addresses that ask nobody who they are: our keys, and whether the process is well."""

from __future__ import annotations

from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from lti_tool.background import deliverer
from lti_tool.platforms.tool_keys import public_key_set


@require_safe
@cache_control(public=True, max_age=300)
def jwks(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Our public keys (RFC 7517), with which platforms check what we sign."""
    return JsonResponse(public_key_set())


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The process is alive."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The process can serve; 503 if not.

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
    if not deliverer.is_well():
        return HttpResponse("deliverer\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Somebody typed the tool's address: say where worksheets are opened."""
    return render(request, "lti_tool/index.html")
