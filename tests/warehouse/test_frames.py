"""Data frames are appended as a part of their transaction."""

import pandas as pd

from include.warehouse import open_warehouse
from include.warehouse.frames import append


def test_rows_that_are_all_of_a_transaction_are_kept(prepared_url: str) -> None:
    with open_warehouse(prepared_url) as warehouse, warehouse.transaction():
        append(warehouse, "ops.touched_patient", pd.DataFrame({"patient_id": ["P1"]}))

    with open_warehouse(prepared_url) as warehouse:
        assert warehouse.scalar("SELECT COUNT(*) FROM ops.touched_patient WHERE patient_id = 'P1'") == 1
