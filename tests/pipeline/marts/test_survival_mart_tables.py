"""The survival marts from their SELECTs to their tables, on both engines."""

from typing import Any

import pandas as pd
import pytest

from include.warehouse import Warehouse
from include.warehouse.frames import append
from tests.support.marts import refresh_only

MARTS = (
    "survival_curve",
    "kaplan_meier",
    "survival_at",
    "survival_summary",
    "survival_comparison",
    "rmst_comparison",
    "hazard_ratio",
    "cumulative_incidence",
    "cumulative_incidence_curve",
    "cumulative_incidence_comparison",
    "cause_specific_hazard_ratio",
    "follow_up",
)


def refresh(warehouse: Warehouse, counts: list[dict[str, Any]]) -> None:
    """Fill every survival mart from the counts, which are of both estimates."""
    both = [{**row, "estimate": estimate} for row in counts for estimate in ("survival", "incidence")]
    append(warehouse, "derived.survival_count", pd.DataFrame(both))
    refresh_only(warehouse, *MARTS)


def counted(
    stratification: str, stratum: str, days: int, events: int, censored: int, cause: str = "tumour"
) -> dict[str, Any]:
    """One row of derived.survival_count, overall survival from treatment."""
    months = days / 30.4375
    names = {"endpoint": "os_treatment", "rule": "study", "criteria": "none", "entry": "time zero"}
    group = {"stratification": stratification, "stratum": stratum, "immortal_time": False, "cause": cause}
    nobody = {"entered": 0, "not_evaluable": 0, "imputed_times": 0}
    return {**names, **group, **nobody, "days": days, "months": months, "events": events, "censored": censored}


def test_from_counts_to_marts(warehouse: Warehouse) -> None:
    women = [("sex", "female", 100, 1, 0), ("sex", "female", 400, 1, 1)]
    men = [("sex", "male", 200, 0, 2)]
    both = [("all", "all", 100, 1, 0), ("all", "all", 200, 0, 2), ("all", "all", 400, 1, 1)]
    refresh(warehouse, [counted(*row) for row in (*women, *men, *both)])

    def found(select: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in warehouse.run(select)]

    curve = found(
        "SELECT at_risk, events, censored, survival FROM marts.survival_curve "
        "WHERE stratification = 'all' AND ci_method = 'plain' ORDER BY time_months"
    )
    assert curve == [(5, 0, 0, 1.0), (5, 1, 0, 0.8), (4, 0, 2, 0.8), (2, 1, 1, 0.4)]
    at = found(
        "SELECT months, at_risk, survival FROM marts.survival_at "
        "WHERE stratification = 'all' AND ci_method = 'log' ORDER BY months"
    )
    assert at == [(6, 4, 0.8), (12, 2, 0.8), (24, 0, None), (36, 0, None), (60, 0, None)]
    summary = found(
        "SELECT stratum, patients, events, median_months, rmst_60_months FROM marts.survival_summary "
        "WHERE ci_method = 'log' ORDER BY stratum"
    )
    reached = pytest.approx(400 / 30.4375)
    assert summary == [("all", 5, 2, reached, None), ("female", 3, 2, reached, None), ("male", 2, 0, None, None)]
    assert found("SELECT stratification, groups, df FROM marts.survival_comparison") == [("sex", 2, 1)]
    ratios = "SELECT stratum, stratum_label, stratum_order, reference, hazard_ratio FROM marts.hazard_ratio"
    assert found(ratios) == [("male", "Men", 2, "female", None)]
    follow_up = found("SELECT measure, n, mean FROM marts.follow_up ORDER BY measure")
    assert follow_up == [("observed", 5, pytest.approx(1300 / 5 / 30.4375)), ("reverse_kaplan_meier", 5, None)]


def test_deaths_compete(warehouse: Warehouse) -> None:
    women = [("sex", "female", 100, 1, 0), ("sex", "female", 150, 1, 0, "treatment"), ("sex", "female", 400, 0, 2)]
    men = [("sex", "male", 200, 1, 1)]
    refresh(warehouse, [counted(*row) for row in (*women, *men)])
    incidence = (
        "SELECT stratum, cause, months, n_at_risk, cif FROM marts.cumulative_incidence "
        "WHERE months IN (6, 12) ORDER BY stratum, cause, months"
    )
    assert [tuple(row) for row in warehouse.run(incidence)] == [
        ("female", "treatment", 6, 2, 0.25),
        ("female", "treatment", 12, 2, 0.25),
        ("female", "tumour", 6, 2, 0.25),
        ("female", "tumour", 12, 2, 0.25),
        ("male", "tumour", 6, 2, 0),
        ("male", "tumour", 12, 0, None),
    ]
    tests = warehouse.run("SELECT cause, groups, df FROM marts.cumulative_incidence_comparison ORDER BY cause")
    assert [tuple(row) for row in tests] == [("treatment", 2, 1), ("tumour", 2, 1)]
    ratios = warehouse.run("SELECT cause, stratum, reference FROM marts.cause_specific_hazard_ratio ORDER BY cause")
    assert [tuple(row) for row in ratios] == [("treatment", "male", "female"), ("tumour", "male", "female")]


def test_a_curve_is_ready_for_a_chart(warehouse: Warehouse) -> None:
    on_day_0 = [("sex", "female", 0, 1, 1), ("sex", "female", 400, 1, 1)]
    later = [("sex", "male", 0, 0, 1), ("sex", "male", 100, 0, 1), ("sex", "male", 200, 1, 1)]
    biased = [{**counted("sex", "male", 300, 1, 0), "endpoint": "os_diagnosis", "immortal_time": True}]
    refresh(warehouse, [*(counted(*row) for row in (*on_day_0, *later)), *biased])
    curve = (
        "SELECT endpoint_label, stratification_label, stratum_label, sort_order, step, time_months * 30.4375, "
        "survival, ci_low IS NULL, ci_high, at_risk, censored FROM marts.kaplan_meier ORDER BY sort_order, step"
    )
    label = ("Overall survival from first procedure", "Sex")
    women, men = (*label, "Women", 1), (*label, "Men", 2)
    found = [tuple(row) for row in warehouse.run(curve)]
    assert [row[:8] + row[9:] for row in found] == [
        (*women, 1, 0, 1, False, 4, 0),
        (*women, 2, 0, 0.75, False, 4, 1),
        (*women, 3, pytest.approx(400), 0.375, False, 2, 1),
        (*men, 1, 0, 1, False, 4, 1),
        (*men, 2, pytest.approx(100), 1, False, 3, 1),
        (*men, 3, pytest.approx(200), 0.5, False, 2, 1),
    ]
    assert [row[8] for row in found][3:5] == [1, 1]


def test_nobody(warehouse: Warehouse) -> None:
    refresh(warehouse, [])
    assert [warehouse.scalar(f"SELECT COUNT(*) FROM marts.{name}") for name in MARTS] == [0] * (len(MARTS) - 1) + [2]
