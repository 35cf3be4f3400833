"""The queues of scores in Prometheus's text format, for clients with the METRICS_TOKEN."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from lti_tool.grades.queue_report import queues

_LABELS = ["registration", "platform"]


class QueueCollector(Collector):
    """A collector that asks the database at each reading, so all processes report the same."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the metrics that ``docs/operator.md`` lists."""
        scores = GaugeMetricFamily("lti_scores", "Scores by state.", labels=[*_LABELS, "state"])
        failures = GaugeMetricFamily(
            "lti_scores_failed",
            "Scores that wait or were refused after a failure, by problem.",
            labels=[*_LABELS, "problem"],
        )
        oldest = GaugeMetricFamily(
            "lti_oldest_due_score_seconds", "How long the oldest due score waits.", labels=_LABELS
        )
        paused = GaugeMetricFamily(
            "lti_queue_paused", "1 while a platform is let alone.", labels=_LABELS
        )
        delivered = GaugeMetricFamily(
            "lti_scores_delivered_last_hour", "Cells whose score was taken.", labels=_LABELS
        )
        for queue in queues():
            labels = [str(queue.registration), queue.platform]
            for state in ("due", "on_their_way", "refused", "changed"):
                scores.add_metric([*labels, state], getattr(queue, state))
            for problem, count in queue.failures.items():
                failures.add_metric([*labels, problem], count)
            oldest.add_metric(labels, queue.oldest_due_seconds)
            paused.add_metric(labels, int(queue.paused_until is not None))
            delivered.add_metric(labels, queue.delivered_last_hour)
        yield from (scores, failures, oldest, paused, delivered)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics; 404 if no METRICS_TOKEN is set, 401 without it (RFC 6750)."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("authorization", "")
    if not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(
            "a token is needed\n",
            content_type="text/plain; charset=utf-8",
            status=401,
            headers={"WWW-Authenticate": "Bearer"},
        )
    registry = CollectorRegistry(auto_describe=False)
    registry.register(QueueCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
