"""The marts of competing risks: what happens first, by cause, all causes and curves at once.

Own code, as lifelines' AalenJohansenFitter breaks ties at random. Estimates, errors and limits are those of R's
multi-state survfit (tests/reference).
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from include.statistics.comparison import Comparison, comparisons
from include.statistics.curves import CURVE, Z, kaplan_meier
from include.statistics.gray import gray
from include.statistics.hazard import hazard_ratios

ESTIMATES = ["cif", "std_err", "ci_low", "ci_high"]
RISK = ["curve", "cause"]


def cumulative_incidence(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart cumulative_incidence: of every cause with an event, at the time points (counts with `asked`).

    Null beyond the last follow-up.
    """
    curves = kaplan_meier(counts)
    asked = counts.loc[counts["asked"].astype(bool), "months"].astype("float64").unique()
    steps = _influences(_by_cause(counts, curves.steps))
    points = steps[steps["months"].isin(asked)]
    points = points.assign(std_err=_jackknife(steps, points))
    points = points.join(log_log_limits(points["cif"], points["std_err"]))
    end = steps[steps["events"] + steps["censored"] > 0].groupby("curve")["months"].last()
    points[ESTIMATES] = points[ESTIMATES].where(points["months"] <= points["curve"].map(end))
    named = points.join(curves.keys, on="curve").rename(columns={"at_risk": "n_at_risk"})
    return named.astype({"n_at_risk": "int64"})


def log_log_limits(incidence: pd.Series, error: pd.Series) -> pd.DataFrame:
    """ci_low and ci_high (95 %), as R's multi-state survfit; null at 0 and 1."""
    inside = incidence.where((incidence > 0) & (incidence < 1))
    log = np.log(inside)
    spread = -Z * error / (inside * log)
    return pd.DataFrame({"ci_low": np.exp(log * np.exp(spread)), "ci_high": np.exp(log * np.exp(-spread))})


def _by_cause(counts: pd.DataFrame, steps: pd.DataFrame) -> pd.DataFrame:
    """The steps of each curve once for each of its causes: `of_cause` are its events, `cif` its incidence."""
    codes = counts.groupby(CURVE, sort=True).ngroup().to_numpy()
    numbers = counts[["months", "events"]].astype("float64").assign(curve=codes, cause=counts["cause"])
    happened = numbers[numbers["events"] > 0]
    of_cause = happened.groupby([*RISK, "months"])["events"].sum().rename("of_cause").reset_index()
    before = steps.groupby("curve")["survival"].shift(fill_value=1.0)
    each = steps.assign(before=before).merge(of_cause[RISK].drop_duplicates(), on="curve")
    each = each.merge(of_cause, on=[*RISK, "months"], how="left").fillna({"of_cause": 0.0})
    each = each.sort_values([*RISK, "months"], ignore_index=True)
    added = (each["before"] * each["of_cause"] / each["at_risk"]).where(each["at_risk"] > 0, 0.0)
    return each.assign(cif=added.groupby([each[name] for name in RISK]).cumsum())


def _influences(steps: pd.DataFrame) -> pd.DataFrame:
    """What each step adds to a patient's influence on the incidence F(t), gathered up to it.

    A patient's influence is `fixed` + F(t) `moving`, where time has gone to: t, or the patient's last day. To it an
    event on that day adds -(F(t) - F) / `left`, and one of the cause `jump`.
    """
    at_risk = steps["at_risk"].where(steps["at_risk"] > 0)
    left = (steps["at_risk"] - steps["events"]).where(steps["at_risk"] > steps["events"])
    hazard = (steps["events"] / (at_risk * left)).fillna(0.0)
    jump = (steps["before"] / at_risk).fillna(0.0)
    risk = [steps[name] for name in RISK]
    lost = (jump * steps["of_cause"] / at_risk).fillna(0.0) + hazard * steps["cif"]
    fixed, moving = -lost.groupby(risk).cumsum(), hazard.groupby(risk).cumsum()
    return steps.assign(fixed=fixed, moving=moving, jump=jump, left=left)


def _jackknife(steps: pd.DataFrame, points: pd.DataFrame) -> pd.Series:
    """The infinitesimal jackknife error at each point: patients who left on one day in one way are alike."""
    variance = pd.Series(np.nan, points.index)
    for months, asked in points.groupby("months"):
        gone = steps[steps["months"] <= months].merge(asked[[*RISK, "cif"]], on=RISK, suffixes=("", "_then"))
        still = gone["fixed"] + gone["cif_then"] * gone["moving"]
        event = still - ((gone["cif_then"] - gone["cif"]) / gone["left"]).fillna(0.0)
        squares = (
            gone["censored"] * still**2
            + (gone["events"] - gone["of_cause"]) * event**2
            + gone["of_cause"] * (event + gone["jump"]) ** 2
        )
        here = gone["months"] == months
        squares += ((gone["at_risk"] - gone["events"] - gone["censored"]) * still**2).where(here, 0.0)
        summed = squares.groupby([gone[name] for name in RISK]).sum()
        variance[asked.index] = summed.reindex(pd.MultiIndex.from_frame(asked[RISK])).to_numpy()
    return variance**0.5


def _causes(counts: pd.DataFrame) -> Iterator[tuple[str, Comparison]]:
    """Every comparison once for each cause with an event; `of_cause` are its events."""
    for comparison in comparisons(counts):
        rows = comparison.counts
        for cause in sorted(rows.loc[rows["events"] > 0, "cause"].unique()):
            of_cause = rows["events"].where(rows["cause"] == cause, 0)
            yield cause, replace(comparison, counts=rows.assign(of_cause=of_cause))


def cumulative_incidence_comparison(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart cumulative_incidence_comparison: Gray's test of every stratification with two groups or more."""
    rows = [
        {**comparison.key, "cause": cause, "groups": len(comparison.groups), **vars(gray(comparison))}
        for cause, comparison in _causes(counts)
    ]
    columns = ["endpoint", "rule", "criteria", "stratification", "immortal_time", "cause", "groups"]
    return pd.DataFrame(rows, columns=[*columns, "statistic", "df", "p_value"]).astype({"df": "Int64"})


def cause_specific_hazard_ratio(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart cause_specific_hazard_ratio: as hazard_ratio, events of other causes being censored."""
    rows = []
    for cause, comparison in _causes(counts):
        known = comparison.counts
        others = known["events"] - known["of_cause"]
        of_cause = known.assign(events=known["of_cause"], censored=known["censored"] + others)
        for effect in hazard_ratios(replace(comparison, counts=of_cause)):
            rows.append({**comparison.key, "cause": cause, **vars(effect), "stratum": effect.group})
    columns = ["endpoint", "rule", "criteria", "stratification", "immortal_time", "cause", "stratum", "reference"]
    estimates = ["hazard_ratio", "ci_low", "ci_high", "p_value", "proportionality_p_value"]
    return pd.DataFrame(rows, columns=[*columns, *estimates])
