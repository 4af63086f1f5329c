"""Tests of what was measured twice in the same patients."""

import sys

import pandas as pd
from scipy import special

CONFIDENCE = 0.95


def paired_t_test(differences: pd.DataFrame) -> pd.DataFrame:
    """Add the paired t-test of each row's differences: `ci_low`, `ci_high` (95 %), `t`, two-sided `p_value`.

    Expects `pairs`, `mean_difference` and `sd_difference` (n - 1). Null for fewer than two pairs and where
    the differences do not vary beyond rounding, for then there is no error to compare with.
    """
    pairs = pd.to_numeric(differences["pairs"]).astype(float)
    mean = pd.to_numeric(differences["mean_difference"]).astype(float)
    error = pd.to_numeric(differences["sd_difference"]).astype(float) / pairs**0.5
    usable = (pairs >= 2) & (error > 10 * sys.float_info.epsilon * mean.abs())
    error, df = error.where(usable), (pairs - 1).where(usable)
    margin = special.stdtrit(df, (1 + CONFIDENCE) / 2) * error
    t = mean / error
    p_value = 2 * special.stdtr(df, -t.abs())
    return differences.assign(ci_low=mean - margin, ci_high=mean + margin, t=t, p_value=p_value)


def exact_mcnemar(counts: pd.DataFrame) -> pd.DataFrame:
    """Add `p_value`, the exact two-sided McNemar test of each row.

    Expects `pairs` and the two kinds of change among them, `lost` and `gained`: under the hypothesis each
    change is as likely to be one as the other. 1 when nothing changed, null without pairs.
    """
    told = counts[["pairs", "lost", "gained"]].astype(float)  # where none of a column is told, PostgreSQL's has no type
    changes = told[["lost", "gained"]]
    tail = special.bdtr(changes.min(axis=1), changes.sum(axis=1, skipna=False), 0.5)
    p_value = pd.Series(2 * tail, index=counts.index).clip(upper=1)
    return counts.assign(p_value=p_value.where(told["pairs"] > 0))
