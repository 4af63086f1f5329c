"""Patients who are at risk only after their entry, against lifelines on every patient."""

import math

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter, KaplanMeierFitter

from include.pipeline.statistics.comparison import comparisons
from include.pipeline.statistics.curves import kaplan_meier, median, restricted_mean
from include.pipeline.statistics.hazard import hazard_ratios
from include.pipeline.statistics.log_rank import UNDECIDED, log_rank
from tests.pipeline.statistics.test_survival_curves import counts


def patients(seed: int, size: int = 150) -> pd.DataFrame:
    """Entries between the days on which patients leave; many of these days are shared."""
    draw = np.random.default_rng(seed)
    group = draw.choice(["a", "b"], size)
    entry = draw.integers(0, 20, size) + 0.5
    time = np.ceil(entry + draw.exponential(np.where(group == "a", 10, 20)))
    return pd.DataFrame({"stratum": group, "entry": entry, "time": time, "event": draw.random(size) < 0.7})


def counted(rows: pd.DataFrame) -> pd.DataFrame:
    """Counts of when they leave and when they enter."""
    left = rows.assign(months=rows["time"], entered=0, events=rows["event"].astype(int), censored=1 - rows["event"])
    came = rows.assign(months=rows["entry"], entered=1, events=0, censored=0)
    names = counts([(1.0, 1, 0)]).iloc[0].drop(["stratum", "months", "entered", "events", "censored"]).to_dict()
    both = pd.concat([left, came], ignore_index=True)
    return both[["stratum", "months", "entered", "events", "censored"]].assign(**{**names, "entry": "delayed"})


@pytest.mark.parametrize("seed", range(3))
def test_as_lifelines_with_entry(seed: int) -> None:
    rows = patients(seed)
    everybody = counted(rows.assign(stratum="all"))
    steps = kaplan_meier(everybody).steps.set_index("months")
    fitter = KaplanMeierFitter().fit(rows["time"], rows["event"], entry=rows["entry"])
    theirs = fitter.survival_function_at_times(steps.index)
    assert steps["survival"].tolist() == pytest.approx(theirs.tolist(), abs=1e-12)

    table = pd.get_dummies(rows, columns=["stratum"], drop_first=True, dtype=float)
    summary = CoxPHFitter().fit(table, "time", "event", entry_col="entry").summary
    (effect,) = hazard_ratios(next(comparisons(counted(rows))))
    expected = summary.loc["stratum_b", ["exp(coef)", "exp(coef) lower 95%", "exp(coef) upper 95%"]].tolist()
    assert [effect.hazard_ratio, effect.ci_low, effect.ci_high] == pytest.approx(expected, rel=1e-4)


def test_who_enters_on_a_day_is_not_at_risk_on_it() -> None:
    rows = pd.DataFrame({"stratum": "a", "entry": [0.0, 2.0], "time": [2.0, 5.0], "event": [True, False]})
    steps = kaplan_meier(counted(rows)).steps.set_index("months")
    assert steps["at_risk"].to_dict() == {0: 0, 2: 1, 5: 1}


def test_groups_that_are_never_at_risk_together_cannot_be_compared() -> None:
    rows = patients(1)
    apart = rows.assign(time=rows["time"].clip(upper=30))
    late = rows["stratum"] == "b"
    apart = apart.assign(entry=apart["entry"] + 50 * late, time=apart["time"] + 50 * late)
    comparison = next(comparisons(counted(apart)))
    assert str(log_rank(comparison)) == str(UNDECIDED)
    assert math.isnan(hazard_ratios(comparison)[0].hazard_ratio)


@pytest.mark.parametrize(
    ("dies", "survival", "middle", "mean"), [(True, [0, 0, 0], 2, 2), (False, [1, 0.5, 0.5], 5, 5.5)]
)
def test_nobody_at_risk_for_a_while(dies: bool, survival: list[float], middle: float, mean: float) -> None:
    """R's survfit (survival 3.5-3): who dies alone at risk takes survival to 0 for good, whoever enters later."""
    rows = pd.DataFrame(
        {"stratum": "a", "entry": [0.0, 3.0, 3.0], "time": [2.0, 5.0, 6.0], "event": [dies, True, False]}
    )
    curves = kaplan_meier(counted(rows))
    steps = curves.steps.set_index("months").loc[[2, 5, 6]]
    assert steps["survival"].tolist() == survival
    assert median(curves, curves.steps["survival"]).tolist() == [middle]
    assert restricted_mean(curves, 6)["mean"].tolist() == [mean]
