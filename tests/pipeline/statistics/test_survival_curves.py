"""Kaplan-Meier from counts: curves, bands, medians, restricted means."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time

from include.pipeline.statistics.curves import CI_METHODS, Curves, band, kaplan_meier, median, restricted_mean, reverse
from include.pipeline.statistics.curves import standard_error as error_of

Counts = Sequence[tuple[float, int, int]]
"""Time, events, censored."""


def counts(*groups: Counts) -> pd.DataFrame:
    """Counts of groups a, b, ... of one endpoint."""
    rows: list[dict[str, Any]] = []
    for name, group in zip("abcdefgh", groups, strict=False):
        rows += [{"stratum": name, "months": t, "events": d, "censored": c} for t, d, c in group]
    columns = ["stratum", "months", "events", "censored"]
    return pd.DataFrame(rows, columns=columns).assign(
        endpoint="os_treatment",
        rule="study",
        criteria="none",
        entry="time zero",
        stratification="group",
        immortal_time=False,
        cause="tumour",
        entered=0,
        not_evaluable=0,
        imputed_times=0,
    )


def curves(*groups: Counts) -> Curves:
    """Their curves."""
    return kaplan_meier(counts(*groups))


def median_of(group: Counts) -> float:
    """The median of one group."""
    found = curves(group)
    return float(median(found, found.steps["survival"]).iloc[0])


def random_counts(seed: int, scale: int = 1) -> Counts:
    """Counts with ties; `scale` makes as many patients of each."""
    generator = np.random.default_rng(seed)
    times = np.sort(generator.choice(120, 40, replace=False))
    return [
        (float(t), int(d) * scale, int(c) * scale)
        for t, d, c in zip(times, *generator.integers(0, 4, (2, 40)), strict=True)
    ]


def expanded(group: Counts) -> tuple[list[float], list[bool]]:
    """Row-level times and events."""
    times = [t for t, d, c in group for _ in range(d + c)]
    return times, [i < d for _, d, c in group for i in range(d + c)]


def test_the_product_limit_by_hand() -> None:
    steps = curves([(1, 1, 0), (2, 0, 1), (3, 1, 0), (4, 1, 1)]).steps
    assert steps["at_risk"].tolist() == [5, 4, 3, 2]
    assert steps["survival"].tolist() == pytest.approx([0.8, 0.8, 0.8 * 2 / 3, 0.8 / 3])
    assert error_of(steps)[2] == pytest.approx(0.8 * 2 / 3 * math.sqrt(1 / 20 + 1 / 6))


def test_events_come_before_censoring_on_the_same_day() -> None:
    assert curves([(1, 1, 3)]).steps["survival"].tolist() == pytest.approx([0.75])


@pytest.mark.parametrize("seed", range(5))
def test_as_lifelines_on_every_patient(seed: int) -> None:
    group = random_counts(seed)
    steps = curves(group).steps
    times, events = expanded(group)
    fitter = KaplanMeierFitter().fit(times, events)
    theirs = fitter.survival_function_at_times(steps["months"])
    assert steps["survival"].tolist() == pytest.approx(theirs.tolist(), abs=1e-12)
    limits = fitter.confidence_interval_.reindex(steps["months"], method="ffill").to_numpy()
    inside = ((steps["survival"] > 0) & (steps["survival"] < 1)).to_numpy()
    assert band(steps, "log-log")[inside].to_numpy() == pytest.approx(limits[inside], abs=1e-9)


def test_a_million_patients_cost_and_give_what_a_few_do() -> None:
    few, many = curves(random_counts(1)), curves(random_counts(1, 1_000_000))
    assert len(few.steps) == len(many.steps)
    assert few.steps["survival"].tolist() == pytest.approx(many.steps["survival"].tolist(), abs=1e-12)


def test_curves_do_not_touch_each_other() -> None:
    one, other = random_counts(1), random_counts(2)
    both = curves(one, other).steps
    alone = curves(other).steps
    assert both.loc[both["curve"] == 1, "survival"].tolist() == alone["survival"].tolist()


def test_bands_stay_between_0_and_1() -> None:
    steps = curves([(1, 1, 0), (2, 8, 0), (3, 0, 1)]).steps
    for method in CI_METHODS:
        limits = band(steps, method)
        assert limits["ci_low"].min() >= 0
        assert limits["ci_high"].max() <= 1


def test_bands_where_survival_is_1_or_0() -> None:
    steps = curves([(1, 0, 1), (2, 1, 0)]).steps
    assert band(steps, "plain").iloc[0].tolist() == [1, 1]
    assert band(steps, "log").iloc[0].tolist() == [1, 1]
    assert band(steps, "log-log").iloc[0].isna().all()
    for method in CI_METHODS:
        assert band(steps, method).iloc[1].isna().all()
    assert error_of(steps).isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ([(1, 1, 0), (2, 1, 0), (3, 1, 0)], 2),
        ([(1, 1, 0), (2, 1, 0), (3, 1, 0), (5, 1, 0)], 2.5),
        ([(1, 1, 0), (2, 1, 0), (2.5, 0, 1), (5, 1, 0)], 3.5),
        ([(1, 1, 0), (2, 1, 0), (5, 0, 2)], 2),
        ([(7, 4, 0)], 7),
        ([(0, 4, 0)], 0),
    ],
)
def test_median(group: Counts, expected: float) -> None:
    assert median_of(group) == expected


def test_median_at_one_half_despite_rounding() -> None:
    inexact = 0
    for patients in range(2, 100, 2):
        group = [(day, 1, 0) for day in range(1, patients + 1)]
        inexact += 0.5 not in set(curves(group).steps["survival"])
        assert median_of(group) == (patients + 1) / 2
    assert inexact


@pytest.mark.parametrize("group", [[(1, 0, 3)], [(1, 1, 2)], [(5, 0, 1)]])
def test_median_not_reached_is_null(group: Counts) -> None:
    assert math.isnan(median_of(group))


def test_reverse_median_follow_up() -> None:
    found = reverse(curves([(1, 1, 0), (2, 0, 1), (3, 1, 1), (4, 0, 1)]))
    assert found.steps["survival"].tolist() == pytest.approx([1, 0.75, 0.5, 0])
    assert median(found, found.steps["survival"]).tolist() == [3.5]


@pytest.mark.parametrize("seed", range(3))
def test_restricted_mean_as_lifelines(seed: int) -> None:
    group = random_counts(seed)
    times, events = expanded(group)
    theirs = restricted_mean_survival_time(KaplanMeierFitter().fit(times, events), t=60)
    assert restricted_mean(curves(group), 60)["mean"].iloc[0] == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ([(70, 0, 5)], 60),
        ([(30, 1, 0), (60, 0, 1)], 45),
        ([(20, 1, 0), (40, 1, 0)], 30),
        ([(20, 1, 0), (40, 0, 1)], math.nan),
        ([(0, 2, 0)], 0),
    ],
)
def test_restricted_mean_needs_follow_up_or_the_last_event(group: Counts, expected: float) -> None:
    assert restricted_mean(curves(group), 60)["mean"].iloc[0] == pytest.approx(expected, nan_ok=True)


def test_no_patients() -> None:
    found = curves()
    assert found.steps.empty
    assert median(found, found.steps["survival"]).empty
    assert restricted_mean(found, 60).empty
