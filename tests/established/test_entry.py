"""Survival of patients who enter late, and the same without their entry, against R's survfit and coxph."""

from pathlib import Path

import pandas as pd
import pytest

from include.pipeline.statistics.curves import kaplan_meier, standard_error
from include.pipeline.statistics.groups import hazard_ratio, survival_comparison
from include.pipeline.statistics.survival import survival_at, survival_summary

MONTH = 30.4375
DATASETS = ("jasa_transplanted", "myeloma")
KEY = {
    "endpoint": "os_diagnosis",
    "rule": "study",
    "criteria": "none",
    "immortal_time": False,
    "not_evaluable": 0,
    "imputed_times": 0,
}


def counts(shared: Path, dataset: str) -> pd.DataFrame:
    """Counts by day and group, and of everybody, with entry and from time zero on."""
    rows = pd.read_csv(shared / "reference" / "entry" / "data" / f"{dataset}.csv")
    strata = pd.concat([rows.assign(stratification="group"), rows.assign(stratification="all", group="ALL")])
    moments = [
        strata.assign(entry=entry, months=strata[day] / MONTH, **numbers)
        for entry, day, numbers in (
            ("time zero", "days", {"entered": 0, "events": strata["event"], "censored": 1 - strata["event"]}),
            ("delayed", "days", {"entered": 0, "events": strata["event"], "censored": 1 - strata["event"]}),
            ("delayed", "entry", {"entered": 1, "events": 0, "censored": 0}),
        )
    ]
    return pd.concat(moments, ignore_index=True).rename(columns={"group": "stratum"}).assign(**KEY, horizon_months=60.0)


def expected(shared: Path, name: str, dataset: str) -> pd.DataFrame:
    answers = pd.read_csv(shared / "reference" / "entry" / f"expected_{name}.csv")
    return answers[answers["dataset"] == dataset].rename(columns={"group": "stratum"})


def alike(found: pd.Series, answers: pd.Series) -> None:
    assert found.tolist() == pytest.approx(answers.tolist(), rel=1e-6, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("dataset", DATASETS)
def test_survival_at_time_points(shared: Path, dataset: str) -> None:
    given = counts(shared, dataset).assign(asked=False)
    answers = expected(shared, "survival", dataset).query("months.notna()")
    asked = given.drop_duplicates(["entry", "stratum"]).assign(entered=0, events=0, censored=0, asked=True)
    asked = asked.drop(columns="months").merge(answers[["months"]].drop_duplicates(), how="cross")
    given = pd.concat([given, asked])
    both = answers.merge(survival_at(given), on=["entry", "stratum", "ci_method", "months"], suffixes=("_r", ""))
    assert len(both) == len(answers)
    assert both["at_risk"].tolist() == both["at_risk_r"].tolist()
    assert both["survival"].isna().tolist() == (both["beyond_last_time"] == 1).tolist()
    known = both[both["beyond_last_time"] == 0]
    for ours, theirs in {"survival": "value", "ci_low": "ci_low_r", "ci_high": "ci_high_r"}.items():
        alike(known[ours], known[theirs])


@pytest.mark.parametrize("dataset", DATASETS)
def test_standard_errors(shared: Path, dataset: str) -> None:
    answers = expected(shared, "survival", dataset).query("months.notna() and ci_method == 'log'")
    curves = kaplan_meier(counts(shared, dataset))
    steps = curves.steps.assign(std_err=standard_error(curves.steps)).join(curves.keys, on="curve")
    both = pd.merge_asof(
        answers.sort_values("months"), steps.sort_values("months"), on="months", by=["entry", "stratum"]
    )
    alike(both["std_err_y"], both["std_err_x"])


@pytest.mark.parametrize("dataset", DATASETS)
def test_medians_and_their_limits(shared: Path, dataset: str) -> None:
    answers = expected(shared, "survival", dataset).query("months.isna()")
    both = answers.merge(survival_summary(counts(shared, dataset)), on=["entry", "stratum", "ci_method"])
    assert len(both) == len(answers)
    pairs = {"median_months": "value", "median_ci_low": "ci_low", "median_ci_high": "ci_high", "patients": "n"}
    for ours, theirs in pairs.items():
        alike(both[ours], both[theirs])


@pytest.mark.parametrize("dataset", DATASETS)
def test_comparisons(shared: Path, dataset: str) -> None:
    given = counts(shared, dataset).query("stratification == 'group'")
    answers = expected(shared, "comparison", dataset)
    tests = answers[answers["what"] == "logrank"].merge(survival_comparison(given), on="entry", suffixes=("_r", ""))
    assert len(tests) == 2
    assert tests["df"].tolist() == tests["df_r"].tolist()
    alike(tests["statistic"], tests["estimate"])
    alike(tests["p_value"], tests["p_value_r"])
    names = ["entry", "stratum", "reference"]
    ratios = answers[answers["what"] == "hazard_ratio"].merge(hazard_ratio(given), on=names, suffixes=("_r", ""))
    assert len(ratios) == (answers["what"] == "hazard_ratio").sum()
    for ours, theirs in {"hazard_ratio": "estimate", "ci_low": "ci_low_r", "ci_high": "ci_high_r"}.items():
        alike(ratios[ours], ratios[theirs])
