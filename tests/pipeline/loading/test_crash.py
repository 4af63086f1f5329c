"""A run that is killed, between steps or inside one, leaves what the next run needs to end as an undisturbed one."""

from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import duckdb
import pytest

from include.basics.settings import Settings
from include.pipeline.marts.snapshot import snapshot_of
from include.warehouse import open_warehouse
from tests.support import crash
from tests.support.extracts import row, send
from tests.support.registry import Registry
from tests.support.tables import assert_same, contents
from tests.support.warehouses import Templates

DAY_1, DAY_2 = "2020-01-01", "2020-01-02"
ATTEMPTS = 25
STEPS = {
    "pull": "INSERT INTO received.file",
    "receive": "INSERT INTO received.results",
    "resolve": "INSERT INTO resolved.fate",
    "derive": "INSERT INTO derived.",
    "refresh": "INSERT INTO marts.",
}


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nights in which every fate occurs."""
    folder = tmp_path_factory.mktemp("crash") / "extracts"
    dead = {"visit_date": "2013-05-01", "vital_status": "dead", "death_date": "2013-05-01", "death_cause": "tumour"}
    send(folder, "patients", DAY_1, [row("patients", "P1"), row("patients", "P2", birth_date="1960-01-01")])
    send(folder, "visits", DAY_1, [row("visits", "V1"), row("visits", "V2", patient_id="P2", **dead)])
    send(folder, "procedures", DAY_1, [row("procedures", "S1"), row("procedures", "S2", patient_id="P2")])
    rows = [row("results", "L1"), row("results", "L2", value="haemolysed"), row("results", "L3", patient_id="P3")]
    rows.append(row("results", "L4", patient_id="P2", collected_at="2014-01-02T08:15"))
    send(folder, "results", DAY_1, [*rows, row("results", "L5", collected_at="2012-01-09T08:15", value="400")])
    send(folder, "patients", DAY_2, [row("patients", "P3", sex="male")])
    send(folder, "results", DAY_2, [row("results", "L2", status="corrected"), row("results", "L1")])
    return folder


@pytest.fixture(scope="module")
def undisturbed(extracts: Path, templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The outcome of a run that is left alone, on DuckDB."""
    folder = tmp_path_factory.mktemp("undisturbed")
    settings = Settings.of(str(extracts), templates.duckdb(folder / "registry.duckdb"))
    assert crash.run(settings, None, folder / "moments") == 0
    moments = (folder / "moments").read_text().splitlines()
    assert all(any(start in moment for moment in moments) for start in STEPS.values())
    return {**outcome(settings), "moments": moments}


def outcome(settings: Settings) -> dict[str, Any]:
    """Tables, quarantine, ledger and queues."""
    with open_warehouse(settings.warehouse) as warehouse:
        registry = Registry(warehouse, settings)
        registry.check_conservation()
        ledger = registry.rows(
            "SELECT load_id, state, rows_received, rows_loaded, rows_updated, rows_unchanged, rows_quarantined, "
            "rows_waiting, landing_uri FROM ops.load ORDER BY load_id"
        )
        assert all(Path(entry[-1]).is_file() for entry in ledger)
        return {
            "tables": contents(warehouse),
            "quarantine": registry.quarantine("load_id, row_number, record_key, rule_ids, state"),
            "ledger": [entry[:-1] for entry in ledger],
            "queued": registry.rows("SELECT patient_id FROM ops.touched_patient")
            + registry.rows("SELECT feed FROM resolved.due"),
        }


def assert_as_undisturbed(settings: Settings, undisturbed: dict[str, Any]) -> None:
    """Compare everything that a run leaves."""
    got = outcome(settings)
    assert_same(got["tables"], undisturbed["tables"])
    for part in ("quarantine", "ledger", "queued"):
        assert got[part] == undisturbed[part], part


def kills(steps: tuple[int, ...], settings: Settings, moments: Path) -> Iterator[str]:
    """Run until a run ends by itself; every other is killed after so many statements. Yields where."""
    for kill_at in islice(cycle(steps), ATTEMPTS):
        code = crash.run(settings, kill_at, moments)
        if code == 0:
            return
        assert code == -9
        yield moments.read_text().splitlines()[-1]
    pytest.fail("the runs do not come forward")


@pytest.mark.parametrize("step", STEPS)
def test_killed_inside_a_step(
    extracts: Path, undisturbed: dict[str, Any], templates: Templates, tmp_path: Path, step: str
) -> None:
    settings = Settings.of(str(extracts), templates.duckdb(tmp_path / "registry.duckdb"))
    begun = [at for at, moment in enumerate(undisturbed["moments"], 1) if STEPS[step] in moment]
    for kill_at in (begun[0] + 1, None):
        assert crash.run(settings, kill_at, tmp_path / "moments") == (-9 if kill_at else 0)
    assert_as_undisturbed(settings, undisturbed)


def test_killed_again_and_again(
    extracts: Path, undisturbed: dict[str, Any], templates: Templates, tmp_path: Path
) -> None:
    settings = Settings.of(str(extracts), templates.duckdb(tmp_path / "registry.duckdb"))
    places = list(kills((97, 210, 331, 64), settings, tmp_path / "moments"))
    assert len(set(places)) >= 4
    assert_as_undisturbed(settings, undisturbed)
    with duckdb.connect(str(snapshot_of(str(tmp_path / "registry.duckdb"))), read_only=True) as snapshot:
        toxicity = snapshot.execute("SELECT COUNT(*) FROM marts.toxicity").fetchone()
    assert toxicity == (len(undisturbed["tables"]["marts.toxicity"]),)


def test_killed_again_and_again_on_postgresql(
    extracts: Path, undisturbed: dict[str, Any], templates: Templates, tmp_path: Path, postgres_server: str
) -> None:
    url = templates.postgresql(postgres_server)
    settings = Settings(str(extracts), url, str(tmp_path / "landing"))
    assert len(list(kills((131, 305, 474, 905), settings, tmp_path / "moments"))) >= 3
    assert_as_undisturbed(settings, undisturbed)


def test_killed_while_the_warehouse_is_made(extracts: Path, undisturbed: dict[str, Any], tmp_path: Path) -> None:
    settings = Settings.of(str(extracts), f"duckdb:///{tmp_path / 'registry.duckdb'}")
    assert crash.run(settings, 700, tmp_path / "moments") == -9
    assert crash.run(settings, None, tmp_path / "moments") == 0
    assert_as_undisturbed(settings, undisturbed)
