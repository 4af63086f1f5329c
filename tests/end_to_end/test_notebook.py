"""The example notebook, on the sample study's snapshot of the marts."""

import runpy

import pytest

from include.basics.settings import ROOT
from include.pipeline.marts.snapshot import snapshot_of
from tests.end_to_end.conftest import Outcome


def test_it_draws_the_marts_survival(on_duckdb: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("MARTS_URL", f"duckdb:///{snapshot_of(on_duckdb.settings.warehouse.removeprefix('duckdb:///'))}")
    made = runpy.run_path(str(ROOT / "docs" / "notebook" / "survival.py"))

    events = "SELECT events FROM marts.survival_summary WHERE endpoint = 'os_treatment' AND rule = 'study' "
    events += "AND stratification = 'extrahepatic' AND ci_method = 'log-log' ORDER BY stratum_order"
    assert made["medians"]["events"].tolist() == [number for (number,) in on_duckdb.rows(events)]
    at_risk = made["numbers_at_risk"]
    assert at_risk[0].sum() == made["medians"]["patients"].sum()
    assert (at_risk.diff(axis=1).iloc[:, 1:] <= 0).all(axis=None)
    (step, *_) = made["axes"].lines
    assert step.get_ydata()[0] == 100
    assert "log-rank p = 0.039" in made["axes"].get_title()
