"""The dashboard, imported by one command into a real Superset, shows the marts' numbers."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.bi.conftest import Marts, Server
from tests.bi.superset import PASSWORD, Superset, in_browser
from tests.support.warehouses import new_database

STUDY = "endpoint = 'os_treatment' AND stratification = 'all'"
ESTIMATE = f"{STUDY} AND rule = 'study' AND ci_method = 'log-log' AND entry = 'time zero'"
KM = "Kaplan-Meier with 95 % confidence band; dots are censored patients"
TABS = {
    "Cohort": ("Cohort and data cut-off", "From all patients to the analysed ones"),
    "Survival": (KM, "Numbers at risk, by months", "Medians", "Survival at months"),
    "Response": ("Best response by criteria, percent of the evaluable", "Best response with 95 % intervals"),
    "Toxicity": ("Patients by grade and time point, percent", "Patients by grade and time point"),
    "Validation": ("Feeds", "Rows that failed a rule, all nights", "Rules that failed"),
}
EQUAL = {
    "Cohort and data cut-off": ("patients", "SELECT patients FROM marts.cohort"),
    "From all patients to the analysed ones": ("patients_out", "SELECT patients_out FROM marts.attrition"),
    KM: (
        "All patients__yhat",
        f"SELECT 100 * MIN(survival) FROM marts.kaplan_meier WHERE {STUDY} GROUP BY time_months",
    ),
    "Numbers at risk, by months": (
        "At risk",
        f"SELECT at_risk FROM marts.survival_at WHERE {ESTIMATE} "
        f"UNION ALL SELECT at_risk FROM marts.kaplan_meier WHERE {STUDY} AND step = 1",
    ),
    "Medians": ("median_months", f"SELECT median_months FROM marts.survival_summary WHERE {ESTIMATE}"),
    "Survival at months": ("ci_low", f"SELECT 100 * ci_low FROM marts.survival_at WHERE {ESTIMATE}"),
    "Best response with 95 % intervals": (
        "percent",
        "SELECT percent FROM marts.response_rate "
        "WHERE assessment = 'best' AND denominator_kind = 'evaluable' AND stratification = 'all'",
    ),
    "Best response by criteria, percent of the evaluable": (
        "mRECIST, All patients",
        "SELECT percent FROM marts.response_rate WHERE assessment = 'best' AND denominator_kind = 'evaluable' "
        "AND stratification = 'all' AND criteria = 'mrecist' AND response IN ('CR', 'PR', 'SD', 'PD')",
    ),
    "Patients by grade and time point, percent": (
        "Grade 3",
        "SELECT percent FROM marts.toxicity WHERE criteria = 'ctcae_v3' AND analyte = 'AST' AND grade = 3",
    ),
    "Patients by grade and time point": (
        "Patients",
        "SELECT patients FROM marts.toxicity WHERE criteria = 'ctcae_v3' AND analyte = 'AST'",
    ),
    "Feeds": ("rows_loaded", "SELECT rows_loaded FROM marts.feed_freshness"),
    "Rows that failed a rule, all nights": (
        "Rows failed",
        "SELECT SUM(rows_failed) FROM marts.validation_summary GROUP BY source, feed, severity",
    ),
    "Rules that failed": ("rows_failed", "SELECT rows_failed FROM marts.validation_summary WHERE rows_failed > 0"),
}
"""Of each chart a column of its rows, and the marts' own numbers."""


@pytest.fixture(scope="module")
def superset(server: Server, marts: Marts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Superset]:
    """Superset, loaded twice and started; it reads the marts as bi_reader."""
    programs = Path(os.environ.get("SUPERSET", ".superset/bin"))
    own = new_database(server.url).replace("+psycopg", "+psycopg2")
    new = Superset.new(programs.absolute(), tmp_path_factory.mktemp("superset"), own, marts.reader)
    new.environment["PGPASSFILE"] = str(server.passwords)
    new.load()
    new.load()
    with new.serving():
        yield new


@pytest.mark.parametrize("width", [1440, 400])
def test_each_chart_shows_the_marts_numbers(superset: Superset, marts: Marts, width: int, tmp_path: Path) -> None:
    pictures = Path(os.environ.get("PICTURES", tmp_path))
    with in_browser(superset.url, width) as dashboard:
        dashboard.sign_in(PASSWORD)
        for tab, charts in TABS.items():
            text = dashboard.open(tab, *charts)
            dashboard.page.screenshot(path=pictures / f"{tab}-{width}.png")
            assert [chart for chart in charts if chart not in text] == []
        rows = dashboard.rows
        charts_in_all = dashboard.page.request.get(f"{superset.url}/api/v1/chart/").json()["count"]

    assert charts_in_all == len(EQUAL)
    assert set(rows) == {chart for charts in TABS.values() for chart in charts} == set(EQUAL)
    with psycopg.connect(marts.url) as connection:
        for chart, (column, select) in EQUAL.items():
            shown = sorted(row[column] for row in rows[chart] if row[column] is not None)
            expected = sorted(float(number) for (number,) in connection.execute(select) if number is not None)
            assert shown, chart
            assert shown == pytest.approx(expected), chart
