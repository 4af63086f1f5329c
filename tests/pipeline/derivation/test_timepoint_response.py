"""Response of the targets at an exam: limits, nadir, complete response, targets that were not measured."""

import pytest

from include.warehouse import Warehouse
from tests.pipeline.derivation.response_cases import Case, derive_cases, judged, other, sizes, target


def test_exactly_30_percent_less_is_pr_and_exactly_20_percent_more_is_pd(warehouse: Warehouse) -> None:
    cases = {
        "30 % less": (sizes(100, 70), "PR"),
        "nearly 30 % less": (sizes(100, 70.001), "SD"),
        "20 % more": (sizes(100, 120), "PD"),
        "nearly 20 % more": (sizes(100, 119.999), "SD"),
        # In binary floating point these can miss the limits by a hair.
        "30 % less than 33.3": (sizes(33.3, 23.31), "PR"),
        "20 % more than 35.1": (sizes(35.1, 42.12), "PD"),
        "sum, 30 % less": (
            [[target("A", 10.1), target("B", 20.2)], [target("A", 7.07), target("B", 14.14)]],
            "PR",
        ),
        "sum, 20 % more": (
            [[target("A", 10.1), target("B", 20.2)], [target("A", 12.12), target("B", 24.24)]],
            "PD",
        ),
    }
    derive_cases(warehouse, {name: case for name, (case, _) in cases.items()})
    expected = {name: [response] for name, (_, response) in cases.items()}
    assert judged(warehouse, "mrecist") == expected
    assert judged(warehouse, "recist_1_1") == expected


def test_the_nadir_is_the_smallest_complete_sum_before_the_exam(warehouse: Warehouse) -> None:
    both = [
        [target("A", 50), target("B", 50)],
        [target("A", 40), target("B", None)],
        [target("A", 45), target("B", 45)],
    ]
    cases = {"regrown": sizes(100, 60, 71.9, 72), "never below": sizes(100, 110, 119, 80), "partial": both}
    derive_cases(warehouse, cases)
    assert judged(warehouse) == {
        "regrown": ["PR", "SD", "PD"],
        "never below": ["SD", "SD", "SD"],
        "partial": ["NE", "SD"],
    }
    assert judged(warehouse, column="nadir_sum_mm") == {
        "regrown": [100, 60, 60],
        "never below": [100, 100, 100],
        "partial": [100, 100],
    }


def test_a_partial_sum_is_shown_without_a_change(warehouse: Warehouse) -> None:
    both = [
        [target("A", 50), target("B", 50)],
        [target("A", 40), target("B", None)],
        [target("A", 45), target("B", 45)],
    ]
    derive_cases(warehouse, {"regrown": sizes(100, 60, 72), "partial": both, "from 0": sizes(100, 0, 10)})
    assert judged(warehouse, column="sum_mm")["partial"] == [40, 90]
    from_baseline = judged(warehouse, column="change_from_baseline_percent")
    assert from_baseline["regrown"] == pytest.approx([-40, -28])
    assert from_baseline["partial"] == [None, pytest.approx(-10)]
    from_nadir = judged(warehouse, column="change_from_nadir_percent")
    assert from_nadir["regrown"] == pytest.approx([-40, 20])
    assert from_nadir["from 0"] == [pytest.approx(-100), None]


def test_recist_1_1_needs_a_rise_of_5_mm_as_well(warehouse: Warehouse) -> None:
    derive_cases(warehouse, {"4.9": sizes(20, 24.9), "5": sizes(20, 25), "from 0": left(0, 4.9, 5)})
    assert judged(warehouse, "recist_1_1") == {"4.9": ["SD"], "5": ["PD"], "from 0": ["PR", "PR", "PD"]}
    assert judged(warehouse, "mrecist") == {"4.9": ["PD"], "5": ["PD"], "from 0": ["PR", "PD", "PD"]}


def test_a_setting_makes_any_regrowth_from_0_pd_by_recist_1_1(warehouse: Warehouse) -> None:
    name = "recist_1_1_nadir_zero_is_progression"
    warehouse.run("UPDATE reference.setting SET value = 1 WHERE name = :name", name=name)
    derive_cases(warehouse, {"from 0": left(0, 0, 1)})
    assert judged(warehouse, "recist_1_1") == {"from 0": ["PR", "PR", "PD"]}


def left(*sums: float) -> Case:
    """A target of 20 mm that gets these sizes beside a lesion that stays, so that no response is complete."""
    return [[target("T1", size), other("N")] for size in (20, *sums)]


def test_a_dead_lesion_is_gone_by_mrecist_alone(warehouse: Warehouse) -> None:
    dead = target("T1", 40, viable_diameter_mm=0)
    absent = target("T1", None, assessment="absent")
    derive_cases(warehouse, {"dead": [[target("T1", 50)], [dead]], "absent": [[target("T1", 50)], [absent]]})
    assert judged(warehouse, "mrecist") == {"dead": ["CR"], "absent": ["CR"]}
    assert judged(warehouse, "recist_1_1") == {"dead": ["SD"], "absent": ["CR"]}


def test_a_node_below_10_mm_is_gone_by_recist_1_1_alone(warehouse: Warehouse) -> None:
    def node(*short_axes: float) -> Case:
        return [[target("N", size, lymph_node="yes")] for size in short_axes]

    derive_cases(warehouse, {"9.9": node(18, 9.9), "10": node(18, 10), "3 then 9": node(18, 3, 9)})
    assert judged(warehouse, "recist_1_1") == {"9.9": ["CR"], "10": ["PR"], "3 then 9": ["CR", "CR"]}
    assert judged(warehouse, "mrecist") == {"9.9": ["PR"], "10": ["PR"], "3 then 9": ["PR", "PD"]}


def test_a_target_that_was_not_measured_leaves_pd_or_ne(warehouse: Warehouse) -> None:
    baseline = [target("A", 20), target("B", 20)]
    cases = {
        "rest reaches PD": ([baseline, [target("A", 48)]], ["PD"]),
        "rest does not": ([baseline, [target("A", 47)]], ["NE"]),
        "rest is gone": ([baseline, [target("A", 0)]], ["NE"]),
        "not evaluable": ([baseline, [target("A", 5), target("B", 5, assessment="not_evaluable")]], ["NE"]),
        "nothing read": ([baseline, []], ["NE"]),
        "gone, then partly read": (
            [baseline, [target("A", 0), target("B", 0)], [target("A", 0)]],
            ["CR", "NE"],
        ),
    }
    derive_cases(warehouse, {name: case for name, (case, _) in cases.items()})
    assert judged(warehouse) == {name: responses for name, (_, responses) in cases.items()}


def test_without_a_baseline_sum_only_cr_and_growth_can_be_told(warehouse: Warehouse) -> None:
    cases = {"not measured at baseline": sizes(None, 30, 36, 0), "no baseline": [[], *sizes(30, 60)]}
    derive_cases(warehouse, cases)
    assert judged(warehouse) == {"not measured at baseline": ["NE", "PD", "CR"], "no baseline": ["NE", "NE"]}
    assert judged(warehouse, column="baseline_sum_mm")["not measured at baseline"] == [None, None, None]
