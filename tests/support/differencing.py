"""Whoever knows the rule of small cells and all that is published: one linear system of whole numbers."""

from collections.abc import Hashable, Iterable, Iterator
from functools import cached_property

import numpy as np
from scipy.cluster.hierarchy import DisjointSet
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array, lil_array

LIMIT = 5
MANY = 10_000


class Attack:
    """What is known of counts, and how they add up."""

    def __init__(self) -> None:
        self.names: dict[Hashable, int] = {}
        self.lower: dict[Hashable, float] = {}
        self.upper: dict[Hashable, float] = {}
        self.sums: list[tuple[Hashable, list[Hashable]]] = []

    def know(self, name: Hashable, count: int | None) -> None:
        """What a told count means."""
        low, high = (0, LIMIT) if count is None else (max(count, LIMIT + 1), count + LIMIT - 1)
        self.between(name, low, high)

    def between(self, name: Hashable, low: float, high: float) -> None:
        """A count is within limits, those that are known already among them."""
        self.names.setdefault(name, len(self.names))
        self.lower[name] = max(low, self.lower.get(name, 0))
        self.upper[name] = min(high, self.upper.get(name, MANY))

    def add(self, whole: Hashable, parts: Iterable[Hashable]) -> None:
        """Parts add up to a whole; one of which nothing is told is anything."""
        listed = list(parts)
        for name in (whole, *listed):
            self.between(name, 0, MANY)
        self.sums.append((whole, listed))

    def within(self, whole: Hashable, parts: Iterable[Hashable]) -> None:
        """Parts are no more than a whole."""
        self.add(whole, [*parts, ("rest", len(self.sums))])

    def parted(self) -> Iterator["Attack"]:
        """What has nothing to do with each other, each by itself."""
        together = DisjointSet(self.names)
        for whole, parts in self.sums:
            for part in parts:
                together.merge(whole, part)
        attacks: dict[Hashable, Attack] = {name: Attack() for name in self.names if together[name] == name}
        for name in self.names:
            attacks[together[name]].between(name, self.lower[name], self.upper[name])
        for whole, parts in self.sums:
            attacks[together[whole]].add(whole, parts)
        yield from attacks.values()

    def is_known(self, name: Hashable, truth: int) -> bool:
        """Whether no other count than the true one agrees with everything."""
        return not (self.agrees(name, self.lower[name], truth - 1) or self.agrees(name, truth + 1, self.upper[name]))

    def agrees(self, name: Hashable, low: float, high: float) -> bool:
        """Whether everything agrees with a count between these."""
        if low > high or not self.sums:
            return low <= high
        lower, upper = ({**side, name: chosen} for side, chosen in ((self.lower, low), (self.upper, high)))
        solved = milp(
            np.zeros(len(self.names)),
            constraints=LinearConstraint(self._matrix, 0, 0),
            bounds=([lower[one] for one in self.names], [upper[one] for one in self.names]),
            integrality=np.ones(len(self.names)),
        )
        return bool(solved.success)

    @cached_property
    def _matrix(self) -> csr_array:
        matrix = lil_array((len(self.sums), len(self.names)))
        for row, (whole, parts) in enumerate(self.sums):
            matrix[row, self.names[whole]] += 1
            for part in parts:
                matrix[row, self.names[part]] -= 1
        return matrix.tocsr()

    def untrue(self, truth: dict[Hashable, int]) -> list[tuple[Hashable, list[Hashable]]]:
        """The sums that the true counts do not fit; what has no count is any rest."""
        return [
            (whole, parts)
            for whole, parts in self.sums
            if truth[whole] < (known := sum(truth.get(part, 0) for part in parts))
            or (truth[whole] > known and truth.keys() >= set(parts))
        ]
