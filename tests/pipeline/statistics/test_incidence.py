"""Competing risks by hand: what is known without a program."""

import pandas as pd
import pytest

from include.pipeline.statistics.comparison import comparisons
from include.pipeline.statistics.gray import gray
from include.pipeline.statistics.incidence import (
    cumulative_incidence,
    cumulative_incidence_comparison,
    cumulative_incidence_curve,
)
from include.pipeline.statistics.log_rank import UNDECIDED, ChiSquared
from tests.pipeline.statistics.test_survival_curves import Counts, counts, random_counts
from tests.pipeline.statistics.test_survival_marts import asked


def incidence(given: pd.DataFrame) -> pd.DataFrame:
    return cumulative_incidence(asked(given)).set_index(["cause", "months"])


def test_without_censoring_it_is_the_share_with_its_binomial_error() -> None:
    given = counts([(3, 4, 0), (5, 3, 0), (40, 13, 0)])
    found = incidence(given.assign(cause=["tumour", "treatment", "tumour"]))
    for cause, share in (("tumour", 0.2), ("treatment", 0.15)):
        for months in (6, 36):
            row = found.loc[(cause, months)]
            assert row[["cif", "std_err"]].tolist() == pytest.approx([share, (share * (1 - share) / 20) ** 0.5])
    assert found["n_at_risk"].loc["tumour"].tolist() == [13, 13, 13, 13, 0]


def test_causes_together_are_all_who_had_an_event() -> None:
    given = counts(random_counts(3))
    causes = given.assign(cause=["tumour", "other"] * 20)
    one, two = incidence(given), incidence(causes)
    both = two.groupby("months")["cif"].sum(min_count=1)
    assert both.tolist() == pytest.approx(one.loc["tumour", "cif"].tolist(), nan_ok=True)


def test_it_rises_between_its_limits() -> None:
    found = incidence(counts([(float(day), day % 2, 1) for day in range(1, 61)])).loc["tumour"]
    assert found["cif"].is_monotonic_increasing
    assert (found["ci_low"] < found["cif"]).all()
    assert (found["cif"] < found["ci_high"]).all()


def test_groups_that_are_alike_do_not_differ() -> None:
    given = counts(random_counts(3), random_counts(3))
    comparison = next(comparisons(given.assign(of_cause=given["events"] // 2)))
    found = gray(comparison)
    assert (found.statistic, found.df, found.p_value) == (pytest.approx(0, abs=1e-12), 1, pytest.approx(1))


def gray_of(*groups: Counts) -> ChiSquared:
    """The test of groups in which every event is of the cause."""
    given = counts(*groups)
    return gray(next(comparisons(given.assign(of_cause=given["events"]))))


@pytest.mark.parametrize(
    ("groups", "statistic", "df"),
    [
        (([(24, 1, 0)], [(36, 1, 0)], [(6, 2, 0)]), 3.4, 2),
        (([(5, 1, 0), (6, 1, 0), (7, 1, 0), (8, 1, 0)], [(4, 1, 0), (5, 1, 0)]), 3.72591743119266, 1),
    ],
)
def test_events_of_the_last_group_at_risk_compare_nothing(groups: list[Counts], statistic: float, df: int) -> None:
    """Statistics of R's cmprsk 2.2-11 with these events left out; with them it fails."""
    found = gray_of(*groups)
    assert (found.statistic, found.df) == (pytest.approx(statistic, abs=1e-9), df)


def test_groups_are_not_compared_beyond_an_incidence_of_1() -> None:
    """The incidence of all groups sums to 1 at 2 months, while two are at risk: R's cmprsk 2.2-11 fails."""
    late = [(2.0, 1, 0), (3.0, 1, 0), (4.0, 1, 0)]
    assert str(gray_of([(1.0, 3, 0)], late, late)) == str(UNDECIDED)


def test_an_incidence_that_is_1_by_rounding_has_no_limits() -> None:
    given = counts([(1, 9, 0), (2, 2, 0), (3, 7, 0), (4, 4, 0)])
    last = cumulative_incidence_curve(given).set_index("time_months").loc[4]
    assert last["cif"] == pytest.approx(1)
    assert last[["ci_low", "ci_high"]].isna().all()


def test_groups_that_differ_do() -> None:
    early, late = [(float(day), 2, 0) for day in range(1, 20)], [(float(day), 2, 0) for day in range(30, 50)]
    given = counts(early, late)
    assert gray(next(comparisons(given.assign(of_cause=given["events"])))).p_value < 1e-6


def test_who_has_no_time_is_told_of_the_groups_that_are_compared() -> None:
    two = counts([(3.0, 2, 0), (5.0, 0, 1)], [(4.0, 2, 0), (6.0, 0, 1)])
    one, third = two.iloc[0], {"stratum": "third", "months": None, "events": 0, "censored": 0, "cause": "none"}
    unknown = [{**one, "months": None, "events": 0, "not_evaluable": 4}, {**one, **third, "not_evaluable": 7}]
    given = pd.concat([two, pd.DataFrame(unknown)], ignore_index=True)
    told = cumulative_incidence_comparison(given)[["groups", "not_evaluable"]]
    assert told.to_numpy().tolist() == [[2, 4]]


def test_the_curve_is_the_estimate_at_every_day() -> None:
    given = counts([(float(day), day % 2, 1) for day in range(0, 61, 3)])
    key = ["cause", "months"]
    points = cumulative_incidence(asked(given)).set_index(key)
    curve = cumulative_incidence_curve(given).rename(columns={"time_months": "months"}).set_index(key)
    assert curve.index.get_level_values("months").tolist() == [float(day) for day in range(0, 61, 3)]
    both = points.join(curve, rsuffix="_curve", how="inner")
    assert both.index.get_level_values("months").tolist() == [6, 12, 24, 36, 60]
    for name in ("cif", "std_err", "ci_low", "ci_high"):
        assert both[f"{name}_curve"].tolist() == pytest.approx(both[name].tolist(), nan_ok=True), name
