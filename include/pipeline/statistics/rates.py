"""Proportions with their intervals."""

import numpy as np
import pandas as pd
from scipy import special

from include.pipeline.statistics.curves import Z

TAIL = 0.025


def intervals(counts: pd.DataFrame) -> pd.DataFrame:
    """Add `percent` of `patients` in `denominator` and its 95 % limits: Wilson's score method, and the exact one.

    `exact_ci_low` and `exact_ci_high` are Clopper and Pearson's. All are null where the denominator is 0.
    """
    patients = counts["patients"].astype("float64")
    among = counts["denominator"].astype("float64").where(counts["denominator"] > 0)
    rest = among - patients
    share, weight = patients / among, Z**2 / among
    centre, reach = share + weight / 2, np.sqrt(weight * (share * (1 - share) + weight / 4))
    low, high = (centre - reach) / (1 + weight), (centre + reach) / (1 + weight)
    exact_low = pd.Series(special.betaincinv(patients, rest + 1, TAIL), counts.index)
    exact_high = pd.Series(special.betaincinv(patients + 1, rest, 1 - TAIL), counts.index)
    nobody, everybody = patients == 0, rest == 0
    return counts.assign(
        percent=100 * share,
        ci_low=100 * low.mask(nobody & among.notna(), 0.0),
        ci_high=100 * high.mask(everybody, 1.0),
        exact_ci_low=100 * exact_low.mask(nobody & among.notna(), 0.0),
        exact_ci_high=100 * exact_high.mask(everybody, 1.0),
    )
