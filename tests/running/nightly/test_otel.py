"""A real OpenTelemetry collector's socket gets Airflow's metrics and the platform's own, with what the image has."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from include.basics.settings import ROOT

COUNT = """
from types import SimpleNamespace
from airflow.sdk.observability import stats
from airflow.sdk.observability.metrics.stats_utils import get_stats_factory
from include.running.nightly.metrics import FATES, count_received
stats.initialize(factory=get_stats_factory(), export_legacy_names=False)
rows = dict.fromkeys(FATES, 0) | {"loaded": 7, "quarantined": 2}
count_received([SimpleNamespace(site="", feed="results", state="loaded", **rows)])
"""
"""What a task does: the task runner begins by `initialize`."""


@contextmanager
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """The endpoint of a collector, and what it got."""
    got: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", got
        server.shutdown()


def test_counters_reach_a_collector() -> None:
    with collector() as (endpoint, got):
        own = {"AIRFLOW__METRICS__OTEL_ON": "True", "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}
        subprocess.run([sys.executable, "-c", COUNT], cwd=ROOT, env={**os.environ, **own}, check=True)
    found: dict[tuple[str, str], float] = {}
    for metric in metrics(got):
        for point in metric.sum.data_points:
            tags = {one.key: one.value.string_value for one in point.attributes}
            found[metric.name, tags.get("fate", "")] = point.as_double or point.as_int
    assert found["airflow.registry.rows", "loaded"] == 7
    assert found["airflow.registry.rows", "quarantined"] == 2


def metrics(bodies: list[bytes]) -> Iterator[Any]:
    """The metrics of requests."""
    for body in bodies:
        for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
            for scope in resource.scope_metrics:
                yield from scope.metrics
