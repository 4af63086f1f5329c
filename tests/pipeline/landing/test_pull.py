"""Every object that the ledger does not know is copied and entered, once."""

import os
from datetime import date, timedelta
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.pipeline.landing import pull, pull_batches
from include.pipeline.landing.layout import parse
from include.warehouse import utc_now
from tests.support.extracts import path_of, put, row, send
from tests.support.registry import Registry

NIGHT, LATER = "2020-01-01", "2020-01-02"
TODAY = date(2020, 1, 1)


def ledger(registry: Registry, columns: str) -> list[tuple[object, ...]]:
    """The ledger in the order of deliveries."""
    return registry.rows(f"SELECT {columns} FROM ops.load ORDER BY batch_date, feed, file_name, delivery")


def test_a_new_file_is_copied_and_waits_to_be_loaded(registry: Registry) -> None:
    sent = registry.send("visits", NIGHT, row("visits"))
    report = registry.pull()
    assert (len(report.waiting), report.entered, report.unrecognised) == (1, 1, [])
    ((load_id, source, feed, day, name, delivery, uri, landed, size, state),) = ledger(
        registry,
        "load_id, source, feed, batch_date, file_name, delivery, uri, landing_uri, size_bytes, state",
    )
    assert (load_id, source, feed, day) == (report.waiting[0], "clinic", "visits", date(2020, 1, 1))
    assert (name, delivery, uri, size, state) == ("a.csv", 1, str(sent), sent.stat().st_size, "received")
    assert Path(str(landed)).read_bytes() == sent.read_bytes()
    assert Path(str(landed)).is_relative_to(registry.settings.landing)


def test_pulling_again_enters_nothing(registry: Registry) -> None:
    sent = registry.send("visits", NIGHT, row("visits"))
    first = registry.pull()
    os.utime(sent, (1, 1))
    again = registry.pull()
    assert (again.waiting, again.entered) == (first.waiting, 0)
    assert len(ledger(registry, "load_id")) == 1


def test_a_kill_leaves_what_was_entered_before(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is not committed when a file is copied is what a kill at that moment would lose."""
    pulling = import_module("include.pipeline.landing.pull")
    land, kept = pulling.land, []

    def killed(*arguments: Any) -> Any:
        registry.warehouse.connection.rollback()
        kept.append(registry.warehouse.scalar("SELECT COUNT(*) FROM received.file"))
        return land(*arguments)

    monkeypatch.setattr(pulling, "land", killed)
    monkeypatch.setattr(pulling, "ENTERED_TOGETHER", 2)
    for number in range(5):
        registry.send("visits", NIGHT, row("visits", f"V{number}"), name=f"{number}.csv")
    assert (registry.pull().entered, kept) == (5, [0, 0, 2, 2, 4])
    assert registry.pull().entered == 0


def test_the_landed_copy_outlives_the_extract(registry: Registry) -> None:
    sent = registry.send("patients", NIGHT, row("patients"))
    registry.pull()
    sent.unlink()
    (report,) = registry.load()
    assert (report.state, report.loaded) == ("loaded", 1)


def test_another_content_at_the_same_place_is_another_delivery(registry: Registry) -> None:
    registry.send("visits", NIGHT, row("visits", weight_kg="61"))
    registry.pull()
    registry.send("visits", NIGHT, row("visits", weight_kg="62"))
    report = registry.pull()
    assert (len(report.waiting), report.entered) == (2, 1)
    assert ledger(registry, "delivery, state") == [(1, "received"), (2, "received")]
    landed = [Path(str(uri)).read_bytes() for (uri,) in ledger(registry, "landing_uri")]
    assert [b"62" in content for content in landed] == [False, True]


def test_a_file_that_is_held_makes_way_for_its_replacement(registry: Registry) -> None:
    registry.put("visits", NIGHT, b"")
    registry.load()
    assert ledger(registry, "state") == [("held",)]
    registry.send("visits", NIGHT, row("visits"))
    registry.load()
    assert ledger(registry, "delivery, state") == [(1, "superseded"), (2, "loaded")]


def test_the_first_content_again_after_another_is_a_third_delivery(registry: Registry) -> None:
    for weight in ("61", "62", "61"):
        registry.send("visits", NIGHT, row("visits", weight_kg=weight))
        registry.pull()
    assert ledger(registry, "delivery") == [(1,), (2,), (3,)]


def test_paths_that_are_not_extracts_are_reported_and_left_alone(registry: Registry) -> None:
    registry.send("visits", NIGHT, row("visits"))
    strangers = [
        "README.txt",
        f"clinic/visits/{NIGHT}/notes.xlsx",
        f"clinic/visits/{NIGHT}/deeper/a.csv",
        f"clinic/visits/{NIGHT}/.a.csv",
        "clinic/visits/2020-13-01/a.csv",
        "clinic/visits/a.csv",
        f"laboratory/visits/{NIGHT}/a.csv",
        f"clinic/weights/{NIGHT}/a.csv",
    ]
    for stranger in strangers:
        file = registry.extracts / stranger
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    report = registry.pull()
    assert (report.entered, sorted(report.unrecognised)) == (1, sorted(strangers))


def test_a_pull_is_narrowed_to_a_source_and_a_day(registry: Registry) -> None:
    for feed in ("visits", "results"):
        for day in (NIGHT, LATER):
            registry.send(feed, day, row(feed))
    assert registry.pull(source="clinic", through=date(2020, 1, 1)).entered == 1
    assert registry.pull(through=date(2020, 1, 1)).entered == 1
    assert registry.pull(source="laboratory").entered == 1
    assert registry.pull().entered == 1
    assert ledger(registry, "feed, CAST(batch_date AS TEXT)") == [
        ("results", NIGHT),
        ("visits", NIGHT),
        ("results", LATER),
        ("visits", LATER),
    ]


def test_old_nights_and_patients_are_loaded_first(registry: Registry) -> None:
    for feed in ("results", "visits", "patients"):
        for day in (LATER, NIGHT):
            registry.send(feed, day, row(feed))
    loaded = [(report.batch_date, report.feed) for report in registry.load()]
    assert loaded == [(day, feed) for day in (NIGHT, LATER) for feed in ("patients", "visits", "results")]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    settings = Settings.of(str(tmp_path / "none"), f"duckdb:///{tmp_path / 'registry.duckdb'}")
    with pytest.raises(RegistryError) as raised:
        pull(settings)
    assert raised.value.code == "REG-101"


def test_the_first_pull_makes_the_warehouse(tmp_path: Path) -> None:
    send(tmp_path / "extracts", "visits", NIGHT, [row("visits")])
    settings = Settings.of(str(tmp_path / "extracts"), f"duckdb:///{tmp_path / 'new' / 'registry.duckdb'}")
    assert len(pull(settings)) == 1
    assert pull(settings) == pull(settings)


@pytest.mark.parametrize(
    "path",
    [
        "clinic/visits/2020-01-01/a.csv",
        "clinic/visits/2020-01-01/a.csv.gz",
        "clinic/visits/2020-01-01/a.parquet",
        "clinic/visits/2020-01-01/RESULTS.CSV",
        "clinic/visits/2020-01-01/Results.CSV.GZ",
        "clinic/visits/2020-01-01/a.Parquet",
        "laboratory/results/2020-01-01/run 7, late.csv",
    ],
)
def test_a_path_says_source_feed_day_and_name(path: str) -> None:
    (extract,) = parse(path, TODAY)
    assert f"{extract.source}/{extract.feed}/{extract.batch_date}/{extract.file_name}" == path


@pytest.mark.parametrize("day", ["20200101", "2020-W01-3", "2020-1-1", "0000-01-01", "latest"])
def test_a_day_is_written_in_one_way(day: str) -> None:
    assert parse(f"clinic/visits/{day}/a.csv", TODAY) == []


def test_a_day_is_at_most_tomorrow() -> None:
    (tomorrow,) = parse("clinic/visits/2020-01-02/a.csv", TODAY)
    assert tomorrow.batch_date == date(2020, 1, 2)
    assert parse("clinic/visits/2020-01-03/a.csv", TODAY) == []


def test_a_mistyped_year_hides_no_late_department_and_is_loaded_when_its_day_comes(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.send("visits", NIGHT, row("visits"))
    path = path_of("visits", f"{utc_now() + timedelta(days=2):%Y-%m-%d}", "a.csv")
    put(registry.extracts, "visits", path.split("/")[2], b"")
    report = registry.pull()
    assert (report.entered, report.unrecognised) == (1, [path])
    assert registry.rows("SELECT is_late FROM ops.freshness WHERE source = 'clinic'") == [(True,)]

    later = utc_now() + timedelta(days=1)
    monkeypatch.setattr(import_module("include.pipeline.landing.pull"), "utc_now", lambda: later)
    assert (registry.pull().entered, registry.pull().unrecognised) == (1, [])


def test_put_and_parse_agree(tmp_path: Path) -> None:
    file = put(tmp_path, "exams", NIGHT, b"", "x.csv")
    assert parse(file.relative_to(tmp_path).as_posix(), TODAY) == parse(path_of("exams", NIGHT, "x.csv"), TODAY)


def test_many_files_of_a_feed_are_shared_out(
    prepared_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(str(tmp_path / "extracts"), prepared_url, str(tmp_path / "landing"))
    send(tmp_path / "extracts", "patients", NIGHT, [row("patients")])
    for n in range(25):
        send(tmp_path / "extracts", "visits", NIGHT, [row("visits", f"V{n}")], f"{n:02}.csv")
    alone = pull_batches(settings, "clinic")
    monkeypatch.setenv("RECEIVERS", "2")

    shared_out = pull_batches(settings, "clinic")

    assert [len(batch) for batch in alone] == [1, 25]
    assert [len(batch) for batch in shared_out] == [1, 13, 12]
    assert len(set(chain(*shared_out))) == 26
