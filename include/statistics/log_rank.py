"""The log-rank test of any number of groups, with the hypergeometric variance."""

import math
from dataclasses import dataclass

import pandas as pd

from include.statistics.comparison import Comparison


@dataclass(frozen=True)
class LogRank:
    """Chi-squared statistic, degrees of freedom and p; NaN, None and NaN when the data cannot decide."""

    statistic: float
    df: int | None
    p_value: float


UNDECIDED = LogRank(math.nan, None, math.nan)


def log_rank(comparison: Comparison) -> LogRank:
    """Compare all groups.

    A group without events counts like any other; one that is never at risk when an event happens gives no
    degree of freedom. The test is undecided without events, or when the only ones end everybody's
    time at once. lifelines knows neither case.
    """
    from lifelines.statistics import multivariate_logrank_test

    rows = _outcomes(comparison.counts)
    first = rows.loc[rows["event"], "months"].min()
    tested = rows[rows.groupby("stratum")["months"].transform("max") >= first]
    groups = tested["stratum"].nunique()
    at_risk = tested[tested["months"] >= first]
    if groups < 2 or (at_risk["event"] & (at_risk["months"] == first)).all():
        return UNDECIDED
    weights = tested["patients"].to_numpy()
    test = multivariate_logrank_test(tested["months"], tested["stratum"], tested["event"], weights=weights)
    return LogRank(float(test.test_statistic), groups - 1, float(test.p_value))


def _outcomes(counts: pd.DataFrame) -> pd.DataFrame:
    """The counts as lifelines takes them: a row for each day's patients with `event` and one for those without.

    `patients` is their number and is never 0.
    """
    events = counts.assign(event=True, patients=counts["events"])
    censored = counts.assign(event=False, patients=counts["censored"])
    both = pd.concat([events, censored], ignore_index=True)
    return both[both["patients"] > 0]
