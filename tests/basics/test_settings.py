"""Where the warehouse is, as people write it, and numbers of the environment."""

import pytest

from include.basics.errors import RegistryError
from include.basics.settings import Settings, number, whole
from include.warehouse import open_warehouse, opening


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_url_of_postgresql_means_the_driver_that_there_is(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE", f"{scheme}://registry:a%40b@host:5433/base?sslmode=require")
    expected = "postgresql+psycopg://registry:a%40b@host:5433/base?sslmode=require"
    assert Settings.from_environment().warehouse == expected


@pytest.mark.parametrize("said", ["abc", "-1", "nan", "inf", "1e400"])
def test_a_number_that_is_none_is_told_with_its_name_alone(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCK_WAIT_SECONDS", said)
    with pytest.raises(RegistryError) as error, open_warehouse("duckdb:///:memory:"):
        pass
    assert (error.value.code, error.value.what) == ("REG-108", "LOCK_WAIT_SECONDS is no number from 0 on.")


@pytest.mark.parametrize(("said", "is_one"), [("", True), ("1", True), ("0", False), ("2.5", False)])
def test_a_whole_number_has_a_least_one(said: str, is_one: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECEIVERS", said)
    if is_one:
        assert whole("RECEIVERS", 1, least=1) == 1
    else:
        with pytest.raises(RegistryError, match="REG-108: RECEIVERS is no whole number from 1 on"):
            whole("RECEIVERS", 1, least=1)


def test_a_number_may_be_a_fraction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DECISION_DAYS", "0.5")
    assert number("DECISION_DAYS", 7) == 0.5


def test_a_size_of_memory_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(opening.DUCKDB_CONFIG, "memory_limit", "5 bananas")
    with pytest.raises(RegistryError, match="REG-108: DUCKDB_MEMORY_LIMIT"), open_warehouse("duckdb:///:memory:"):
        pass
