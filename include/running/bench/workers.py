"""Measures how long 200 files of a feed take on one, two and four workers: `python -m include.running.bench.workers`.

BENCH_WAREHOUSE is the URL of an empty PostgreSQL database on this machine, BENCH_PATIENTS how many patients have a
history there (1,000), BENCH_ROWS how many rows a file has (1,000), BENCH_ROUNDS how often it is measured (3). Each
worker is a process that has imported what it needs, as Celery's have; it receives its share as a task of Airflow does.
"""

import multiprocessing
import os
import shutil
import sys
import time
from typing import Any

import pandas as pd
import sqlalchemy as sa

from include.basics.settings import Settings
from include.people.reporting import print_frame
from include.pipeline.landing import pull_batches
from include.pipeline.receiving.loads import load
from include.running.bench.extracts import write_first_night, write_small_files
from include.running.bench.measuring import FOLDER, WAREHOUSE, run, server_seconds

FILES = 200
WORKERS = (1, 2, 4)
CONTEXT = multiprocessing.get_context("forkserver")


def main() -> None:
    """Print the medians of the rounds; within a round the numbers of workers take turns."""
    if WAREHOUSE.startswith("duckdb"):
        sys.exit("BENCH_WAREHOUSE has to be an empty PostgreSQL database")
    patients, rows = (int(os.environ.get(name) or 1000) for name in ("BENCH_PATIENTS", "BENCH_ROWS"))
    shutil.rmtree(FOLDER, ignore_errors=True)
    write_first_night(FOLDER / "extracts", patients)
    run("first run", FOLDER / "extracts")
    write_small_files(FOLDER / "extracts", patients, FILES, rows)
    settings = Settings.of(str(FOLDER / "extracts"), WAREHOUSE)
    pull_batches(settings, "laboratory")
    CONTEXT.set_forkserver_preload(["include.running.bench.workers", "psycopg", "duckdb"])
    imported = CONTEXT.Process(target=int)
    imported.start()
    imported.join()
    rounds = int(os.environ.get("BENCH_ROUNDS") or 3)
    table = pd.DataFrame([_measure(settings, workers) for _ in range(rounds) for workers in WORKERS])
    medians = table.groupby("workers").median()
    medians["ratio to one"] = (medians["seconds"] / medians["seconds"].loc[1]).round(2)
    print_frame(table.round(2), title="each round")
    print_frame(medians.round(2).reset_index(), title=f"{FILES} files of {rows} rows, median of {rounds} rounds")


def _measure(settings: Settings, workers: int) -> dict[str, float]:
    """Receive all waiting files in a copy of the database."""
    copy = _copied("registry_workers")
    there = Settings(settings.extracts, copy, settings.landing)
    os.environ["RECEIVERS"] = str(workers)
    batches = pull_batches(there, "laboratory")
    told, served, start = CONTEXT.SimpleQueue(), server_seconds(), time.perf_counter()
    children = [CONTEXT.Process(target=_receive, args=(there, batch, told)) for batch in batches]
    for child in children:
        child.start()
    for child in children:
        child.join()
    if any(child.exitcode for child in children):
        sys.exit("a worker ended before its files were loaded")
    found = [told.get() for _ in children]
    seconds = time.perf_counter() - start
    if sum(loaded for loaded, _ in found) != FILES:
        sys.exit("not every file was loaded")
    cpu = sum(needed for _, needed in found)
    return {"workers": workers, "seconds": seconds, "cpu_seconds": cpu, "server_seconds": server_seconds() - served}


def _receive(settings: Settings, load_ids: list[str], told: Any) -> None:
    start = time.process_time()
    reports, _ = load(settings, load_ids)
    told.put((sum(report.state == "loaded" for report in reports), time.process_time() - start))


def _copied(name: str) -> str:
    url = sa.make_url(WAREHOUSE)
    engine = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {url.database}"))
    return url.set(database=name).render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
