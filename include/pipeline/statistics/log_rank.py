"""The log-rank test of any number of groups, with the hypergeometric variance.

Own code, as lifelines' test knows neither delayed entry nor groups that cannot be told apart; on what it knows the two
agree (tests/pipeline/statistics).
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from include.pipeline.statistics.comparison import Comparison, Matrix, at_event_times

TOLERANCE = 1e-9


@dataclass(frozen=True)
class ChiSquared:
    """A statistic, its degrees of freedom and p; NaN, None and NaN when the data cannot decide."""

    statistic: float
    df: int | None
    p_value: float


UNDECIDED = ChiSquared(math.nan, None, math.nan)


def log_rank(comparison: Comparison) -> ChiSquared:
    """Compare all groups.

    A group without events counts like any other; one that is never at risk when an event happens gives no
    degree of freedom. The test is undecided without events, or when the only ones end everybody's time at once.
    """
    events, at_risk = at_event_times(comparison)
    died, total = events.sum(axis=1), at_risk.sum(axis=1)
    share = at_risk / total[:, None]
    spread = died * (total - died) / (total - 1).clip(1)
    variance = np.diag(spread @ share) - (share * spread[:, None]).T @ share
    return chi_squared((events - share * died[:, None]).sum(axis=0), variance, spread.sum())


def chi_squared(score: Matrix, variance: Matrix, scale: float) -> ChiSquared:
    """The score against its variance: as many degrees of freedom as directions in which it can vary.

    A variance that is tiny against `scale`, the size of its terms, is rounding.
    """
    sizes, directions = np.linalg.eigh(variance)
    varies = sizes > TOLERANCE * scale
    if not varies.any():
        return UNDECIDED
    statistic = float(((score @ directions[:, varies]) ** 2 / sizes[varies]).sum())
    df = int(varies.sum())
    return ChiSquared(statistic, df, float(special.chdtrc(df, statistic)))
