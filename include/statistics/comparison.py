"""Groups at risk side by side: what a log-rank test and a Cox model of one factor both need of the counts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
COMPARISON = ["endpoint", "rule", "stratification"]


@dataclass(frozen=True)
class Comparison:
    """The groups of one stratification for one endpoint.

    `events` and `at_risk` have a row for every time with an event and a column for every group.
    """

    key: dict[str, object]
    groups: tuple[str, ...]
    events: Matrix
    at_risk: Matrix


def comparisons(counts: pd.DataFrame) -> Iterator[Comparison]:
    """One comparison for every endpoint, rule and stratification with at least two groups."""
    for _, rows in counts.groupby(COMPARISON, sort=True):
        codes, groups = pd.factorize(rows["stratum"], sort=True)
        if len(groups) > 1:
            key = {name: rows[name].iloc[0] for name in (*COMPARISON, "immortal_time")}
            yield Comparison(key, tuple(groups), *_at_event_times(rows, codes, len(groups)))


def _at_event_times(rows: pd.DataFrame, codes: NDArray[np.intp], groups: int) -> tuple[Matrix, Matrix]:
    times, place = np.unique(rows["months"].to_numpy(dtype="float64"), return_inverse=True)
    events = np.zeros((len(times), groups))
    leaving = np.zeros((len(times), groups))
    np.add.at(events, (place, codes), rows["events"].to_numpy(dtype="float64"))
    np.add.at(leaving, (place, codes), rows["censored"].to_numpy(dtype="float64"))
    at_risk = (events + leaving)[::-1].cumsum(axis=0)[::-1]
    with_event = events.sum(axis=1) > 0
    return events[with_event], at_risk[with_event]
