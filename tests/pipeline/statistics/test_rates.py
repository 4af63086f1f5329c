"""Proportions of nobody and of everybody."""

import pandas as pd
import pytest

from include.pipeline.statistics.rates import intervals

LIMITS = ["ci_low", "ci_high", "exact_ci_low", "exact_ci_high"]


def test_the_share_of_nobody_is_unknown() -> None:
    found = intervals(pd.DataFrame({"patients": [0], "denominator": [0]}))
    assert found[["percent", *LIMITS]].isna().all(axis=None)


def test_none_and_all() -> None:
    found = intervals(pd.DataFrame({"patients": [0, 9], "denominator": [9, 9]}))
    assert found["percent"].tolist() == [0, 100]
    assert found.loc[0, ["ci_low", "exact_ci_low"]].tolist() == [0, 0]
    assert found.loc[1, ["ci_high", "exact_ci_high"]].tolist() == [100, 100]
    assert found.loc[0, "exact_ci_high"] == pytest.approx(100 * (1 - 0.025 ** (1 / 9)))


def test_no_rows() -> None:
    assert intervals(pd.DataFrame({"patients": [], "denominator": []}, dtype=object))[LIMITS].empty
