"""Hazard ratios from counts: one factor at a time, or several in one model."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from include.statistics.comparison import Comparison, Matrix, at_event_times
from include.statistics.cox import fit, proportionality
from include.statistics.curves import Z


@dataclass(frozen=True)
class Effect:
    """A group's hazard against the reference group's; NaN where it cannot be estimated."""

    group: str
    reference: str
    hazard_ratio: float = math.nan
    ci_low: float = math.nan
    ci_high: float = math.nan
    p_value: float = math.nan
    proportionality_p_value: float = math.nan


@dataclass(frozen=True)
class Term:
    """A coefficient of a model: a level of a factor against the factor's reference."""

    factor: str
    level: str
    reference: str
    estimable: bool


def hazard_ratios(comparison: Comparison) -> list[Effect]:
    """Every group against the reference: the first group, in order of name, that has an event.

    A group without events gets no estimate; as its hazard is 0, it does not change the others'.
    """
    named = comparison.counts.rename(columns={"stratum": "group"})
    return [effect for _, effect in adjusted_hazard_ratios(named, ["group"])]


def adjusted_hazard_ratios(counts: pd.DataFrame, factors: list[str]) -> list[tuple[str, Effect]]:
    """Every level of every factor against the factor's reference, with the factor's name, all in one model.

    Counts have the factors and months, events and censored. Levels without events are as in hazard_ratios, and
    all estimates are NaN when the factors cannot be told apart.
    """
    terms = [term for factor in factors for term in _terms(counts, factor)]
    fitted = [term for term in terms if term.estimable]
    for term in terms:
        if not term.estimable:
            counts = counts[counts[term.factor] != term.level]
    estimates = _estimates(counts, factors, fitted) if fitted else {}
    return [(term.factor, estimates.get(term, Effect(term.level, term.reference))) for term in terms]


def _terms(counts: pd.DataFrame, factor: str) -> list[Term]:
    events = counts.groupby(factor, sort=True)["events"].sum()
    with_event = events.index[events > 0]
    if with_event.empty:
        return []
    reference = with_event[0]
    return [Term(factor, level, reference, level in with_event) for level in events.index if level != reference]


def _estimates(counts: pd.DataFrame, factors: list[str], terms: list[Term]) -> dict[Term, Effect]:
    """Patients with the same levels of all factors are one group of the model."""
    pattern = counts.groupby(factors, sort=True).ngroup().rename("stratum")
    levels = counts.groupby(pattern)[factors].first()
    design: Matrix = np.column_stack([(levels[term.factor] == term.level).to_numpy(dtype="float64") for term in terms])
    events, at_risk = at_event_times(Comparison({}, tuple(levels.index), counts.assign(stratum=pattern)))
    found = fit(design, events, at_risk)
    if found is None:
        return {}
    numbers = zip(terms, found.beta, found.error, proportionality(found, events, at_risk), strict=True)
    return {term: _effect(term, *map(float, estimate)) for term, *estimate in numbers}


def _effect(term: Term, beta: float, error: float, proportionality_p_value: float) -> Effect:
    low, high = math.exp(beta - Z * error), math.exp(beta + Z * error)
    p_value = float(special.chdtrc(1, (beta / error) ** 2))
    return Effect(term.level, term.reference, math.exp(beta), low, high, p_value, proportionality_p_value)
