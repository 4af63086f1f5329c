"""A key is a row for ever: which of its versions is current, and what a file's rows are counted as."""

from itertools import permutations

import pytest

from include.people.alarms.current import current_alarms
from include.people.alarms.wording import alarm_line
from include.pipeline.derivation import derive_touched
from tests.support.extracts import row
from tests.support.registry import Registry

pytestmark = pytest.mark.announced("P1", "P2")
DAY_1, DAY_2, DAY_3 = "2020-01-01", "2020-01-02", "2020-01-03"


def touched(registry: Registry) -> list[tuple[str]]:
    """The patients that wait to be derived."""
    return registry.rows("SELECT patient_id FROM ops.touched_patient ORDER BY patient_id")


def test_a_new_key_is_loaded_and_its_patient_is_to_be_derived(registry: Registry) -> None:
    derive_touched(registry.warehouse)
    report = registry.deliver("results", DAY_1, row("results", "L1"), row("results", "L2"))
    assert (report.state, report.received, report.loaded) == ("loaded", 2, 2)
    assert registry.states("results", "result_id") == [("L1", "current"), ("L2", "current")]
    assert touched(registry) == [("P1",)]


def test_the_later_day_wins_in_every_order_of_arrival(registry: Registry) -> None:
    """Also where its value is that of the first day."""
    days = [[(DAY_1, "30"), (DAY_2, "40"), (DAY_3, last)] for last in ("50", "30")]
    orders = [order for sent in days for order in permutations(sent)]
    registry.deliver_in_turn(
        *(
            [("results", day, row("results", f"L{number}", value=value)) for day, value in order]
            for number, order in enumerate(orders)
        )
    )
    versions: dict[str, list[tuple[str, str]]] = {}
    for key, day, value, state in registry.states("results", "result_id, first_batch_date, value"):
        versions.setdefault(key, []).append((value, state))
        assert (state == "current") == (str(day) == DAY_3)
    assert {key: sorted(found) for key, found in versions.items()} == {
        f"L{number}": sorted([("30", "past"), ("40", "past"), (max(order)[1], "current")])
        for number, order in enumerate(orders)
    }


def test_then_the_later_file_name_wins_and_then_the_later_row(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", value="50"), row("results", value="60"), name="b.csv")
    registry.deliver("results", DAY_1, row("results", value="70"), name="a.csv")
    assert registry.states("results", "value") == [("50", "past"), ("60", "current"), ("70", "past")]
    assert registry.counts(DAY_1, "results", "a.csv") == {"loaded": 1}
    assert registry.counts(DAY_1, "results", "b.csv") == {"updated": 2}


def test_the_numbers_in_file_names_count_as_numbers(registry: Registry) -> None:
    names = ["part_2_1.csv", "part_2_10.csv", "part_9.csv", "Part_9.csv", "part_010.csv", "part_10.csv", "part.csv"]
    names += [f"1{'0' * 17}{number}.csv" for number in (9, 10)]
    for name in sorted(names):
        registry.send("results", DAY_1, row("results"), name=name)
    registry.pull()
    assert registry.rows("SELECT file_name FROM ops.load WHERE feed = 'results' ORDER BY file_order") == [
        (name,) for name in (*names[-2:], "Part_9.csv", "part.csv", *names[:3], "part_010.csv", "part_10.csv")
    ]


def test_part_10_comes_after_part_9_in_either_order(registry: Registry) -> None:
    """Of the first day part 9 arrives first, of the second part 10."""
    for arrival in (("9", "10"), ("10", "9")):
        for day, part in zip((DAY_1, DAY_2), arrival, strict=True):
            value = "haemolysed" if part == "9" else "30"
            cells = row("results", f"L {day}", value=part), row("results", f"M {day}", value=value)
            registry.send("results", day, *cells, name=f"part_{part}.csv")
        registry.load()
    assert [state for state in registry.states("results", "result_id, value") if state[0].startswith("L")] == [
        (f"L {day}", *version) for day in (DAY_1, DAY_2) for version in (("10", "current"), ("9", "past"))
    ]
    assert registry.quarantine("record_key, state") == [(f"M {day}", "corrected") for day in (DAY_1, DAY_2)]


def test_a_replaced_file_wins_over_what_it_replaced(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", value="30"), row("results", value="31"))
    duckdb_registry.deliver("results", DAY_1, row("results", value="20"))
    assert duckdb_registry.states("results", "value")[0] == ("20", "current")


def test_an_identical_row_changes_nothing(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", "L1"), row("results", "L2"))
    derive_touched(duckdb_registry.warehouse)
    report = duckdb_registry.deliver("results", DAY_2, row("results", "L1"), row("results", "L2"), row("results", "L2"))
    assert report.unchanged == report.received == 3
    assert duckdb_registry.states("results", "result_id") == [("L1", "current"), ("L2", "current")]
    assert touched(duckdb_registry) == []


def test_a_cancelled_row_stays_in_the_history_and_counts_nowhere_in_either_order(registry: Registry) -> None:
    sent = [(DAY_1, "final"), (DAY_2, "cancelled")]
    registry.deliver_in_turn(
        *(
            [("results", day, row("results", key, status=status)) for day, status in order]
            for key, order in (("L1", sent), ("L2", sent[::-1]))
        )
    )
    states = [("cancelled", "current"), ("final", "past")]
    assert registry.states("results", "result_id, status") == [(key, *one) for key in ("L1", "L2") for one in states]
    assert registry.rows("SELECT * FROM clinical.current_results") == []


WITH_PRELIMINARY = {
    "final, preliminary": 1,
    "corrected, preliminary, preliminary": 1,
    "final, cancelled, preliminary": 2,
    "preliminary, final, preliminary": 2,
    "preliminary, cancelled, preliminary": 3,
    "preliminary, preliminary": 2,
    "final haemolysed, preliminary": 2,
    "final, corrected haemolysed, preliminary": 1,
}
"""The states of a result day by day, the value of one that fails with it; and the day whose version is current."""


def test_a_preliminary_version_never_replaces_a_final_one_in_either_order(registry: Registry) -> None:
    histories = []
    for said in WITH_PRELIMINARY:
        days = [(f"2020-01-0{day}", *f"{one} {day}".split(" ")[:2]) for day, one in enumerate(said.split(", "), 1)]
        for key, order in ((said, days), (f"{said}, backwards", days[::-1])):
            histories.append([("results", day, row("results", key, status=s, value=v)) for day, s, v in order])
    registry.deliver_in_turn(*histories)
    current = registry.rows("SELECT result_id, value FROM clinical.results WHERE version_state = 'current'")
    expected = {key: f"{day}" for key, day in WITH_PRELIMINARY.items()}
    assert dict(current) == expected | {f"{key}, backwards": day for key, day in expected.items()}


def test_rows_of_a_cancelled_patient_count_nowhere_until_the_patient_is_back(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results"))
    registry.deliver("patients", DAY_2, row("patients", status="cancelled"))
    assert registry.rows("SELECT patient_id FROM clinical.current_results") == []
    assert registry.rows("SELECT feed, row_number, patient_id FROM ops.orphan") == [("results", 1, "P1")]
    registry.deliver("patients", DAY_3, row("patients", status="corrected"))
    assert registry.rows("SELECT patient_id FROM clinical.current_results") == [("P1",)]
    assert registry.rows("SELECT feed FROM ops.orphan") == []


def test_rows_of_a_patient_who_comes_back_under_another_id_are_told_until_the_ids_are_merged(
    duckdb_registry: Registry,
) -> None:
    moved = (row("patients", status="cancelled"), row("patients", patient_id="P9"))
    duckdb_registry.deliver("results", DAY_1, row("results", "R1"))
    duckdb_registry.deliver("patients", DAY_2, *moved)
    told = [alarm_line(one) for one in current_alarms(duckdb_registry.warehouse) if one.cause == "orphan"]
    assert [line.partition(":")[0] for line in told] == ["results"]
    duckdb_registry.deliver("merges", DAY_3, row("merges", merged_patient_id="P1", surviving_patient_id="P9"))
    assert duckdb_registry.rows("SELECT feed FROM ops.orphan") == []
    assert duckdb_registry.rows("SELECT result_id, patient_id FROM clinical.current_results") == [("R1", "P9")]


def test_a_waiting_row_says_what_it_waits_for(registry: Registry) -> None:
    waiting = (row("results", f"R{one}", patient_id=f"P{one}") for one in (8, 3, 4))
    registry.deliver("results", DAY_1, *waiting)
    registry.deliver("patients", DAY_1, row("patients", patient_id="P3", sex="?"))
    registry.deliver("merges", DAY_1, row("merges", merged_patient_id="P4", surviving_patient_id="P5"))
    asked = "SELECT record_key, reason FROM quarantine.record WHERE state = 'waiting' AND feed = 'results' ORDER BY 1"
    assert registry.rows(asked) == [
        ("R3", "the row that announces its patient is set aside itself"),
        ("R4", "its patient's id is merged into another one, and neither is announced"),
        ("R8", "nobody has announced a patient with this id"),
    ]


def test_a_row_that_moves_to_another_patient_leaves_the_first(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("results", DAY_1, row("results", patient_id="P1"))
    derive_touched(duckdb_registry.warehouse)
    duckdb_registry.deliver("results", DAY_2, row("results", patient_id="P2", status="corrected"))
    assert duckdb_registry.states("results", "patient_id") == [("P1", "past"), ("P2", "current")]
    assert touched(duckdb_registry) == [("P1",), ("P2",)]


def test_loading_a_load_again_does_nothing(duckdb_registry: Registry) -> None:
    report = duckdb_registry.deliver("results", DAY_1, row("results"))
    derive_touched(duckdb_registry.warehouse)
    assert duckdb_registry.reload(report.load_id) == report
    assert touched(duckdb_registry) == []
    assert duckdb_registry.warehouse.scalar("SELECT COUNT(*) FROM clinical.results") == 1


def test_a_version_says_which_load_brought_it_first_and_last(registry: Registry) -> None:
    first = registry.deliver("results", DAY_1, row("results", "L0"), row("results", "L1"))
    last = registry.deliver("results", DAY_2, row("results", "L1"))
    assert registry.rows(
        "SELECT load_id, row_number, last_load_id, last_row_number, CAST(batch_date AS TEXT), arrival "
        "FROM clinical.results WHERE result_id = 'L1'"
    ) == [(first.load_id, 2, last.load_id, 1, DAY_2, "loaded")]


def test_a_results_number_and_comparator_are_kept_beside_its_text(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", value="<5"))
    assert registry.states("results", "value, value_number, value_comparator") == [("<5", 5.0, "<", "current")]
