"""A real receiver is told what each table was made of, and nothing of what is in it."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from include.basics.settings import Settings
from include.running.cli.run import run_steps
from include.warehouse import openlineage
from include.warehouse.lineage import sources
from include.warehouse.tables import manifest, read_table
from tests.support.extracts import row, send
from tests.support.warehouses import Templates

DAY = "2020-01-01"


class Receiver(BaseHTTPRequestHandler):
    """Keeps the bodies that are posted to it."""

    told: list[str] = []  # noqa: RUF012

    def do_POST(self) -> None:
        """Keep one."""
        self.told.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(201)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a receiver at OPENLINEAGE_URL got."""
    Receiver.told = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("OPENLINEAGE_URL", f"http://127.0.0.1:{server.server_port}")
        yield Receiver.told
        server.shutdown()


@pytest.fixture
def settings(templates: Templates, tmp_path: Path) -> Settings:
    """A registry with a patient and a result that is set aside."""
    send(tmp_path / "extracts", "patients", DAY, [row("patients", "PATIENT-77")])
    send(tmp_path / "extracts", "results", DAY, [row("results", "L1", patient_id="PATIENT-77", value="90001.5")])
    return Settings.of(str(tmp_path / "extracts"), templates.duckdb(tmp_path / "registry.duckdb"))


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A receiver that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("OPENLINEAGE_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        yield


def test_a_receiver_that_never_answers_is_not_waited_for(
    silent: None, monkeypatch: pytest.MonkeyPatch, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(openlineage, "MOST_SECONDS", 0.1)

    run_steps(settings)

    assert "is not told: TimeoutError" in caplog.text


def test_every_table_is_told_with_its_sources_and_no_value(told: list[str], settings: Settings) -> None:
    run_steps(settings)
    events = {event["job"]["name"]: event for event in map(json.loads, told)}
    expected = {f"{schema}.{name}" for schema in ("derived", "marts") for name in manifest(schema)}
    assert expected <= events.keys()
    assert events.keys() - expected == {
        "resolved.fate",
        *(f"{schema}.{feed}" for schema in ("received", "clinical") for feed in ("patients", "results")),
    }
    grade = events["derived.best_response"]
    (made,) = grade["outputs"]
    assert grade["eventType"] == "COMPLETE"
    assert (made["namespace"], made["name"]) == ("duckdb://registry.duckdb", "derived.best_response")
    described = {field["name"]: field["description"] for field in made["facets"]["schema"]["fields"]}
    assert described == {c.name: c.description for c in read_table("derived", "best_response").columns}
    assert {one["name"] for one in grade["inputs"]} == {
        "clinical.person" if one == "persons" else one for one in sources("derived.best_response")
    }
    assert {one["name"] for one in events["clinical.results"]["inputs"]} == {"received.results", "resolved.fate"}
    hidden = ("PATIENT-77", "90001.5", "a.csv", str(Path(settings.extracts).parent))
    assert not [body for body in told if any(text in body for text in hidden)]

    told.clear()
    run_steps(settings)
    assert told == []


def test_a_receiver_that_does_not_answer_stops_nothing(
    told: list[str], settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENLINEAGE_URL", "http://127.0.0.1:9")
    assert run_steps(settings).marts_refreshed
    assert told == []
    assert "Lineage of" in caplog.text
