"""Hazard ratios from counts: one factor at a time, or several in one model."""

import math
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from include.pipeline.statistics.comparison import Comparison, Matrix, at_event_times
from include.pipeline.statistics.cox import fit, proportionality, survival_before
from include.pipeline.statistics.curves import Z
from include.pipeline.statistics.separation import Overlap, overlap

NO_EVENT = "no event in the group, or too few to be told"
NO_OVERLAP = "one of two groups has no told event while the other is followed, or factors cannot be told apart"
NO_MAXIMUM = "the estimates of the model do not converge"


@dataclass(frozen=True)
class Effect:
    """A group's hazard against the reference group's; NaN where it cannot be estimated, and why."""

    group: str
    reference: str
    hazard_ratio: float = math.nan
    ci_low: float = math.nan
    ci_high: float = math.nan
    p_value: float = math.nan
    proportionality_p_value: float = math.nan
    not_estimable: str | None = None


EFFECT = [field.name for field in fields(Effect)]
"""The columns of an effect."""


@dataclass(frozen=True)
class Term:
    """A coefficient of a model: a level of a factor against the factor's reference, and why it cannot be estimated."""

    factor: str
    level: str
    reference: str
    not_estimable: str | None
    column: int


def hazard_ratios(comparison: Comparison) -> list[Effect]:
    """Every group against the reference, as in adjusted_hazard_ratios."""
    return [effect for _, effect in adjusted_hazard_ratios(comparison.counts, ["stratum"])]


def adjusted_hazard_ratios(counts: pd.DataFrame, factors: list[str]) -> list[tuple[str, Effect]]:
    """Every level of every factor against the factor's reference, with the factor's name, all in one model.

    Counts have the factors (no level is null), months and NUMBERS. The reference is the first level by name of those
    that can be compared with each other, the set with the most events. A level without a finite ratio (no event, none
    while others are followed, or one with another factor's level) gets no estimate; the others get that of the
    likelihood's limit as the hazard of such a level goes to 0 or to infinity.
    """
    if not counts["events"].sum():
        return []
    found = [pd.factorize(counts[factor].astype("str"), sort=True) for factor in factors]
    patterns, pattern = np.unique(np.column_stack([codes for codes, _ in found]), axis=0, return_inverse=True)
    design: Matrix = np.hstack([np.eye(len(names))[own] for own, (_, names) in zip(patterns.T, found, strict=True)])
    of_pattern = counts.assign(stratum=pattern)
    events, at_risk = at_event_times(Comparison({}, tuple(range(len(patterns))), of_pattern))
    left = overlap(design, events, at_risk)
    terms: list[Term] = []
    column = 0
    for factor, (codes, names) in zip(factors, found, strict=True):
        of_level = np.bincount(codes, counts["events"], len(names)).astype("float64")
        terms += _terms(left, factor, list(names), of_level, column)
        column += len(names)
    estimates = {} if all(term.not_estimable for term in terms) else _estimates(design, events, at_risk, left, terms)
    return [(term.factor, estimates.get(term, _no_effect(term))) for term in terms]


def _terms(left: Overlap, factor: str, levels: list[str], events: NDArray[np.float64], first: int) -> list[Term]:
    """The terms of a factor whose levels, with their events, are the design's columns from the first on."""
    peers = [left.told_apart(first + place)[first : first + len(levels)] for place in range(len(levels))]
    shared = [float(events[own].sum()) if own.sum() > 1 else 0.0 for own in peers]
    reference = max((place for place, died in enumerate(events) if died > 0), key=lambda place: shared[place])
    return [
        Term(factor, level, levels[reference], _reason(peers[reference][place], events[place]), first + place)
        for place, level in enumerate(levels)
        if place != reference
    ]


def _reason(is_told_apart: np.bool_, events: float) -> str | None:
    if is_told_apart:
        return None
    return NO_OVERLAP if events else NO_EVENT


def _estimates(design: Matrix, events: Matrix, at_risk: Matrix, left: Overlap, terms: list[Term]) -> dict[Term, Effect]:
    """Patients with the same levels of all factors are one group of the model.

    Time of the test of proportionality is told by the groups of which every level has a finite hazard.
    """
    fitted = left.independent([term.column for term in terms])
    compared = (left.at_risk > 0).sum(axis=1) > 1
    groups = (left.at_risk[compared] > 0).any(axis=0)
    found = fit(design[groups][:, fitted], events[compared][:, groups], left.at_risk[compared][:, groups])
    if found is None:
        return {}
    finite = design[:, [term.column for term in terms if term.not_estimable]].sum(axis=1) == 0
    survival = survival_before(events[:, finite], at_risk[:, finite])[compared]
    numbers = zip(found.beta, found.error, proportionality(found, survival), strict=True)
    by_column = dict(zip(fitted, numbers, strict=True))
    return {term: _effect(term, *map(float, by_column[term.column])) for term in terms if not term.not_estimable}


def _no_effect(term: Term) -> Effect:
    return Effect(term.level, term.reference, not_estimable=term.not_estimable or NO_MAXIMUM)


def _effect(term: Term, beta: float, error: float, proportionality_p_value: float) -> Effect:
    low, high = math.exp(beta - Z * error), math.exp(beta + Z * error)
    p_value = float(special.chdtrc(1, (beta / error) ** 2))
    return Effect(term.level, term.reference, math.exp(beta), low, high, p_value, proportionality_p_value)
