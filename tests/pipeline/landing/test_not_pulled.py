"""What could not be copied, or was left alone, is told: by path, code and count, and on the marts made without it."""

import errno
import json
import os
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from include.basics.errors import RegistryError
from include.people.alarms.current import current_alarms
from include.people.alarms.wording import alarm_line
from include.people.reporting.validation.attention import attention
from include.people.reporting.validation.gather import gather
from include.pipeline.landing.not_pulled import NotPulled, note
from include.pipeline.landing.places import Folder
from include.pipeline.marts import refresh_stale
from include.running.cli.commands import main
from include.warehouse import open_warehouse
from tests.support.extracts import row, send
from tests.support.registry import Registry
from tests.support.warehouses import Templates

NIGHT, LATER = "2020-01-01", "2020-01-02"
NOBODY = 65534


def told(registry: Registry, columns: str = "path, code") -> list[tuple[Any, ...]]:
    """What the warehouse knows of files that were not pulled."""
    return registry.rows(f"SELECT {columns} FROM ops.not_pulled ORDER BY path")


def lose(registry: Registry, feed: str = "visits", day: str = NIGHT, name: str = "lost.csv") -> Path:
    """A file of which a link is all that is left: nobody can copy it, not even root."""
    file = registry.send(feed, day, name=name)
    file.unlink()
    file.symlink_to("gone.csv")
    return file


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "REG-204"),
        (errno.EDQUOT, "REG-204"),
        (errno.EACCES, "REG-205"),
        (errno.EROFS, "REG-205"),
        (errno.ENAMETOOLONG, "REG-206"),
    ],
)
def test_each_reason_has_its_code_and_the_other_files_load(
    duckdb_registry: Registry, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    registry, store = duckdb_registry, Folder.store
    registry.send("visits", NIGHT, row("visits"))
    registry.send("exams", NIGHT, row("exams"))

    def refuse_visits(place: Folder, file: Path, path: str) -> str:
        if "visits" in path:
            raise OSError(number, "refused")
        return store(place, file, path)

    with monkeypatch.context() as refusing:
        refusing.setattr(Folder, "store", refuse_visits)
        assert [report.feed for report in registry.load()] == ["exams"]
    assert told(registry, "path, source, feed, code, is_missing") == [
        (f"clinic/visits/{NIGHT}/a.csv", "clinic", "visits", code, True)
    ]
    assert [report.feed for report in registry.load()] == ["visits"]
    assert told(registry) == []


def test_a_landing_area_that_is_no_folder_is_told(duckdb_registry: Registry) -> None:
    Path(duckdb_registry.settings.landing).write_text("")
    duckdb_registry.send("visits", NIGHT, row("visits"))
    assert duckdb_registry.pull().waiting == []
    assert told(duckdb_registry) == [(f"clinic/visits/{NIGHT}/a.csv", "REG-205")]


def test_a_bad_name_stops_nothing_else_and_is_told_in_letters_that_can_be_shown(registry: Registry) -> None:
    good = registry.send("patients", NIGHT, row("patients"))
    for name in (b"bad\xff.csv", b"bad\xff.txt"):
        (good.parent / os.fsdecode(name)).write_bytes(good.read_bytes())
    assert [report.loaded for report in registry.load()] == [1]
    assert told(registry) == [
        (f"clinic/patients/{NIGHT}/bad\\udcff.csv", "REG-206"),
        (f"clinic/patients/{NIGHT}/bad\\udcff.txt", "REG-201"),
    ]


def test_a_name_of_240_bytes_and_an_ending_in_capitals_are_no_trouble(registry: Registry) -> None:
    for number, name in enumerate(("x" * 236 + ".csv", "RESULTS.CSV")):
        registry.send("patients", NIGHT, row("patients", f"P{number}"), name=name)
    assert [(report.state, report.loaded) for report in registry.load()] == [("loaded", 1)] * 2
    landed = [Path(uri).name for (uri,) in registry.rows("SELECT landing_uri FROM ops.load ORDER BY load_id")]
    assert landed == [f"{load_id}.csv" for (load_id,) in registry.rows("SELECT load_id FROM ops.load ORDER BY load_id")]


def test_a_folder_that_cannot_be_listed_is_told_and_the_others_load() -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o755)
        closed = send(root, "exams", NIGHT, [row("exams")]).parent
        send(root, "visits", NIGHT, [row("visits")])
        closed.chmod(0)
        assert [(item.path, item.problem) for item in _listed_by_nobody(root)] == [
            (f"clinic/visits/{NIGHT}/a.csv", ""),
            (f"radiology/exams/{NIGHT}", "REG-101"),
        ]
        root.chmod(0)
        with pytest.raises(RegistryError) as raised:
            _listed_by_nobody(root)
        assert raised.value.code == "REG-101"
        root.chmod(0o755)


def _listed_by_nobody(root: Path) -> list[Any]:
    """What somebody without root's permissions lists."""
    place, before = Folder(root), os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        return list(place.list())
    finally:
        os.seteuid(before)


def test_extracts_that_cannot_be_listed_are_an_alarm_until_they_can(registry: Registry) -> None:
    registry.extracts.rmdir()
    with pytest.raises(RegistryError) as raised:
        registry.pull()
    assert raised.value.code == "REG-101"
    assert [(alarm.cause, alarm.subject) for alarm in current_alarms(registry.warehouse)] == [("not_pulled", "REG-101")]
    registry.extracts.mkdir()
    registry.pull(source="clinic")
    assert current_alarms(registry.warehouse) == []


def test_links_are_followed_within_the_extracts_alone(registry: Registry, tmp_path: Path) -> None:
    secret = send(tmp_path / "elsewhere", "visits", NIGHT, [row("visits")])
    inside = registry.send("exams", NIGHT, row("exams"), name="real.csv")
    (inside.parent / "linked.csv").symlink_to("real.csv")
    (inside.parent.parent / LATER).symlink_to(NIGHT)
    (inside.parent / "round").symlink_to("../..")
    (inside.parent / "out.csv").symlink_to(secret)
    (registry.extracts / "clinic").symlink_to(tmp_path / "elsewhere" / "clinic")

    assert registry.pull().entered == 4
    assert told(registry, "path, code, is_missing") == [
        ("clinic", "REG-208", True),
        *(
            (f"radiology/exams/{day}/{name}", "REG-208", True)
            for day in (NIGHT, LATER)
            for name in ("out.csv", "round")
        ),
    ]


def test_a_file_that_became_a_link_while_it_was_pulled_is_not_followed(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (registry.extracts / "a.csv").symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match="symbolic link"):
        Folder(registry.extracts).fetch("a.csv", tmp_path / "copy")


def test_a_pull_forgets_only_what_it_looked_at(registry: Registry) -> None:
    lost = [lose(registry, *of) for of in (("visits", NIGHT), ("visits", LATER), ("exams", NIGHT))]
    stray = registry.extracts / "labratory" / "results.csv"
    stray.parent.mkdir()
    stray.write_text("x")
    registry.pull()
    found = told(registry, "path, seen_at")
    assert len(found) == 4
    for file in (*lost, stray):
        file.unlink()
    registry.pull(source="clinic", through=date(2020, 1, 1))
    assert told(registry, "path, seen_at") == [entry for entry in found if LATER in entry[0] or "exams" in entry[0]]


def test_what_is_left_alone_in_nobodys_folder_is_told_whichever_source_is_pulled(registry: Registry) -> None:
    (registry.extracts / "labratory\x1b[2J.csv").write_text("x")
    registry.pull(source="clinic")
    registry.pull(source="laboratory")
    assert told(registry, "path, source, code, is_missing") == [("labratory\\x1b[2J.csv", None, "REG-201", False)]


def test_marts_say_how_many_files_are_missing_and_are_made_again_when_that_changes(registry: Registry) -> None:
    registry.send("visits", NIGHT, row("visits"))
    lost = [lose(registry, "visits"), lose(registry, "exams")]
    registry.finish()
    fresh = "SELECT feed, files_not_copied, files_missing FROM marts.feed_freshness ORDER BY feed"
    assert registry.rows(fresh) == [("exams", 1, 2), ("visits", 1, 2)]
    registry.pull()
    assert not registry.warehouse.marts_are_stale()

    lost[0].unlink()
    registry.pull()
    assert refresh_stale(registry.warehouse).tables
    assert registry.rows("SELECT DISTINCT files_missing FROM marts.attrition") == [(1,)]


def test_marts_name_the_site_that_misses_a_file_now(duckdb_registry: Registry) -> None:
    warehouse = duckdb_registry.warehouse
    for site in ("north", "south"):
        path = f"{site}/clinic/visits/{NIGHT}/a.csv"
        note(warehouse, [NotPulled(path, "clinic", "visits", NIGHT, "REG-203", site)], None, None)
        refresh_stale(warehouse)
    asked = "SELECT site, files_not_copied FROM marts.feed_freshness WHERE feed = 'visits'"
    assert duckdb_registry.rows(asked) == [("south", 1)]


def test_alarms_and_report_count_the_files_and_name_none(registry: Registry) -> None:
    registry.send("visits", NIGHT, row("visits"))
    for number in range(12):
        lose(registry, name=f"Doe_Jane_{number}.csv")
    (registry.extracts / "Doe_Jane.txt").write_text("x")
    registry.finish()

    missing, left = (
        alarm for alarm in current_alarms(registry.warehouse) if alarm.cause in ("not_pulled", "left_alone")
    )
    assert (missing.source, missing.subject, missing.batch_date, missing.state) == (
        "clinic",
        "REG-203",
        NIGHT,
        "below 1e2",
    )
    assert alarm_line(missing).startswith(
        "clinic: 12 files are missing (visits). REG-203: Check that the object exists"
    )
    assert alarm_line(left).startswith("no department: 1 files are left alone. REG-201: Put the file at")
    night = gather(registry.warehouse)
    assert night
    assert [line.count for line in attention(night) if line.section == "not-pulled"] == [12, 1]
    assert "Doe" not in json.dumps([missing.facts, left.facts, night.sections["not_pulled"]], default=str)


def test_a_night_of_which_nothing_could_be_copied_has_a_report(registry: Registry) -> None:
    lose(registry)
    registry.finish()
    night = gather(registry.warehouse)
    assert night
    assert (str(night.day), [line.count for line in attention(night) if line.section == "not-pulled"]) == (NIGHT, [1])


def test_a_run_prints_what_was_not_copied_and_fails(tmp_path: Path, templates: Templates) -> None:
    extracts, url = tmp_path / "extracts", templates.duckdb(tmp_path / "registry.duckdb")
    (send(extracts, "visits", NIGHT, [row("visits")]).parent / "lost.csv").symlink_to("gone.csv")
    command = ["run", "--extracts", str(extracts), "--warehouse", url]
    ran = CliRunner().invoke(main, command)
    assert ran.exit_code == 1
    assert "REG-203: 1 files could not be copied. Check that the object exists" in ran.stdout
    assert f"\n  clinic/visits/{NIGHT}/lost.csv\n" in ran.stdout
    assert "REG-203: Not copied: 1 files (REG-203: 1)" in ran.stderr
    with open_warehouse(url, read_only=True) as warehouse:
        assert warehouse.scalar("SELECT state FROM ops.load") == "loaded"

    (extracts / "clinic/visits" / NIGHT / "lost.csv").unlink()
    again = CliRunner().invoke(main, [*command, "--json"])
    assert (again.exit_code, json.loads(again.stdout)["not_pulled"]) == (0, [])
