"""Curves, medians and log-rank tests of public data against R's survfit and survdiff, in the data's unit."""

from pathlib import Path

import pandas as pd
import pytest

from include.pipeline.statistics.comparison import comparisons
from include.pipeline.statistics.curves import CI_METHODS, band, kaplan_meier, median, standard_error
from include.pipeline.statistics.log_rank import log_rank

UNIT_DAYS = {"lung": 1, "veteran_celltype": 1, "aml": 7}
TOLERANCE = 1e-6


def read(folder: Path, source: str, feed: str) -> pd.DataFrame:
    """A feed of the reference extracts, by patient."""
    return pd.read_csv(next((folder / source / feed).rglob("*.csv"))).set_index("patient_id")


def counts(shared: Path, dataset: str) -> pd.DataFrame:
    """Counts by time and group, and of everybody; groups are named as R names them."""
    folder = shared / "reference" / "survival"
    extracts = folder / "extracts" / dataset
    procedures, visits = read(extracts, "radiology", "procedures"), read(extracts, "clinic", "visits")
    start, end = pd.to_datetime(procedures["performed_on"]), pd.to_datetime(visits["visit_date"])
    names = pd.read_csv(folder / "expected_logrank.csv").set_index("dataset").loc[dataset, "groups"].split("|")
    sites = read(extracts, "pathology", "reports")["primary_site"]
    groups = sites.map(dict(zip(sorted(sites.unique()), names, strict=True)))
    patients = pd.DataFrame(
        {
            "months": (end - start).dt.days / UNIT_DAYS[dataset],
            "dead": visits["vital_status"] == "dead",
            "stratum": groups,
        }
    )
    both = pd.concat([patients.assign(stratification="group"), patients.assign(stratification="all", stratum="ALL")])
    counted = both.groupby(["stratification", "stratum", "months"])["dead"].agg(["sum", "size"]).reset_index()
    return counted.assign(
        endpoint="os",
        rule="study",
        criteria="none",
        entry="time zero",
        entered=0,
        immortal_time=False,
        events=counted["sum"],
        censored=counted["size"] - counted["sum"],
    )


def expected(shared: Path, name: str, dataset: str) -> pd.DataFrame:
    """R's answers for one data set."""
    answers = pd.read_csv(shared / "reference" / "survival" / f"expected_{name}.csv")
    return answers[answers["dataset"] == dataset]


@pytest.mark.parametrize("dataset", UNIT_DAYS)
def test_medians_and_their_limits(shared: Path, dataset: str) -> None:
    curves = kaplan_meier(counts(shared, dataset))
    totals = curves.steps.groupby("curve")[["events", "censored"]].sum()
    for answer in expected(shared, "median", dataset).itertuples():
        curve = curves.keys.index[curves.keys["stratum"] == answer.group][0]
        limits = band(curves.steps, answer.conf_type)
        values = (curves.steps["survival"], limits["ci_low"], limits["ci_high"])
        found = [median(curves, value)[curve] for value in values]
        assert found == pytest.approx([answer.median, answer.lcl, answer.ucl], abs=TOLERANCE, nan_ok=True)
        assert totals.loc[curve].tolist() == [answer.events, answer.n - answer.events]


@pytest.mark.parametrize("dataset", UNIT_DAYS)
def test_survival_at_time_points(shared: Path, dataset: str) -> None:
    answers = expected(shared, "timepoints", dataset)
    observed = counts(shared, dataset)
    asked = observed.drop_duplicates(["stratification", "stratum"]).assign(events=0, censored=0)
    asked = asked.drop(columns="months").merge(answers[["time"]].drop_duplicates(), how="cross")
    curves = kaplan_meier(pd.concat([observed, asked.rename(columns={"time": "months"})]))
    for method in CI_METHODS:
        steps = pd.concat([curves.steps, band(curves.steps, method)], axis=1)
        steps = steps.assign(std_err=standard_error(curves.steps)).merge(curves.keys, left_on="curve", right_index=True)
        wanted = answers[answers["conf_type"] == method]
        both = wanted.merge(steps, left_on=["group", "time"], right_on=["stratum", "months"], how="left")
        assert len(both) == len(wanted)
        assert (both["at_risk"] == both["n_risk"]).all()
        assert ((both["at_risk"] == 0) == (both["beyond_last_time"] == 1)).all()
        known = both[both["beyond_last_time"] == 0]
        pairs = {"survival": "surv", "std_err": "std_err_greenwood", "ci_low": "lower", "ci_high": "upper"}
        for ours, theirs in pairs.items():
            assert known[ours].tolist() == pytest.approx(known[theirs].tolist(), abs=TOLERANCE, nan_ok=True)


@pytest.mark.parametrize("dataset", UNIT_DAYS)
def test_log_rank(shared: Path, dataset: str) -> None:
    comparison = next(comparisons(counts(shared, dataset)))
    found = log_rank(comparison)
    answer = expected(shared, "logrank", dataset).iloc[0]
    assert "|".join(comparison.groups) == answer["groups"]
    assert found.df == answer["df"]
    assert found.statistic == pytest.approx(answer["logrank_chisq"], rel=TOLERANCE)
    assert found.p_value == pytest.approx(answer["logrank_p"], rel=TOLERANCE)
