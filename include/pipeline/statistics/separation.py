"""Which levels of a Cox model have a finite hazard ratio, and the likelihood that is left without the others.

A partial likelihood has no maximum where some direction of the coefficients only ever raises it: nobody dies while
someone with a higher risk in that direction is followed (Jacobsen 1989; for one factor Ford's condition, 1957). In
its limit those of lower risk drop out of the risk sets, and the other coefficients are estimated from what remains.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from include.pipeline.statistics.comparison import Matrix

TOLERANCE = 1e-8


@dataclass(frozen=True)
class Overlap:
    """The risk sets of the limit, by event time and group, and what its comparisons cannot tell.

    `compared` is the Gram matrix of the design's differences that are compared; `untold` spans the coefficients
    that change none of them.
    """

    at_risk: Matrix
    compared: Matrix
    untold: Matrix

    def told_apart(self, level: int) -> NDArray[np.bool_]:
        """The columns whose difference from this one has a finite estimate, itself among them."""
        return np.asarray(np.abs(self.untold - self.untold[level]).max(axis=1, initial=0) < TOLERANCE)

    def independent(self, columns: list[int]) -> list[int]:
        """As many of these columns as can be estimated together, all that have an estimate of their own included."""
        if not columns:
            return []
        triangle, order = linalg.qr(self.compared[:, columns], mode="r", pivoting=True)
        rank = int((np.abs(np.diag(triangle)) > TOLERANCE).sum())
        return [columns[place] for place in sorted(order[:rank])]


def overlap(design: Matrix, events: Matrix, at_risk: Matrix) -> Overlap:
    """What remains comparable; arguments as in cox.fit, but the design has a column for every level."""
    outlived = (events > 0).T.astype("float64") @ (at_risk > 0)
    np.fill_diagonal(outlived, 0)
    dying, followed = np.nonzero(outlived)
    differences = design[dying] - design[followed]
    risk = design @ (np.zeros(design.shape[1]) if _is_mutual(outlived > 0) else _rising(differences))
    leading = np.where(at_risk > 0, risk, -np.inf).max(axis=1, keepdims=True)
    remaining = differences[np.abs(risk[dying] - risk[followed]) < 0.5]
    compared = remaining.T @ remaining
    return Overlap(np.where(risk > leading - 0.5, at_risk, 0), compared, linalg.null_space(compared, rcond=TOLERANCE))


def _is_mutual(outlived: NDArray[np.bool_]) -> bool:
    """Whether each comparison of groups is part of a circle of such: nothing can be raised then, as none is lowered."""
    reached = outlived
    for _ in range(len(outlived).bit_length()):
        reached = reached | (reached @ reached)
    return bool((outlived <= reached.T).all())


def _rising(differences: Matrix) -> Matrix:
    """A direction that lowers no comparison and raises by at least 1 all that any such direction raises."""
    from scipy import optimize

    pairs, columns = differences.shape
    found = optimize.linprog(
        c=np.concatenate([np.zeros(columns), -np.ones(pairs)]),
        A_ub=np.hstack([-differences, np.eye(pairs)]),
        b_ub=np.zeros(pairs),
        bounds=[(None, None)] * columns + [(0, 1)] * pairs,
    )
    return np.asarray(found.x[:columns], dtype="float64")
