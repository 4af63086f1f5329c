"""A warehouse tells its version: older programs refuse it, and one of the version before comes up to date."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from include.basics.errors import RegistryError
from include.basics.settings import ROOT
from include.warehouse import Warehouse, open_warehouse, prepare
from include.warehouse.frames import append
from include.warehouse.preparing import planned
from include.warehouse.schema import ops_tables
from include.warehouse.tables import columns_there
from include.warehouse.versions import newest, structure_of
from tests.support.warehouses import new_database

LAST = "4e7b741"
"""A commit of the version before versions were noted."""
PREPARE = """
import sys
from include.warehouse import open_warehouse, prepare
with open_warehouse(sys.argv[1]) as warehouse:
    prepare(warehouse)
"""


def test_a_change_of_what_is_kept_is_a_new_version() -> None:
    """Otherwise: add a version to include/warehouse/versions.yml, with the structure that this test has found."""
    assert newest()["structure"] == structure_of(ops_tables())


def test_an_older_program_leaves_a_newer_warehouse_alone(warehouse: Warehouse) -> None:
    newer = int(newest()["version"]) + 1
    warehouse.run(f"UPDATE ops.step SET fingerprint = '{newer}' WHERE step = 'schema'")
    warehouse.run("UPDATE ops.step SET fingerprint = 'another version' WHERE step = 'prepare'")
    warehouse.connection.commit()
    for ask in (prepare, planned):
        with pytest.raises(RegistryError) as raised:
            ask(warehouse)
        assert raised.value.code == "REG-124"
        assert f"of version {newer}" in str(raised.value)
    assert warehouse.scalar("SELECT fingerprint FROM ops.step WHERE step = 'prepare'") == "another version"


def test_nothing_is_planned_for_a_warehouse_in_step_and_a_column_for_one_that_lacks_it(warehouse: Warehouse) -> None:
    assert planned(warehouse) == []
    warehouse.run("ALTER TABLE received.patients DROP COLUMN discovery_mode CASCADE")
    warehouse.run("UPDATE ops.step SET fingerprint = 'another version' WHERE step = 'prepare'")
    warehouse.connection.commit()
    statements = planned(warehouse)
    added = [statement for statement in statements if statement.startswith("ALTER TABLE")]
    assert added == ['ALTER TABLE received.patients ADD COLUMN "discovery_mode" TEXT COLLATE "C"']
    warehouse.connection.commit()
    assert "discovery_mode" not in columns_there(warehouse)["received.patients"]


@pytest.fixture
def last(prepared_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A warehouse that the program of the version before has prepared; skipped where the history is cut off."""
    code = tmp_path / "code"
    code.mkdir()
    archive = subprocess.run(["git", "archive", LAST], cwd=ROOT, capture_output=True, check=False)
    if archive.returncode:
        pytest.skip("the history does not go back to the earlier version")
    subprocess.run(["tar", "-x", "-C", str(code)], input=archive.stdout, check=True)
    on_duckdb = prepared_url.startswith("duckdb")
    url = f"duckdb:///{tmp_path}/last.duckdb" if on_duckdb else new_database(request.getfixturevalue("postgres_server"))
    command = [sys.executable, "-c", PREPARE, url]
    subprocess.run(command, cwd=code, env={**os.environ, "PYTHONPATH": str(code)}, check=True)
    return url


def test_a_warehouse_of_the_version_before_becomes_one_of_this_and_keeps_its_facts(
    last: str, warehouse: Warehouse
) -> None:
    with open_warehouse(last) as brought:
        append(brought, "received.file", [{"load_id": "kept", "feed": "results", "batch_date": date(2020, 1, 1)}])
        brought.connection.commit()
        assert any(statement.startswith("CREATE VIEW") for statement in planned(brought))
        prepare(brought)
        assert in_any_order(brought) == in_any_order(warehouse)
        assert brought.scalar("SELECT batch_date FROM received.file WHERE load_id = 'kept'") == date(2020, 1, 1)
        assert brought.scalar("SELECT fingerprint FROM ops.step WHERE step = 'schema'") == str(newest()["version"])
        assert planned(brought) == []


def in_any_order(warehouse: Warehouse) -> dict[str, list[str]]:
    """The columns of every table and view: a table gains those of a new version at its end."""
    return {table: sorted(columns) for table, columns in columns_there(warehouse).items()}
