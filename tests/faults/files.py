"""Nights of mutated files: each is loaded or held with a code, no row is lost, no cell is told."""

import io
import logging
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from include.definitions import contracts
from include.study.sample import NIGHTS
from include.study.sample.nights import extracts as night_extracts
from include.warehouse import Warehouse
from tests.mutations import test_run as checks
from tests.mutations.good import ROWS, SENTINEL, Mutant, good_extract
from tests.mutations.mutants import MUTATIONS
from tests.support import extracts
from tests.support.warehouses import Templates

TOGETHER = 500
"""Files of a night."""
Seeded = list[tuple[str, str, Mutant]]
"""Files, each with its seed and feed."""


class Log:
    """What the platform has logged, as the tests of mutations ask for it."""

    def __init__(self) -> None:
        self.written = io.StringIO()

    @property
    def text(self) -> str:
        return self.written.getvalue()


def nights(seeds: list[str], folder: Path) -> Iterator[dict[str, Any]]:
    """What became of the files of each night; `wrong` names those with which a night goes wrong."""
    templates = Templates(folder)
    for start in range(0, len(seeds), TOGETHER):
        files = [(seed, *mutated(seed)) for seed in seeds[start : start + TOGETHER]]
        outcomes = Counter[str]()
        problem = run(files, folder / "night", templates, outcomes)
        found = failing(files, folder, templates) if problem else []
        wrong = [f"{seed} ({mutant.name}): {problem}" for seed, _, mutant in found] or [problem] * bool(problem)
        yield {"files": len(files), "outcomes": dict(outcomes), "wrong": wrong}


def mutated(seed: str) -> tuple[str, Mutant]:
    """A feed and a file of it: the tests' good rows or some of the sample study, mutated."""
    random = Random(f"file {seed}")  # noqa: S311
    feed = random.choice(contracts.FEEDS)
    extract = good_extract(feed)
    if random.random() < 0.5 and (rows := sample(feed)):
        key = extract.header.index(contracts.read(feed).key)
        chosen = [list(row) for row in random.choices(rows, k=ROWS)]
        for number, row in enumerate(chosen):
            row[key] = f"{SENTINEL}-{number}"
        extract = extract.with_rows(chosen)
    return feed, random.choice(MUTATIONS)(random, extract)


@cache
def sample(feed: str) -> list[tuple[str, ...]]:
    """Rows of the sample study's first night."""
    names = contracts.read(feed).names
    files = [file for file in night_extracts(NIGHTS[0]) if f"/{feed}/" in file.path]
    return [tuple(str(row.get(name, "")) for name in names) for file in files for row in file.rows]


def run(files: Seeded, folder: Path, templates: Templates, outcomes: Counter[str]) -> str:
    """Run a night of some files; what is wrong with it, without a cell."""
    shutil.rmtree(folder, ignore_errors=True)
    extracts.send(folder / "extracts", "patients", checks.FIRST, [extracts.row("patients")])
    for feed in contracts.FEEDS:
        good = good_extract(feed).text().encode()
        extracts.put(folder / "extracts", feed, checks.LAST, good, "good.csv")
    sent = checks.send(folder, [(feed, mutant) for _, feed, mutant in files])
    try:
        with logged() as log, checks.after_run(folder, templates.duckdb(folder / "registry.duckdb")) as warehouse:
            checks.check_ledger(warehouse, sent)
            checks.check_silence(warehouse, log)  # type: ignore[arg-type]
            outcomes.update(outcomes_of(warehouse))
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    return ""


def outcomes_of(warehouse: Warehouse) -> dict[str, int]:
    """How many of the night's files were loaded, and held by which code."""
    counted = "SELECT COALESCE(reason_code, state), COUNT(*) "
    counted += f"FROM ops.load WHERE batch_date = DATE '{checks.NIGHT}' GROUP BY 1"
    return {str(how): int(count) for how, count in warehouse.run_verbatim(counted)}


def failing(files: Seeded, folder: Path, templates: Templates) -> Seeded:
    """Those of the files with which a night of their own goes wrong."""
    if not run(files, folder / "fewer", templates, Counter()):
        return []
    if len(files) == 1:
        return files
    middle = len(files) // 2
    return failing(files[:middle], folder, templates) + failing(files[middle:], folder, templates)


@contextmanager
def logged() -> Iterator[Log]:
    """Everything that is logged meanwhile, from INFO on."""
    log, root = Log(), logging.getLogger()
    handler, before = logging.StreamHandler(log.written), root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield log
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
