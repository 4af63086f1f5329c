"""Log-rank tests and Cox models from counts, against plain row-by-row sums and lifelines."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter
from lifelines.statistics import multivariate_logrank_test
from scipy import stats

from include.pipeline.statistics.comparison import Comparison, comparisons
from include.pipeline.statistics.hazard import hazard_ratios
from include.pipeline.statistics.log_rank import UNDECIDED, log_rank
from tests.pipeline.statistics.test_survival_curves import counts, expanded, random_counts


def compare(*groups: Any) -> Comparison:
    """The comparison of groups a, b, ..."""
    return next(comparisons(counts(*groups)))


def row_level(*groups: Any) -> pd.DataFrame:
    """Every patient: group, time, event."""
    frames = []
    for name, group in zip("abcdefgh", groups, strict=False):
        times, events = expanded(group)
        frames.append(pd.DataFrame({"group": name, "time": times, "event": events}))
    return pd.concat(frames, ignore_index=True)


def efron(patients: pd.DataFrame, beta: np.ndarray) -> list[tuple[np.ndarray, np.ndarray, int]]:
    """Residual, information and number of events of each event time, summed event by event."""
    dummies = pd.get_dummies(patients["group"], dtype=float).to_numpy()[:, 1:]
    hazard = np.exp(dummies @ beta)
    found = []
    for time in np.sort(patients.loc[patients["event"], "time"].unique()):
        risk = (patients["time"] >= time).to_numpy()
        dying = ((patients["time"] == time) & patients["event"]).to_numpy()
        ties = int(dying.sum())
        residual = dummies[dying].sum(axis=0)
        information = np.zeros((len(beta), len(beta)))
        for done in range(ties):
            weight = hazard * (risk - dying * done / ties)
            mean = weight @ dummies / weight.sum()
            residual = residual - mean
            information += (dummies * weight[:, None]).T @ dummies / weight.sum() - np.outer(mean, mean)
        found.append((residual, information, ties))
    return found


GROUPS = [random_counts(seed) for seed in (11, 12, 13)]


def test_log_rank_as_lifelines_on_every_patient() -> None:
    patients = row_level(*GROUPS)
    theirs = multivariate_logrank_test(patients["time"], patients["group"], patients["event"])
    found = log_rank(compare(*GROUPS))
    assert (found.statistic, found.p_value) == pytest.approx((theirs.test_statistic, theirs.p_value), rel=1e-9)
    assert found.df == 2


def test_log_rank_with_a_group_without_events() -> None:
    quiet = [(5.0, 0, 3), (200.0, 0, 6)]
    patients = row_level(*GROUPS, quiet)
    theirs = multivariate_logrank_test(patients["time"], patients["group"], patients["event"])
    found = log_rank(compare(*GROUPS, quiet))
    assert (found.statistic, found.df) == (pytest.approx(theirs.test_statistic, rel=1e-9), 3)


def test_log_rank_with_a_group_gone_before_the_first_event() -> None:
    found = log_rank(compare([(5, 2, 1)], [(6, 1, 4)], [(1, 0, 2)]))
    assert found == log_rank(compare([(5, 2, 1)], [(6, 1, 4)]))


@pytest.mark.parametrize("groups", [([(5, 0, 2)], [(6, 0, 2)]), ([(5, 2, 0)], [(5, 3, 0)]), ([(5, 2, 0)], [(1, 0, 3)])])
def test_log_rank_that_cannot_decide(groups: Any) -> None:
    assert str(log_rank(compare(*groups))) == str(UNDECIDED)


def test_one_group_is_no_comparison() -> None:
    assert list(comparisons(counts(GROUPS[0]))) == []
    assert list(comparisons(counts())) == []


def test_hazard_ratios_as_lifelines_on_every_patient() -> None:
    patients = row_level(*GROUPS)
    design = pd.get_dummies(patients["group"], drop_first=True, dtype=float)
    theirs = CoxPHFitter().fit(design.assign(time=patients["time"], event=patients["event"]), "time", "event").summary
    found = hazard_ratios(compare(*GROUPS))
    assert [(effect.group, effect.reference) for effect in found] == [("b", "a"), ("c", "a")]
    assert [effect.hazard_ratio for effect in found] == pytest.approx(theirs["exp(coef)"].tolist(), rel=1e-4)
    assert [effect.ci_high for effect in found] == pytest.approx(theirs["exp(coef) upper 95%"].tolist(), rel=1e-4)
    assert [effect.p_value for effect in found] == pytest.approx(theirs["p"].tolist(), abs=1e-4)


@pytest.mark.parametrize("scale", [1, 20])
def test_hazard_ratios_and_proportionality_solve_efrons_equations(scale: int) -> None:
    """At the estimate the score is 0, the error is the information's, and time adds what cox.zph tests."""
    groups = [random_counts(seed, scale) for seed in (11, 12, 13)]
    patients = row_level(*groups)
    found = hazard_ratios(compare(*groups))
    beta = np.log([effect.hazard_ratio for effect in found])
    times = efron(patients, beta)
    residuals, ties = np.array([t[0] for t in times]), np.array([t[2] for t in times])
    information = np.array([t[1] for t in times])
    total = information.sum(axis=0)
    assert residuals.sum(axis=0) == pytest.approx(np.zeros(2), abs=1e-7 * scale)
    errors = np.sqrt(np.diag(np.linalg.inv(total)))
    assert [math.log(e.ci_high / e.hazard_ratio) / 1.959964 for e in found] == pytest.approx(errors, rel=1e-6)

    alive = np.array([(patients["time"] >= t).sum() for t in np.sort(patients.loc[patients["event"], "time"].unique())])
    clock = 1 - np.concatenate([[1], np.cumprod(1 - ties / alive)[:-1]])
    clock = clock - np.average(clock, weights=ties)
    score = (residuals * clock[:, None]).sum(axis=0)
    cross = (information * clock[:, None, None]).sum(axis=0)
    variance = np.diag((information * clock[:, None, None] ** 2).sum(axis=0) - cross @ np.linalg.inv(total) @ cross)
    p_values = stats.chi2.sf(score**2 / variance, 1)
    assert [effect.proportionality_p_value for effect in found] == pytest.approx(p_values, abs=1e-7)


def test_hazards_that_cross_are_not_proportional() -> None:
    early = [(float(t), 8, 0) for t in range(1, 11)] + [(float(t), 1, 1) for t in range(30, 60)]
    late = [(float(t), 1, 0) for t in range(1, 11)] + [(float(t), 5, 0) for t in range(30, 60)]
    assert hazard_ratios(compare(early, late))[0].proportionality_p_value < 1e-6


def test_a_million_patients_have_the_ratio_of_a_few() -> None:
    few, many = (hazard_ratios(compare(random_counts(1, n), random_counts(2, n)))[0] for n in (100, 100_000))
    assert math.log(many.hazard_ratio) == pytest.approx(math.log(few.hazard_ratio), rel=1e-2)
    assert math.log(many.ci_high / many.ci_low) == pytest.approx(
        math.log(few.ci_high / few.ci_low) / 1000**0.5, rel=1e-2
    )


def test_a_group_without_events_has_no_ratio_and_changes_no_other() -> None:
    quiet = [(5.0, 0, 3), (200.0, 0, 6)]
    with_quiet = hazard_ratios(compare(GROUPS[0], quiet, GROUPS[1]))
    assert [effect.group for effect in with_quiet] == ["b", "c"]
    assert math.isnan(with_quiet[0].hazard_ratio)
    assert with_quiet[1].hazard_ratio == hazard_ratios(compare(GROUPS[0], GROUPS[1]))[0].hazard_ratio


LATEST = [(3.0, 0, 6), (5000.0, 1, 0)]
EARLIEST = [(0.001, 2, 0), (0.002, 3, 0)]


@pytest.mark.parametrize("apart", [LATEST, EARLIEST], ids=["dies when nobody else is followed", "dies before all"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_group_whose_events_overlap_no_other_s_has_no_ratio_and_changes_no_other(apart: Any, place: int) -> None:
    others = [[(time + 1, died, left) for time, died, left in group] for group in GROUPS]
    groups = [*others[:place], apart, *others[place:]]
    names = [name for name in "abcd" if name != "abcd"[place]]
    found = {effect.group: effect for effect in hazard_ratios(compare(*groups))}
    assert math.isnan(found.pop("abcd"[place]).hazard_ratio)
    alone = hazard_ratios(compare(*others))
    assert [(effect.group, effect.reference) for effect in found.values()] == [(name, names[0]) for name in names[1:]]
    for effect, expected in zip(found.values(), alone, strict=True):
        numbers = [
            (vars(e)["hazard_ratio"], e.ci_low, e.ci_high, e.proportionality_p_value) for e in (effect, expected)
        ]
        assert numbers[0] == pytest.approx(numbers[1], rel=1e-9)
    patients = row_level(*others)
    design = pd.get_dummies(patients["group"], drop_first=True, dtype=float)
    theirs = CoxPHFitter().fit(design.assign(time=patients["time"], event=patients["event"]), "time", "event").summary
    assert [effect.hazard_ratio for effect in found.values()] == pytest.approx(theirs["exp(coef)"].tolist(), rel=1e-4)


def test_a_ratio_that_is_missing_says_why() -> None:
    groups = compare(GROUPS[0], [(200.0, 0, 6)], [(1000.0, 0, 1), (5000.0, 1, 0)], GROUPS[1])
    assert {effect.group: effect.not_estimable for effect in hazard_ratios(groups)} == {
        "b": "no event in the group, or too few to be told",
        "c": "one of two groups has no told event while the other is followed, or factors cannot be told apart",
        "d": None,
    }


def test_the_reference_is_the_first_group_with_an_event() -> None:
    found = hazard_ratios(compare([(5, 0, 3)], GROUPS[0], GROUPS[1]))
    assert [(effect.group, effect.reference) for effect in found] == [("a", "b"), ("c", "b")]


@pytest.mark.parametrize(
    "groups",
    [
        ([(1, 3, 0)], [(2, 3, 0)]),
        ([(1, 3, 0)], [(2, 0, 3)]),
        ([(5, 2, 0)], [(5, 3, 0)]),
        ([(5, 1, 0)], [(6, 1, 0)]),
    ],
)
def test_no_finite_ratio_is_null(groups: Any) -> None:
    for effect in hazard_ratios(compare(*groups)):
        assert math.isnan(effect.hazard_ratio) or math.isfinite(effect.ci_high)


def test_no_events_no_ratios() -> None:
    assert hazard_ratios(compare([(5, 0, 2)], [(6, 0, 2)])) == []
