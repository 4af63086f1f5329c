"""A statement that fails is told by its kind; names are told, cells never."""

from datetime import date

import pytest

from include.basics.errors import RegistryError
from include.warehouse import open_warehouse
from tests.support.ledger import deliver

SECRET = "SECRET-1"
QUOTING = ["CAST(load_id AS INTEGER)", "CAST(load_id AS DATE)"]
QUOTING_ON_DUCKDB = ["STRPTIME(load_id, '%Y')", "REGEXP_MATCHES(load_id, load_id || '(')", "ERROR(load_id)"]

pytestmark = pytest.mark.parametrize("ask", ["run_verbatim", "frame"])


def said(url: str, ask: str, select: str) -> str:
    """What is said when a SELECT fails where a cell holds the secret."""
    with open_warehouse(url) as warehouse:
        deliver(warehouse, SECRET, date(2020, 1, 1), "loaded")
    with pytest.raises(RegistryError) as raised, open_warehouse(url) as warehouse:
        getattr(warehouse, ask)(select)
    assert raised.value.code == "REG-106"
    return str(raised.value)


@pytest.mark.parametrize("expression", QUOTING)
def test_cells_are_not_quoted(prepared_url: str, ask: str, expression: str) -> None:
    assert SECRET not in said(prepared_url, ask, f"SELECT {expression} FROM ops.load")


@pytest.mark.parametrize("expression", QUOTING_ON_DUCKDB)
@pytest.mark.parametrize("prepared_url", ["duckdb"], indirect=True)
def test_cells_are_not_quoted_by_functions_of_duckdb(prepared_url: str, ask: str, expression: str) -> None:
    assert SECRET not in said(prepared_url, ask, f"SELECT {expression} FROM ops.load")


@pytest.mark.parametrize("select", ["SELECT no_such_column FROM ops.load", "SELECT load_id FROM ops.no_such_table"])
def test_names_are_told(prepared_url: str, ask: str, select: str) -> None:
    assert "no_such" in said(prepared_url, ask, select)
