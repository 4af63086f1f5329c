"""Each target against the marts: same, differs, or cannot be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from include.study.paper.marts import Marts, Values
from include.study.paper.rounding import as_printed
from include.study.paper.targets import Target

Verdict = Literal["same", "differs", "cannot be"]
ESTIMATES = ("median", "lcl", "ucl")
"""Numbers that may be not reached; any other null is unknown."""
NO_ROW = "no such row in the marts"


@dataclass(frozen=True)
class Finding:
    """A target, what the marts have for it, and what became of the comparison.

    `derived` maps the name of a number to its text in the precision of print, without those that the marts lack.
    """

    target: Target
    derived: dict[str, str]
    verdict: Verdict
    why: str


def compare(marts: Marts, targets: Sequence[Target]) -> list[Finding]:
    """A finding a target, in their order."""
    return [judge(target, marts.values(target.id)) for target in targets]


def judge(target: Target, values: Values) -> Finding:
    """Compare number by number.

    A number cannot be when the marts have the one value that may come instead of it. Any other deviation differs, and
    one number that differs makes the target differ. An undecided target cannot be either, as long as it has an issue
    and the marts hold all of its numbers. Numbers that deviate are named, unless expected to; the issue is shown
    whatever the verdict, except where the marts have no row.
    """
    derived: dict[str, str] = {}
    verdicts: dict[str, Verdict] = {}
    for name, printed in target.printed.items():
        known = [value for value in values.get(name, []) if name.startswith(ESTIMATES) or pd.notna(value)]
        texts = sorted({as_printed(value, printed) for value in known})
        verdicts[name] = _verdict(texts, printed, target.instead.get(name))
        if texts:
            derived[name] = " and ".join(texts)
    off = [name for name, verdict in verdicts.items() if verdict == "differs"]
    if off and not derived:
        return Finding(target, derived, "differs", NO_ROW)
    why = ". ".join(filter(None, (", ".join(off), target.issue)))
    if off and not (target.undecided and target.issue and derived.keys() == target.printed.keys()):
        return Finding(target, derived, "differs", why)
    return Finding(target, derived, "cannot be" if off or "cannot be" in verdicts.values() else "same", why)


def _verdict(texts: list[str], printed: str, instead: str | None) -> Verdict:
    if texts == [printed]:
        return "same"
    return "cannot be" if texts and texts == [instead] else "differs"
