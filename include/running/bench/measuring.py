"""Measures a whole process, and what a local PostgreSQL server and the warehouse need beside it."""

import os
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from include.basics.settings import ROOT

FOLDER = ROOT / "var" / "bench"
WAREHOUSE = os.environ.get("BENCH_WAREHOUSE") or f"duckdb:///{FOLDER / 'registry.duckdb'}"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """One process with those that it started, and its database.

    Wall-clock and processor seconds, peak resident memory in MB, processor seconds of a PostgreSQL server on this
    machine meanwhile, and the size of the database afterwards in MB.
    """

    what: str
    seconds: float
    cpu_seconds: float
    peak_mb: float
    server_seconds: float = 0
    database_mb: float = 0


def run(what: str, extracts: Path) -> Measured:
    """Measure `./registry run`."""
    places = ["--extracts", str(extracts), "--warehouse", WAREHOUSE]
    return measure(what, [sys.executable, "-m", "include.running.cli", "run", *places, "--json"])


def measure(what: str, command: list[str]) -> Measured:
    """Measure a command; the bench ends when it fails."""
    start, served = time.perf_counter(), server_seconds()
    name = what.replace(" ", "_").replace("%", "percent")
    with (FOLDER / f"{name}.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{what} failed: see {log.name}")
    seconds, cpu = time.perf_counter() - start, usage.ru_utime + usage.ru_stime
    return Measured(what, seconds, cpu, usage.ru_maxrss / 1024, server_seconds() - served, _database_mb())


def median(runs: tuple[Measured, ...]) -> Measured:
    """The median of several, with the highest peak."""
    names = ("seconds", "cpu_seconds", "server_seconds", "database_mb")
    told = {name: statistics.median(getattr(run, name) for run in runs) for name in names}
    return Measured(runs[0].what, peak_mb=max(run.peak_mb for run in runs), **told)


def _asked(select: str) -> str:
    """What a PostgreSQL warehouse answers; its session has ended when this returns."""
    engine = sa.create_engine(WAREHOUSE, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return str(connection.scalar(sa.text(select)))


def server_seconds() -> float:
    """Processor seconds of the server with all processes that it ever started; 0 for DuckDB, which has none."""
    if WAREHOUSE.startswith("duckdb"):
        return 0.0
    server = int(_asked("SELECT pg_read_file('postmaster.pid')").split()[0])
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    ended, living = slice(11, 15), slice(11, 13)
    return _ticks(server, ended) + sum(_ticks(int(child), living) for child in children)


def _ticks(process: int, which: slice) -> float:
    with suppress(FileNotFoundError, ProcessLookupError):
        told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, told[which])) / TICKS
    return 0.0  # it has just ended, and its parent tells it


def _database_mb() -> float:
    if WAREHOUSE.startswith("duckdb"):
        file = Path(WAREHOUSE.removeprefix("duckdb:///"))
        return file.stat().st_size / 1e6 if file.exists() else 0.0
    return int(_asked("SELECT pg_database_size(current_database())")) / 1e6
