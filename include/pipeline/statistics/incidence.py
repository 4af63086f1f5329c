"""The marts of competing risks: what happens first, by cause, all causes and curves at once.

Own code, as lifelines' AalenJohansenFitter breaks ties at random. Estimates, errors and limits are those of R's
multi-state survfit (tests/established).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from include.pipeline.statistics.comparison import Comparison, comparisons
from include.pipeline.statistics.curves import CURVE, TOLERANCE, Curves, Z, kaplan_meier, stretches
from include.pipeline.statistics.gray import gray
from include.pipeline.statistics.hazard import EFFECT, hazard_ratios

ESTIMATES = ["cif", "std_err", "ci_low", "ci_high"]
RISK = ["curve", "cause"]
STRATIFICATION = ["endpoint", "rule", "criteria", "stratification"]


def cumulative_incidence(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart cumulative_incidence: of every cause with an event, at the time points (counts with `asked`).

    Null beyond the last follow-up.
    """
    curves = kaplan_meier(counts)
    asked = counts.loc[counts["asked"].astype(bool), "months"].astype("float64").unique()
    steps = _estimated(counts, curves)
    points = steps[steps["months"].isin(asked)].copy()
    end = steps[steps["events"] + steps["censored"] > 0].groupby("curve")["months"].last()
    points[ESTIMATES] = points[ESTIMATES].where(points["months"] <= points["curve"].map(end))
    return with_told(_named(points, curves), counts, CURVE, ["not_evaluable", "imputed_times"])


def cumulative_incidence_curve(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart cumulative_incidence_curve: the same from time zero on, at every day on which somebody leaves.

    A curve of more than CURVE_ROWS days is divided as those of survival_curve, with n_at_risk at a stretch's start.
    """
    curves = kaplan_meier(counts)
    steps = _estimated(counts, curves)
    steps = steps.assign(stretch=stretches(steps, RISK))
    last = dict.fromkeys(("months", *ESTIMATES), "last")
    drawn = steps.groupby([*RISK, "stretch"], as_index=False).agg({"at_risk": "first", "censored": "sum", **last})
    named = _named(drawn, curves).rename(columns={"months": "time_months"}).astype({"censored": "int64"})
    return with_told(named, counts, CURVE)


def _estimated(counts: pd.DataFrame, curves: Curves) -> pd.DataFrame:
    """The steps of each cause with its incidence, error and limits."""
    steps = _influences(_by_cause(counts, curves.steps))
    steps = steps.assign(std_err=_jackknife(steps))
    return steps.join(log_log_limits(steps["cif"], steps["std_err"]))


def _named(steps: pd.DataFrame, curves: Curves) -> pd.DataFrame:
    named = steps.join(curves.keys, on="curve").rename(columns={"at_risk": "n_at_risk"})
    return named.astype({"n_at_risk": "int64"})


def log_log_limits(incidence: pd.Series, error: pd.Series) -> pd.DataFrame:
    """ci_low and ci_high (95 %), as R's multi-state survfit; null at 0 and 1, be it by rounding alone."""
    inside = incidence.where((incidence > 0) & (incidence < 1 - TOLERANCE))
    log = np.log(inside)
    spread = -Z * error / (inside * log)
    with np.errstate(over="ignore"):  # a limit so near to 0 is 0
        return pd.DataFrame({"ci_low": np.exp(log * np.exp(spread)), "ci_high": np.exp(log * np.exp(-spread))})


def _by_cause(counts: pd.DataFrame, steps: pd.DataFrame) -> pd.DataFrame:
    """The steps of each curve once for each of its causes: `of_cause` are its events, `cif` its incidence."""
    codes = counts.groupby(CURVE, sort=True).ngroup().to_numpy()
    numbers = counts[["months", "events"]].astype("float64").assign(curve=codes, cause=counts["cause"])
    happened = numbers[numbers["events"] > 0]
    of_cause = happened.groupby([*RISK, "months"])["events"].sum().rename("of_cause").reset_index()
    before = steps.groupby("curve")["survival"].shift(fill_value=1.0)
    each = steps.assign(before=before).merge(of_cause[RISK].drop_duplicates(), on="curve")
    each = each.merge(of_cause, on=[*RISK, "months"], how="left").fillna({"of_cause": 0.0})
    each = each.sort_values([*RISK, "months"], ignore_index=True)
    added = (each["before"] * each["of_cause"] / each["at_risk"]).where(each["at_risk"] > 0, 0.0)
    return each.assign(cif=added.groupby([each[name] for name in RISK]).cumsum())


def _influences(steps: pd.DataFrame) -> pd.DataFrame:
    """What each step adds to a patient's influence on the incidence F(t), gathered up to it.

    A patient's influence is `fixed` + F(t) `moving`, where time has gone to: t, or the patient's last day. To it an
    event on that day adds -(F(t) - F) / `left`, and one of the cause `jump`.
    """
    at_risk = steps["at_risk"].where(steps["at_risk"] > 0)
    left = (steps["at_risk"] - steps["events"]).where(steps["at_risk"] > steps["events"])
    hazard = (steps["events"] / (at_risk * left)).fillna(0.0)
    jump = (steps["before"] / at_risk).fillna(0.0)
    risk = [steps[name] for name in RISK]
    lost = (jump * steps["of_cause"] / at_risk).fillna(0.0) + hazard * steps["cif"]
    fixed, moving = -lost.groupby(risk).cumsum(), hazard.groupby(risk).cumsum()
    return steps.assign(fixed=fixed, moving=moving, jump=jump, left=left)


def _jackknife(steps: pd.DataFrame) -> pd.Series:
    """The infinitesimal jackknife error at each step: patients who left on one day in one way are alike.

    Whoever is gone has the influence a + F(t) b, so the sum of its squares is gathered for all t at once.
    """
    risk = [steps[name] for name in RISK]
    event = -1 / steps["left"].fillna(np.inf)
    fixed, moving, jump = steps["fixed"], steps["moving"], steps["jump"]
    of_event = fixed - event * steps["cif"]
    squares = [
        _squares(steps["censored"], fixed, moving),
        _squares(steps["events"] - steps["of_cause"], of_event, moving + event),
        _squares(steps["of_cause"], of_event + jump, moving + event),
    ]
    a_a, a_b, b_b = ((one + two + three).groupby(risk).cumsum() for one, two, three in zip(*squares, strict=True))
    there = steps["at_risk"] - steps["events"] - steps["censored"]
    now = there * (fixed + steps["cif"] * moving) ** 2
    error: pd.Series = (a_a + 2 * a_b * steps["cif"] + b_b * steps["cif"] ** 2 + now).clip(lower=0) ** 0.5
    return error


def _squares(patients: pd.Series, fixed: pd.Series, moving: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series]:
    """The parts of (fixed + F moving) squared, of so many patients."""
    return patients * fixed**2, patients * fixed * moving, patients * moving**2


def _causes(counts: pd.DataFrame) -> Iterator[tuple[str, Comparison]]:
    """Every comparison once for each cause with an event; `of_cause` are its events."""
    for comparison in comparisons(counts[counts["months"].notna()]):
        rows = comparison.counts
        for cause in sorted(rows.loc[rows["events"] > 0, "cause"].unique()):
            of_cause = rows["events"].where(rows["cause"] == cause, 0)
            yield cause, replace(comparison, counts=rows.assign(of_cause=of_cause))


def cumulative_incidence_comparison(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart cumulative_incidence_comparison: Gray's test of every stratification with two groups or more."""
    rows = [
        {**comparison.key, "cause": cause, "groups": len(comparison.groups), **vars(gray(comparison))}
        for cause, comparison in _causes(counts)
    ]
    columns = ["endpoint", "rule", "criteria", "stratification", "immortal_time", "cause", "groups"]
    tests = pd.DataFrame(rows, columns=[*columns, "statistic", "df", "p_value"]).astype({"df": "Int64"})
    compared = counts[counts.groupby(CURVE)["months"].transform("count") > 0]
    return with_told(tests, compared, STRATIFICATION)


def cause_specific_hazard_ratio(counts: pd.DataFrame) -> pd.DataFrame:
    """Mart cause_specific_hazard_ratio: as hazard_ratio, events of other causes being censored."""
    rows = []
    for cause, comparison in _causes(counts):
        known = comparison.counts
        others = known["events"] - known["of_cause"]
        of_cause = known.assign(events=known["of_cause"], censored=known["censored"] + others)
        for effect in hazard_ratios(replace(comparison, counts=of_cause)):
            rows.append({**comparison.key, "cause": cause, **vars(effect)})
    columns = ["endpoint", "rule", "criteria", "stratification", "immortal_time", "cause", *EFFECT]
    ratios = pd.DataFrame(rows, columns=columns).rename(columns={"group": "stratum"})
    return with_told(ratios, counts, [*STRATIFICATION, "stratum"])


def with_told(
    rows: pd.DataFrame, counts: pd.DataFrame, key: list[str], told: Sequence[str] = ("not_evaluable",)
) -> pd.DataFrame:
    """The rows with what is told of the patients of their groups: how many have no time (`not_evaluable`)."""
    return rows.merge(counts.groupby(key, as_index=False)[[*told]].sum(), on=key, how="left")
