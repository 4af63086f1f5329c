"""Every mart stands cohorts in which there is nothing, or too little, to estimate."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from include.pipeline.derivation import derive_touched
from include.pipeline.marts import refresh_stale
from include.warehouse import Warehouse
from include.warehouse.schema import derived_tables
from include.warehouse.tables import manifest, read_table
from tests.support.clinical import Row, fill, rows, touch

FIRST = date(2020, 1, 6)
Feeds = dict[str, list[Row]]


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def patient(name: str, *, leave_out: tuple[str, ...] = (), dead_on: int | None = None, site: str = "C17.2") -> Feeds:
    """A patient with a row in every feed, but for the feeds left out."""
    key = {"patient_id": name}
    exams = [{**key, "exam_id": f"{name} {on}", "exam_date": day(on), "modality": "CT"} for on in (-5, 60)]
    lesion = {"lesion_id": "T", "lesion_kind": "target", "viable_diameter_mm": 40, "longest_diameter_mm": 40}
    death = {"vital_status": "alive"} if dead_on is None else {"vital_status": "dead", "death_date": day(dead_on)}
    feeds: Feeds = {
        "patients": [{**key, "diagnosis_date": day(-400), "primary_resected": "yes"}],
        "procedures": [{**key, "performed_on": FIRST, "technique": "ctace", "drug": "streptozocin"}],
        "exams": [{**row, "liver_tumour_burden_percent": 30, "extrahepatic_disease": "no"} for row in exams],
        "lesions": [{**key, **lesion, "exam_id": row["exam_id"]} for row in exams],
        "results": [
            {**key, "collected_at": datetime(2020, 1, on), "test_code": "1920-8", "value": "40", "unit": "U/L"}
            for on in (5, 7)
        ],
        "reports": [{**key, "reported_on": day(-30), "primary_site": site, "ki67_percent": 2}],
        "visits": [{**key, "visit_date": day(-1), "vital_status": "alive"}, {**key, "visit_date": day(90), **death}],
        "adverse_events": [{**key, "onset_date": day(1), "term": "fever", "serious": "no"}],
    }
    return {feed: found for feed, found in feeds.items() if feed not in leave_out}


def together(*patients: Feeds) -> Feeds:
    feeds: Feeds = {}
    for each in patients:
        for feed, found in each.items():
            feeds.setdefault(feed, []).extend(found)
    return feeds


COHORTS: Mapping[str, Feeds] = {
    "nobody": {},
    "one patient": patient("a"),
    "only untreated": together(patient("a", leave_out=("procedures",)), patient("b", leave_out=("procedures",))),
    "only announced": {"patients": [{"patient_id": "a"}]},
    "no events": together(patient("a"), patient("b", site="C25.9")),
    "all events at one time": together(*(patient(n, dead_on=80, site=s) for n, s in (("a", "C17.2"), ("b", "C25.9")))),
    "a group without events": together(patient("a", dead_on=40), patient("b", dead_on=80), patient("c", site="C25.9")),
    "no exams": together(*(patient(name, leave_out=("exams", "lesions")) for name in "ab")),
    "exams alone": together(
        *(patient(name, leave_out=("lesions", "results", "reports", "visits", "adverse_events")) for name in "ab")
    ),
    "death before the procedure": patient("a", dead_on=-2),
}
NOBODY_HAS_ROWS = {
    "rule_catalogue",
    "cross_feed_summary",
    "attrition",
    "baseline_characteristics",
    "mortality_30_day",
    "symptom_response",
    "follow_up",
    "toxicity_limit",
    "metric_definition",
    "data_dictionary",
    "cohort",
    "setting",
    "stratification",
}
SAID: Mapping[str, tuple[str, list[tuple[Any, ...]]]] = {
    "one patient": ("SELECT DISTINCT sd FROM marts.observed_time", [(None,)]),
    "only untreated": ("SELECT patients_in, patients_out FROM marts.attrition WHERE step = 1", [(2, 0)]),
    "no events": ("SELECT DISTINCT median_months FROM marts.survival_summary", [(None,)]),
    "all events at one time": (
        "SELECT p_value FROM marts.survival_comparison WHERE endpoint = 'os_treatment' AND stratification = 'primary'",
        [(None,)],
    ),
    "a group without events": (
        "SELECT stratum, hazard_ratio FROM marts.hazard_ratio "
        "WHERE endpoint = 'os_treatment' AND stratification = 'primary'",
        [("pancreas", None)],
    ),
    "no exams": (
        "SELECT DISTINCT patients FROM marts.response_rate "
        "WHERE denominator_kind = 'treated' AND stratification = 'all' AND response = 'NE'",
        [(2,)],
    ),
    "exams alone": (
        "SELECT DISTINCT r.response, o.grade, t.graded FROM derived.best_response AS r "
        "CROSS JOIN marts.patient_outcome AS o CROSS JOIN (SELECT COUNT(*) AS graded FROM marts.toxicity) AS t",
        [("NE", None, 0)],
    ),
    "death before the procedure": ("SELECT DISTINCT deaths FROM marts.mortality_30_day", [(0,)]),
}


def counts(warehouse: Warehouse) -> dict[str, int]:
    return {name: rows(warehouse, f"SELECT COUNT(*) FROM marts.{name}")[0][0] for name in manifest("marts")}


def no_numbers(warehouse: Warehouse) -> list[str]:
    """Columns of marts and derived tables that hold a number which is none, in place of null."""
    tables = [*derived_tables(), *(read_table("marts", name) for name in manifest("marts"))]
    doubles = [(table.name, column.name) for table in tables for column in table.columns if column.type == "double"]
    asked = " UNION ALL ".join(
        f"SELECT '{table}.{column}' AS place FROM {table} "
        f"WHERE CAST(\"{column}\" AS TEXT) IN ('nan', 'NaN', 'inf', '-inf', 'Infinity', '-Infinity')"
        for table, column in doubles
    )
    return [row[0] for row in rows(warehouse, asked)]


def forget(warehouse: Warehouse) -> None:
    """Take every row of the record and all that was derived away, so that the next cohort finds nothing."""
    for table in derived_tables():
        warehouse.run(f"DELETE FROM {table.name}")
    for feed in ("results", "exams", "lesions", "procedures", "reports", "visits", "treatments", "adverse_events"):
        warehouse.run(f"DELETE FROM received.{feed}")
    touch(warehouse)
    warehouse.run("DELETE FROM received.patients")
    warehouse.run("DELETE FROM clinical.lifespan")
    warehouse.connection.commit()


def test_every_mart_stands_every_cohort(warehouse: Warehouse) -> None:
    found = {}
    for name, feeds in COHORTS.items():
        forget(warehouse)
        fill(warehouse, **feeds)
        derive_touched(warehouse)
        assert refresh_stale(warehouse).tables == len(manifest("marts")), name
        assert no_numbers(warehouse) == [], name
        if name in SAID:
            select, expected = SAID[name]
            assert rows(warehouse, select) == expected, name
        found[name] = counts(warehouse)
    assert {mart for mart, number in found["nobody"].items() if number} == NOBODY_HAS_ROWS
    assert found["one patient"]["patient_outcome"] == 1
    for name in ("nobody", "only untreated", "only announced"):
        assert found[name]["patient_outcome"] == 0
    for name in ("nobody", "one patient", "no events", "death before the procedure"):
        assert found[name]["hazard_ratio"] == 0
