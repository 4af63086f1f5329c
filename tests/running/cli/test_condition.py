"""A condition given to `show` can only read, on both engines."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from include.basics.errors import RegistryError
from include.running.cli.commands import main
from include.warehouse import open_warehouse
from include.warehouse.sql import select_text
from tests.support.clinical import fill, rows
from tests.support.warehouses import Templates

READS = {
    "patient_id = 'P1'": 1,
    "sex IN ('female', 'male') AND birth_date < DATE '2000-01-01' -- all": 2,
    "birth_date BETWEEN '1960-01-01' AND '1965-12-31' OR UPPER(sex) LIKE 'M%'": 2,
    "patient_id IN (SELECT patient_id FROM clinical.lifespan WHERE death_date IS NULL)": 2,
    "CAST(SUBSTRING(patient_id, 2) AS INTEGER) > 1 AND COALESCE(discovery_mode, '') = ''": 1,
    "birth_date < CURRENT_DATE - INTERVAL '30' YEAR AND patient_id <> ';:%'": 2,
}
REFUSED = [
    "true; DELETE FROM clinical.patients",
    "true) ; DROP TABLE clinical.patients; --",
    "1 = 1) UNION SELECT * FROM clinical.patients --",
    "EXISTS (WITH gone AS (DELETE FROM clinical.patients RETURNING 1) SELECT * FROM gone)",
    "patient_id = read_text('{file}')",
    "EXISTS (SELECT 1 FROM read_csv('{file}'))",
    "EXISTS (SELECT 1 FROM '{file}')",
    "EXISTS (SELECT 1 FROM glob('*'))",
    "EXISTS (FROM query('SELECT 1'))",
    "EXISTS (SELECT 1 FROM pg_catalog.pg_authid)",
    "EXISTS (SELECT 1 FROM information_schema.tables)",
    "EXISTS (SELECT 1 FROM other.clinical.patients)",
    f"{'(' * 3000}TRUE{')' * 3000}",
    "patient_id = getenv('HOME')",
    "patient_id = pg_read_file('{file}')",
    "lo_import('{file}') > 0",
    "lo_export(1, '{file}.out') > 0",
    "EXISTS (SELECT 1 FROM pg_ls_dir('/'))",
    "pg_sleep(60) IS NULL",
    "pg_terminate_backend(1)",
    "set_config('default_transaction_read_only', 'off', FALSE) = 'off'",
    "current_setting('data_directory') IS NOT NULL",
    "nextval('s') > 0",
    "query_to_xml('DELETE FROM clinical.patients', TRUE, TRUE, '') IS NULL",
    "dblink('host=x', 'DELETE FROM clinical.patients') IS NULL",
    "patient_id = $1",
    "patient_id = :name",
    "COPY clinical.patients TO '{file}.out'",
    "ATTACH '{file}.out'",
    "patient_id = 'P1' LIMIT 1",
    "patient_id = 'P1' FOR UPDATE",
    "patient_id =",
    "no_such_column = 1",
    " ",
]


LISTS = ("tables", "table_names")


@pytest.fixture
def url(prepared_url: str) -> str:
    """A warehouse with two patients."""
    people = [("P1", "female", "1960-05-05"), ("P2", "male", "1970-05-05")]
    with open_warehouse(prepared_url) as warehouse:
        fill(
            warehouse,
            patients=[{"patient_id": name, "sex": sex, "birth_date": born} for name, sex, born in people],
        )
    return prepared_url


def show(url: str, where: str) -> Result:
    """The rows of the patients for which a condition holds, as CSV."""
    command = ["show", "clinical.current_patients", "--csv", "--where", where]
    return CliRunner(env={"WAREHOUSE": url}).invoke(main, command)


def test_a_condition_chooses_rows(url: str) -> None:
    found = {where: show(url, where) for where in READS}

    assert {where: len(said.stdout.splitlines()) - 1 for where, said in found.items()} == READS


def test_what_is_listed_can_be_shown(url: str) -> None:
    with open_warehouse(url, read_only=True) as warehouse:
        listed, shown = (set(warehouse.frame(select_text(f"ops/{one}"))["table_name"]) for one in LISTS)

    assert listed <= shown


def test_what_does_more_than_read_is_refused_and_changes_nothing(url: str, tmp_path: Path) -> None:
    file = tmp_path / "secret.txt"
    file.write_text("secret\n", encoding="utf-8")
    there = set(tmp_path.iterdir())

    for where in REFUSED:
        said = show(url, where.replace("{file}", str(file)))
        assert (said.exit_code, said.stdout, said.stderr[:7]) == (1, "", "REG-105"), where

    assert set(tmp_path.iterdir()) == there
    with open_warehouse(url, read_only=True) as warehouse:
        assert rows(warehouse, "SELECT COUNT(*) FROM clinical.current_patients") == [(2,)]


@pytest.mark.parametrize("statement", ["DELETE FROM clinical.patients", "CREATE TABLE ops.x (y INTEGER)"])
def test_a_reader_cannot_write(url: str, statement: str) -> None:
    with pytest.raises(RegistryError, match=r"REG-106|REG-115"), open_warehouse(url, read_only=True) as warehouse:
        warehouse.run(statement)


def test_a_reader_of_duckdb_reaches_no_file(tmp_path: Path, templates: Templates) -> None:
    url = templates.duckdb(tmp_path / "registry.duckdb")
    for statement in (f"COPY (SELECT 1) TO '{tmp_path}/out.csv'", f"SELECT * FROM read_text('{tmp_path}/*')"):
        with pytest.raises(RegistryError, match="REG-106"), open_warehouse(url, read_only=True) as warehouse:
            warehouse.run_verbatim(statement)
    with pytest.raises(RegistryError, match="REG-106"), open_warehouse(url, read_only=True) as warehouse:
        warehouse.run("SET enable_external_access = true")
