"""The survival marts: from counts of patients by day to curves, estimates and comparisons."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from include.statistics.comparison import COMPARISON, comparisons
from include.statistics.curves import (
    CI_METHODS,
    CURVE,
    Curves,
    band,
    kaplan_meier,
    median,
    restricted_mean,
    reverse,
    standard_error,
)
from include.statistics.hazard import adjusted_hazard_ratios, hazard_ratios
from include.statistics.log_rank import log_rank

Vector = NDArray[np.float64]
COUNTS = ["at_risk", "events", "censored"]
MODEL = ["endpoint", "rule"]
EFFECT = ["group", "reference", "hazard_ratio", "ci_low", "ci_high", "p_value", "proportionality_p_value"]
CURVE_ROWS = 400
"""Rows of one drawn curve; only a curve with more distinct days is drawn coarser."""


def survival_curve(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart survival_curve: every curve from time zero on with its three confidence bands.

    A curve of more than CURVE_ROWS days is divided into that many equal stretches of its days. Each keeps the
    survival at its end, at_risk at its start, and the events and censored patients within.
    """
    curves = kaplan_meier(counts)
    days = curves.steps.groupby("curve")["months"].transform("size")
    place = curves.steps.groupby("curve").cumcount()
    stretch = np.where(days > CURVE_ROWS, (place - 1) * CURVE_ROWS // (days - 1).clip(lower=1), place - 1)
    steps = curves.steps.assign(stretch=stretch, std_err=standard_error(curves.steps))
    last = dict.fromkeys(("months", "survival", "relative_variance", "std_err"), "last")
    drawn = steps.groupby(["curve", "stretch"], as_index=False).agg(
        {"at_risk": "first", "events": "sum", "censored": "sum", **last}
    )
    return _with_bands(curves, drawn).rename(columns={"months": "time_months"})


def survival_at(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart survival_at: S at the time points (counts with `asked`), null beyond the last follow-up."""
    curves = kaplan_meier(counts)
    asked = counts.loc[counts["asked"].astype(bool), "months"].astype("float64").unique()
    points = curves.steps[curves.steps["months"].isin(asked)]
    known = _with_bands(curves, points)
    estimates = ["survival", "ci_low", "ci_high"]
    known[estimates] = known[estimates].where(known["at_risk"] > 0)
    return known


def survival_summary(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart survival_summary: numbers, medians, restricted mean (to counts' horizon_months), follow-up."""
    curves = kaplan_meier(counts)
    sums = curves.steps.groupby("curve")[["events", "censored"]].sum().reindex(curves.keys.index, fill_value=0)
    horizon = float(counts["horizon_months"].iloc[0]) if len(counts) else 0.0
    followed = reverse(curves)
    shared = curves.keys.assign(
        patients=(sums["events"] + sums["censored"]).astype("int64"),
        events=sums["events"].astype("int64"),
        not_evaluable=counts.groupby(CURVE, sort=True)["not_evaluable"].sum().to_numpy(dtype="int64"),
        median_months=median(curves, curves.steps["survival"]),
        rmst_60_months=restricted_mean(curves, horizon),
        median_follow_up_months=median(followed, followed.steps["survival"]),
    )
    rows = []
    for method in CI_METHODS:
        limits = band(curves.steps, method)
        low, high = median(curves, limits["ci_low"]), median(curves, limits["ci_high"])
        rows.append(shared.assign(ci_method=method, median_ci_low=low, median_ci_high=high))
    return pd.concat(rows, ignore_index=True)


def survival_comparison(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart survival_comparison: the log-rank test of every stratification with two groups or more."""
    rows = []
    for comparison in comparisons(counts):
        test = log_rank(comparison)
        outcome = {"statistic": test.statistic, "df": test.df, "p_value": test.p_value}
        rows.append({**comparison.key, "groups": len(comparison.groups), **outcome})
    columns = [*COMPARISON, "immortal_time", "groups", "statistic", "df", "p_value"]
    return pd.DataFrame(rows, columns=columns).astype({"df": "Int64"})


def hazard_ratio(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart hazard_ratio: each group against its reference, one stratification at a time."""
    rows = [
        {**comparison.key, **vars(effect)} for comparison in comparisons(counts) for effect in hazard_ratios(comparison)
    ]
    columns = [*COMPARISON, "immortal_time", *EFFECT]
    return pd.DataFrame(rows, columns=columns).rename(columns={"group": "stratum"})


def multivariable_hazard_ratio(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart multivariable_hazard_ratio: one model an endpoint and rule; every further column of counts is a factor."""
    factors = [name for name in counts.columns if name not in (*MODEL, "months", "events", "censored")]
    rows: list[dict[str, object]] = []
    for key, group in counts.groupby(MODEL, sort=True):
        effects = adjusted_hazard_ratios(group, factors)
        coefficients = sum(not np.isnan(effect.hazard_ratio) for _, effect in effects)
        events = int(group["events"].sum())
        model = {
            **dict(zip(MODEL, key, strict=True)),
            "patients": events + int(group["censored"].sum()),
            "events": events,
            "events_per_coefficient": events / coefficients if coefficients else None,
        }
        rows += [{**model, "stratification": factor, **vars(effect)} for factor, effect in effects]
    columns = [*COMPARISON, *EFFECT, "patients", "events", "events_per_coefficient"]
    return pd.DataFrame(rows, columns=columns).rename(columns={"group": "stratum"})


def follow_up(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart follow_up: observed months and the reverse Kaplan-Meier median; counts of one curve."""
    evaluable = counts[counts["months"].notna()]
    patients = (evaluable["events"] + evaluable["censored"]).to_numpy(dtype="float64")
    observed = _described(evaluable["months"].to_numpy(dtype="float64"), patients)
    followed = reverse(kaplan_meier(evaluable))
    numbers = {"n": int(patients.sum()), "not_evaluable": int(counts["not_evaluable"].sum())}
    reversed_median = {"median": median(followed, followed.steps["survival"]).get(0, np.nan)}
    rows = [
        {"measure": measure, **numbers, **values}
        for measure, values in (("observed", observed), ("reverse_kaplan_meier", reversed_median))
    ]
    return pd.DataFrame(rows, columns=["measure", *numbers, "mean", "sd", "median", "min", "max"])


def _with_bands(curves: Curves, steps: pd.DataFrame) -> pd.DataFrame:
    """The steps once for each confidence method, with the columns that name their curve."""
    named = steps.merge(curves.keys, left_on="curve", right_index=True)
    rows = [pd.concat([named, band(named, method)], axis=1).assign(ci_method=method) for method in CI_METHODS]
    return pd.concat(rows, ignore_index=True).astype(dict.fromkeys(COUNTS, "int64"))


def _described(months: Vector, patients: Vector) -> dict[str, float]:
    """Mean, SD, median, minimum and maximum of months that count for several patients each."""
    total = patients.sum()
    if not total:
        return {}
    order = np.argsort(months)
    months, patients = months[order], patients[order]
    upto = patients.cumsum()
    mean = float((months * patients).sum() / total)
    middle = [months[np.searchsorted(upto, rank)] for rank in ((total + 1) // 2, total // 2 + 1)]
    squares = float((patients * (months - mean) ** 2).sum())
    return {
        "mean": mean,
        "sd": (squares / (total - 1)) ** 0.5 if total > 1 else np.nan,
        "median": float(sum(middle)) / 2,
        "min": float(months[0]),
        "max": float(months[-1]),
    }
