"""Airflow's home: private, one instance, reachable from this machine only."""

import socket
import stat
from pathlib import Path

import pytest

from include.basics.settings import Settings
from include.running.nightly.home import Home, HomeInUseError

SETTINGS = Settings.of("/somewhere/extracts", "duckdb:////somewhere/registry.duckdb")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home in a temporary folder."""
    monkeypatch.setenv("NIGHTLY_HOME", str(tmp_path / "airflow"))
    return Home.prepare()


def test_the_password_stays_and_only_its_owner_can_read_it(home: Home) -> None:
    assert home.password == Home.prepare().password
    assert stat.S_IMODE((home.folder / "passwords.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700


def test_a_second_instance_is_refused(home: Home) -> None:
    with home.locked(), pytest.raises(HomeInUseError), Home.prepare().locked():
        pass


def test_a_home_is_free_again(home: Home) -> None:
    with home.locked():
        pass
    with home.locked():
        pass


def test_a_port_in_use_is_refused(home: Home) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(HomeInUseError, match="PORT"):
            Home.prepare(taken.getsockname()[1])


def test_everything_is_below_the_home_and_local(home: Home) -> None:
    environment = home.environment(SETTINGS, clock=True)

    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert environment["AIRFLOW__CORE__LOAD_EXAMPLES"] == "False"
    for name in ("DATABASE__SQL_ALCHEMY_CONN", "LOGGING__BASE_LOG_FOLDER"):
        assert str(home.folder) in environment[f"AIRFLOW__{name}"]
    assert environment["WAREHOUSE"] == SETTINGS.warehouse


def test_the_clock_is_off_for_a_night(home: Home) -> None:
    assert home.environment(SETTINGS, clock=False)["INGEST_SCHEDULE"] == "off"
    assert "INGEST_SCHEDULE" not in home.environment(SETTINGS, clock=True)
