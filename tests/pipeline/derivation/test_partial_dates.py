"""Dates of which month or day is unknown: kept as they are known, imputed by the registry's rule, flagged."""

from datetime import date
from typing import Any

from include.pipeline.validation.cross_feed import cross_check
from include.warehouse.near import Near
from tests.support.extracts import Row, row
from tests.support.making import make
from tests.support.registry import Registry

DAY = "2020-12-01"
DEATHS: dict[str, tuple[str, str, tuple[Any, ...]]] = {
    # patient: what is told of the death, the day of an exam, the date that counts and how much of it is known
    "whole": ("2020-04-20", "2020-03-01", (date(2020, 4, 20), None)),
    "month": ("2020-04", "2020-03-01", (date(2020, 4, 15), "month")),
    "seen later in the month": ("2020-04", "2020-04-20", (date(2020, 4, 20), "month")),
    "year": ("2020", "2020-03-01", (date(2020, 7, 1), "year")),
    "seen later in the year": ("2020", "2020-09-30", (date(2020, 9, 30), "year")),
    "December": ("2019-12", "2019-03-01", (date(2019, 12, 15), "month")),
    "told before the middle of the month": ("2020-11", "2020-03-01", (date(2020, 11, 1), "month")),
    "soon after the procedure": ("2012-01", "2011-12-20", (date(2012, 1, 15), "month")),
}
STARTS: dict[str, tuple[str, tuple[Any, ...]]] = {
    # patient: what is told of the diagnosis, the date that counts; all had their first procedure on 3 January 2012
    "diagnosed on a day": ("2011-02-03", (date(2011, 2, 3), None)),
    "in a month": ("2011-02", (date(2011, 2, 15), "month")),
    "in a year": ("2011", (date(2011, 7, 1), "year")),
    "in the month of the procedure": ("2012-01", (date(2012, 1, 3), "month")),
    "in the year of the procedure": ("2012", (date(2012, 1, 3), "year")),
}


def announced(patient: str, diagnosed: str = "2010", **cells: str) -> Row:
    """A patient of whom no more is known than this."""
    return row("patients", patient, **{"diagnosis_date": diagnosed, "liver_metastases_date": "2012", **cells})


def dead(patient: str, died: str, **cells: str) -> Row:
    """A visit that reports a death."""
    told = {"visit_date": "2020-11-01", "vital_status": "dead", "death_date": died, "death_cause": "tumour"}
    return row("visits", patient, patient_id=patient, **told, **cells)


def test_partial_dates_are_imputed_and_flagged(registry: Registry) -> None:
    registry.send(
        "patients",
        DAY,
        *(announced(name) for name in DEATHS),
        *(announced(name, told) for name, (told, _) in STARTS.items()),
    )
    everybody = [*DEATHS, *STARTS]
    registry.send("procedures", DAY, *(row("procedures", name, patient_id=name) for name in everybody))
    registry.send("visits", DAY, *(dead(name, told) for name, (told, _, _) in DEATHS.items()))
    exams = [row("exams", name, patient_id=name, exam_date=seen) for name, (_, seen, _) in DEATHS.items()]
    registry.send("exams", DAY, *exams)
    registry.load()
    assert registry.rows("SELECT * FROM quarantine.failure WHERE severity = 'critical'") == []

    derived = ("derived.follow_up", "derived.survival_time", "derived.eligibility")
    marts = ("marts.mortality_30_day", "marts.survival_summary", "marts.cumulative_incidence")
    make(registry.warehouse, *derived, *marts)
    counted = "SELECT DISTINCT endpoint, imputed_times FROM marts.survival_summary WHERE stratification = 'all'"
    ended = sum(precision is not None for _, _, (_, precision) in DEATHS.values())
    started = sum(precision is not None for _, (_, precision) in STARTS.values())
    from_diagnosis = "endpoint LIKE 'os_%' AND entry = 'time zero'"
    assert dict(registry.rows(f"{counted} AND {from_diagnosis}")) == {
        "os_diagnosis": len(DEATHS) + started,
        "os_treatment": ended,
    }
    in_turn = counted.replace("survival_summary", "cumulative_incidence")
    assert ("os_treatment", ended) in registry.rows(in_turn)
    assert registry.rows("SELECT DISTINCT deaths, imputed_deaths FROM marts.mortality_30_day") == [(1, 1)]
    told = "SELECT DISTINCT criterion, met, is_imputed FROM derived.eligibility WHERE criterion IN"
    assert sorted(registry.rows(f"{told} ('adult', 'liver_metastases')")) == [
        ("adult", True, False),
        ("liver_metastases", None, True),  # some day of 2012, the first procedure on its third of January
    ]
    followed = registry.rows("SELECT patient_id, last_contact, last_contact_precision FROM derived.follow_up")
    assert {name: tuple(told) for name, *told in followed if name in DEATHS} == {
        name: told for name, (_, _, told) in DEATHS.items()
    }
    times = "SELECT patient_id, {} FROM derived.survival_time WHERE endpoint = '{}'"
    ends = registry.rows(times.format("event, end_date, end_date_precision", "os_treatment"))
    assert {name: tuple(told) for name, event, *told in ends if event} == {
        name: told for name, (_, _, told) in DEATHS.items()
    }
    starts = registry.rows(times.format("start_date, start_date_precision", "os_diagnosis"))
    assert {name: tuple(told) for name, *told in starts if name in STARTS} == {
        name: told for name, (_, told) in STARTS.items()
    }
    assert registry.rows("SELECT COUNT(*) FROM derived.survival_time WHERE reason = 'negative time'") == [(0,)]
    told = registry.rows("SELECT record_key FROM quarantine.failure WHERE rule_id = 'visits.death_date.partial'")
    assert {key for (key,) in told} == DEATHS.keys() - {"whole"}
    cross_check(registry.warehouse, Near(registry.warehouse))
    contradicting = "SELECT rule_id FROM quarantine.failure WHERE rule_id LIKE '%.before_%'"
    assert registry.rows(contradicting) == []


def test_a_day_that_is_told_later_settles_it(duckdb_registry: Registry) -> None:
    registry = duckdb_registry
    registry.send("patients", DAY, announced("P1"))
    registry.send("visits", DAY, dead("P1", "2020"))
    registry.load()
    last = "SELECT birth_date, earliest_death_date, death_date FROM clinical.lifespan"
    assert registry.rows(last) == [(date(1950, 6, 15), date(2020, 1, 1), date(2020, 12, 31))]
    registry.deliver("visits", "2020-12-02", dead("P1", "2020-03-04", status="corrected"))
    assert registry.rows(last) == [(date(1950, 6, 15), date(2020, 3, 4), date(2020, 3, 4))]
    assert registry.rows("SELECT death_date, death_date_precision FROM clinical.current_visits") == [
        (date(2020, 3, 4), None)
    ]


def test_only_what_no_day_of_the_death_allows_is_after_it(duckdb_registry: Registry) -> None:
    registry = duckdb_registry
    registry.send("patients", DAY, announced("P1", birth_date="1950"))
    registry.send("visits", DAY, dead("P1", "2020-04"))
    exams = {"before": "2020-04-30", "after": "2020-05-01", "born": "1950-01-01", "unborn": "1949-12-31"}
    registry.send("exams", DAY, *(row("exams", name, patient_id="P1", exam_date=seen) for name, seen in exams.items()))
    registry.load()
    set_aside = registry.rows("SELECT record_key, rule_ids FROM quarantine.record WHERE feed = 'exams'")
    assert dict(set_aside) == {"after": "exams.exam_date.after_death", "unborn": "exams.exam_date.before_birth"}
    assert registry.rows("SELECT birth_date, birth_date_precision FROM clinical.current_patients") == [
        (date(1950, 7, 1), "year")
    ]
