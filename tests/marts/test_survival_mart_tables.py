"""The survival marts from their SELECTs to their tables, on both engines."""

from typing import Any

import pandas as pd
import pytest

from include import statistics
from include.warehouse import Warehouse
from include.warehouse.frames import append
from include.warehouse.sql import select_text
from include.warehouse.tables import read_table

MARTS = (
    "survival_curve",
    "survival_at",
    "survival_summary",
    "survival_comparison",
    "rmst_comparison",
    "hazard_ratio",
    "follow_up",
)


def refresh(warehouse: Warehouse, counts: list[dict[str, Any]]) -> None:
    """Fill every survival mart from the counts, the way the refresh step does."""
    append(warehouse, "derived.survival_count", pd.DataFrame(counts))
    for name in MARTS:
        table = read_table("marts", name)
        rows = statistics.apply(table.statistics, warehouse.frame(select_text(f"marts/{name}")))
        append(warehouse, table.name, rows[[column.name for column in table.columns]])


def counted(stratification: str, stratum: str, days: int, events: int, censored: int) -> dict[str, Any]:
    """One row of derived.survival_count, overall survival from treatment."""
    months = days / 30.4375
    names = {"endpoint": "os_treatment", "rule": "study", "criteria": "none", "entry": "time zero"}
    group = {"stratification": stratification, "stratum": stratum, "immortal_time": False, "entered": 0}
    return {**names, **group, "days": days, "months": months, "events": events, "censored": censored}


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
    assert found("SELECT stratum, reference, hazard_ratio FROM marts.hazard_ratio") == [("male", "female", None)]
    follow_up = found("SELECT measure, n, mean FROM marts.follow_up ORDER BY measure")
    assert follow_up == [("observed", 5, pytest.approx(1300 / 5 / 30.4375)), ("reverse_kaplan_meier", 5, None)]


def test_nobody(warehouse: Warehouse) -> None:
    refresh(warehouse, [])
    assert [warehouse.scalar(f"SELECT COUNT(*) FROM marts.{name}") for name in MARTS] == [0, 0, 0, 0, 0, 0, 2]
