"""Cox's model from counts of patients who are alike, ties by Efron's method, and the score test of proportionality.

Own code, as lifelines' CoxPHFitter breaks ties between weighted rows and not between the patients behind them,
which moves hazard ratios by up to 2 % where many share a day. On a row for each patient it agrees, but takes half a
minute for 25,000 of them where this takes one second. Efron's sums over tied events are written with the digamma
function, so a day costs the same with two events or two thousand.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from include.pipeline.statistics.comparison import Matrix

Vector = NDArray[np.float64]
ITERATIONS = 30
CONVERGED = 1e-9
STEEPEST = 12.0
"""Log of a hazard ratio (160,000) beyond which there is no finite one: the groups' events do not overlap."""


@dataclass(frozen=True)
class Fit:
    """Log hazard ratios, a coefficient for each column of the design.

    `residuals` of the score are by time and coefficient, `information` is by time, coefficient and coefficient.
    """

    beta: Vector
    residuals: Matrix
    information: Matrix

    @property
    def error(self) -> Vector:
        """Standard errors of the log hazard ratios."""
        return np.asarray(np.sqrt(np.diag(np.linalg.inv(self.information.sum(axis=0)))))


def fit(design: Matrix, events: Matrix, at_risk: Matrix) -> Fit | None:
    """The maximum of the partial likelihood, by Newton's method; None = there is no finite one.

    The design has a row for every group of patients, events and at_risk a row for every time with an event and a
    column for every group.
    """
    beta = np.zeros(design.shape[1])
    for _ in range(ITERATIONS):
        residuals, information = _score(design, beta, events, at_risk)
        total = information.sum(axis=0)
        if not np.isfinite(total).all() or np.linalg.matrix_rank(total) < len(beta):
            return None
        step = np.linalg.solve(total, residuals.sum(axis=0))
        if np.abs(step).max() < CONVERGED:
            return Fit(beta, residuals, information)
        beta = beta + step.clip(-2, 2)
        if np.abs(beta).max() > STEEPEST:
            return None
    return None


def _score(design: Matrix, beta: Vector, events: Matrix, at_risk: Matrix) -> tuple[Matrix, Matrix]:
    """Score residuals and information at each event time, as in Fit."""
    weight = np.exp(design @ beta)
    risk, dying = at_risk * weight, events * weight
    ties = events.sum(axis=1)
    one, tied, two, two_tied, two_tied_tied = _efron_sums(risk.sum(axis=1), dying.sum(axis=1), ties)
    mean = risk * one[:, None] - dying * tied[:, None]
    risk, dying = risk @ design, dying @ design
    crossed = risk[:, :, None] * dying[:, None, :]
    squares = (design.T[None, :, :] * mean[:, None, :]) @ design
    information = (
        squares
        - risk[:, :, None] * risk[:, None, :] * two[:, None, None]
        + (crossed + crossed.transpose(0, 2, 1)) * two_tied[:, None, None]
        - dying[:, :, None] * dying[:, None, :] * two_tied_tied[:, None, None]
    )
    return (events - mean) @ design, information


def _efron_sums(risk: Vector, dying: Vector, ties: Vector) -> tuple[Vector, Vector, Vector, Vector, Vector]:
    """Sums of 1/x, f/x, 1/x^2, f/x^2, f^2/x^2 over l = 0 .. ties - 1; f = l / ties, x = risk - f dying."""
    scale = ties / dying
    upper = risk * scale
    one = np.where(ties == 1, 1 / risk, scale * (special.psi(upper + 1) - special.psi(upper - ties + 1)))
    two = np.where(
        ties == 1,
        1 / risk**2,
        scale**2 * (special.polygamma(1, upper - ties + 1) - special.polygamma(1, upper + 1)),
    )
    tied = (risk * one - ties) / dying
    two_tied = (risk * two - one) / dying
    return one, tied, two, two_tied, (risk * two_tied - tied) / dying


def survival_before(events: Matrix, at_risk: Matrix) -> Vector:
    """S(t-), all groups together, at each time; it stays where nobody is at risk."""
    died, total = events.sum(axis=1), at_risk.sum(axis=1)
    return np.concatenate([[1.0], np.cumprod(1 - died / total.clip(1))[:-1]])


def proportionality(fit: Fit, survival: Vector) -> Vector:
    """p of the score test of each coefficient times 1 - S(t-), from survival_before.

    Grambsch and Therneau (1994), without their approximation: as R's cox.zph since survival 3.0, one
    coefficient at a time. NaN where time does not vary.
    """
    time = survival.mean() - survival
    score = (fit.residuals * time[:, None]).sum(axis=0)
    plain = fit.information.sum(axis=0)
    by_time = (fit.information * time[:, None, None]).sum(axis=0)
    by_square = (fit.information * (time**2)[:, None, None]).sum(axis=0)
    variance = np.diag(by_square - by_time @ np.linalg.solve(plain, by_time))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(variance > 1e-12 * np.diag(plain), score**2 / variance, np.nan)
    return np.asarray(special.chdtrc(1, statistic), dtype="float64")
