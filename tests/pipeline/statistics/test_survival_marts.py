"""The functions that the survival marts name: their columns and rows, down to cohorts of nobody."""

import math
from typing import Any

import pandas as pd
import pytest

from include.pipeline.statistics import apply
from include.pipeline.statistics.curves import CI_METHODS, CURVE_ROWS, NUMBERS
from include.warehouse.tables import read_table
from tests.pipeline.statistics.test_survival_curves import Counts, counts, random_counts

MARTS = (
    "survival_curve",
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
LABELS = {"stratum_label", "stratum_order"}
"""Columns that the refresh adds."""
NEVER = math.nan
Quartile = dict[str, tuple[float, float, float]]
"""A quartile with its limits by each band."""
COHORTS: dict[str, tuple[Any, ...]] = {
    "nobody": (),
    "one patient": ([(5, 0, 1)],),
    "one death": ([(5, 1, 0)],),
    "no events": ([(5, 0, 3)], [(7, 0, 2)]),
    "all events at one time": ([(5, 3, 0)], [(5, 2, 0)]),
    "all events at time zero": ([(0, 3, 0)], [(0, 2, 0)]),
    "a group of one": ([(5, 3, 0), (9, 1, 1)], [(7, 0, 1)]),
}


def asked(given: pd.DataFrame) -> pd.DataFrame:
    """The counts as the marts' SELECTs give them: with time zero, time points and horizon."""
    keys = given.drop(columns=["months", *NUMBERS]).drop_duplicates()
    points = keys.merge(pd.DataFrame({"months": [6.0, 12.0, 24.0, 36.0, 60.0]}), how="cross")
    points = points.assign(entered=0, events=0, censored=0, asked=True)
    return pd.concat([given.assign(asked=False), points], ignore_index=True).assign(horizon_months=60.0)


def mart(name: str, given: pd.DataFrame) -> pd.DataFrame:
    """The mart's rows, by the function that its YAML names."""
    table = read_table("marts", name)
    frame = asked(given) if name in ("survival_at", "cumulative_incidence") else given
    if name == "follow_up":
        frame = frame[frame["stratum"] == "a"]
    rows = apply(table.statistics, frame.assign(horizon_months=60.0))
    return rows[[column.name for column in table.columns if column.name not in LABELS]]


@pytest.mark.parametrize("cohort", COHORTS)
@pytest.mark.parametrize("name", MARTS)
def test_every_mart_stands_every_cohort(name: str, cohort: str) -> None:
    rows = mart(name, counts(*COHORTS[cohort]))
    assert not rows.duplicated(list(read_table("marts", name).key)).any()
    assert not rows.isin([math.inf, -math.inf]).any().any()


def test_survival_beyond_the_last_follow_up_is_null() -> None:
    rows = mart("survival_at", counts([(7, 1, 0), (12, 1, 1)])).set_index(["ci_method", "months"]).loc["plain"]
    assert rows["survival"].tolist() == pytest.approx([1, 1 / 3, math.nan, math.nan, math.nan], nan_ok=True)
    assert rows["at_risk"].tolist() == [3, 2, 0, 0, 0]


def test_summary() -> None:
    rows = mart("survival_summary", counts([(10, 2, 0), (20, 2, 0), (70, 0, 2)]))
    first = rows.iloc[0]
    assert (first["patients"], first["events"], first["median_months"]) == (6, 4, 20)
    assert first["rmst_60_months"] == pytest.approx(10 + 10 * 4 / 6 + 40 * 2 / 6)
    assert first["median_follow_up_months"] == 70
    assert set(rows["ci_method"]) == {"plain", "log", "log-log"}


@pytest.mark.parametrize(("name", "patients"), [("survival_summary", "patients"), ("follow_up", "n")])
@pytest.mark.parametrize("known", [[], [(10, 1, 0), (20, 0, 1)]])
def test_who_is_not_evaluable_is_counted_and_in_no_estimate(
    name: str, patients: str, known: list[tuple[float, int, int]]
) -> None:
    given = counts([*known, (math.nan, 0, 0)])
    rows = mart(name, given.assign(not_evaluable=given["months"].isna() * 3))
    assert set(rows["not_evaluable"]) == {3}
    assert set(rows[patients]) == {len(known)}
    if known:
        without = mart(name, counts(known)).drop(columns="not_evaluable")
        pd.testing.assert_frame_equal(rows.drop(columns="not_evaluable"), without)


def test_a_long_curve_is_drawn_coarser_and_loses_nobody() -> None:
    group = [(float(day), 1, day % 2) for day in range(3000)]
    rows = mart("survival_curve", counts(group))
    drawn = rows[rows["ci_method"] == "plain"]
    assert len(drawn) == CURVE_ROWS + 1
    assert drawn[["events", "censored"]].sum().tolist() == [3000, 1500]
    left = drawn["events"] + drawn["censored"]
    assert drawn["at_risk"].tolist() == (4500 - left.cumsum() + left).tolist()
    assert drawn["time_months"].iloc[[0, -1]].tolist() == [0, 2999]


def test_a_short_curve_is_drawn_day_by_day() -> None:
    group = random_counts(5)
    drawn = mart("survival_curve", counts(group))
    assert drawn.loc[drawn["ci_method"] == "log", "time_months"].tolist() == [day for day, _, _ in group]


def test_immortal_time_is_carried_along() -> None:
    given = counts(random_counts(1), random_counts(2)).assign(immortal_time=True)
    for name in ("survival_curve", "survival_at", "survival_summary", "survival_comparison", "hazard_ratio"):
        assert mart(name, given)["immortal_time"].all()


def test_follow_up_observed_and_reversed() -> None:
    rows = mart("follow_up", counts([(1, 1, 0), (2, 0, 2), (9, 0, 1)])).set_index("measure")
    observed = rows.loc["observed"]
    assert observed.tolist() == pytest.approx([4, 0, 3.5, pd.Series([1, 2, 2, 9]).std(), 2, 1, 9])
    assert rows.loc["reverse_kaplan_meier", ["n", "median"]].tolist() == [4, 2]


@pytest.mark.parametrize("name", ["survival_comparison", "rmst_comparison", "hazard_ratio"])
def test_a_stratification_is_compared_alike_whatever_others_there_are(name: str) -> None:
    one = counts(random_counts(1), random_counts(2))
    other = counts(random_counts(3), random_counts(4)).assign(stratification="another")
    other["stratum"] = other["stratum"].map({"a": "0 first", "b": "z last"})
    together = mart(name, pd.concat([other, one], ignore_index=True))
    alone = mart(name, one).reset_index(drop=True)
    ours = together[together["stratification"] == "group"].reset_index(drop=True)
    pd.testing.assert_frame_equal(ours.astype(alone.dtypes), alone, check_categorical=False)


@pytest.mark.parametrize("cohort", ["nobody", "one patient", "no events", "all events at one time"])
@pytest.mark.parametrize(
    "name",
    [
        "survival_comparison",
        "rmst_comparison",
        "hazard_ratio",
        "cumulative_incidence_comparison",
        "cause_specific_hazard_ratio",
    ],
)
def test_what_cannot_be_decided_has_no_p(name: str, cohort: str) -> None:
    """Efron's partial likelihood of groups that all die on one day is greatest at a ratio of 1, as in R."""
    known = mart(name, counts(*COHORTS[cohort]))["p_value"].dropna()
    of_cox = name.endswith("hazard_ratio") and cohort == "all events at one time"
    assert known.tolist() == ([pytest.approx(1)] if of_cox else [])


@pytest.mark.parametrize(
    ("group", "q25", "q75"),
    [
        (
            [(day, int(day != 4), int(day == 4)) for day in range(1, 13)],
            {"plain": (4, 2, 8), "log": (4, 2, 9), "log-log": (4, 1, 7)},
            {"plain": (10, 7, NEVER), "log": (10, 8, NEVER), "log-log": (10, 6, NEVER)},
        ),
        (
            [(1, 1, 0), (2, 1, 0), (3, 0, 1), (5, 0, 5)],
            dict.fromkeys(CI_METHODS, (3.5, 1, NEVER)),
            dict.fromkeys(CI_METHODS, (NEVER, NEVER, NEVER)),
        ),
    ],
)
def test_quartiles_have_the_limits_of_each_band(group: Counts, q25: Quartile, q75: Quartile) -> None:
    """Answers of R's quantile.survfit, survival 3.5-3; in the second group survival stays at 0.75 to the end."""
    found = mart("survival_summary", counts(group)).set_index("ci_method")
    for name, expected in (("q25", q25), ("q75", q75)):
        for method in CI_METHODS:
            columns = [f"{name}_months", f"{name}_ci_low", f"{name}_ci_high"]
            assert found.loc[method, columns].tolist() == pytest.approx(expected[method], nan_ok=True), (name, method)
