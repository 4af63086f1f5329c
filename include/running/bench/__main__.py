"""Measures whole processes: the first run, a run with nothing new, three kinds of night, and the floor of each.

Prints a table and writes var/bench/bench.json. BENCH_PATIENTS and BENCH_ROUNDS change the size (25,000) and the number
of rounds (1; the median of several is reported). BENCH_NIGHTS=300 measures so many nights of 1 % one after the other
instead. BENCH_WAREHOUSE is the URL of an empty PostgreSQL database in place of a DuckDB file; what its server needs is
not counted.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pandas as pd

from include.basics.settings import ROOT
from include.people.reporting import print_frame
from include.running.bench.extracts import (
    write_first_night,
    write_later_night,
    write_one_file,
    write_second_night,
    write_small_files,
)

FOLDER = ROOT / "var" / "bench"


@dataclass(frozen=True)
class Measured:
    """One process with those that it started: wall-clock and processor seconds, and peak resident memory in MB."""

    what: str
    seconds: float
    cpu_seconds: float
    peak_mb: float


def main() -> None:
    """Run the bench."""
    patients = int(os.environ.get("BENCH_PATIENTS", "25000"))
    if nights := int(os.environ.get("BENCH_NIGHTS", "0")):
        _report(patients, pd.DataFrame([asdict(one) for one in _nights(patients, nights)]))
        return
    rounds = [_round(patients) for _ in range(int(os.environ.get("BENCH_ROUNDS", "1")))]
    table = pd.DataFrame([asdict(_median(runs)) for runs in zip(*rounds, strict=True)])
    floors = table.set_index("what")["seconds"]
    table["ratio to floor"] = (table["seconds"] / floors["floor"]).round(2)
    own = {f"floor of the {what}": floors.get(f"floor of the {what}") for what in table["what"]}
    table["ratio to own floor"] = [
        round(seconds / own[f"floor of the {what}"], 2) if own[f"floor of the {what}"] else None
        for what, seconds in zip(table["what"], table["seconds"], strict=True)
    ]
    _report(patients, table)


def _report(patients: int, table: pd.DataFrame) -> None:
    rounded = {"seconds": 2, "cpu_seconds": 2, "peak_mb": 0}
    print_frame(table.round(rounded), title=f"{patients:,} patients, {patients * 200:,} results")
    (FOLDER / "bench.json").write_text(json.dumps(table.to_dict(orient="records"), indent=1))


def _round(patients: int) -> list[Measured]:
    shutil.rmtree(FOLDER, ignore_errors=True)
    extracts = FOLDER / "extracts"
    write_first_night(extracts, patients)
    measured = [_floor("floor", extracts), _run("first run", extracts), _run("nothing new", extracts)]
    nights: list[tuple[str, Callable[[Path], int]]] = [
        ("night with 1 % new rows", lambda out: write_second_night(out, patients)),
        ("night with one file", lambda out: write_one_file(out, patients)),
        ("200 files of 20 rows", lambda out: write_small_files(out, patients, 200)),
    ]
    for what, write in nights:
        apart = FOLDER / what.replace(" ", "_").replace("%", "percent")
        for out in (extracts, apart):
            write(out)
        measured += [_floor(f"floor of the {what}", apart), _run(what, extracts)]
    return measured


def _nights(patients: int, nights: int) -> list[Measured]:
    """The first run, and the median of five nights each: those around the tenth, and the last."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    extracts = FOLDER / "extracts"
    write_first_night(extracts, patients)
    measured, first = [], _run("first run", extracts)
    for number in range(nights):
        write_later_night(extracts, patients, number)
        measured.append(_run("night", extracts))
    told = [(f"night {last - 4} to {last}", measured[last - 5 : last]) for last in (12, nights)]
    return [first, *(replace(_median(tuple(runs)), what=what) for what, runs in told)]


def _floor(what: str, extracts: Path) -> Measured:
    (FOLDER / "floor.duckdb").unlink(missing_ok=True)
    return _measure(
        what, [sys.executable, "-m", "include.running.bench.floor", str(extracts), str(FOLDER / "floor.duckdb")]
    )


def _run(what: str, extracts: Path) -> Measured:
    warehouse = os.environ.get("BENCH_WAREHOUSE", f"duckdb:///{FOLDER / 'registry.duckdb'}")
    run = [
        sys.executable,
        "-m",
        "include.running.cli",
        "run",
        "--extracts",
        str(extracts),
        "--warehouse",
        warehouse,
        "--json",
    ]
    return _measure(what, run)


def _measure(what: str, command: list[str]) -> Measured:
    start = time.perf_counter()
    name = what.replace(" ", "_").replace("%", "percent")
    with (FOLDER / f"{name}.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{what} failed: see {log.name}")
    return Measured(what, time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _median(runs: tuple[Measured, ...]) -> Measured:
    seconds, cpu = (statistics.median(getattr(run, name) for run in runs) for name in ("seconds", "cpu_seconds"))
    return Measured(runs[0].what, seconds, cpu, max(run.peak_mb for run in runs))


main()
