"""The value of a time point: by calendar days after the first session, the nearest, the earlier on ties."""

from datetime import datetime, time, timedelta

from include.pipeline.validation.cross_feed import cross_check
from include.warehouse import Warehouse
from include.warehouse.near import Near
from tests.pipeline.derivation.laboratory_cases import FIRST, derive, result, session
from tests.support.clinical import rows, touch

CHOSEN = {
    # time point: days (with hour) on which there are values, the one that is chosen
    "last before": ([(-30, 8), (-2, 8), (-2, 9)], {"baseline": (-2, 9)}),
    "on the day alone": ([(0, 8), (0, 23)], {"baseline": (0, 23)}),
    "on the day beside a recent one": ([(-30, 8), (0, 8)], {"baseline": (-30, 8)}),
    "on the day beside an older one": ([(-31, 8), (0, 8)], {"baseline": (0, 8)}),
    "day 1 before day 2": ([(2, 8), (1, 23)], {"day_1": (1, 23)}),
    "day 2 counts, day 3 does not": ([(2, 8), (3, 8)], {"day_1": (2, 8)}),
    "day 4 before day 6": ([(4, 8), (6, 8)], {"day_5": (4, 8)}),
    "day 5 of all": ([(4, 8), (5, 20), (5, 8), (6, 8)], {"day_5": (5, 8)}),
    "day 7 counts, day 8 does not": ([(7, 8), (8, 8)], {"day_5": (7, 8)}),
    "nearest to day 60": ([(40, 8), (58, 8), (63, 8), (90, 8)], {"month_2": (58, 8)}),
    "days 40 to 90": ([(39, 8), (90, 8), (91, 8)], {"month_2": (90, 8)}),
}


def test_each_time_point_takes_the_value_nearest_to_its_day(warehouse: Warehouse) -> None:
    derive(
        warehouse,
        [
            result(patient, "AST", 30, day, hour=hour, result_id=f"{patient} {day} {hour}")
            for patient, (days, _) in CHOSEN.items()
            for day, hour in days
        ],
        "derived.lab_timepoint",
    )
    found: dict[str, dict[str, str]] = {patient: {} for patient in CHOSEN}
    select = "SELECT patient_id, timepoint, result_id FROM derived.lab_timepoint"
    for patient, timepoint, result_id in rows(warehouse, select):
        found[patient][timepoint] = result_id
    expected = {
        patient: {timepoint: f"{patient} {day} {hour}" for timepoint, (day, hour) in chosen.items()}
        for patient, (_, chosen) in CHOSEN.items()
    }
    assert found == expected


def test_samples_of_a_day_are_ordered_by_their_instants(warehouse: Warehouse) -> None:
    """Each patient has two samples of a day; the later one is the baseline."""
    samples = {
        # first the earlier one: wall clock and hours of its offset
        "doubled hour": [("02:50", 2), ("02:10", 1)],
        "two zones": [("08:00", 9), ("07:00", 1)],
        "one without an offset": [("07:00", None), ("08:00", 2)],
        "the other without an offset": [("08:00", 2), ("09:00", None)],
        "missing hour": [("01:59", 1), ("02:30", None)],
    }
    derive(
        warehouse,
        [
            result(patient, "AST", 30 + place, **taken(wall, offset), result_id=f"{patient} {place}")
            for patient, pair in samples.items()
            for place, (wall, offset) in enumerate(pair)
        ],
        "derived.lab_timepoint",
    )
    found = rows(warehouse, "SELECT patient_id, result_id FROM derived.lab_timepoint WHERE timepoint = 'baseline'")
    assert dict(found) == {patient: f"{patient} 1" for patient in samples}


NEIGHBOURS = {
    # samples by day, wall clock and hours of its offset, the session's clock: the baseline, those after it, their days
    "days by two clocks": (
        [(-1, "23:30", -5), (0, "00:30", 1)],
        ("12:00", 0),
        (0, set(), {0: -1, 1: 0}),
    ),
    "before, of the next day": ([(-9, "08:00", 0), (1, "04:00", 9)], ("20:00", 0), (1, set(), {0: -9, 1: 0})),
    "after, of the day before": ([(-9, "08:00", 0), (-1, "23:00", -5)], ("02:00", 0), (0, {1}, {0: -9, 1: 0})),
    "without offset on other days": (
        [(-2, "23:30", -5), (-1, "03:00", None)],
        ("12:00", 0),
        (1, set(), {0: -2, 1: -1}),
    ),
    "known by day, another offset in summer": (
        [(-2, "23:30", 1), (-1, None, None), (150, "08:00", 2)],
        ("12:00", 0),
        (1, {2}, {0: -2, 1: -1, 2: 150}),
    ),
    "after midnight, another offset in summer": (
        [(-2, "23:30", 1), (-1, "00:10", None), (150, "08:00", 2)],
        ("12:00", 0),
        (1, {2}, {0: -2, 1: -1, 2: 150}),
    ),
    "in the morning, far away later": (
        [(-2, "23:00", 0), (-1, "06:00", None), (210, "08:00", 9)],
        ("12:00", 0),
        (1, {2}, {0: -2, 1: -1, 2: 210}),
    ),
    "after the night of the clock change": (
        [(-2, "00:30", 2), (-2, "23:30", 1), (-1, "00:10", None)],
        ("12:00", 0),
        (2, set(), {0: -2, 1: -2, 2: -1}),
    ),
}


def test_samples_of_neighbouring_days_and_the_session_are_ordered_by_their_instants(warehouse: Warehouse) -> None:
    samples = [
        result(name, "AST", 30, day, **taken(wall, offset, day), result_id=f"{name} {place}")
        for name, (of, _, _) in NEIGHBOURS.items()
        for place, (day, wall, offset) in enumerate(of)
    ]
    sessions = [{**session(name), **began(*clock)} for name, (_, clock, _) in NEIGHBOURS.items()]
    derive(warehouse, samples, "derived.lab_timepoint", "derived.graded_result", procedures=sessions)
    baselines = "SELECT patient_id, result_id FROM derived.lab_timepoint WHERE timepoint = 'baseline'"
    assert dict(rows(warehouse, baselines)) == {name: f"{name} {of[0]}" for name, (*_, of) in NEIGHBOURS.items()}
    graded = rows(warehouse, "SELECT result_id, is_after_baseline, day FROM derived.graded_result")
    assert {name: (after, day) for name, after, day in graded} == {
        f"{name} {place}": (place in after, day)
        for name, (*_, (_, after, days)) in NEIGHBOURS.items()
        for place, day in days.items()
    }


TOO_OLD = {
    # samples and sessions by day, wall clock and hours of its offset: whether the baseline is too old
    "later by its instant": ([(-31, "18:00", 0), (-30, "00:00", 9)], [(0, "20:00", 0)], True),
    "the next session's clock": ([(-31, "02:00", None), (0, "17:30", 1)], [(0, "16:00", None), (5, "20:00", 1)], True),
    "two sessions of a day": ([(-31, "08:00", 0), (0, "12:00", 0)], [(0, "22:00", 0), (0, "09:30", 0)], True),
    "before, of the next day": ([(-31, "08:00", 0), (1, "04:00", 9)], [(0, "20:00", 0)], False),
}


def test_the_rule_tells_of_each_baseline_that_is_too_old(warehouse: Warehouse) -> None:
    samples = [
        result(name, "AST", 30, day, **taken(wall, offset, day), result_id=f"{name} {place}")
        for name, (of, _, _) in TOO_OLD.items()
        for place, (day, wall, offset) in enumerate(of)
    ]
    sessions = [
        {**session(name, day), "procedure_id": f"{name} {place}", **began(wall, offset, day)}
        for name, (_, of, _) in TOO_OLD.items()
        for place, (day, wall, offset) in enumerate(of)
    ]
    derive(warehouse, samples, "derived.lab_timepoint", procedures=sessions)
    marked = "SELECT result_id FROM derived.lab_timepoint WHERE timepoint = 'baseline' AND baseline_too_old"
    expected = {(f"{name} 0",) for name, (*_, is_too_old) in TOO_OLD.items() if is_too_old}
    assert set(rows(warehouse, marked)) == expected
    touch(warehouse)
    cross_check(warehouse, Near(warehouse))
    told = "SELECT record_key FROM quarantine.failure WHERE rule_id = 'results.collected_at.baseline_too_old'"
    assert set(rows(warehouse, told)) == expected


CLOCKS = {
    # when the session began: the baseline among a sample of day -1 and those of 08:00 and 20:00 of its day
    "between": ({"started_at": "2020-03-01 12:00"}, 8),
    "at the time of a sample": ({"started_at": "2020-03-01 08:00"}, 8),
    "before both": ({"started_at": "2020-03-01 07:59"}, None),
    "after both": ({"started_at": "2020-03-01 21:00"}, 20),
    "by its instant before both": ({"started_at": "2020-03-01 12:00", "started_at_instant": "2020-03-01 05:00"}, None),
    "of another day": ({"started_at": "2020-03-02 12:00"}, None),
    "none": ({}, None),
}


def test_a_sample_of_the_day_is_before_the_session_if_the_clocks_say_so(warehouse: Warehouse) -> None:
    samples = [
        result(name, "AST", 30, day, hour=hour, result_id=f"{name} {day} {hour}", **_instant(name, day, hour))
        for name in CLOCKS
        for day, hour in ((-1, 8), (0, 8), (0, 20))
    ]
    sessions = [{**session(name), **clock} for name, (clock, _) in CLOCKS.items()]
    derive(warehouse, samples, "derived.lab_timepoint", "derived.graded_result", procedures=sessions)
    select = "SELECT patient_id, result_id, baseline_age_days FROM derived.lab_timepoint WHERE timepoint = 'baseline'"
    assert set(rows(warehouse, select)) == {
        (name, f"{name} {-1 if hour is None else 0} {hour or 8}", 1 if hour is None else 0)
        for name, (_, hour) in CLOCKS.items()
    }
    after = "SELECT COUNT(*) FROM derived.graded_result WHERE is_after_baseline AND patient_id = '{}'"
    assert [rows(warehouse, after.format(name))[0][0] for name in CLOCKS] == [1, 1, 2, 0, 2, 2, 2]


HOURS_UNKNOWN = {
    # when the session began, the samples that are taken (None = the day is known alone), the one that is the baseline
    "beside a recent one": ({"started_at": "2020-03-01 12:00"}, [(-1, 8), (0, None)], (-1, 8)),
    "beside an older one": ({"started_at": "2020-03-01 12:00"}, [(-31, 8), (0, None)], (0, None)),
    "alone": ({"started_at": "2020-03-01 12:00"}, [(0, None)], (0, None)),
    "beside one before the session": ({"started_at": "2020-03-01 12:00"}, [(0, 8), (0, None)], (0, 8)),
    "beside a recent one and one of the day": (
        {"started_at": "2020-03-01 12:00"},
        [(-1, 8), (0, 8), (0, None)],
        (0, 8),
    ),
    "of the day before": ({"started_at": "2020-03-01 12:00"}, [(-1, None), (0, 13)], (-1, None)),
    "of the session": (
        {"started_at": "2020-03-01 00:00", "started_at_precision": "day"},
        [(-1, 8), (0, 8)],
        (-1, 8),
    ),
}


def test_a_sample_of_which_the_day_alone_is_known_is_neither_before_nor_after_the_session(
    warehouse: Warehouse,
) -> None:
    samples = [
        result(name, "AST", 30, day, hour=hour or 0, result_id=f"{name} {day} {hour}", **_known(hour))
        for name, (_, taken, _) in HOURS_UNKNOWN.items()
        for day, hour in taken
    ]
    sessions = [{**session(name), **clock} for name, (clock, _, _) in HOURS_UNKNOWN.items()]
    derive(warehouse, samples, "derived.lab_timepoint", "derived.graded_result", procedures=sessions)
    select = "SELECT patient_id, result_id FROM derived.lab_timepoint WHERE timepoint = 'baseline'"
    assert dict(rows(warehouse, select)) == {
        name: f"{name} {day} {hour}" for name, (_, _, (day, hour)) in HOURS_UNKNOWN.items()
    }
    after = "SELECT result_id FROM derived.graded_result WHERE is_after_baseline"
    assert {name for (name,) in rows(warehouse, after)} == {
        "beside a recent one 0 None",
        "beside a recent one and one of the day 0 None",
        "of the day before 0 13",
        "of the session 0 8",
    }


def _known(hour: int | None) -> dict[str, str]:
    return {"collected_at_precision": "day"} if hour is None else {}


def _instant(name: str, day: int, hour: int) -> dict[str, datetime]:
    """An hour before the wall clock, where the name speaks of instants."""
    at = datetime.combine(FIRST + timedelta(days=day), time(hour - 1))
    return {"collected_at_instant": at} if "instant" in name else {}


def taken(wall: str | None, offset: int | None, day: int = -1) -> dict[str, object]:
    """The cells of a time on a day after the first session's, of which the day alone may be known."""
    at = datetime.combine(FIRST + timedelta(days=day), time.fromisoformat(wall or "00:00"))
    return {
        "collected_at": at,
        "collected_at_instant": None if offset is None else at - timedelta(hours=offset),
        "collected_at_precision": None if wall else "day",
    }


def began(wall: str, offset: int | None, day: int = 0) -> dict[str, object]:
    """The cells of a session that began at a time of a day after the first session's."""
    at = taken(wall, offset, day)
    return {"started_at": at["collected_at"], "started_at_instant": at["collected_at_instant"]}


def test_days_count_from_the_first_session_and_rows_without_value_do_not_count(
    warehouse: Warehouse,
) -> None:
    derive(
        warehouse,
        [
            result("P1", "AST", 30, -1, result_id="baseline"),
            result("P1", "AST", 31, 0, unit="mg/dL", result_id="unit unknown"),
            result("P1", "AST", 32, 1, result_id="day 1"),
            result("P1", "AST", 33, 29, result_id="day 1 of the second session"),
            result("untreated", "AST", 34, -1),
        ],
        "derived.lab_timepoint",
        procedures=[session("P1"), session("P1", 28)],
    )
    found = rows(warehouse, "SELECT timepoint, result_id, day FROM derived.lab_timepoint ORDER BY timepoint")
    assert found == [("baseline", "baseline", -1), ("day_1", "day 1", 1)]
