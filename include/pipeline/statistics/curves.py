"""Kaplan-Meier curves from counts: patients who enter, have the event or are censored on each day, all curves at once.

A curve costs its number of distinct days, whatever the number of patients. Every estimate agrees with R's survival
(tests/established) and lifelines (tests/pipeline/statistics), which fits one curve at a time and
knows one band of the three.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

CURVE = ["endpoint", "rule", "criteria", "entry", "stratification", "stratum"]
NUMBERS = ["entered", "events", "censored"]
CI_METHODS = ("plain", "log", "log-log")
Z = NormalDist().inv_cdf(0.975)
CURVE_ROWS = 400
"""Rows of one drawn curve; only a curve with more distinct days is drawn coarser."""
TOLERANCE = 1e-8
"""A survival this close to a quantile's level is at it: products of fractions rarely hit it exactly."""


@dataclass(frozen=True)
class Curves:
    """Curves by number, and their steps in order of curve and time.

    `keys` has the index `curve` and the columns that name a curve.
    `steps` has the columns curve, months, entered, events, censored, at_risk (just before that time), survival and
    relative_variance (Greenwood's sum: the variance of S over S squared).
    """

    keys: pd.DataFrame
    steps: pd.DataFrame


def kaplan_meier(counts: pd.DataFrame) -> Curves:
    """Curves from counts with the columns CURVE, immortal_time, months, entered, events and censored.

    A row without patients asks for the curve at its time and changes nothing.
    """
    codes = counts.groupby(CURVE, sort=True).ngroup().to_numpy()
    named = counts[[*CURVE, "immortal_time"]].assign(curve=codes)
    keys = named.drop_duplicates("curve").set_index("curve").sort_index()
    numbers = counts[["months", *NUMBERS]].astype("float64").assign(curve=codes)
    return _product_limit(keys, numbers.groupby(["curve", "months"], sort=True, as_index=False).sum())


def reverse(curves: Curves) -> Curves:
    """The same patients' follow-up: being censored is the event, and an event cuts it short."""
    return _product_limit(curves.keys, curves.steps.rename(columns={"events": "censored", "censored": "events"}))


def _product_limit(keys: pd.DataFrame, steps: pd.DataFrame) -> Curves:
    """Who leaves on a day or later and did not enter on it or later is at risk on that day."""
    curve, events = steps["curve"], steps["events"]
    at_risk = (events + steps["censored"] - steps["entered"])[::-1].groupby(curve).cumsum()[::-1]
    survival = (1 - events / at_risk).where(at_risk > 0, 1.0).groupby(curve).cumprod()
    added = (events / (at_risk * (at_risk - events))).where(events > 0, 0.0)
    variance = added.groupby(curve).cumsum()
    return Curves(keys, steps.assign(at_risk=at_risk, survival=survival, relative_variance=variance))


def stretches(steps: pd.DataFrame, key: list[str]) -> pd.Series:
    """The number of each step's stretch: every step is one, in a curve of more than CURVE_ROWS days several are."""
    by_curve = steps.groupby(key)
    days, place = by_curve["months"].transform("size"), by_curve.cumcount()
    divided = (place - 1) * CURVE_ROWS // (days - 1).clip(lower=1)
    return divided.where(days > CURVE_ROWS, place - 1)


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
    """Months at which `values` (S or a limit of its band, by step) fall to one half: as quantile."""
    return quantile(curves, values, 0.5)


def quantile(curves: Curves, values: pd.Series, level: float, *, to_the_end: bool = False) -> pd.Series:
    """Months at which `values` fall to the level, by curve; null = never.

    Where they stay at exactly the level until they fall further, the middle of that stretch: R's rule. Where they stay
    there to the end of follow-up, R prints the beginning as a median, and the middle `to_the_end` as a quantile.
    """
    fallen = curves.steps[["curve", "months"]].assign(value=values)[values < level + TOLERANCE]
    first = fallen.drop_duplicates("curve").set_index("curve")
    further = fallen[fallen["value"].to_numpy() < first["value"].reindex(fallen["curve"]).to_numpy()]
    next_fall = further.drop_duplicates("curve").set_index("curve")["months"].reindex(first.index)
    if to_the_end:
        next_fall = next_fall.fillna(fallen.groupby("curve")["months"].last())
    at_level = (first["value"] - level).abs() < TOLERANCE
    middle = (first["months"] + next_fall) / 2
    return first["months"].mask(at_level & next_fall.notna(), middle).reindex(curves.keys.index)


def restricted_mean(curves: Curves, horizon: float) -> pd.DataFrame:
    """Area under S up to the horizon, months: `mean` and its standard error `se`, by curve.

    Both are null where follow-up ends before the horizon with S > 0. The error is Greenwood's: each event counts
    with the area that is left behind it.
    """
    steps = curves.steps.assign(until=curves.steps["months"].clip(upper=horizon))
    by_curve = steps.groupby("curve")
    width = steps["until"] - by_curve["until"].shift(fill_value=0.0)
    upto = (by_curve["survival"].shift(fill_value=1.0) * width).groupby(steps["curve"]).cumsum()
    last = by_curve.last()
    area = upto.groupby(steps["curve"]).last()
    left = area.reindex(steps["curve"]).to_numpy() - upto
    added = by_curve["relative_variance"].diff().fillna(steps["relative_variance"])
    variance = (left**2 * added).where(steps["survival"] > 0, 0.0).groupby(steps["curve"]).sum()
    found = pd.DataFrame({"mean": area, "se": variance**0.5})
    return found.where((last["months"] >= horizon) | (last["survival"] == 0)).reindex(curves.keys.index)
