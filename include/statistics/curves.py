"""Kaplan-Meier curves from counts: patients with and without event on each day, many curves at once.

The product limit is lifelines', fitted once for each curve with the counts as weights; a curve costs its number
of distinct days, whatever the number of patients. Bands and medians are added here, as lifelines knows one
band of the three and misses a median where survival is one half exactly.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from lifelines import KaplanMeierFitter

CURVE = ["endpoint", "rule", "stratification", "stratum"]
CI_METHODS = ("plain", "log", "log-log")
Z = NormalDist().inv_cdf(0.975)
TOLERANCE = 1e-8
"""A survival this close to one half is one half: products of fractions rarely hit it exactly."""


@dataclass(frozen=True)
class Curves:
    """Curves by number, and their steps in order of curve and time.

    `keys` has the index `curve` and the columns that name a curve; `fits` are lifelines' by the same number.
    `steps` has the columns curve, months, events, censored, at_risk (just before that time), survival and
    relative_variance (Greenwood's sum: the variance of S over S squared).
    """

    keys: pd.DataFrame
    fits: "dict[Hashable, KaplanMeierFitter]"
    steps: pd.DataFrame


def kaplan_meier(counts: pd.DataFrame) -> Curves:
    """Curves from counts with the columns CURVE, immortal_time, months, events and censored.

    A row with neither events nor censored patients asks for the curve at its time and changes nothing.
    """
    codes = counts.groupby(CURVE, sort=True).ngroup().to_numpy()
    named = counts[[*CURVE, "immortal_time"]].assign(curve=codes)
    keys = named.drop_duplicates("curve").set_index("curve").sort_index()
    numbers = counts[["months", "events", "censored"]].astype("float64").assign(curve=codes)
    return _fitted(keys, numbers.groupby(["curve", "months"], sort=True, as_index=False).sum())


def reverse(curves: Curves) -> Curves:
    """The same patients' follow-up: being censored is the event, and an event cuts it short."""
    return _fitted(curves.keys, curves.steps.rename(columns={"events": "censored", "censored": "events"}))


def outcomes(counts: pd.DataFrame) -> pd.DataFrame:
    """The counts as lifelines takes them: a row for each day's patients with `event` and one for those without.

    `patients` is their number and is never 0.
    """
    events = counts.assign(event=True, patients=counts["events"])
    censored = counts.assign(event=False, patients=counts["censored"])
    both = pd.concat([events, censored], ignore_index=True)
    return both[both["patients"] > 0]


def _fitted(keys: pd.DataFrame, steps: pd.DataFrame) -> Curves:
    fits = {}
    at_risk, survival = np.zeros(len(steps)), np.zeros(len(steps))
    for curve, place in steps.groupby("curve").indices.items():
        months = steps["months"].to_numpy()[place]
        rows = outcomes(steps.iloc[place])
        fit = _fit(*(rows[name].to_numpy().tobytes() for name in ("months", "event", "patients")))
        at_risk[place] = fit.event_table["at_risk"].reindex(months, method="bfill", fill_value=0)
        survival[place] = fit.survival_function_.iloc[:, 0].reindex(months, method="ffill")
        fits[curve] = fit
    with np.errstate(divide="ignore", invalid="ignore"):
        added = (steps["events"] / (at_risk * (at_risk - steps["events"]))).where(steps["events"] > 0, 0.0)
    variance = added.groupby(steps["curve"]).cumsum()
    return Curves(keys, fits, steps.assign(at_risk=at_risk, survival=survival, relative_variance=variance))


@lru_cache(maxsize=1024)
def _fit(months: bytes, event: bytes, patients: bytes) -> "KaplanMeierFitter":
    """The fit of one curve's outcomes (their columns as arrays' bytes), kept: several marts read the same curves."""
    from lifelines import KaplanMeierFitter

    weights = np.frombuffer(patients)
    return KaplanMeierFitter().fit(np.frombuffer(months), np.frombuffer(event, dtype=bool), weights=weights)


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
    from lifelines.utils import restricted_mean_survival_time

    last = curves.steps.drop_duplicates("curve", keep="last").set_index("curve")
    known = last.index[(last["months"] >= horizon) | (last["survival"] == 0)]
    means = {curve: restricted_mean_survival_time(curves.fits[curve], t=horizon) for curve in known}
    return pd.Series(means, dtype="float64").reindex(curves.keys.index)
