"""Measures whole processes: the floor, the first run, a run with nothing new and the following night.

Prints a table and writes var/bench/bench.json. BENCH_PATIENTS and BENCH_ROUNDS change the size (25,000) and the number
of rounds (1; the median of several is reported).
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

import pandas as pd

from include.bench.extracts import write_first_night, write_second_night
from include.reporting import print_frame
from include.settings import ROOT

FOLDER = ROOT / "var" / "bench"


@dataclass(frozen=True)
class Measured:
    """One process: wall-clock seconds and peak resident memory in MB."""

    what: str
    seconds: float
    peak_mb: float


def main() -> None:
    """Run the bench."""
    patients = int(os.environ.get("BENCH_PATIENTS", "25000"))
    rounds = [_round(patients) for _ in range(int(os.environ.get("BENCH_ROUNDS", "1")))]
    measured = [_median(runs) for runs in zip(*rounds, strict=True)]
    floor, first = measured[0].seconds, measured[1].seconds
    table = pd.DataFrame([asdict(m) for m in measured])
    table["ratio to floor"] = (table["seconds"] / floor).round(2)
    table["ratio to first run"] = (table["seconds"] / first).round(3)
    print_frame(table.round({"seconds": 2, "peak_mb": 0}), title=f"{patients:,} patients, {patients * 200:,} results")
    (FOLDER / "bench.json").write_text(json.dumps(table.to_dict(orient="records"), indent=1))


def _round(patients: int) -> list[Measured]:
    shutil.rmtree(FOLDER, ignore_errors=True)
    extracts, warehouse = FOLDER / "extracts", FOLDER / "registry.duckdb"
    write_first_night(extracts, patients)
    run = [sys.executable, "-m", "include.cli", "run", "--extracts", str(extracts)]
    run += ["--warehouse", f"duckdb:///{warehouse}", "--json"]
    floor = [sys.executable, "-m", "include.bench.floor", str(extracts), str(FOLDER / "floor.duckdb")]
    measured = [_measure("floor", floor), _measure("first run", run), _measure("nothing new", run)]
    write_second_night(extracts, patients)
    return [*measured, _measure("night with 1 % new rows", run)]


def _measure(what: str, command: list[str]) -> Measured:
    start = time.perf_counter()
    with (FOLDER / f"{what.replace(' ', '_')}.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{what} failed: see {log.name}")
    return Measured(what, time.perf_counter() - start, usage.ru_maxrss / 1024)


def _median(runs: tuple[Measured, ...]) -> Measured:
    seconds = statistics.median(run.seconds for run in runs)
    return Measured(runs[0].what, seconds, max(run.peak_mb for run in runs))


main()
