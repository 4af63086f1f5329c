"""Kaplan-Meier curves from counts: patients with and without event on each day, all curves at once.

A curve costs its number of distinct days, whatever the number of patients. Every estimate agrees with R's survival
(tests/reference) and lifelines (tests/statistics), which fits one curve at a time and knows one band of the three.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

CURVE = ["endpoint", "rule", "stratification", "stratum"]
CI_METHODS = ("plain", "log", "log-log")
Z = NormalDist().inv_cdf(0.975)
TOLERANCE = 1e-8
"""A survival this close to one half is one half: products of fractions rarely hit it exactly."""


@dataclass(frozen=True)
class Curves:
    """Curves by number, and their steps in order of curve and time.

    `keys` has the index `curve` and the columns that name a curve.
    `steps` has the columns curve, months, events, censored, at_risk (just before that time), survival and
    relative_variance (Greenwood's sum: the variance of S over S squared).
    """

    keys: pd.DataFrame
    steps: pd.DataFrame


def kaplan_meier(counts: pd.DataFrame) -> Curves:
    """Curves from counts with the columns CURVE, immortal_time, months, events and censored.

    A row with neither events nor censored patients asks for the curve at its time and changes nothing.
    """
    codes = counts.groupby(CURVE, sort=True).ngroup().to_numpy()
    named = counts[[*CURVE, "immortal_time"]].assign(curve=codes)
    keys = named.drop_duplicates("curve").set_index("curve").sort_index()
    numbers = counts[["months", "events", "censored"]].astype("float64").assign(curve=codes)
    return _product_limit(keys, numbers.groupby(["curve", "months"], sort=True, as_index=False).sum())


def reverse(curves: Curves) -> Curves:
    """The same patients' follow-up: being censored is the event, and an event cuts it short."""
    return _product_limit(curves.keys, curves.steps.rename(columns={"events": "censored", "censored": "events"}))


def _product_limit(keys: pd.DataFrame, steps: pd.DataFrame) -> Curves:
    curve, events = steps["curve"], steps["events"]
    at_risk = (events + steps["censored"])[::-1].groupby(curve).cumsum()[::-1]
    survival = (1 - events / at_risk).where(at_risk > 0, 1.0).groupby(curve).cumprod()
    added = (events / (at_risk * (at_risk - events))).where(events > 0, 0.0)
    variance = added.groupby(curve).cumsum()
    return Curves(keys, steps.assign(at_risk=at_risk, survival=survival, relative_variance=variance))


def standard_error(steps: pd.DataFrame) -> pd.Series:
    """Greenwood's standard error of S; null where S is 0, as in R."""
    error: pd.Series = steps["relative_variance"] ** 0.5 * steps["survival"]
    return error.where(steps["survival"] > 0)


def band(steps: pd.DataFrame, method: str) -> pd.DataFrame:
    """ci_low and ci_high (95 %) at each step by one of CI_METHODS; null where the method has no answer.

    All three have none at S = 0, and log-log none at S = 1, as in R.
    """
    survival = steps["survival"].where(steps["survival"] > 0)
    spread = Z * np.sqrt(steps["relative_variance"])
    if method == "plain":
        low, high = survival * (1 - spread), survival * (1 + spread)
    elif method == "log":
        low, high = survival * np.exp(-spread), survival * np.exp(spread)
    else:
        log = np.log(survival.where(survival < 1))
        low, high = np.exp(log * np.exp(-spread / log)), np.exp(log * np.exp(spread / log))
    return pd.DataFrame({"ci_low": low.clip(lower=0), "ci_high": high.clip(upper=1)})


def median(curves: Curves, values: pd.Series) -> pd.Series:
    """Months at which `values` (S or a limit of its band, by step) fall to one half, by curve; null = never.

    Where they stay at exactly one half until they fall further, the middle of that stretch: R's rule.
    """
    fallen = curves.steps[["curve", "months"]].assign(value=values)[values < 0.5 + TOLERANCE]
    first = fallen.drop_duplicates("curve").set_index("curve")
    further = fallen[fallen["value"].to_numpy() < first["value"].reindex(fallen["curve"]).to_numpy()]
    next_fall = further.drop_duplicates("curve").set_index("curve")["months"].reindex(first.index)
    at_half = (first["value"] - 0.5).abs() < TOLERANCE
    middle = (first["months"] + next_fall) / 2
    return first["months"].mask(at_half & next_fall.notna(), middle).reindex(curves.keys.index)


def restricted_mean(curves: Curves, horizon: float) -> pd.Series:
    """Area under S up to the horizon: months, by curve; null where follow-up ends before it with S > 0."""
    steps = curves.steps[["curve", "months", "survival"]].assign(until=curves.steps["months"].clip(upper=horizon))
    by_curve = steps.groupby("curve")
    width = steps["until"] - by_curve["until"].shift(fill_value=0.0)
    area = (by_curve["survival"].shift(fill_value=1.0) * width).groupby(steps["curve"]).sum()
    last = by_curve.last()
    means: pd.Series = area.where((last["months"] >= horizon) | (last["survival"] == 0))
    return means.reindex(curves.keys.index)
