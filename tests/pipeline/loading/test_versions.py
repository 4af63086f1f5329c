"""A key is a row for ever: which of its versions is current, and what a file's rows are counted as."""

from itertools import permutations

import pytest

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


def test_another_version_of_a_key_takes_its_place(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", value="30"))
    registry.deliver("results", DAY_2, row("results", value="40", status="corrected"))
    assert registry.states("results", "value") == [("30", "past"), ("40", "current")]
    assert registry.counts(DAY_2, "results") == {"updated": 1}


def test_the_later_day_wins_in_every_order_of_arrival(registry: Registry) -> None:
    days = [(DAY_1, "30"), (DAY_2, "40"), (DAY_3, "50")]
    orders = list(permutations(days))
    registry.deliver_in_turn(
        *(
            [("results", day, row("results", f"L{number}", value=value)) for day, value in order]
            for number, order in enumerate(orders)
        )
    )
    assert registry.states("results", "result_id, value") == [
        (f"L{number}", *version)
        for number in range(len(orders))
        for version in (("30", "past"), ("40", "past"), ("50", "current"))
    ]


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


@pytest.mark.parametrize("arrival", [("9", "10"), ("10", "9")])
def test_part_10_comes_after_part_9(registry: Registry, arrival: tuple[str, ...]) -> None:
    for part in arrival:
        value = "haemolysed" if part == "9" else "30"
        cells = row("results", "L1", value=part), row("results", "L2", value=value)
        registry.deliver("results", DAY_1, *cells, name=f"part_{part}.csv")
    assert registry.states("results", "result_id, value")[:2] == [("L1", "10", "current"), ("L1", "9", "past")]
    assert registry.quarantine("record_key, state") == [("L2", "corrected")]


def test_a_replaced_file_wins_over_what_it_replaced(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", value="30"), row("results", value="31"))
    registry.deliver("results", DAY_1, row("results", value="20"))
    assert registry.states("results", "value")[0] == ("20", "current")


def test_an_identical_row_changes_nothing(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", "L1"), row("results", "L2"))
    derive_touched(registry.warehouse)
    report = registry.deliver("results", DAY_2, row("results", "L1"), row("results", "L2"), row("results", "L2"))
    assert report.unchanged == report.received == 3
    assert registry.states("results", "result_id") == [("L1", "current"), ("L2", "current")]
    assert touched(registry) == []


def test_a_version_that_comes_back_is_current_again(registry: Registry) -> None:
    for day, value in ((DAY_1, "30"), (DAY_2, "40"), (DAY_3, "30")):
        registry.deliver("results", day, row("results", value=value))
    assert registry.states("results", "value") == [("30", "current"), ("30", "past"), ("40", "past")]
    assert registry.counts(DAY_3, "results") == {"updated": 1}


def test_one_that_comes_back_first_is_current_as_well(registry: Registry) -> None:
    for day, value in ((DAY_3, "30"), (DAY_2, "40"), (DAY_1, "30")):
        registry.deliver("results", day, row("results", value=value))
    assert registry.states("results", "value") == [("30", "current"), ("30", "past"), ("40", "past")]
    assert registry.counts(DAY_1, "results") == {"loaded": 1}
    assert registry.counts(DAY_3, "results") == {"updated": 1}


def test_a_cancelled_row_stays_in_the_history_and_counts_nowhere(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results"))
    registry.deliver("results", DAY_2, row("results", status="cancelled"))
    assert registry.states("results", "status") == [("cancelled", "current"), ("final", "past")]
    assert registry.rows("SELECT * FROM clinical.current_results") == []


def test_what_is_cancelled_before_it_arrives_stays_cancelled(registry: Registry) -> None:
    registry.deliver("results", DAY_2, row("results", status="cancelled"))
    registry.deliver("results", DAY_1, row("results"))
    assert registry.states("results", "status") == [("cancelled", "current"), ("final", "past")]


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


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "backwards"])
def test_a_preliminary_version_never_replaces_a_final_one(registry: Registry, order: int) -> None:
    for number in (1, 2, 3)[::order]:
        days = {key: key.split(", ")[number - 1] for key in WITH_PRELIMINARY if key.count(",") >= number - 1}
        told = [(key, *said.split(" "), f"{number}") for key, said in days.items()]
        cells = [row("results", key, status=status, value=value) for key, status, value, *_ in told]
        registry.deliver("results", f"2020-01-0{number}", *cells)
    current = registry.rows("SELECT result_id, value FROM clinical.results WHERE version_state = 'current'")
    assert dict(current) == {key: f"{day}" for key, day in WITH_PRELIMINARY.items()}


def test_rows_of_a_cancelled_patient_count_nowhere_until_the_patient_is_back(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results"))
    registry.deliver("patients", DAY_2, row("patients", status="cancelled"))
    assert registry.rows("SELECT patient_id FROM clinical.current_results") == []
    registry.deliver("patients", DAY_3, row("patients", status="corrected"))
    assert registry.rows("SELECT patient_id FROM clinical.current_results") == [("P1",)]


def test_a_row_that_moves_to_another_patient_leaves_the_first(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", patient_id="P1"))
    derive_touched(registry.warehouse)
    registry.deliver("results", DAY_2, row("results", patient_id="P2", status="corrected"))
    assert registry.states("results", "patient_id") == [("P1", "past"), ("P2", "current")]
    assert touched(registry) == [("P1",), ("P2",)]


def test_loading_a_load_again_does_nothing(registry: Registry) -> None:
    report = registry.deliver("results", DAY_1, row("results"))
    derive_touched(registry.warehouse)
    assert registry.reload(report.load_id) == report
    assert touched(registry) == []
    assert registry.warehouse.scalar("SELECT COUNT(*) FROM clinical.results") == 1


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
