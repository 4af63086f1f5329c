"""Nights of mutants: nothing crashes, no row is lost, good files load, and no cell is quoted."""

import csv
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from include.basics.errors import CODES
from include.basics.settings import Settings
from include.definitions import contracts
from include.running.cli.run import run_steps
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.schema import mart_tables, ops_tables
from tests.mutations.cells import cell_mutations, with_cell
from tests.mutations.good import ROWS, SENTINEL, Mutant, good_extract
from tests.mutations.mutants import one_each
from tests.support import extracts
from tests.support.registry import ROWS as ACCOUNTED
from tests.support.warehouses import Templates

FIRST, NIGHT, LAST = "2019-12-31", "2020-01-01", "2020-01-02"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Extracts with a patient whom the clinic announced, and one good file of each feed on the last day."""
    extracts.send(tmp_path / "extracts", "patients", FIRST, [extracts.row("patients")])
    for feed in contracts.FEEDS:
        extracts.put(tmp_path / "extracts", feed, LAST, good_extract(feed).text().encode(), "good.csv")
    return tmp_path


def test_a_night_of_mutants(folder: Path, templates: Templates, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    sent = send(folder, one_each(times=2))
    with after_run(folder, templates.duckdb(folder / "registry.duckdb")) as warehouse:
        check_ledger(warehouse, sent)
        check_silence(warehouse, caplog)


def test_so_does_postgresql(
    folder: Path, templates: Templates, postgres_server: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    sent = send(folder, list(one_each())[::2])
    with after_run(folder, templates.postgresql(postgres_server)) as warehouse:
        check_ledger(warehouse, sent)
        check_silence(warehouse, caplog)


def test_every_cell_may_hold_anything_on_both_engines(
    folder: Path, templates: Templates, postgres_server: str, caplog: pytest.LogCaptureFixture
) -> None:
    sent = send(folder, [(feed, every_cell_once(feed)) for feed in contracts.FEEDS])
    fates = []
    for url in (templates.duckdb(folder / "registry.duckdb"), templates.postgresql(postgres_server)):
        hold_no_share(url)
        with after_run(folder, url) as warehouse:
            check_ledger(warehouse, sent)
            check_silence(warehouse, caplog)
            fates.append(fate_of_rows(warehouse))
    assert len(fates[0]) > 6_000
    assert fates[0] == fates[1]


def hold_no_share(url: str) -> None:
    """Let files load however many of their rows fail."""
    with open_warehouse(url) as warehouse:
        warehouse.run("UPDATE reference.threshold SET high = NULL WHERE kind = 'hold_share'")


def every_cell_once(feed: str) -> Mutant:
    """The good rows of a feed, and behind them a row for every column and text, each with a key of its own."""
    extract = good_extract(feed)
    key = extract.header.index(contracts.read(feed).key)
    rows: list[tuple[str, ...]] = list(extract.rows)
    for number, (column, _, row) in enumerate(cell_mutations(extract)):
        rows.append(row if column == extract.header[key] else with_cell(row, key, f"{SENTINEL}-cell-{number}"))
    return Mutant("every cell", extract.with_rows(rows).text(quoting=csv.QUOTE_ALL).encode(), rows=len(rows))


def send(folder: Path, mutants: Iterable[tuple[str, Mutant]]) -> dict[tuple[str, str], Mutant]:
    """Write the night's mutants; each by its feed and file name."""
    sent = {}
    for number, (feed, mutant) in enumerate(mutants):
        name = f"{number:04d}{mutant.ending}"
        extracts.put(folder / "extracts", feed, NIGHT, mutant.content, name)
        sent[feed, name] = mutant
    return sent


@contextmanager
def after_run(folder: Path, url: str) -> Iterator[Warehouse]:
    """The warehouse after a whole run that met no error."""
    report = run_steps(Settings(str(folder / "extracts"), url, str(folder / f"landing-{url.split(':')[0]}")))
    assert (report.failed, report.broken_rules, report.not_pulled) == ({}, [], [])
    with open_warehouse(url, read_only=True) as warehouse:
        yield warehouse


def check_ledger(warehouse: Warehouse, sent: dict[tuple[str, str], Mutant]) -> None:
    """Every file is loaded or held with a code, every row accounted for, every good file loaded."""
    kept = "SELECT load_id, COUNT(*) AS records FROM quarantine.record GROUP BY load_id"
    open_cells = "SELECT COUNT(*) FROM quarantine.cell AS c WHERE c.load_id = l.load_id AND c.state = 'open'"
    found = warehouse.run(
        f"SELECT l.feed, l.file_name, l.state, l.reason, {ACCOUNTED} AS accounted, l.rows_quarantined + l.rows_waiting "
        "AS set_aside, LEAST(rows_loaded, rows_updated, rows_unchanged, rows_quarantined, rows_waiting) AS least, "
        f"COALESCE(k.records, 0) AS records, COALESCE(l.cells_set_aside, 0) = ({open_cells}) AS cells_agree "
        f"FROM ops.load AS l LEFT JOIN ({kept}) AS k ON l.load_id = k.load_id"
    ).all()
    assert len(found) == len(sent) + 1 + len(contracts.FEEDS)
    for load in found:
        mutant = sent.get((load.feed, load.file_name))
        name = mutant.name if mutant else load.file_name
        assert load.state in ("loaded", "held"), name
        assert (load.rows_received, load.least >= 0) == (load.accounted, True), name
        assert load.cells_agree, name
        if load.state == "held":
            assert mutant is not None, load.reason
            assert load.reason.partition(":")[0] in CODES, name
            assert load.records == 0, name
        else:
            assert load.records == load.set_aside, name
        if mutant and mutant.rows is not None:
            assert load.rows_received == mutant.rows, name
        if load.file_name == "good.csv":
            assert load.rows_received == ROWS


def check_silence(warehouse: Warehouse, caplog: pytest.LogCaptureFixture) -> None:
    """No key and no word that a mutation wrote is in the log, the ledger or a mart."""
    assert SENTINEL not in caplog.text
    for table in (*ops_tables(), *mart_tables()):
        if table.name.startswith(("ops.", "marts.")) and table.name not in QUEUES:
            rows = warehouse.run_verbatim(f"SELECT * FROM {table.name}").all()
            assert not [row for row in rows if SENTINEL in str(row)], table.name


QUEUES = ("ops.touched_patient", "ops.scope")
"""They hold the pseudonyms of patients, which some mutants change."""


def fate_of_rows(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    """Where every row and cell of the night is: as a version of the record, or in quarantine and why."""
    versions = " UNION ALL ".join(
        f"SELECT '{feed}' AS feed, v.load_id, v.row_number, v.version_state AS fate FROM clinical.{feed} AS v"
        for feed in contracts.FEEDS
    )
    kept = "SELECT feed, load_id, row_number, state || ' ' || COALESCE(rule_ids, '') AS fate FROM quarantine.record"
    cells = "SELECT feed, load_id, row_number, column_name || ' ' || rule_ids AS fate FROM quarantine.cell"
    found = warehouse.run(
        f"SELECT feed, load_id, row_number, fate FROM ({versions} UNION ALL {kept} UNION ALL {cells}) f"
    )
    return sorted(tuple(row) for row in found)
