"""Which ids are one person: what merges say, each after those before it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Merge(NamedTuple):
    """A version of a merge; a cancelled one has no ids."""

    key: str
    merged: str | None
    surviving: str | None


@dataclass
class Forest:
    """The merges that hold, by key. No id leads back to itself, and none leads to two."""

    held: dict[str, Merge] = field(default_factory=dict)
    survivors: dict[str, list[str]] = field(default_factory=dict)

    def problem(self, merge: Merge) -> str:
        """Why a merge cannot take the place of what its key said before; nothing when it can."""
        if merge.merged is None or merge.surviving is None:
            return ""
        own = self.held.get(merge.key)
        others = list(self.survivors.get(merge.merged, ()))
        if own and own.merged == merge.merged and own.surviving:
            others.remove(own.surviving)
        if any(other != merge.surviving for other in others):
            return "has_other_survivor"
        return "closes_cycle" if self._leads_to(merge.surviving, merge.merged, own) else ""

    def hold(self, merge: Merge) -> bool:
        """Let a merge take the place of what its key said before; whether that held another one."""
        before = self.held.get(merge.key)
        if before and before.merged and before.surviving:
            self.survivors[before.merged].remove(before.surviving)
        if merge.merged and merge.surviving:
            self.survivors.setdefault(merge.merged, []).append(merge.surviving)
        self.held[merge.key] = merge
        return bool(before and before != merge)

    def _leads_to(self, start: str, end: str, own: Merge | None) -> bool:
        """Whether the chain from an id comes to another one, without what the own key said before."""
        place: str | None = start
        while place is not None and place != end:
            found = list(self.survivors.get(place, ()))
            if own and own.merged == place and own.surviving:
                found.remove(own.surviving)
            place = found[0] if found else None
        return place == end


def refused(versions: Sequence[Merge]) -> dict[int, str]:
    """The versions that contradict others, by their place in the order of versions, and why.

    A version that contradicts what holds at its place is refused, and what its key said before holds on. It is tried
    again, in order, whenever something that held holds no more, unless a later version of its key holds by then.
    """
    forest, problems, latest = Forest(), dict[int, str](), dict[str, int]()
    for place in range(len(versions)):
        waiting = [place]
        while waiting:
            one = waiting.pop(0)
            merge = versions[one]
            problem = forest.problem(merge)
            if problem:
                problems[one] = problem
                continue
            problems.pop(one, None)
            latest[merge.key] = one
            if forest.hold(merge):
                waiting = [other for other in sorted(problems) if latest.get(versions[other].key, -1) < other]
    return problems


def ends(merges: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The id at the end of each merged id's chain; the merges contradict one another in nothing."""
    survivor, end = dict(merges), dict[str, str]()
    for merged in survivor:
        chain, place = dict[str, str](), merged
        while place in survivor and place not in end and place not in chain:
            chain[place] = place = survivor[place]
        end |= dict.fromkeys(chain, end.get(place, place))
    return end
