"""Patients whose date of death is unknown: counted in every mart of survival, and in no estimate."""

from datetime import date, timedelta

from include.pipeline.derivation import derive_touched
from include.pipeline.marts import refresh_stale
from include.warehouse import Warehouse
from tests.support.clinical import fill, rows

FIRST = date(2020, 1, 6)


def test_they_are_counted_and_in_no_estimate(warehouse: Warehouse) -> None:
    last_seen = {"alive": 90, "seen at day 10": 10, "seen at day 60": 60}
    fill(
        warehouse,
        procedures=[
            {"patient_id": name, "procedure_id": f"{name} {on}", "performed_on": FIRST + timedelta(days=on)}
            for name in last_seen
            for on in (0, 5)
        ],
        reports=[{"patient_id": name, "reported_on": FIRST + timedelta(days=on)} for name, on in last_seen.items()],
        visits=[
            {"patient_id": name, "visit_date": FIRST + timedelta(days=100), "vital_status": "dead"}
            for name in last_seen
            if name != "alive"
        ],
    )
    derive_touched(warehouse)
    refresh_stale(warehouse)

    summary = (
        "SELECT DISTINCT patients, events, not_evaluable FROM marts.survival_summary "
        "WHERE stratification = '{}' AND endpoint = 'os_treatment'"
    )
    assert rows(warehouse, summary.format("all")) == [(1, 0, 2)]
    assert rows(warehouse, summary.format("sex")) == [(1, 0, 2)]
    assert rows(warehouse, "SELECT DISTINCT n, not_evaluable FROM marts.follow_up") == [(1, 2)]
    mortality = "SELECT unit, deaths, denominator, not_evaluable FROM marts.mortality_30_day ORDER BY unit"
    assert rows(warehouse, mortality) == [("patient", 0, 2, 1), ("procedure", 0, 4, 2)]
    outcome = "SELECT os_months, os_event, COUNT(*) FROM marts.patient_outcome GROUP BY 1, 2 ORDER BY 1 NULLS FIRST"
    assert rows(warehouse, outcome) == [(None, None, 2), (2, False, 1)]
