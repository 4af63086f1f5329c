"""Rows and data frames are appended as a part of their transaction."""

from datetime import date, datetime

import pandas as pd
import pytest

from include.warehouse import Warehouse, open_warehouse
from include.warehouse.frames import append

ROW = {"patient_id": "P1"}
VALUES = {"a": 'é"\\N', "b": 7, "c": 0.1, "d": False, "e": date(2020, 2, 29), "f": datetime(2020, 1, 1, 1, 2, 3, 4)}
TYPES = ("TEXT", "BIGINT", "DOUBLE PRECISION", "BOOLEAN", "DATE", "TIMESTAMP")


@pytest.mark.parametrize("rows", [[ROW], pd.DataFrame([ROW])], ids=["rows", "frame"])
def test_rows_that_are_all_of_a_transaction_are_kept(prepared_url: str, rows: "list[dict[str, str]]") -> None:
    with open_warehouse(prepared_url) as warehouse, warehouse.transaction():
        append(warehouse, "ops.touched_patient", rows)

    with open_warehouse(prepared_url) as warehouse:
        assert warehouse.scalar("SELECT COUNT(*) FROM ops.touched_patient WHERE patient_id = 'P1'") == 1


def test_rows_keep_their_values_whatever_their_type(warehouse: Warehouse) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in zip(VALUES, TYPES, strict=True))
    warehouse.run_verbatim(f"CREATE TEMPORARY TABLE typed ({columns}, place BIGINT)")

    append(warehouse, "typed", [{**VALUES, "place": 1}, {"place": 2}, {**VALUES, "a": "", "place": 3}])

    found = warehouse.run("SELECT * FROM typed ORDER BY place").tuples().all()
    assert [row[:6] for row in found] == [tuple(VALUES.values()), (None,) * 6, ("", *tuple(VALUES.values())[1:])]
