"""What is derived does not depend on the rules across feeds: they are judged by plain SQL here, which is quick."""

import pytest

from include.validation import cross_feed
from tests.support import plain_judge
from tests.support.registry import duckdb_registry, plain_judging, registry

__all__ = ["duckdb_registry", "plain_judging", "registry"]


@pytest.fixture(autouse=True)
def plain_cross_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge across feeds without Great Expectations."""
    monkeypatch.setattr(cross_feed, "find", plain_judge.find)
