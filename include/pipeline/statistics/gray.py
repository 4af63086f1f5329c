"""Gray's test of equal cumulative incidence of one cause in any number of groups (Gray 1988, rho = 0).

Own code, as lifelines has no such test; it agrees with R's cmprsk (tests/established).
"""

import numpy as np

from include.pipeline.statistics.comparison import Comparison, Matrix, by_time
from include.pipeline.statistics.curves import NUMBERS
from include.pipeline.statistics.log_rank import TOLERANCE, UNDECIDED, ChiSquared, chi_squared


def gray(comparison: Comparison) -> ChiSquared:
    """Compare all groups; counts have `of_cause` beside NUMBERS: the events of the cause in question.

    In each group the weighted number at risk, at_risk / S(t-), stands for those who would still be at risk of the cause
    had nobody been censored. Events while one group alone is at risk compare nothing. The test is undecided where there
    are no others, or where the incidence of all groups has come to 1 with several of them at risk: R fails there.
    """
    _, events, censored, of_cause = by_time(comparison, [*NUMBERS, "of_cause"])
    at_risk = (events + censored)[::-1].cumsum(axis=0)[::-1]
    compared = (events.sum(axis=1) > 0) & ((at_risk > 0).sum(axis=1) > 1)
    if not compared.any():
        return UNDECIDED
    return _test(of_cause[compared], (events - of_cause)[compared], at_risk[compared])


def _test(of_cause: Matrix, of_others: Matrix, at_risk: Matrix) -> ChiSquared:
    known = at_risk.clip(1)
    survival = (1 - (of_cause + of_others) / known).cumprod(axis=0)
    before = _before(survival, 1.0)
    incidence_before = _before((before * of_cause / known).cumsum(axis=0), 0.0)
    weighted = np.divide(at_risk, before, out=np.zeros_like(at_risk), where=at_risk > 0)
    total = weighted.sum(axis=1, keepdims=True)
    died = of_cause.sum(axis=1, keepdims=True)
    incidence = (died / total).cumsum(axis=0)
    expected = weighted * (1 - incidence_before)
    score = (of_cause - died * expected / expected.sum(axis=1, keepdims=True)).sum(axis=0)

    shares = weighted[:, :, None] * (np.eye(at_risk.shape[1]) - (weighted / total)[:, None, :])
    without = 1 - _before(incidence, 0.0)
    if (np.abs(without[died > 0]) < TOLERANCE).any():
        return UNDECIDED
    rate = np.divide(died, total * without, out=np.zeros_like(died), where=died > 0)
    gathered = (shares * rate[:, :, None]).cumsum(axis=0)
    ahead = gathered[-1] - gathered
    left = np.divide(1 - incidence, survival, out=np.zeros_like(survival), where=survival > 0)
    by_cause = _tied(died, total * before) * before * died / (total * known) * (at_risk > 0)
    by_others = _tied(of_others, at_risk) * (before / known) ** 2 * of_others
    variance = _spread(shares + ((1 - left)[:, None, :] * ahead), by_cause)
    variance += _spread(left[:, None, :] * ahead, by_others)
    return chi_squared(score, variance, of_cause.sum())


def _before(values: Matrix, start: float) -> Matrix:
    """The values just before each time."""
    return np.vstack([np.full_like(values[:1], start), values[:-1]])


def _tied(events: Matrix, at_risk: Matrix) -> Matrix:
    """The factor by which ties narrow the variance; 1 for a single event."""
    return 1 - np.divide(events - 1, at_risk - 1, out=np.zeros_like(at_risk), where=(events > 1) & (at_risk > 1))


def _spread(influence: Matrix, variance: Matrix) -> Matrix:
    """Sum over times and groups (last axis) of the influence on each group's score, squared."""
    return np.asarray(np.einsum("tk,tik,tjk->ij", variance, influence, influence))
