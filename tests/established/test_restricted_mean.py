"""Restricted means, their differences, quartiles and median follow-up of public data against R's survfit."""

from pathlib import Path

import pandas as pd
import pytest

from include.pipeline.statistics.groups import rmst_comparison
from include.pipeline.statistics.survival import survival_summary
from tests.established.test_survival_reference import UNIT_DAYS, counts

MONTH = 30.4375
DATASETS = ("lung", "veteran_celltype", "colon")
SUMMARY = ("q25_months", "q75_months", "median_follow_up_months", "median_follow_up_ci_low", "median_follow_up_ci_high")
MEANS = ("rmst_60_months", "rmst_60_se", "rmst_60_ci_low", "rmst_60_ci_high")


def given(shared: Path, dataset: str) -> pd.DataFrame:
    """Counts by month and group, and of everybody."""
    if dataset in UNIT_DAYS:
        known = counts(shared, dataset)
        return known.assign(months=known["months"] / MONTH, horizon_months=60.0, not_evaluable=0, imputed_times=0)
    rows = pd.read_csv(shared / "reference" / "cif" / "data" / f"{dataset}.csv")
    strata = pd.concat([rows.assign(stratification="group"), rows.assign(stratification="all", group="ALL")])
    key = {"endpoint": "os_treatment", "rule": "study", "criteria": "none", "entry": "time zero"}
    return strata.rename(columns={"group": "stratum", "dead": "events"}).assign(
        **key,
        immortal_time=False,
        months=strata["death_days"] / MONTH,
        entered=0,
        censored=1 - strata["dead"],
        not_evaluable=0,
        imputed_times=0,
        horizon_months=60.0,
    )


def expected(shared: Path, name: str, dataset: str) -> pd.DataFrame:
    answers = pd.read_csv(shared / "reference" / "rmst" / f"expected_{name}.csv")
    return answers[answers["dataset"] == dataset].rename(columns={"group": "stratum"})


def alike(both: pd.DataFrame, *names: str) -> None:
    for name in names:
        assert both[name].tolist() == pytest.approx(both[f"{name}_r"].tolist(), rel=1e-6, nan_ok=True), name


@pytest.mark.parametrize("dataset", DATASETS)
def test_summary(shared: Path, dataset: str) -> None:
    """R carries S beyond the end of follow-up; there we know no mean."""
    answers = expected(shared, "summary", dataset)
    both = answers.merge(survival_summary(given(shared, dataset)), on=["stratum", "ci_method"], suffixes=("_r", ""))
    assert len(both) == len(answers)
    alike(both, *SUMMARY)
    followed = both["follow_up_reaches_60"] == 1
    alike(both[followed], *MEANS)
    assert both.loc[~followed, list(MEANS)].isna().to_numpy().all()


@pytest.mark.parametrize("dataset", ["veteran_celltype", "colon"])
def test_differences(shared: Path, dataset: str) -> None:
    answers = expected(shared, "comparison", dataset)
    both = answers.merge(rmst_comparison(given(shared, dataset)), on=["stratum", "reference"], suffixes=("_r", ""))
    assert len(both) == len(answers) / 2  # R's rows have each pair both ways
    alike(both, "difference_months", "ci_low", "ci_high", "p_value")
