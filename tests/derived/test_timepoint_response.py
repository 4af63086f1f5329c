"""Response of the targets at an exam: limits, nadir, complete response, targets that were not measured."""

import pytest

from include.warehouse import Warehouse
from tests.derived.response_cases import derive_cases, judged, sizes, target


def test_exactly_30_percent_less_is_pr_and_exactly_20_percent_more_is_pd(warehouse: Warehouse) -> None:
    cases = {
        "30 % less": sizes(100, 70),
        "nearly 30 % less": sizes(100, 70.001),
        "20 % more": sizes(100, 120),
        "nearly 20 % more": sizes(100, 119.999),
        # In binary floating point these miss the limits by a hair.
        "30 % less than 33.3": sizes(33.3, 23.31),
        "20 % more than 35.1": sizes(35.1, 42.12),
        "sums, 30 % less": [[target("A", 10.1), target("B", 20.2)], [target("A", 7.07), target("B", 14.14)]],
        "sums, 20 % more": [[target("A", 10.1), target("B", 20.2)], [target("A", 12.12), target("B", 24.24)]],
    }
    derive_cases(warehouse, cases)
    expected = dict(zip(cases, [["PR"], ["SD"], ["PD"], ["SD"], ["PR"], ["PD"], ["PR"], ["PD"]], strict=True))
    assert judged(warehouse, "mrecist") == expected
    assert judged(warehouse, "recist_1_1") == expected


def test_the_nadir_is_the_smallest_complete_sum_before_the_exam(warehouse: Warehouse) -> None:
    derive_cases(
        warehouse,
        {
            "regrown": sizes(100, 60, 71.9, 72),
            "never below baseline": sizes(100, 110, 119, 80),
            "partial": [
                [target("A", 50), target("B", 50)],
                [target("A", 40), target("B", None)],
                [target("A", 45), target("B", 45)],
            ],
        },
    )
    assert judged(warehouse) == {
        "regrown": ["PR", "SD", "PD"],
        "never below baseline": ["SD", "SD", "SD"],
        "partial": ["NE", "SD"],
    }
    assert judged(warehouse, column="nadir_sum_mm") == {
        "regrown": [100, 60, 60],
        "never below baseline": [100, 100, 100],
        "partial": [100, 100],
    }
    assert judged(warehouse, column="sum_mm")["partial"] == [40, 90]
    assert judged(warehouse, column="change_from_baseline_percent") == {
        "regrown": pytest.approx([-40, -28.1, -28]),
        "never below baseline": pytest.approx([10, 19, -20]),
        "partial": [None, pytest.approx(-10)],
    }
    assert judged(warehouse, column="change_from_nadir_percent")["regrown"] == pytest.approx(
        [-40, 59.5 / 3, 20], abs=0.01
    )


def test_recist_1_1_needs_a_rise_of_5_mm_as_well(warehouse: Warehouse) -> None:
    derive_cases(
        warehouse, {"small": sizes(20, 24.9), "enough": sizes(20, 25), "from 0": sizes(20, 0, 4.9, 5)}
    )
    assert judged(warehouse, "recist_1_1") == {
        "small": ["SD"],
        "enough": ["PD"],
        "from 0": ["CR", "PR", "PD"],
    }
    assert judged(warehouse, "mrecist") == {"small": ["PD"], "enough": ["PD"], "from 0": ["CR", "PD", "PD"]}


def test_a_setting_makes_any_regrowth_from_0_pd_by_recist_1_1(warehouse: Warehouse) -> None:
    warehouse.run(
        "UPDATE reference.setting SET value = 1 WHERE name = 'recist_1_1_nadir_zero_is_progression'"
    )
    derive_cases(warehouse, {"from 0": sizes(20, 0, 0, 1)})
    assert judged(warehouse, "recist_1_1") == {"from 0": ["CR", "CR", "PD"]}


def test_a_dead_lesion_is_gone_by_mrecist_alone(warehouse: Warehouse) -> None:
    dead = target("T1", 40, viable_diameter_mm=0)
    absent = target("T1", None, assessment="absent")
    derive_cases(warehouse, {"dead": [[target("T1", 50)], [dead]], "absent": [[target("T1", 50)], [absent]]})
    assert judged(warehouse, "mrecist") == {"dead": ["CR"], "absent": ["CR"]}
    assert judged(warehouse, "recist_1_1") == {"dead": ["SD"], "absent": ["CR"]}


def test_a_node_below_10_mm_is_gone_by_recist_1_1_alone(warehouse: Warehouse) -> None:
    def shrunk_to(size: float) -> list[list[dict[str, object]]]:
        return [[dict(target("N", 18, lymph_node="yes"))], [dict(target("N", size, lymph_node="yes"))]]

    derive_cases(
        warehouse, {"9.9": shrunk_to(9.9), "10": shrunk_to(10), "3 then 9": [*shrunk_to(3), shrunk_to(9)[1]]}
    )
    assert judged(warehouse, "recist_1_1") == {"9.9": ["CR"], "10": ["PR"], "3 then 9": ["CR", "CR"]}
    assert judged(warehouse, "mrecist") == {"9.9": ["PR"], "10": ["PR"], "3 then 9": ["PR", "PD"]}


def test_a_target_that_was_not_measured_leaves_pd_or_ne(warehouse: Warehouse) -> None:
    baseline = [target("A", 20), target("B", 20)]
    derive_cases(
        warehouse,
        {
            "rest reaches PD": [baseline, [target("A", 48)]],
            "rest does not": [baseline, [target("A", 47)]],
            "rest is gone": [baseline, [target("A", 0)]],
            "not evaluable": [baseline, [target("A", 5), target("B", 5, assessment="not_evaluable")]],
            "nothing read": [baseline, []],
            "gone, then partly read": [baseline, [target("A", 0), target("B", 0)], [target("A", 0)]],
        },
    )
    assert judged(warehouse) == {
        "rest reaches PD": ["PD"],
        "rest does not": ["NE"],
        "rest is gone": ["NE"],
        "not evaluable": ["NE"],
        "nothing read": ["NE"],
        "gone, then partly read": ["CR", "NE"],
    }


def test_without_a_baseline_sum_only_cr_and_growth_can_be_told(warehouse: Warehouse) -> None:
    derive_cases(
        warehouse,
        {
            "not measured at baseline": [
                [target("A", None)],
                [target("A", 30)],
                [target("A", 36)],
                [target("A", 0)],
            ],
            "no baseline": [[], [target("A", 30)], [target("A", 60)]],
        },
    )
    assert judged(warehouse) == {"not measured at baseline": ["NE", "PD", "CR"], "no baseline": ["NE", "NE"]}
    assert judged(warehouse, column="baseline_sum_mm")["not measured at baseline"] == [None, None, None]
