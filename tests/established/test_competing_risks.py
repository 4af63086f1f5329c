"""Cumulative incidence and Gray's test of public data against R's multi-state survfit and cmprsk."""

from pathlib import Path

import pandas as pd
import pytest

from include.pipeline.statistics.incidence import cumulative_incidence, cumulative_incidence_comparison

MONTH = 30.4375
DATASETS = {"mgus2": "os_treatment", "colon": "pfs"}


def counts(shared: Path, dataset: str) -> pd.DataFrame:
    """Counts by day, cause and group, and of everybody."""
    rows = pd.read_csv(shared / "reference" / "cif" / "data" / f"{dataset}.csv")
    key = {"endpoint": DATASETS[dataset], "rule": "study", "criteria": "none", "entry": "time zero"}
    strata = pd.concat([rows.assign(stratification="group"), rows.assign(stratification="all", group="ALL")])
    return strata.rename(columns={"group": "stratum"}).assign(
        **key,
        immortal_time=False,
        months=strata["days"] / MONTH,
        entered=0,
        events=strata["cause"].notna().astype(int),
        censored=strata["cause"].isna().astype(int),
        cause=strata["cause"].fillna("none"),
        not_evaluable=0,
        imputed_times=0,
        asked=False,
    )


@pytest.mark.parametrize("dataset", DATASETS)
def test_cumulative_incidence(shared: Path, dataset: str) -> None:
    given = counts(shared, dataset)
    answers = pd.read_csv(shared / "reference" / "cif" / "expected_cumulative_incidence.csv")
    answers = answers[answers["dataset"] == dataset].rename(columns={"group": "stratum"})
    asked = given.drop_duplicates("stratum").assign(events=0, censored=0, cause="none", asked=True)
    asked = asked.drop(columns="months").merge(answers[["months"]].drop_duplicates(), how="cross")
    found = cumulative_incidence(pd.concat([given, asked]))
    both = answers.merge(found, on=["stratum", "cause", "months"], suffixes=("_r", ""))
    assert len(both) == len(answers) == len(found)
    assert both["n_at_risk"].tolist() == both["n_at_risk_r"].tolist()
    assert both["cif"].isna().tolist() == (both["beyond_last_time"] == 1).tolist()
    known = both[both["beyond_last_time"] == 0]
    pairs = {"cif": "cif_r", "std_err": "se_jackknife", "ci_low": "low_loglog", "ci_high": "high_loglog"}
    for ours, theirs in pairs.items():
        assert known[ours].tolist() == pytest.approx(known[theirs].tolist(), rel=1e-6, abs=1e-12, nan_ok=True), ours


@pytest.mark.parametrize("dataset", DATASETS)
def test_gray(shared: Path, dataset: str) -> None:
    answers = pd.read_csv(shared / "reference" / "cif" / "expected_gray.csv")
    answers = answers[answers["dataset"] == dataset]
    both = answers.merge(cumulative_incidence_comparison(counts(shared, dataset)), on="cause", suffixes=("_r", ""))
    assert len(both) == len(answers)
    for name in ("groups", "statistic", "df", "p_value"):
        assert both[name].tolist() == pytest.approx(both[f"{name}_r"].tolist(), rel=1e-6), name
