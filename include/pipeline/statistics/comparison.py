"""The groups of a stratification side by side, for the log-rank test and the Cox model."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from include.pipeline.statistics.curves import NUMBERS

Matrix = NDArray[np.float64]
COMPARISON = ["endpoint", "rule", "criteria", "entry", "stratification"]


@dataclass(frozen=True)
class Comparison:
    """The groups of one stratification for one endpoint; `counts` has stratum, months and NUMBERS."""

    key: dict[str, object]
    groups: tuple[str, ...] | tuple[int, ...]
    counts: pd.DataFrame


def comparisons(counts: pd.DataFrame) -> Iterator[Comparison]:
    """The comparisons of at least two groups, in order of their key."""
    for _, rows in counts.groupby(COMPARISON, sort=True):
        groups = tuple(sorted(rows["stratum"].unique()))
        if len(groups) > 1:
            key = {name: rows[name].iloc[0] for name in (*COMPARISON, "immortal_time")}
            yield Comparison(key, groups, rows)


def by_time(comparison: Comparison, names: list[str]) -> list[Matrix]:
    """Each of these numbers: a row for every time and a column for every group."""
    counts, groups = comparison.counts, comparison.groups
    months, row = np.unique(counts["months"].to_numpy(dtype="float64"), return_inverse=True)
    cell = row * len(groups) + pd.Index(groups).get_indexer(pd.Index(counts["stratum"]))
    size = len(months) * len(groups)
    flat = [np.bincount(cell, counts[name].to_numpy(dtype="float64"), size) for name in names]
    return [np.asarray(numbers.reshape(-1, len(groups)), dtype="float64") for numbers in flat]


def at_event_times(comparison: Comparison) -> tuple[Matrix, Matrix]:
    """Events and patients at risk: a row for every time with an event and a column for every group."""
    entered, events, censored = by_time(comparison, NUMBERS)
    at_risk = (events + censored - entered)[::-1].cumsum(axis=0)[::-1]
    with_event = events.sum(axis=1) > 0
    return events[with_event], at_risk[with_event]
