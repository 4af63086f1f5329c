"""A worker that is killed -9 over its files, in whatever phase, leaves them to the next one, which loads each once.

One that is asked to stop finishes them.
"""

import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from include.basics.settings import Settings
from include.pipeline.receiving import batch, landed, loads, receive
from include.warehouse import Warehouse
from tests.support.extracts import row
from tests.support.registry import Registry, opened
from tests.support.tables import assert_same, contents
from tests.support.warehouses import Templates

DAY_1, DAY_2 = "2020-01-01", "2020-01-02"
CONTEXT = multiprocessing.get_context("forkserver")
PHASES: dict[str, tuple[Any, str, int]] = {
    "claim": (receive, "read_batch", 1),
    "copy": (landed, "hash_of", 1),
    "stage": (batch, "note_files", 1),
    "judge": (receive, "said", 1),
    "append": (Warehouse, "count_step", 1),
    "resolve": (Warehouse, "count_step", 2),
    "ledger": (loads, "read_reports", 2),
}
"""At which call of what a worker is killed; rows are appended, and resolved, but nothing is committed by then."""
COMMITTED = [(0, 0)] * 5 + [(2, 0), (2, 2)]
"""How many of two files are received and resolved after each phase."""


def test_killed_in_every_phase(
    templates: Templates, postgres_server: str, tmp_path: Path, duckdb_registry: Registry
) -> None:
    url = templates.postgresql(postgres_server)
    settings = Settings(str(tmp_path / "pg" / "extracts"), url, str(tmp_path / "pg" / "landing"))
    with opened(url, tmp_path / "pg") as registry:
        waiting = pulled(registry)
    committed = [killed(settings, waiting, phase) for phase in PHASES]
    assert committed == COMMITTED

    reports, failed = loads.load(settings, waiting)
    pulled(duckdb_registry)
    duckdb_registry.load()
    assert (failed, [report.state for report in reports]) == ({}, ["loaded"] * 2)
    with opened(url, tmp_path / "pg") as registry:
        assert_same(contents(registry.warehouse), contents(duckdb_registry.warehouse))
        assert registry.rows(TOLD) == duckdb_registry.rows(TOLD)
        assert registry.quarantine() == duckdb_registry.quarantine()


def test_asked_to_stop(templates: Templates, postgres_server: str, tmp_path: Path) -> None:
    url = templates.postgresql(postgres_server)
    with opened(url, tmp_path) as registry:
        waiting = pulled(registry)
    worker = CONTEXT.Process(target=load_while_asked_to_stop, args=(registry.settings, waiting))
    worker.start()
    worker.join()

    assert worker.exitcode == 0
    with opened(url, tmp_path) as registry:
        assert registry.rows("SELECT state FROM ops.load WHERE feed = 'results'") == [("loaded",)] * 2


TOLD = (
    "SELECT feed, batch_date, state, rows_received, rows_loaded, rows_updated, rows_unchanged, rows_quarantined, "
    "rows_waiting FROM ops.load ORDER BY feed, batch_date"
)


def pulled(registry: Registry) -> list[str]:
    """Two files of results in which every fate occurs; they wait, and their patient is known."""
    registry.send("patients", DAY_1, row("patients"))
    registry.load()
    bad, unknown = row("results", "L2", value="haemolysed"), row("results", "L3", patient_id="P3")
    registry.send("results", DAY_1, row("results", "L1"), bad, unknown, row("results", "L4"))
    registry.send("results", DAY_2, row("results", "L1"), row("results", "L4", value="41"), row("results", "L5"))
    return registry.pull().waiting


def killed(settings: Settings, load_ids: list[str], phase: str) -> tuple[int, int]:
    """How many of the files are received and resolved once a worker was killed in a phase and is gone."""
    worker = CONTEXT.Process(target=load_and_die, args=(settings, load_ids, phase))
    worker.start()
    worker.join()
    assert worker.exitcode == -signal.SIGKILL, phase
    with opened(settings.warehouse, Path(settings.extracts).parent) as registry:
        while registry.rows(OTHERS) != [(0,)]:
            time.sleep(0.05)
        found = [registry.rows(f"SELECT COUNT(*) FROM {table} WHERE load_id IN {LOADS}") for table in READINGS]
    return found[0][0][0], found[1][0][0]


OTHERS = (
    "SELECT COUNT(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
READINGS = ("received.reading", "resolved.reading")
LOADS = "(SELECT load_id FROM received.file WHERE feed = 'results')"


def load_and_die(settings: Settings, load_ids: list[str], phase: str) -> None:
    """Load files in this process, which is killed in a phase."""
    owner, name, left = PHASES[phase]
    method = getattr(owner, name)

    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return method(*arguments, **named)

    setattr(owner, name, counted)
    loads.load(settings, load_ids)


def load_while_asked_to_stop(settings: Settings, load_ids: list[str]) -> None:
    """Load files in this process, which gets SIGTERM all the while, and goes on as a task of Airflow does."""
    signal.signal(signal.SIGTERM, lambda *_: None)
    threading.Thread(target=ask_to_stop, args=[threading.get_ident()], daemon=True).start()
    loads.load(settings, load_ids)


def ask_to_stop(thread: int) -> None:
    """Interrupt a thread, whatever statement it waits for."""
    while True:
        signal.pthread_kill(thread, signal.SIGTERM)
        time.sleep(0.005)
