"""The survival marts that compare groups: tests, hazard ratios and differences."""

import numpy as np
import pandas as pd
from scipy import special

from include.pipeline.statistics.comparison import COMPARISON, comparisons
from include.pipeline.statistics.curves import CURVE, NUMBERS, Z, kaplan_meier, restricted_mean
from include.pipeline.statistics.hazard import EFFECT, adjusted_hazard_ratios, hazard_ratios
from include.pipeline.statistics.log_rank import log_rank

MODEL = [name for name in COMPARISON if name != "stratification"]


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
    """Mart multivariable_hazard_ratio: one model an endpoint; every further column of counts is a factor."""
    factors = [name for name in counts.columns if name not in (*MODEL, "immortal_time", "months", *NUMBERS)]
    rows: list[dict[str, object]] = []
    for key, group in counts.groupby(MODEL, sort=True):
        effects = adjusted_hazard_ratios(group, factors)
        coefficients = sum(not np.isnan(effect.hazard_ratio) for _, effect in effects)
        events = int(group["events"].sum())
        model = {
            **dict(zip(MODEL, key, strict=True)),
            "immortal_time": group["immortal_time"].iloc[0],
            "patients": events + int(group["censored"].sum()),
            "events": events,
            "events_per_coefficient": events / coefficients if coefficients else None,
        }
        rows += [{**model, "stratification": factor, **vars(effect)} for factor, effect in effects]
    columns = [*COMPARISON, "immortal_time", *EFFECT, "patients", "events", "events_per_coefficient"]
    return pd.DataFrame(rows, columns=columns).rename(columns={"group": "stratum"})


def rmst_comparison(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart rmst_comparison: every pair of groups by the z test, restricted means to counts' horizon_months."""
    curves = kaplan_meier(counts)
    horizon = float(counts["horizon_months"].iloc[0]) if len(counts) else 0.0
    groups = curves.keys.join(restricted_mean(curves, horizon))
    pairs = groups.merge(groups[[*CURVE, "mean", "se"]], on=COMPARISON, suffixes=("", "_of_reference"))
    pairs = pairs[pairs["stratum_of_reference"].astype("str") < pairs["stratum"].astype("str")]
    difference = pairs["mean"] - pairs["mean_of_reference"]
    error = (pairs["se"] ** 2 + pairs["se_of_reference"] ** 2) ** 0.5
    z = (difference / error.mask(error == 0)).abs()
    return pairs.assign(
        reference=pairs["stratum_of_reference"],
        difference_months=difference,
        ci_low=difference - Z * error,
        ci_high=difference + Z * error,
        p_value=special.erfc(z / np.sqrt(2)),
    )
