"""The survival marts of single curves: from counts of patients by day to curves and estimates."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from include.pipeline.statistics.curves import (
    CI_METHODS,
    CURVE,
    NUMBERS,
    Curves,
    Z,
    band,
    kaplan_meier,
    median,
    quantile,
    restricted_mean,
    reverse,
    standard_error,
    stretches,
)

Vector = NDArray[np.float64]
COUNTS = ["at_risk", *NUMBERS]
QUARTILES = {"q25": 0.75, "q75": 0.25}
"""The survival at which a quarter, or three quarters, have had the event."""


def survival_curve(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart survival_curve: every curve from time zero on with its three confidence bands.

    A curve of more than CURVE_ROWS days is divided into that many equal stretches of its days. Each keeps the
    survival at its end, at_risk at its start, and the patients who enter and leave within.
    """
    curves = kaplan_meier(counts)
    steps = curves.steps.assign(stretch=stretches(curves.steps, ["curve"]), std_err=standard_error(curves.steps))
    last = dict.fromkeys(("months", "survival", "relative_variance", "std_err"), "last")
    drawn = steps.groupby(["curve", "stretch"], as_index=False).agg(
        {"at_risk": "first", **dict.fromkeys(NUMBERS, "sum"), **last}
    )
    return _with_bands(curves, drawn).rename(columns={"months": "time_months"})


def survival_at(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart survival_at: S at the time points (counts with `asked`), null beyond the last follow-up.

    at_risk is that of the next day on which somebody leaves, as R counts: who enters until then is among them.
    """
    curves = kaplan_meier(counts)
    asked = counts.loc[counts["asked"].astype(bool), "months"].astype("float64").unique()
    left = curves.steps["events"] + curves.steps["censored"] > 0
    at_risk = curves.steps["at_risk"].where(left).groupby(curves.steps["curve"]).bfill()
    steps = curves.steps.assign(at_risk=at_risk.fillna(0.0), is_followed=at_risk.notna())
    known = _with_bands(curves, steps[steps["months"].isin(asked)])
    estimates = ["survival", "ci_low", "ci_high"]
    known[estimates] = known[estimates].where(known["is_followed"])
    return known


def survival_summary(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart survival_summary: numbers, quantiles, restricted mean (to counts' horizon_months), follow-up."""
    curves = kaplan_meier(counts)
    by_curve = counts.groupby(CURVE, sort=True)
    told = {name: by_curve[name].sum().to_numpy(dtype="int64") for name in ("not_evaluable", "imputed_times")}
    sums = curves.steps.groupby("curve")[["events", "censored"]].sum().reindex(curves.keys.index, fill_value=0)
    survival, followed = curves.steps["survival"], reverse(curves)
    shared = curves.keys.assign(
        patients=(sums["events"] + sums["censored"]).astype("int64"),
        events=sums["events"].astype("int64"),
        **told,
        median_months=median(curves, survival),
        **{f"{name}_months": quantile(curves, survival, level, to_the_end=True) for name, level in QUARTILES.items()},
        median_follow_up_months=median(followed, followed.steps["survival"]),
        **restricted_mean_with_limits(curves, counts),
    )
    rows = []
    for method in CI_METHODS:
        medians = _limits(curves, method, "median") | _limits(followed, method, "median_follow_up")
        rows.append(shared.assign(ci_method=method, **medians, **_quartile_limits(curves, method)))
    return pd.concat(rows, ignore_index=True)


def restricted_mean_with_limits(curves: Curves, counts: pd.DataFrame) -> dict[str, pd.Series]:
    """The columns rmst_60_months, rmst_60_se, rmst_60_ci_low, rmst_60_ci_high; estimate +- 1.96 errors, as in R."""
    found = restricted_mean(curves, float(counts["horizon_months"].iloc[0]) if len(counts) else 0.0)
    margin = Z * found["se"]
    low, high = found["mean"] - margin, found["mean"] + margin
    return {"rmst_60_months": found["mean"], "rmst_60_se": found["se"], "rmst_60_ci_low": low, "rmst_60_ci_high": high}


def _limits(curves: Curves, method: str, name: str) -> dict[str, pd.Series]:
    """Limits of the median: where the band crosses one half."""
    limits = band(curves.steps, method)
    return {f"{name}_{side}": median(curves, limits[side]) for side in ("ci_low", "ci_high")}


def _quartile_limits(curves: Curves, method: str) -> dict[str, pd.Series]:
    """Limits of the quartiles: where the band crosses their level."""
    limits = band(curves.steps, method)
    return {
        f"{name}_{side}": quantile(curves, limits[side], level, to_the_end=True)
        for name, level in QUARTILES.items()
        for side in ("ci_low", "ci_high")
    }


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
