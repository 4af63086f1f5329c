"""Response rates of groups that are known only after time zero, and of their landmark variant."""

from datetime import date, timedelta

from include.warehouse import Warehouse
from tests.support.clinical import Row, fill, rows
from tests.support.making import make

FIRST = date(2020, 1, 6)
LANDMARK = 183
COURSES = {
    # patient: days of the procedures, day last seen alive
    "one": ([0], 400),
    "second too late": ([0, LANDMARK + 1], 400),
    "two": ([0, LANDMARK], 400),
    "gone at the landmark": ([0], LANDMARK),
    "seen a day later": ([0], LANDMARK + 1),
}


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def test_the_landmark_variant_groups_those_beyond_it_by_the_class_reached(warehouse: Warehouse) -> None:
    sessions: list[Row] = [
        {"patient_id": name, "procedure_id": f"{name} {on}", "performed_on": day(on), "technique": "ctace"}
        for name, (days, _) in COURSES.items()
        for on in days
    ]
    visits: list[Row] = [
        {"patient_id": name, "visit_date": day(seen), "vital_status": "alive"} for name, (_, seen) in COURSES.items()
    ]
    fill(warehouse, procedures=sessions, visits=visits)
    make(warehouse, "marts.response_rate")
    found = rows(
        warehouse,
        "SELECT DISTINCT stratification, stratum, denominator, immortal_time FROM marts.response_rate "
        "WHERE stratification LIKE 'procedures%' AND denominator_kind = 'treated' ORDER BY stratification, stratum",
    )
    assert found == [
        ("procedures", "1", 3, True),
        ("procedures", "2-3", 2, True),
        ("procedures_landmark", "1", 3, False),
        ("procedures_landmark", "2-3", 1, False),
    ]
