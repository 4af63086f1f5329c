"""Counts behind the survival estimates, and the landmark variant of comparisons that immortal time biases."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from include.warehouse import Warehouse
from include.warehouse.frames import append
from include.warehouse.sql import select_text

FIRST = date(2010, 1, 4)
LANDMARK = 183


def day(number: int) -> date:
    """So many days after the first procedure."""
    return FIRST + timedelta(days=number)


class Cohort:
    """Patients with sessions, groups and one time to event each."""

    def __init__(self, endpoint: str = "os_treatment") -> None:
        self.endpoint = endpoint
        self.causes: dict[str, str] = {}
        self.sessions: list[dict[str, Any]] = []
        self.strata: list[dict[str, Any]] = []
        self.times: list[dict[str, Any]] = []

    def add(self, patient: str, sessions: list[int], days: int | None, event: bool | None, start: int = 0) -> "Cohort":
        """A patient whose time runs from day `start`; the number of sessions is the group known too late."""
        self.sessions += [{"patient_id": patient, "performed_on": day(number)} for number in sessions]
        stratum = {1: "1", 2: "2-3", 3: "2-3"}.get(len(sessions), ">=4")
        self.strata += [
            {"patient_id": patient, "stratification": "all", "stratum": "all", "immortal_time": False},
            {
                "patient_id": patient,
                "stratification": "procedures",
                "stratum": stratum,
                "immortal_time": True,
            },
        ]
        end = None if days is None else day(start + days)
        what = {"rule": "study", "criteria": "none", "start_date": day(start), "end_date": end}
        what |= {"days": days, "event": event}
        self.times.append({"patient_id": patient, "endpoint": self.endpoint, **what})
        return self

    def rows(self, warehouse: Warehouse, stratification: str, estimate: str = "survival") -> list[dict[str, Any]]:
        """The counts of one stratification and estimate, in order of their days."""
        first = {row["patient_id"]: day(0) for row in self.sessions}
        contacts = [{"patient_id": patient, "first_procedure": start} for patient, start in first.items()]
        ended = [
            {key: value for key, value in row.items() if key != "event"}
            | {"cause": self.causes.get(row["patient_id"], "unknown") if row["event"] else None}
            for row in self.times
        ]
        for name, rows in (
            ("follow_up", contacts),
            ("treatment_session", self.sessions),
            ("patient_stratum", self.strata),
            ("survival_time", self.times),
            ("competing_time", ended),
        ):
            append(warehouse, f"derived.{name}", pd.DataFrame(rows, dtype=object))
        of_everyone = select_text("derived/landmark_stratum").replace("scope.", "derived.")
        reached = [dict(row) for row in warehouse.run(of_everyone).mappings()]
        if reached:
            append(warehouse, "derived.landmark_stratum", pd.DataFrame(reached, dtype=object))
        counts = [dict(row) for row in warehouse.run(select_text("derived/survival_count")).mappings()]
        of_days = [row for row in counts if row["days"] is not None]
        ours = [row for row in of_days if (row["stratification"], row["estimate"]) == (stratification, estimate)]
        return sorted(ours, key=lambda row: row["days"])

    def counted(self, warehouse: Warehouse, stratification: str) -> list[tuple[Any, ...]]:
        """Stratum, immortal time, landmark, days, events and censored of one stratification."""
        columns = ("stratum", "immortal_time", "landmark_months", "days", "events", "censored")
        return sorted(tuple(row[column] for column in columns) for row in self.rows(warehouse, stratification))


def test_patients_of_one_day_count_together(warehouse: Warehouse) -> None:
    cohort = Cohort().add("a", [0], 100, True).add("b", [0], 100, False).add("c", [0], 100, True)
    cohort.add("d", [0], 250, False)
    assert cohort.counted(warehouse, "all") == [
        ("all", False, None, 100, 2, 1),
        ("all", False, None, 250, 0, 1),
    ]


def test_negative_time_is_left_out(warehouse: Warehouse) -> None:
    cohort = Cohort().add("a", [0], None, None).add("b", [0], 0, True)
    assert cohort.counted(warehouse, "all") == [("all", False, None, 0, 1, 0)]


def test_a_group_known_too_late_is_marked(warehouse: Warehouse) -> None:
    cohort = Cohort().add("a", [0], 100, True).add("b", [0, 30], 300, True)
    assert cohort.counted(warehouse, "procedures") == [
        ("1", True, None, 100, 1, 0),
        ("2-3", True, None, 300, 1, 0),
    ]


def test_the_landmark_keeps_those_beyond_it_and_counts_from_it(warehouse: Warehouse) -> None:
    cohort = Cohort().add("early", [0], LANDMARK, True).add("late", [0], LANDMARK + 1, True)
    assert cohort.counted(warehouse, "procedures_landmark") == [("1", False, 6, 1, 1, 0)]


def test_the_landmark_groups_by_the_sessions_up_to_it(warehouse: Warehouse) -> None:
    cohort = Cohort().add("a", [0, 30, 60, LANDMARK], 400, True).add("b", [0, LANDMARK + 1], 400, False)
    expected = [("1", False, 6, 400 - LANDMARK, 0, 1), (">=4", False, 6, 400 - LANDMARK, 1, 0)]
    assert cohort.counted(warehouse, "procedures_landmark") == expected


@pytest.mark.parametrize(("start", "days"), [(-1000, 117), (183, 300), (250, 300)])
def test_a_time_zero_after_the_landmark_stays(warehouse: Warehouse, start: int, days: int) -> None:
    length = 1300 if start < 0 else 300
    cohort = Cohort().add("a", [0], length, True, start)
    assert cohort.counted(warehouse, "procedures_landmark") == [("1", False, 6, days, 1, 0)]


def test_from_diagnosis_patients_are_at_risk_from_their_first_procedure_on(warehouse: Warehouse) -> None:
    cohort = Cohort("os_diagnosis").add("a", [0], 500, True, -400).add("b", [0], 450, False, -30)
    cohort.add("treated before the diagnosis", [0], 90, False, 10)
    cohort.add("dead on the day of the procedure", [0], 200, True, -200).add("untreated", [], 100, True)
    rows = cohort.rows(warehouse, "all")
    delayed = [row for row in rows if row["entry"] == "delayed"]
    assert [(row["days"], row["entered"], row["events"], row["censored"]) for row in delayed] == [
        (0, 1, 0, 0),
        (30, 1, 0, 0),
        (90, 0, 0, 1),
        (400, 1, 0, 0),
        (450, 0, 0, 1),
        (500, 0, 1, 0),
    ]
    assert not any(row["immortal_time"] for row in delayed)
    from_zero = [row for row in rows if row["entry"] == "time zero"]
    assert [row["days"] for row in from_zero] == [90, 100, 200, 450, 500]
    assert all(row["immortal_time"] and not row["entered"] for row in from_zero)


def test_from_the_landmark_on_nobody_enters_late(warehouse: Warehouse) -> None:
    cohort = Cohort("os_diagnosis").add("a", [0], 1000, True, -400)
    rows = cohort.rows(warehouse, "procedures_landmark")
    assert [(row["entry"], row["immortal_time"], row["entered"]) for row in rows] == [("time zero", False, 0)]


def test_deaths_of_one_day_are_told_apart_by_cause(warehouse: Warehouse) -> None:
    cohort = Cohort().add("a", [0], 100, True).add("b", [0], 100, True).add("c", [0], 100, False)
    cohort.causes = {"a": "treatment", "c": "tumour"}
    found = {(row["cause"], row["events"], row["censored"]) for row in cohort.rows(warehouse, "all", "incidence")}
    assert found == {("treatment", 1, 0), ("unknown", 1, 0), ("none", 0, 1)}


def test_no_patients_no_counts(warehouse: Warehouse) -> None:
    assert Cohort().counted(warehouse, "all") == []
