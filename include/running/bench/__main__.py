"""Measures whole processes: the first run, one with nothing new, four kinds of night, files of sites, and the floors.

Prints a table and writes var/bench/bench.json. BENCH_PATIENTS and BENCH_ROUNDS change the size (25,000) and the number
of rounds (1; the median of several is reported). BENCH_NIGHTS=30,365,1000 measures nights of 1 % after so many others
instead (nights.py); a late one alone is compared with the tenth. BENCH_WAREHOUSE is the URL of an empty PostgreSQL
database on this machine in place of a DuckDB file.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from include.people.reporting import print_frame
from include.running.bench.extracts import (
    FIRST_NIGHT,
    write_first_night,
    write_one_file,
    write_second_night,
    write_small_files,
    write_together,
)
from include.running.bench.measuring import FOLDER, Measured, measure, median, run
from include.running.bench.nights import measure_nights
from include.running.bench.sites import write_sites


def main() -> None:
    """Run the bench."""
    patients = int(os.environ.get("BENCH_PATIENTS", "25000"))
    if nights := os.environ.get("BENCH_NIGHTS"):
        at = [int(number) for number in nights.split(",")]
        _report(patients, pd.DataFrame([asdict(one) for one in measure_nights(patients, at)]))
        return
    rounds = [_round(patients) for _ in range(int(os.environ.get("BENCH_ROUNDS", "1")))]
    table = pd.DataFrame([asdict(median(runs)) for runs in zip(*rounds, strict=True)])
    floors = table.set_index("what")["seconds"]
    table["ratio to floor"] = (table["seconds"] / floors["floor"]).round(2)
    own = {f"floor of the {what}": floors.get(f"floor of the {what}") for what in table["what"]}
    table["ratio to own floor"] = [
        round(seconds / own[f"floor of the {what}"], 2) if own[f"floor of the {what}"] else None
        for what, seconds in zip(table["what"], table["seconds"], strict=True)
    ]
    _report(patients, table)


def _report(patients: int, table: pd.DataFrame) -> None:
    rounded = {"seconds": 2, "cpu_seconds": 2, "peak_mb": 0, "server_seconds": 2, "database_mb": 0}
    print_frame(table.round(rounded), title=f"{patients:,} patients, {patients * 200:,} results")
    (FOLDER / "bench.json").write_text(json.dumps(table.to_dict(orient="records"), indent=1))


def _round(patients: int) -> list[Measured]:
    shutil.rmtree(FOLDER, ignore_errors=True)
    extracts = FOLDER / "extracts"
    write_first_night(extracts, patients)
    measured = [_floor("floor", extracts), run("first run", extracts), run("nothing new", extracts)]
    nights: list[tuple[str, Callable[[Path], int]]] = [
        ("night with 1 % new rows", lambda out: write_second_night(out, patients)),
        ("night with one file", lambda out: write_one_file(out, patients)),
        ("200 files of 20 rows", lambda out: write_small_files(out, patients, 200)),
        ("4,000 rows in one file", lambda out: write_together(out, patients, 200)),
    ]
    for what, write in nights:
        apart = FOLDER / what.replace(" ", "_").replace("%", "percent")
        for out in (extracts, apart):
            write(out)
        measured += [_floor(f"floor of the {what}", apart), run(what, extracts)]
    return [*measured, *_sites(extracts)]


def _sites(extracts: Path) -> list[Measured]:
    """Staging what hospitals send in formats of their own, beside staging the same rows as the contract has them."""
    (results,) = (extracts / "laboratory" / "results" / FIRST_NIGHT).iterdir()
    files = write_sites(results, FOLDER / "sites")
    told = {
        "floor of the French results": results,
        "French results": files["french.csv"],
        "floor of the HL7 results": files["part.csv"],
        "HL7 results": files["messages.hl7"],
    }
    return [
        measure(what, [sys.executable, "-m", "include.running.bench.sites", str(file)]) for what, file in told.items()
    ]


def _floor(what: str, extracts: Path) -> Measured:
    (FOLDER / "floor.duckdb").unlink(missing_ok=True)
    return measure(
        what, [sys.executable, "-m", "include.running.bench.floor", str(extracts), str(FOLDER / "floor.duckdb")]
    )


main()
