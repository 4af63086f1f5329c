"""Moments of the platform as docker-compose.yml runs it: a component or server is killed, or loses the network."""

import json
import os
import signal
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from include.basics.settings import ROOT, Settings
from include.running.cli.run import run_steps
from include.warehouse import open_warehouse
from tests.deployment.conftest import stack
from tests.deployment.stack import SLOW, Stack, until
from tests.support.extracts import row, send

__all__ = ["stack"]

MOMENTS, SEED = int(os.environ.get("STACK") or 20), os.environ.get("SEED") or "1"
REPORT = ROOT / "var" / "faults" / "stack.json"
KILLED = ("worker", "scheduler", "dag-processor", "triggerer", "api-server", "postgres", "redis", "extracts")
WITHOUT_NETWORK = ("worker", "scheduler", "postgres", "redis", "extracts")
NIGHT_SECONDS = 40
LEDGER = (
    "SELECT load_id, feed, state, rows_received, rows_loaded, rows_updated, rows_unchanged, rows_quarantined, "
    "rows_waiting FROM ops.load ORDER BY load_id"
)
DUE = (
    "SELECT (SELECT COUNT(*) FROM ops.load WHERE state = 'received') + (SELECT COUNT(*) FROM ops.touched_patient) "
    "+ (SELECT SUM(CASE step WHEN 'refresh' THEN -generation ELSE generation END) FROM ops.step "
    "WHERE step IN ('pull', 'load', 'derive', 'catalogue', 'estimators', 'refresh'))"
)


def test_every_night_completes_and_nothing_is_lost_or_doubled(stack: Stack, tmp_path: Path) -> None:
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    told: list[dict[str, Any]] = []
    for number in range(MOMENTS):
        told.append(moment(stack, tmp_path / "extracts", number))
        REPORT.write_text(json.dumps(told, indent=1), encoding="utf-8")

    settings = Settings.of(str(tmp_path / "extracts"), f"duckdb:///{tmp_path / 'registry.duckdb'}")
    run_steps(settings)
    with open_warehouse(settings.warehouse) as warehouse:
        expected = [["" if cell is None else str(cell) for cell in found] for found in warehouse.run(LEDGER)]
    assert stack.query(LEDGER) == expected
    assert stack.compose("run", "--rm", "-T", "registry", "verify", check=False, timeout=SLOW).returncode == 0


def moment(stack: Stack, extracts: Path, number: int) -> dict[str, Any]:
    """A night of a new patient that is disturbed; returns once its marts are there.

    A fault that struck after the night was done did not hit it.
    """
    random = Random(f"stack {SEED} {number}")  # noqa: S311
    after, pause = random.uniform(0, NIGHT_SECONDS), random.uniform(0, 20)
    kind, service = random.choice([("kill", s) for s in KILLED] + [("network", s) for s in WITHOUT_NETWORK])
    deliver(stack, list(night(extracts, number)), extracts)
    time.sleep(after)
    hit = not is_done(stack, 4 * (number + 1))
    begun = time.monotonic()
    (kill if kind == "kill" else cut_off)(stack, service, pause)
    until(lambda: is_done(stack, 4 * (number + 1)), seconds=900)
    recovered = round(time.monotonic() - begun)
    fault = {"seed": f"{SEED} {number}", "fault": f"{kind} {service}", "hit": hit}
    return fault | {"after": round(after), "recovered": recovered}


def night(extracts: Path, number: int) -> Iterator[Path]:
    """The files of a night: of what a new patient has, one row cannot be read, and one is a version of before."""
    day, who = (date(2021, 1, 1) + timedelta(number)).isoformat(), {"patient_id": f"F{number}"}
    yield send(extracts, "patients", day, [row("patients", f"F{number}")])
    yield send(extracts, "visits", day, [row("visits", f"V{number}", **who)])
    yield send(extracts, "procedures", day, [row("procedures", f"S{number}", **who)])
    results = [row("results", f"L{number}-{result}", value=str(20 + result), **who) for result in range(50)]
    again = [row("results", "L0-1", patient_id="F0", value=str(number), status="corrected")]
    yield send(extracts, "results", day, [*results, row("results", f"X{number}", value="haemolysed", **who), *again])


def deliver(stack: Stack, files: list[Path], extracts: Path) -> None:
    """Put files into the bucket, from a container that has its keys."""
    put = "import boto3, sys; boto3.client('s3').upload_fileobj(sys.stdin.buffer, 'extracts', sys.argv[1])"
    (worker,) = stack.containers("worker").values()
    for file in files:
        with file.open("rb") as content:
            place = f"study/{file.relative_to(extracts).as_posix()}"
            stack.docker("exec", "-i", worker["Id"], "python", "-c", put, place, stdin=content)


def kill(stack: Stack, service: str, _: float) -> None:
    """End a container's first process, and with it the others; its restart policy starts it again."""
    (one,) = stack.containers(service).values()
    os.kill(one["State"]["Pid"], signal.SIGKILL)


def cut_off(stack: Stack, service: str, pause: float) -> None:
    """Take a container's network away for a while."""
    (one,) = stack.containers(service).values()
    networks = list(one["NetworkSettings"]["Networks"])
    for network in networks:
        stack.docker("network", "disconnect", network, one["Id"])
    time.sleep(pause)
    for network in networks:
        stack.docker("network", "connect", "--alias", service, network, one["Id"])


def is_done(stack: Stack, files: int) -> bool:
    """Whether all files were received and the marts are made of them; a server that is away is asked again."""
    try:
        return stack.query("SELECT COUNT(*) FROM ops.load") == [[str(files)]] and stack.query(DUE) == [["0"]]
    except Exception:
        return False
