"""Several factors in one Cox model, from counts of patients who are alike, against lifelines on every patient."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter

from include.pipeline.statistics.groups import multivariable_hazard_ratio
from include.pipeline.statistics.hazard import Effect, adjusted_hazard_ratios

FACTORS = ["grade", "burden"]
MODEL = {"endpoint": "pfs", "rule": "study", "criteria": "mrecist", "entry": "time zero", "immortal_time": False}
ESTIMATES = ("hazard_ratio", "ci_low", "ci_high", "p_value")


def patients(seed: int, size: int = 120, days: int = 25) -> pd.DataFrame:
    """Patients who share few days: nearly every event is tied."""
    draw = np.random.default_rng(seed)
    grade, burden = draw.choice(["G1", "G2", "G3"], size), draw.choice(["<50", ">=50"], size)
    rate = 0.05 * np.exp(0.7 * (grade == "G2") + 1.2 * (grade == "G3") - 0.5 * (burden == ">=50"))
    time = np.ceil(draw.exponential(1 / rate)).clip(1, days)
    return pd.DataFrame({"grade": grade, "burden": burden, "months": time, "event": draw.random(size) < 0.7})


def counted(rows: pd.DataFrame) -> pd.DataFrame:
    """The same patients as counts."""
    counts = rows.groupby([*FACTORS, "months"])["event"].agg(["sum", "size"]).reset_index()
    return counts.assign(entered=0, events=counts["sum"], censored=counts["size"] - counts["sum"]).drop(
        columns=["sum", "size"]
    )


def effects(rows: pd.DataFrame) -> dict[tuple[str, str], Effect]:
    return {(factor, effect.group): effect for factor, effect in adjusted_hazard_ratios(counted(rows), FACTORS)}


def lifelines_summary(rows: pd.DataFrame) -> pd.DataFrame:
    dummies = pd.get_dummies(rows[FACTORS], drop_first=True, dtype=float)
    table = dummies.assign(months=rows["months"], event=rows["event"])
    summary: pd.DataFrame = CoxPHFitter().fit(table, "months", "event").summary
    return summary


@pytest.mark.parametrize("seed", range(4))
def test_as_lifelines_with_efrons_ties(seed: int) -> None:
    rows = patients(seed)
    theirs = lifelines_summary(rows)
    found = effects(rows)
    assert set(found) == {("grade", "G2"), ("grade", "G3"), ("burden", ">=50")}
    columns = ["exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%", "p"]
    for (factor, group), effect in found.items():
        expected = theirs.loc[f"{factor}_{group}", columns].tolist()
        assert [getattr(effect, name) for name in ESTIMATES] == pytest.approx(expected, rel=1e-3)


def test_only_the_factor_whose_hazards_cross_is_not_proportional() -> None:
    draw = np.random.default_rng(5)
    grade, burden = draw.choice(["G1", "G2"], 2000), draw.choice(["<50", ">=50"], 2000)
    early = draw.random(2000) < np.where(burden == "<50", 0.1, 0.6)
    time = np.where(early, draw.integers(1, 30, 2000), draw.integers(30, np.where(burden == "<50", 60, 400)))
    found = effects(pd.DataFrame({"grade": grade, "burden": burden, "months": time, "event": True}))
    assert found["burden", ">=50"].proportionality_p_value < 1e-6
    assert found["grade", "G2"].proportionality_p_value > 0.01


def test_adjustment_takes_away_what_another_factor_explains() -> None:
    """Burden alone decides; grade only goes along with it."""
    draw = np.random.default_rng(3)
    burden = draw.choice(["<50", ">=50"], 3000)
    grade = np.where(draw.random(3000) < 0.85, np.where(burden == "<50", "G1", "G2"), "G1")
    time = np.ceil(draw.exponential(np.where(burden == "<50", 40, 10)))
    found = effects(pd.DataFrame({"grade": grade, "burden": burden, "months": time, "event": True}))
    assert found["burden", ">=50"].hazard_ratio == pytest.approx(4, rel=0.15)
    assert found["grade", "G2"].hazard_ratio == pytest.approx(1, rel=0.15)


def test_a_level_without_events_has_no_ratio_and_changes_no_other() -> None:
    rows = patients(1)
    quiet = rows.head(10).assign(grade="G0", event=False)
    found = effects(pd.concat([rows, quiet]))
    assert math.isnan(found["grade", "G0"].hazard_ratio)
    assert {name: effect for name, effect in found.items() if name != ("grade", "G0")} == effects(rows)


def without_overlap(rows: pd.DataFrame, grade: str) -> pd.DataFrame:
    """These patients and some of a grade that dies only before ("G0") or after ("G4") all others are followed."""
    draw = np.random.default_rng(8)
    burden = draw.choice(["<50", ">=50"], 12)
    months = draw.integers(1, 5, 12) / 10 if grade == "G0" else np.where(np.arange(12) < 8, 3.0, 90.0 + np.arange(12))
    extra = pd.DataFrame({"grade": grade, "burden": burden, "months": months, "event": months != 3})
    return pd.concat([rows, extra], ignore_index=True)


@pytest.mark.parametrize("grade", ["G0", "G4"])
def test_a_grade_without_a_finite_ratio_takes_no_other_s(grade: str) -> None:
    """In the limit its patients are compared with each other alone: as a stratum of their own."""
    rows = without_overlap(patients(1), grade)
    apart = {"own": np.where(rows["grade"] == grade, "own", "shared"), "grade": rows["grade"].replace(grade, "G1")}
    table = pd.get_dummies(rows.assign(**apart), columns=FACTORS, drop_first=True, dtype=float)
    theirs = CoxPHFitter().fit(table, "months", "event", strata="own").summary
    found = effects(rows)
    assert {effect.reference for (factor, _), effect in found.items() if factor == "grade"} == {"G1"}
    assert math.isnan(found["grade", grade].hazard_ratio)
    for factor, group in (("grade", "G2"), ("grade", "G3"), ("burden", ">=50")):
        expected = theirs.loc[f"{factor}_{group}", ["exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%", "p"]]
        estimate = found[factor, group]
        assert [getattr(estimate, name) for name in ESTIMATES] == pytest.approx(expected.tolist(), rel=1e-3)
        assert math.isfinite(estimate.proportionality_p_value)


UNDECIDED: dict[str, dict[str, Any]] = {
    "one level of everything": {"grade": "G1", "burden": "<50"},
    "no events": {"event": False},
}


@pytest.mark.parametrize("case", UNDECIDED)
def test_a_model_that_cannot_be_fitted_has_no_ratios(case: str) -> None:
    found = effects(patients(2).assign(**UNDECIDED[case]))
    assert all(math.isnan(effect.hazard_ratio) for effect in found.values())


def test_two_factors_that_are_one_have_no_ratios() -> None:
    rows = patients(2)
    twins = rows.assign(burden=rows["grade"])
    found = effects(twins)
    assert found
    assert all(math.isnan(effect.hazard_ratio) for effect in found.values())


def test_the_mart_counts_its_patients_and_events() -> None:
    rows = patients(4)
    mart = multivariable_hazard_ratio(counted(rows).assign(**MODEL))
    assert mart["stratification"].tolist() == ["grade", "grade", "burden"]
    assert set(mart["patients"]) == {120}
    assert set(mart["events"]) == {rows["event"].sum()}
    assert mart["events_per_coefficient"].tolist() == pytest.approx([rows["event"].sum() / 3] * 3)


def test_nobody_has_no_rows() -> None:
    empty = counted(patients(4)).assign(**MODEL).iloc[:0]
    assert multivariable_hazard_ratio(empty).empty
