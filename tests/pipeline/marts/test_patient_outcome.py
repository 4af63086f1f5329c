"""The only mart with a row a patient: what it holds, and that nothing in it leads back."""

from datetime import date, timedelta

import pandas as pd

from include.pipeline.marts import refresh_stale
from include.warehouse import Warehouse
from include.warehouse.frames import append
from include.warehouse.tables import read_table
from tests.support.clinical import fill, rows
from tests.support.making import make
from tests.support.marts import refresh_only

FIRST = date(2020, 1, 1)


def cohort(warehouse: Warehouse) -> list[str]:
    """Thirty treated patients, each aged differently, and one untreated."""
    patients = [f"p{n:02}" for n in range(30)]
    fill(
        warehouse,
        patients=[
            *({"patient_id": p, "birth_date": FIRST - timedelta(days=14000 + 500 * n)} for n, p in enumerate(patients)),
            {"patient_id": "untreated"},
        ],
        procedures=[
            {"patient_id": p, "performed_on": FIRST, "technique": "ctace", "territory": "whole_liver"} for p in patients
        ],
    )
    make(warehouse, "marts.patient_outcome")
    return patients


def keys(warehouse: Warehouse) -> list[str]:
    return [row[0] for row in rows(warehouse, "SELECT patient_key FROM marts.patient_outcome")]


def test_the_key_is_drawn_anew_and_orders_the_rows(warehouse: Warehouse) -> None:
    patients = cohort(warehouse)
    before = keys(warehouse)
    warehouse.count_step("load")
    refresh_stale(warehouse)
    after = keys(warehouse)
    assert len(set(before)) == len(set(after)) == len(patients)
    assert not set(before) & set(after)
    assert after == sorted(after)


def test_no_date_and_no_identifier() -> None:
    table = read_table("marts", "patient_outcome")
    assert not [c.name for c in table.columns if c.type in ("date", "timestamp") or c.name.endswith("_id")]


def test_age_bands(warehouse: Warehouse) -> None:
    cohort(warehouse)
    found = rows(warehouse, "SELECT age_band, COUNT(*) FROM marts.patient_outcome GROUP BY age_band ORDER BY age_band")
    assert found == [("40-49", 7), ("50-59", 7), ("60-69", 8), ("70-79", 6), ("<40", 2)]


def test_changes_are_whole_percent_that_cross_no_limit_and_times_completed_months(warehouse: Warehouse) -> None:
    patients = cohort(warehouse)
    changes = {-30.4: -30, -30 - 1e-13: -30, -30 + 1e-13: -30, -29.9: -29, 19.9: 19, 20.1: 20}
    months = {0.999: 0, 1.0: 1, 11.97: 11}
    warehouse.run("DELETE FROM derived.best_response")
    warehouse.run("DELETE FROM derived.survival_time")
    best = {"criteria": "mrecist", "confirmed": False}
    overall = {"endpoint": "os_treatment", "rule": "study", "criteria": "none", "event": True}
    for table, key, name, values in (
        ("best_response", best, "best_change_percent", changes),
        ("survival_time", overall, "months", months),
    ):
        found = [{"patient_id": p, **key, name: value} for p, value in zip(patients, values, strict=False)]
        append(warehouse, f"derived.{table}", pd.DataFrame(found))
    refresh_only(warehouse, "patient_outcome")
    shown = rows(warehouse, "SELECT best_change_percent, os_months FROM marts.patient_outcome")
    assert sorted(row[0] for row in shown if row[0] is not None) == sorted(changes.values())
    assert sorted(row[1] for row in shown if row[1] is not None) == sorted(months.values())
