"""Patients whose date of death is unknown: counted in every mart of survival, and in no estimate."""

from datetime import date, timedelta

from include.warehouse import Warehouse
from tests.support.clinical import fill, rows
from tests.support.making import make

FIRST = date(2020, 1, 6)
MARTS = (
    "survival_summary",
    "cumulative_incidence",
    "cumulative_incidence_curve",
    "cumulative_incidence_comparison",
    "cause_specific_hazard_ratio",
    "follow_up",
    "mortality_30_day",
    "patient_outcome",
)


def test_they_are_counted_and_in_no_estimate(warehouse: Warehouse) -> None:
    last_seen = {"alive": 90, "seen at day 10": 10, "seen at day 60": 60}
    died = {"man": "male", "woman": "female"}
    fill(
        warehouse,
        patients=[{"patient_id": name, "sex": died.get(name, "male")} for name in (*last_seen, *died)],
        procedures=[
            {"patient_id": name, "procedure_id": f"{name} {on}", "performed_on": FIRST + timedelta(days=on)}
            for name in (*last_seen, *died)
            for on in (0, 5)
        ],
        reports=[{"patient_id": name, "reported_on": FIRST + timedelta(days=on)} for name, on in last_seen.items()],
        visits=[
            {"patient_id": name, "visit_date": FIRST + timedelta(days=100), "vital_status": "dead"}
            for name in last_seen
            if name != "alive"
        ]
        + [
            {"patient_id": name, "visit_date": on, "vital_status": "dead", "death_date": on, "death_cause": "tumour"}
            for name, on in zip(died, (FIRST + timedelta(days=50), FIRST + timedelta(days=80)), strict=True)
        ],
    )
    make(warehouse, *(f"marts.{mart}" for mart in MARTS))

    where = "WHERE stratification = 'sex' AND endpoint = 'os_treatment'"
    counts = "SELECT DISTINCT stratum, patients, events, not_evaluable"
    summary = f"{counts} FROM marts.survival_summary {where} ORDER BY 1"
    assert rows(warehouse, summary) == [("female", 1, 1, 0), ("male", 2, 1, 2)]
    assert rows(warehouse, summary.replace("'sex'", "'all'")) == [("all", 3, 2, 2)]
    for mart in ("cumulative_incidence", "cumulative_incidence_curve"):
        incidence = f"SELECT DISTINCT stratum, cause, not_evaluable FROM marts.{mart} {where} ORDER BY 1"
        assert rows(warehouse, incidence) == [("female", "tumour", 0), ("male", "tumour", 2)]
    compared = f"SELECT groups, not_evaluable FROM marts.cumulative_incidence_comparison {where}"
    assert rows(warehouse, compared) == [(2, 2)]
    ratio = f"SELECT stratum, not_evaluable FROM marts.cause_specific_hazard_ratio {where}"
    assert rows(warehouse, ratio) == [("male", 2)]
    assert rows(warehouse, "SELECT DISTINCT n, not_evaluable FROM marts.follow_up") == [(3, 2)]
    mortality = "SELECT unit, deaths, denominator, not_evaluable FROM marts.mortality_30_day ORDER BY unit"
    assert rows(warehouse, mortality) == [("patient", 0, 4, 1), ("procedure", 0, 8, 2)]
    outcome = "SELECT os_months, os_event, COUNT(*) FROM marts.patient_outcome "
    outcome += "GROUP BY 1, 2 ORDER BY 1 NULLS FIRST, 2"
    assert rows(warehouse, outcome) == [(None, None, 2), (1, True, 1), (2, False, 1), (2, True, 1)]
