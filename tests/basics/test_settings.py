"""Where the warehouse is, as people write it."""

import pytest

from include.basics.settings import Settings


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_url_of_postgresql_means_the_driver_that_there_is(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE", f"{scheme}://registry:a%40b@host:5433/base?sslmode=require")
    expected = "postgresql+psycopg://registry:a%40b@host:5433/base?sslmode=require"
    assert Settings.from_environment().warehouse == expected
