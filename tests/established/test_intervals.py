"""Intervals of proportions against R's binom.test and prop.test."""

from pathlib import Path

import pandas as pd
import pytest

from include.pipeline.statistics.rates import intervals


def test_wilson_and_clopper_pearson(shared: Path) -> None:
    answers = pd.read_csv(shared / "reference" / "intervals" / "expected_intervals.csv")
    found = intervals(answers[["x", "n"]].rename(columns={"x": "patients", "n": "denominator"}))
    pairs = {
        "percent": "percent",
        "ci_low": "wilson_low",
        "ci_high": "wilson_high",
        "exact_ci_low": "exact_low",
        "exact_ci_high": "exact_high",
    }
    for ours, theirs in pairs.items():
        assert found[ours].tolist() == pytest.approx(answers[theirs].tolist(), rel=1e-9, abs=1e-9), ours
