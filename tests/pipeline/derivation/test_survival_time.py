"""Time to event: what counts as an event under each rule, and where observation stops.

Every case is a patient of one registry, diagnosed 100 days before a first procedure on day 0, with a target
lesion of 100 mm on day -10. Expected: days, event, reason, source table, source id; None = no row.
"""

from datetime import date, timedelta
from typing import Any

import pytest

from include.warehouse import Warehouse
from tests.support.clinical import fill, rows
from tests.support.making import make

FIRST = date(2010, 1, 4)


def day(number: int) -> date:
    """So many days after the first procedure."""
    return FIRST + timedelta(days=number)


class History:
    """One patient's rows by feed; ids name kind and day, such as exam60."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, dict[str, Any]]] = []
        self.add("patients", diagnosis_date=day(-100)).procedure(0).exam(-10, 100)

    def add(self, feed: str, **row: Any) -> "History":
        """Any row."""
        self.rows.append((feed, row))
        return self

    def procedure(self, number: int) -> "History":
        """A session."""
        return self.add("procedures", procedure_id=f"session{number}", performed_on=day(number))

    def exam(self, number: int, viable_mm: float | None, extrahepatic: str = "no", status: str = "final") -> "History":
        """An exam that measures the lesion, or cannot (None)."""
        name = f"exam{number}"
        assessment = "not_evaluable" if viable_mm is None else "present"
        lesion = {
            "lesion_id": "l1",
            "lesion_kind": "target",
            "viable_diameter_mm": viable_mm,
            "assessment": assessment,
        }
        self.add("exams", exam_id=name, exam_date=day(number), extrahepatic_progression=extrahepatic, status=status)
        return self.add("lesions", exam_id=name, measurement_id=f"lesion{number}", **lesion)

    def death(self, number: int, status: str = "final") -> "History":
        """A visit that reports a death on its day."""
        dead = {
            "visit_date": day(number),
            "vital_status": "dead",
            "death_date": day(number),
            "status": status,
        }
        return self.add("visits", visit_id=f"visit{number}", **dead)

    def undated(self, number: int) -> "History":
        """A visit, let past by a person, that reports a death without its date."""
        return self.add("visits", visit_id=f"visit{number}", visit_date=day(number), vital_status="dead")

    def treatment(self, number: int, kind: str = "prrt") -> "History":
        """A treatment that starts."""
        return self.add("treatments", treatment_id=f"treatment{number}", kind=kind, started_on=day(number))

    def without(self, feed: str) -> "History":
        """The same without a feed."""
        self.rows = [row for row in self.rows if row[0] != feed]
        return self


OS_DIAGNOSIS, OS_TREATMENT = "os_diagnosis study", "os_treatment study"
PFS, PFS_FDA = "pfs study", "pfs fda"
EXTRAHEPATIC, DURATION = "time_to_extrahepatic_progression study", "duration_of_response study"
Expected = dict[str, tuple[Any, ...] | None]

CASES: dict[str, tuple[History, Expected]] = {
    "death ends overall survival from both starts": (
        History().death(400),
        {
            OS_DIAGNOSIS: (500, True, "death", "visits", "visit400"),
            OS_TREATMENT: (400, True, "death", "visits", "visit400"),
        },
    ),
    "the living are censored at the last date in any feed": (
        History().exam(50, 100).treatment(70),
        {OS_TREATMENT: (70, False, "last known alive", "treatments", "treatment70")},
    ),
    "the study's pfs ignores death": (
        History().exam(60, 80).exam(120, 70).death(150),
        {
            PFS: (120, False, "last exam", "exams", "exam120"),
            PFS_FDA: (150, True, "death", "visits", "visit150"),
        },
    ),
    "progression is an event under both rules": (
        History().exam(60, 80).exam(120, 100).exam(180, 140).death(500),
        {
            PFS: (120, True, "progression", "exams", "exam120"),
            PFS_FDA: (120, True, "progression", "exams", "exam120"),
        },
    ),
    "fda: censored at the last evaluable exam, study: at the last of any kind": (
        History().exam(60, 80).exam(120, None),
        {
            PFS: (120, False, "last exam", "exams", "exam120"),
            PFS_FDA: (60, False, "last evaluable exam", "exams", "exam60"),
        },
    ),
    "fda: day 0 without an evaluable exam": (
        History().exam(60, None),
        {PFS_FDA: (0, False, "no evaluable exam", "procedures", "session0")},
    ),
    "no exam since the first procedure: day 0": (
        History(),
        {
            PFS: (0, False, "no exam", "procedures", "session0"),
            EXTRAHEPATIC: (0, False, "no exam", "procedures", "session0"),
            PFS_FDA: (0, False, "no evaluable exam", "procedures", "session0"),
        },
    ),
    "fda: a gap of 183 days is none": (
        History().exam(60, 80).exam(243, 140),
        {PFS_FDA: (183 + 60, True, "progression", "exams", "exam243")},
    ),
    "fda: observation stops before a gap of 184 days": (
        History().exam(60, 80).exam(244, 140),
        {
            PFS_FDA: (60, False, "missed exams", "exams", "exam60"),
            PFS: (244, True, "progression", "exams", "exam244"),
        },
    ),
    "fda: the first gap decides, even before exams without progression": (
        History().exam(60, 80).exam(250, 80).exam(300, 80),
        {PFS_FDA: (60, False, "missed exams", "exams", "exam60")},
    ),
    "fda: a death after missed exams is no event": (
        History().exam(60, 80).death(300),
        {PFS_FDA: (60, False, "missed exams", "exams", "exam60")},
    ),
    "fda: an early death without any exam is an event": (
        History().death(183),
        {PFS_FDA: (183, True, "death", "visits", "visit183")},
    ),
    "fda: a late death without any exam is censored on day 0": (
        History().death(184),
        {PFS_FDA: (0, False, "missed exams", "procedures", "session0")},
    ),
    "fda: an exam that cannot be evaluated does not close a gap": (
        History().exam(60, 80).exam(150, None).exam(250, 140),
        {PFS_FDA: (60, False, "missed exams", "exams", "exam60")},
    ),
    "fda: observation stops at a new anticancer treatment": (
        History().exam(60, 80).treatment(90).exam(120, 140),
        {
            PFS_FDA: (60, False, "new anticancer treatment", "exams", "exam60"),
            PFS: (120, True, "progression", "exams", "exam120"),
        },
    ),
    "fda: a new treatment before any exam: day 0": (
        History().treatment(30).exam(60, 80),
        {PFS_FDA: (0, False, "new anticancer treatment", "procedures", "session0")},
    ),
    "fda: a treatment on the day of the event comes after it": (
        History().exam(60, 80).treatment(120).exam(120, 140),
        {PFS_FDA: (120, True, "progression", "exams", "exam120")},
    ),
    "fda: a treatment since the event changes nothing": (
        History().exam(60, 80).exam(120, 140).treatment(130),
        {PFS_FDA: (120, True, "progression", "exams", "exam120")},
    ),
    "fda: a treatment up to the first procedure is not new": (
        History().treatment(-30).treatment(0).exam(60, 80).exam(120, 140),
        {PFS_FDA: (120, True, "progression", "exams", "exam120")},
    ),
    "extrahepatic progression: the first exam with it since the first procedure": (
        History().exam(-5, 100, "yes").exam(60, 80).exam(90, 80, "yes").exam(120, 80, "yes"),
        {EXTRAHEPATIC: (90, True, "extrahepatic progression", "exams", "exam90")},
    ),
    "extrahepatic progression: an exam of the first procedure's day comes before it": (
        History().exam(0, 100, "yes").exam(60, 80),
        {EXTRAHEPATIC: (60, False, "last exam", "exams", "exam60")},
    ),
    "extrahepatic progression: death is no event": (
        History().exam(60, 80).death(90),
        {EXTRAHEPATIC: (60, False, "last exam", "exams", "exam60")},
    ),
    "duration of response: from the first response to progression": (
        History().exam(60, 90).exam(90, 60).exam(120, 60).exam(200, 90).death(300),
        {DURATION: (110, True, "progression", "exams", "exam200")},
    ),
    "duration of response: death ends it": (
        History().exam(90, 60).death(300),
        {DURATION: (210, True, "death", "visits", "visit300")},
    ),
    "duration of response: a lasting one is censored at the last exam": (
        History().exam(90, 60).exam(120, 60).treatment(400),
        {DURATION: (30, False, "last exam", "exams", "exam120")},
    ),
    "no response has no duration": (History().exam(60, 90), {DURATION: None}),
    "an untreated patient has overall survival from diagnosis alone": (
        History().without("procedures"),
        {
            OS_DIAGNOSIS: (90, False, "last known alive", "exams", "exam-10"),
            OS_TREATMENT: None,
            PFS: None,
            PFS_FDA: None,
            EXTRAHEPATIC: None,
        },
    ),
    "negative time has no days and says so": (
        History().death(-3),
        {
            OS_DIAGNOSIS: (97, True, "death", "visits", "visit-3"),
            OS_TREATMENT: (None, None, "negative time", "visits", "visit-3"),
            PFS_FDA: (None, None, "negative time", "visits", "visit-3"),
        },
    ),
    "a death of unknown date: no time that rests on death": (
        History().exam(60, 80).exam(120, 70).undated(300),
        {
            OS_DIAGNOSIS: (None, None, "death date unknown", "visits", "visit300"),
            OS_TREATMENT: (None, None, "death date unknown", "visits", "visit300"),
            PFS: (120, False, "last exam", "exams", "exam120"),
            PFS_FDA: (None, None, "death date unknown", "visits", "visit300"),
            EXTRAHEPATIC: (120, False, "last exam", "exams", "exam120"),
            DURATION: (None, None, "death date unknown", "visits", "visit300"),
        },
    ),
    "a death of unknown date came after the progression that an exam shows": (
        History().exam(60, 60).exam(120, 140).undated(300),
        {
            OS_TREATMENT: (None, None, "death date unknown", "visits", "visit300"),
            PFS_FDA: (120, True, "progression", "exams", "exam120"),
            DURATION: (60, True, "progression", "exams", "exam120"),
        },
    ),
    "fda: observation that stopped before the last sign of life stopped before a death of unknown date": (
        History().exam(60, 80).treatment(90).undated(300),
        {PFS_FDA: (60, False, "new anticancer treatment", "exams", "exam60")},
    ),
    "fda: a gap between exams comes before a death of unknown date": (
        History().exam(60, 80).exam(250, 80).undated(300),
        {PFS_FDA: (60, False, "missed exams", "exams", "exam60")},
    ),
    "fda: without an exam a death of unknown date is not evaluable": (
        History().undated(20),
        {PFS_FDA: (None, None, "death date unknown", "visits", "visit20")},
    ),
    "a death that an event alone reports has no date": (
        History().add("adverse_events", event_id="event30", onset_date=day(30), term="death", serious="yes"),
        {OS_TREATMENT: (None, None, "death without a visit", "adverse_events", "event30")},
    ),
    "zero time is no error": (
        History().death(0),
        {
            OS_TREATMENT: (0, True, "death", "visits", "visit0"),
            PFS_FDA: (0, True, "death", "visits", "visit0"),
        },
    ),
    "a withdrawn row counts nowhere": (
        History().exam(60, 80).exam(120, 140, status="cancelled").death(150, status="cancelled"),
        {
            OS_TREATMENT: (60, False, "last known alive", "exams", "exam60"),
            PFS: (60, False, "last exam", "exams", "exam60"),
        },
    ),
}


@pytest.fixture(scope="module")
def derived(module_warehouse: Warehouse) -> Warehouse:
    """A registry in which every case is a patient, derived once on each engine."""
    feeds: dict[str, list[dict[str, Any]]] = {}
    for case, (history, _) in CASES.items():
        for feed, row in history.rows:
            feeds.setdefault(feed, []).append({"patient_id": case, **_own_ids(case, row)})
    fill(module_warehouse, **feeds)
    make(module_warehouse, "derived.survival_time")
    return module_warehouse


def _own_ids(case: str, row: dict[str, Any]) -> dict[str, Any]:
    return {name: f"{case}/{value}" if name.endswith("_id") else value for name, value in row.items()}


@pytest.mark.parametrize("case", CASES)
def test_time_to_event(derived: Warehouse, case: str) -> None:
    select = (
        "SELECT endpoint || ' ' || rule, days, event, reason, source_table, source_id "
        "FROM derived.survival_time WHERE patient_id = :case AND criteria IN ('none', 'mrecist')"
    )
    found = {row[0]: (*row[1:5], row[5].removeprefix(f"{case}/")) for row in derived.run(select, case=case)}
    expected = CASES[case][1]
    assert {endpoint: found.get(endpoint) for endpoint in expected} == expected


def test_months_are_days_over_30_4375(derived: Warehouse) -> None:
    pairs = rows(derived, "SELECT days, months FROM derived.survival_time WHERE days IS NOT NULL")
    assert [months for _, months in pairs] == pytest.approx([days / 30.4375 for days, _ in pairs], rel=1e-15)


def test_start_and_end_are_as_far_apart_as_the_days_say(derived: Warehouse) -> None:
    pairs = rows(derived, "SELECT start_date, end_date, days FROM derived.survival_time WHERE days IS NOT NULL")
    assert all((end - start).days == days for start, end, days in pairs)
