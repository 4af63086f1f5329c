"""What PostgreSQL writes into its own log of statements that fail: no cell, however they fail."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from include.basics.errors import RegistryError
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.access import make_roles
from include.warehouse.frames import append
from tests.support.warehouses import Templates, new_database

CANARY = "CANARY-4711"


def _log(url: str) -> str:
    return (Path(str(sa.make_url(url).query["host"])) / "log").read_text(errors="replace")


def _duplicate(warehouse: Warehouse) -> None:
    warehouse.run("CREATE TABLE ops.unique_text (kept TEXT UNIQUE)")
    for _ in range(2):
        warehouse.run("INSERT INTO ops.unique_text (kept) VALUES (:kept)", kept=CANARY)


def _not_a_number(warehouse: Warehouse) -> None:
    warehouse.run("SELECT CAST(CAST(:kept AS TEXT) AS INTEGER)", kept=CANARY)


def _copied(warehouse: Warehouse) -> None:
    append(warehouse, "received.file", [{"load_id": "1", "batch_date": CANARY}])


def _written_in_the_statement(warehouse: Warehouse) -> None:
    warehouse.run_verbatim(f"SELECT * FROM marts.toxicity WHERE no_such_column = '{CANARY}'")


FAILING = [_duplicate, _not_a_number, _copied, _written_in_the_statement]


@pytest.fixture(scope="module")
def url(templates: Templates, postgres_server: str) -> str:
    """A prepared database with its roles."""
    made = templates.postgresql(postgres_server)
    with open_warehouse(made) as warehouse:
        make_roles(warehouse)
    return made


@pytest.mark.parametrize("fail", FAILING)
@pytest.mark.parametrize("role", ["postgres", "registry_writer"])
def test_the_log_quotes_nothing_of_a_statement_that_fails(url: str, role: str, fail: object) -> None:
    assert callable(fail)
    mine = sa.make_url(url).set(username=role).render_as_string(hide_password=False)
    with pytest.raises(RegistryError) as raised, open_warehouse(mine) as warehouse:
        fail(warehouse)
    assert raised.value.code == "REG-106"
    assert CANARY not in _log(url)


def test_a_database_without_the_settings_would_quote_it(postgres_server: str) -> None:
    """So the tests above look at the right log; the value is another one, as it stays there."""
    bare = new_database(postgres_server)
    with pytest.raises(RegistryError), open_warehouse(bare) as warehouse:
        warehouse.run("SELECT CAST(CAST('QUOTED-0815' AS TEXT) AS INTEGER)")
    assert "QUOTED-0815" in _log(bare)
