"""The log-rank test of any number of groups, with the hypergeometric variance."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

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
    time at once.
    """
    total, at_risk = comparison.events.sum(axis=1), comparison.at_risk.sum(axis=1)
    share = comparison.at_risk / at_risk[:, None]
    expected = (share * total[:, None]).sum(axis=0)
    weight = total * (at_risk - total) / np.maximum(at_risk - 1, 1)
    tested = np.flatnonzero(expected > 0)[:-1]
    if not tested.size or not weight.any():
        return UNDECIDED
    excess = (comparison.events.sum(axis=0) - expected)[tested]
    share = share[:, tested]
    weighted = share * weight[:, None]
    variance = np.diag(weighted.sum(axis=0)) - weighted.T @ share
    statistic = float(excess @ np.linalg.solve(variance, excess))
    return LogRank(statistic, len(tested), float(special.chdtrc(len(tested), statistic)))
