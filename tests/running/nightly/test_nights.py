"""Delivering the sample study, and asking whether there is anything to do."""

from pathlib import Path

import pytest

from include.basics.settings import Settings
from include.pipeline.derivation import derive
from include.pipeline.landing import pull
from include.pipeline.marts import refresh
from include.pipeline.receiving.loads import load
from include.running.nightly.nights import caught_up, deliver, rounds
from include.study.sample import NIGHTS, write_night
from tests.support.extracts import row, send


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A registry of its own."""
    return Settings.of(str(tmp_path / "extracts"), f"duckdb:///{tmp_path / 'registry.duckdb'}")


def test_every_night_is_delivered_once(tmp_path: Path) -> None:
    extracts = tmp_path / "extracts"

    assert [one.name for one in deliver(extracts)] == [str(night) for night in NIGHTS]
    assert list(deliver(extracts)) == []


def test_a_night_is_written_when_it_is_asked_for(tmp_path: Path) -> None:
    next(deliver(tmp_path / "extracts"))

    assert {path.name for path in (tmp_path / "extracts").glob("*/*/*")} == {str(NIGHTS[0])}


def test_a_file_that_was_lost_is_delivered_again(tmp_path: Path) -> None:
    extracts = tmp_path / "extracts"
    list(deliver(extracts))
    lost = next(extracts.glob(f"laboratory/results/{NIGHTS[1]}/*"))
    content = lost.read_bytes()
    lost.unlink()

    assert [(one.name, one.sources) for one in deliver(extracts)] == [(str(NIGHTS[1]), ("laboratory",))]
    assert lost.read_bytes() == content


def test_own_extracts_are_left_alone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACTS", settings.extracts)
    Path(settings.extracts).mkdir()

    assert list(rounds(settings)) == []
    assert list(Path(settings.extracts).iterdir()) == []


def test_waiting_files_are_left_to_airflow(settings: Settings) -> None:
    write_night(Path(settings.extracts), NIGHTS[5])

    assert not caught_up(settings)


def test_a_file_that_cannot_be_copied_is_no_quiet_night(settings: Settings) -> None:
    lost = send(Path(settings.extracts), "visits", str(NIGHTS[0]), [])
    lost.unlink()
    lost.symlink_to("gone.csv")

    assert not caught_up(settings)


def test_what_an_earlier_failure_left_is_derived_and_refreshed(settings: Settings) -> None:
    send(Path(settings.extracts), "patients", str(NIGHTS[0]), [row("patients")])
    for load_id in pull(settings):
        load(settings, [load_id])

    assert caught_up(settings)
    assert derive(settings).patients == 0
    assert refresh(settings).tables == 0
