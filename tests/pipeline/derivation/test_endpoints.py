"""Endpoints are rows of a file: a further one needs no statement. Competing causes; how long responses last."""

from datetime import timedelta
from typing import Any

import pandas as pd

from include.warehouse import Warehouse, reference
from include.warehouse.sql import FOLDER
from tests.pipeline.derivation.response_cases import FIRST, target
from tests.pipeline.derivation.test_time_points import derive_courses
from tests.support.clinical import fill, rows, touch
from tests.support.making import make

TIMES = ("derived.survival_time", "derived.competing_time")
STATEMENTS = (
    "survival_start",
    "happening",
    "survival_end",
    "observation_stop",
    "survival_time",
    "competing_time",
    "survival_interval",
    "survival_count",
)
HEADER = (
    "endpoint,rule,criteria,start,progression,hepatic_progression,extrahepatic_progression,death,censored_at,"
    "stops_at_gap,stops_at_new_treatment,shown_as,source"
)
UNTIL_LAST_SEEN = "spread_alive,study,none,first procedure,,,event,competing,last known alive,false,false,both,a test"
MADE_UP = "spread_first,fda,mrecist,diagnosis,competing,,event,competing,last evaluable exam,true,false,both,a test"
ENDPOINT = next(table for table in reference.reference_tables() if table.name == "reference.endpoint")


def die(warehouse: Warehouse, patient: str, day: int, cause: str = "tumour") -> None:
    """A visit that reports a death."""
    on = FIRST + timedelta(days=day)
    dead = {"vital_status": "dead", "death_date": on, "death_cause": cause}
    fill(warehouse, visits=[{"patient_id": patient, "visit_id": f"{patient} dead", "visit_date": on, **dead}])


def times(warehouse: Warehouse, table: str, columns: str, where: str) -> list[tuple[Any, ...]]:
    """What a table says of the endpoints in question, by patient."""
    return rows(warehouse, f"SELECT patient_id, {columns} FROM derived.{table} WHERE {where} ORDER BY 1, 2")


def endpoints() -> pd.DataFrame:
    return pd.DataFrame(reference.read_csv(reference.FOLDER / "endpoint.csv", ENDPOINT))


def test_no_statement_names_an_endpoint() -> None:
    described = endpoints()
    texts = {name: (FOLDER / "derived" / f"{name}.sql").read_text() for name in STATEMENTS}
    assert not [(name, e) for name, text in texts.items() for e in described["endpoint"] if f"'{e}'" in text]


def add_endpoint(warehouse: Warehouse, row: str) -> None:
    cells = [f"'{cell}'" if cell else "NULL" for cell in row.split(",")]
    warehouse.run(f"INSERT INTO reference.endpoint ({HEADER}) VALUES ({', '.join(cells)})")


def test_a_further_endpoint_is_a_row(warehouse: Warehouse) -> None:
    add_endpoint(warehouse, MADE_UP)
    sizes = {"spread": (50, 50, 50), "grown": (50, 50, 90), "gap": (50, 50, 50)}
    days = {"spread": (-1, 60, 120), "grown": (-1, 60, 120), "gap": (-1, 60, 300)}
    courses = {
        name: {day: [target("T", size)] for day, size in zip(days[name], sizes[name], strict=True)} for name in sizes
    }
    fill(warehouse, patients=[{"patient_id": name, "diagnosis_date": FIRST - timedelta(days=100)} for name in sizes])
    derive_courses(warehouse, courses, *TIMES)
    warehouse.run("UPDATE received.exams SET extrahepatic_progression = 'yes' WHERE exam_id = 'spread120'")
    touch(warehouse)
    make(warehouse, *TIMES)
    ours = "endpoint = 'spread_first'"
    assert times(warehouse, "survival_time", "days, event, reason", ours) == [
        ("gap", 160, False, "missed exams"),
        ("grown", 220, False, "last evaluable exam"),
        ("spread", 220, True, "extrahepatic progression"),
    ]
    assert times(warehouse, "competing_time", "days, cause", ours) == [
        ("gap", 160, None),
        ("grown", 220, "progression"),
        ("spread", 220, "extrahepatic progression"),
    ]


def test_who_dies_is_followed_until_then_where_death_only_competes(warehouse: Warehouse) -> None:
    add_endpoint(warehouse, UNTIL_LAST_SEEN)
    die(warehouse, "dead", 500)
    stable = {-1: [target("T", 50)], 60: [target("T", 50)]}
    derive_courses(warehouse, {"dead": stable, "lives": stable}, *TIMES)
    ours = "endpoint = 'spread_alive'"
    assert times(warehouse, "survival_time", "days, event", ours) == [("dead", 500, False), ("lives", 60, False)]
    assert times(warehouse, "competing_time", "days, cause", ours) == [("dead", 500, "death"), ("lives", 60, None)]


def test_a_death_soon_after_the_last_exam_competes_with_progression(warehouse: Warehouse) -> None:
    stable = {-1: [target("T", 50)], 60: [target("T", 50)]}
    worse = {**stable, 90: [target("T", 90)]}
    cohort = {"late": stable, "lives": stable, "lived": stable, "perhaps": stable, "soon": stable, "worse": worse}
    for patient, seen in (("lived", 60 + 184), ("perhaps", 60 + 183)):
        seen_on, dead_on = FIRST + timedelta(days=seen), FIRST + timedelta(days=900)
        visit = {"patient_id": patient, "visit_id": f"{patient} seen", "visit_date": seen_on, "vital_status": "alive"}
        dead = {"patient_id": patient, "visit_id": f"{patient} dead", "visit_date": dead_on, "vital_status": "dead"}
        fill(warehouse, visits=[visit, dead])
    die(warehouse, "soon", 60 + 183)
    die(warehouse, "late", 60 + 184, "treatment")
    die(warehouse, "worse", 90)
    derive_courses(warehouse, cohort, *TIMES)
    pfs = "endpoint = 'pfs' AND rule = 'study' AND criteria = 'mrecist'"
    assert times(warehouse, "competing_time", "days, cause", pfs) == [
        ("late", 60, None),
        ("lived", 60, None),
        ("lives", 60, None),
        ("perhaps", None, None),
        ("soon", 243, "death"),
        ("worse", 90, "progression"),
    ]
    assert times(warehouse, "survival_time", "days, event, cause", pfs)[:5] == [
        ("late", 60, False, None),
        ("lived", 60, False, None),
        ("lives", 60, False, None),
        ("perhaps", 60, False, None),
        ("soon", 60, False, None),
    ]
    assert times(warehouse, "competing_time", "days, cause", "endpoint = 'os_treatment'") == [
        ("late", 244, "treatment"),
        ("lived", None, None),
        ("lives", 60, None),
        ("perhaps", None, None),
        ("soon", 243, "tumour"),
        ("worse", 90, "tumour"),
    ]


def test_a_response_lasts_from_the_first_that_makes_the_best_one(warehouse: Warehouse) -> None:
    start, pr, sd, cr, pd = ([target("T", size)] for size in (50, 30, 35.5, 0, 90))
    derive_courses(
        warehouse,
        {
            "better": {-1: start, 60: pr, 120: cr, 180: pd},
            "confirmed": {-1: start, 60: pr, 80: sd, 120: pr, 180: pr, 240: pd},
            "after": {-1: start, 60: pd, 120: pr},
        },
        *TIMES,
    )
    fda = "rule = 'fda' AND criteria = 'mrecist' AND endpoint = 'duration_of_{}response'"
    assert times(warehouse, "survival_time", "days, event", fda.format("")) == [
        ("better", 120, True),
        ("confirmed", 180, True),
    ]
    assert times(warehouse, "survival_time", "days, event", fda.format("confirmed_")) == [
        ("better", 120, True),
        ("confirmed", 120, True),
    ]


def test_every_time_that_rests_on_response_is_there_by_both_criteria() -> None:
    described = endpoints()
    resting = described[described["progression"].notna() | described["hepatic_progression"].notna()]
    assert {frozenset(rows["criteria"]) for _, rows in resting.groupby(["endpoint", "rule"])} == {
        frozenset({"mrecist", "recist_1_1"})
    }
