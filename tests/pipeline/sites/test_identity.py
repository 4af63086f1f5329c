"""An id of a site is its own: what two hospitals call alike is two things, and one hospital's rows find each other."""

import gzip
import json
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from click.testing import CliRunner

from include.definitions.expectations import own_rules
from include.history.rebuild import rebuild
from include.people.alarms.current import current_alarms
from include.people.alarms.wording import alarm_line
from include.people.decisions import Selection, replay_records
from include.people.reporting.validation.attention import attention
from include.people.reporting.validation.gather import gather
from include.pipeline.derivation import derive_touched
from include.running.cli.commands import main
from include.warehouse import open_warehouse, utc_now
from tests.pipeline.sites.conftest import Profile
from tests.support import extracts
from tests.support.extracts import Row, row
from tests.support.marts import refresh_only
from tests.support.registry import Registry
from tests.support.tables import assert_same, contents
from tests.support.warehouses import Templates, new_database

NIGHT, LATER = "2020-01-01", "2020-01-02"
SITES = ("north", "south")


def send(registry: Registry, site: str, feed: str, day: str, *rows: Row, name: str = "a.csv") -> Path:
    """Write an extract of a site."""
    return extracts.send(registry.extracts / site, feed, day, rows, name)


def fates(registry: Registry) -> list[tuple[Any, ...]]:
    """What became of the files, site by site."""
    return registry.rows("SELECT site, feed, state, rows_loaded FROM ops.load ORDER BY site, feed, delivery")


def keys(registry: Registry, feed: str, columns: str) -> list[tuple[Any, ...]]:
    """Some columns of the current rows of a feed."""
    return registry.rows(f"SELECT {columns} FROM clinical.{feed} WHERE version_state = 'current' ORDER BY {columns}")


def test_two_hospitals_call_patients_and_results_alike(registry: Registry, profile: Profile) -> None:
    for site, value in zip(SITES, ("30", "31"), strict=True):
        profile(site)
        send(registry, site, "patients", NIGHT, row("patients"))
        send(registry, site, "results", NIGHT, row("results", value=value))
    registry.load()

    assert keys(registry, "patients", "patient_id") == [("north:P1",), ("south:P1",)]
    assert keys(registry, "results", "result_id, patient_id, value") == [
        ("north:L1", "north:P1", "30"),
        ("south:L1", "south:P1", "31"),
    ]
    assert registry.quarantine() == []
    assert {(state, loaded) for *_, state, loaded in fates(registry)} == {("loaded", 1)}


def test_with_the_registrys_pseudonyms_the_patient_is_one(registry: Registry, profile: Profile) -> None:
    registry.send("patients", NIGHT, row("patients"))
    for site in SITES:
        profile(site, "registry")
        send(registry, site, "results", NIGHT, row("results"))
    registry.load()

    assert keys(registry, "patients", "patient_id") == [("P1",)]
    assert keys(registry, "results", "result_id, patient_id") == [("north:L1", "P1"), ("south:L1", "P1")]
    assert registry.quarantine() == []


def test_lesions_of_two_sites_that_have_one_number_are_two(registry: Registry, profile: Profile) -> None:
    registry.send("patients", NIGHT, row("patients"))
    for site in SITES:
        profile(site, "registry")
        send(registry, site, "exams", NIGHT, row("exams"))
        send(registry, site, "lesions", NIGHT, row("lesions"))
    registry.load()

    assert keys(registry, "lesions", "lesion_id, patient_id") == [("north:L1", "P1"), ("south:L1", "P1")]


@pytest.mark.parametrize(("site", "found"), [("north", (True, "PD")), ("south", (False, "NE"))])
def test_a_lesion_is_new_only_where_its_own_site_has_a_baseline(
    registry: Registry, profile: Profile, site: str, found: tuple[bool, str]
) -> None:
    for feed in ("patients", "procedures"):
        registry.send(feed, NIGHT, row(feed))
    for of in SITES:
        profile(of, "registry")
    send(registry, "north", "exams", NIGHT, row("exams"))
    sizes = {"longest_diameter_mm": "20", "viable_diameter_mm": "20"}
    send(registry, "north", "lesions", NIGHT, row("lesions", **sizes))
    send(registry, site, "exams", LATER, row("exams", "E2", exam_date="2012-04-01"))
    send(registry, site, "lesions", LATER, row("lesions", "M2", exam_id="E2", lesion_id="L2", **sizes))
    registry.load()
    derive_touched(registry.warehouse)

    asked = "SELECT DISTINCT new_lesion, response FROM derived.exam_response WHERE region = 'all'"
    assert registry.rows(asked) == [found]
    told = "SELECT COUNT(*) FROM quarantine.failure WHERE rule_id = 'lesions.lesion_kind.unlabelled_new'"
    assert registry.rows(told) == [(int(found[0]),)]


def test_indicators_are_told_by_site_and_department(registry: Registry, profile: Profile) -> None:
    registry.send("patients", NIGHT, row("patients"))
    for of in SITES:
        profile(of, "registry")
        send(registry, of, "exams", NIGHT, row("exams"))
    registry.load()
    derive_touched(registry.warehouse)
    refresh_only(registry.warehouse, "registry_indicator")

    asked = "SELECT site, source, numerator, denominator FROM marts.registry_indicator WHERE indicator = '{}' "
    of_site = [(site, source, 1, 1) for site in SITES for source in ("all", "radiology")]
    together = [("all", "all", 3, 3), ("all", "clinic", 1, 1), ("all", "radiology", 2, 2)]
    assert registry.rows(asked.format("records_passing") + "ORDER BY 1, 2") == together + of_site
    once = [(site, source, int(site == "south"), 1) for site, source, *_ in of_site]
    assert registry.rows(asked.format("duplicates") + "AND site <> 'all' ORDER BY 1, 2") == once


def test_a_patient_whom_two_sites_announce_is_one(registry: Registry, profile: Profile) -> None:
    for site in SITES:
        profile(site, "registry")
        send(registry, site, "patients", NIGHT, row("patients"))
    registry.load()

    assert keys(registry, "patients", "patient_id") == [("P1",)]
    assert registry.rows("SELECT SUM(rows_loaded), SUM(rows_unchanged) FROM ops.load") == [(1, 1)]


def test_a_site_beside_extracts_without_one(registry: Registry, profile: Profile) -> None:
    profile("north")
    registry.send("patients", NIGHT, row("patients"))
    registry.send("results", NIGHT, row("results"))
    send(registry, "north", "patients", NIGHT, row("patients"))
    send(registry, "north", "results", NIGHT, row("results"))
    registry.load()

    assert keys(registry, "results", "result_id, patient_id") == [("L1", "P1"), ("north:L1", "north:P1")]
    assert fates(registry) == [
        ("", "patients", "loaded", 1),
        ("", "results", "loaded", 1),
        ("north", "patients", "loaded", 1),
        ("north", "results", "loaded", 1),
    ]


@pytest.mark.parametrize("patients", ["local", "registry"])
def test_rows_find_those_of_the_same_site(registry: Registry, profile: Profile, patients: str) -> None:
    for site, day in zip(SITES, ("2011-12-20", "2011-12-27"), strict=True):
        profile(site, patients)
        send(registry, site, "patients", NIGHT, row("patients"))
        send(registry, site, "exams", NIGHT, row("exams", exam_date=day))
        send(registry, site, "lesions", NIGHT, row("lesions", longest_diameter_mm="20"))
        send(registry, site, "procedures", NIGHT, row("procedures"))
        send(
            registry,
            site,
            "adverse_events",
            NIGHT,
            row("adverse_events", procedure_id="S1"),
            row("adverse_events", "A2"),
        )
    registry.load()

    patient = {site: f"{site}:P1" if patients == "local" else "P1" for site in SITES}
    found = registry.rows(
        "SELECT l.measurement_id, l.lesion_id, l.patient_id, CAST(e.exam_date AS TEXT) FROM clinical.lesions AS l "
        "INNER JOIN clinical.exams AS e ON l.exam_id = e.exam_id AND l.patient_id = e.patient_id ORDER BY 1"
    )
    assert found == [
        ("north:M1", "north:L1", patient["north"], "2011-12-20"),
        ("south:M1", "south:L1", patient["south"], "2011-12-27"),
    ]
    assert keys(registry, "adverse_events", "event_id, procedure_id") == [
        ("north:A1", "north:S1"),
        ("north:A2", None),
        ("south:A1", "south:S1"),
        ("south:A2", None),
    ]


def test_an_empty_key_stays_empty(registry: Registry, profile: Profile) -> None:
    profile("north")
    send(registry, "north", "patients", NIGHT, row("patients"))
    send(registry, "north", "results", NIGHT, row("results", " "), row("results", "L2", patient_id=""))
    registry.load()

    assert set(registry.quarantine("record_key, patient_id")) == {("north:L2", None), (None, "north:P1")}


def test_every_kind_of_file_is_read_so(registry: Registry, profile: Profile) -> None:
    profile("north")
    send(registry, "north", "patients", NIGHT, row("patients"))
    names = list(row("results"))
    content = extracts.as_csv([row("results", "L2")], names)
    extracts.put(registry.extracts / "north", "results", NIGHT, gzip.compress(content), "b.csv.gz")
    extracts.put(
        registry.extracts / "north", "results", NIGHT, b"\r\n".join([*content.split(b"\r\n")[:2], b'"']), "c.csv"
    )
    file = extracts.put(registry.extracts / "north", "results", NIGHT, b"", "d.parquet")
    cells = ", ".join(f"'{cell}' AS {name}" for name, cell in row("results", "L3").items())
    duckdb.sql(f"COPY (SELECT {cells}) TO '{file}' (FORMAT parquet)")
    registry.load()

    assert keys(registry, "results", "result_id, patient_id") == [("north:L2", "north:P1"), ("north:L3", "north:P1")]


def test_a_file_is_replaced_at_its_own_place(registry: Registry, profile: Profile) -> None:
    for site in SITES:
        profile(site)
        send(registry, site, "patients", NIGHT, row("patients"))
        send(registry, site, "results", NIGHT, row("results"))
    registry.load()
    assert registry.pull().entered == 0

    send(registry, "south", "results", NIGHT, row("results", value="44"))
    (report,) = registry.load()

    assert (report.updated, report.loaded) == (1, 0)
    assert registry.rows("SELECT site, delivery, state FROM ops.load WHERE feed = 'results' ORDER BY 1, 2") == [
        ("north", 1, "loaded"),
        ("south", 1, "loaded"),
        ("south", 2, "loaded"),
    ]
    standing = registry.rows(
        "SELECT site, COUNT(*) FROM ops.standing_load WHERE feed = 'results' GROUP BY 1 ORDER BY 1"
    )
    assert standing == [("north", 1), ("south", 1)]
    assert keys(registry, "results", "result_id, value") == [("north:L1", "30"), ("south:L1", "44")]


def test_a_held_file_holds_no_other_sites(registry: Registry, profile: Profile) -> None:
    for site in SITES:
        profile(site)
        send(registry, site, "patients", NIGHT, row("patients"))
    extracts.put(registry.extracts / "north", "results", NIGHT, b"result_id,patient_id\r\nL1,P1\r\n")
    send(registry, "south", "results", NIGHT, row("results"))
    registry.load()
    assert [(site, state) for site, feed, state, _ in fates(registry) if feed == "results"] == [
        ("north", "held"),
        ("south", "loaded"),
    ]

    extracts.put(registry.extracts / "south", "results", NIGHT, b"result_id\r\nL1\r\n")
    registry.load()
    send(registry, "north", "results", NIGHT, row("results"))
    registry.load()
    assert registry.rows("SELECT site, delivery, state FROM ops.load WHERE feed = 'results' ORDER BY 1, 2") == [
        ("north", 1, "superseded"),
        ("north", 2, "loaded"),
        ("south", 1, "loaded"),
        ("south", 2, "held"),
    ]


def test_a_landed_file_is_read_as_its_profile_was(registry: Registry, profile: Profile) -> None:
    profile("north")
    send(registry, "north", "patients", NIGHT, row("patients"))
    registry.pull()
    profile("north", "registry").unlink()
    registry.load()

    assert keys(registry, "patients", "patient_id") == [("north:P1",)]


def test_a_row_in_quarantine_is_read_again_with_its_site(
    registry: Registry, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    for site in SITES:
        profile(site)
        send(registry, site, "patients", NIGHT, row("patients"))
        send(registry, site, "results", NIGHT, row("results", value="90000"))
    registry.load()
    ((key, payload), _) = registry.quarantine("record_key, payload")
    assert (key, json.loads(payload)["result_id"]) == ("north:L1", "north:L1")

    mended = tuple(rule for rule in own_rules("results") if rule.rule_id != "results.value.impossible")
    monkeypatch.setattr(import_module("include.pipeline.receiving.reread"), "own_rules", lambda _: mended)

    chosen = Selection(record_key="north:L1")
    assert replay_records(registry.warehouse, chosen).states == {"loaded": 1}
    assert keys(registry, "results", "result_id, patient_id") == [("north:L1", "north:P1")]
    assert registry.quarantine("record_key, state") == [("south:L1", "open")]
    registry.check_conservation()


def test_volume_and_freshness_count_each_site(registry: Registry, profile: Profile) -> None:
    for site, rows in zip(SITES, (1, 3), strict=True):
        profile(site)
        send(registry, site, "patients", NIGHT, row("patients"))
        send(registry, site, "results", NIGHT, *(row("results", f"L{n}") for n in range(rows)))
    registry.finish()

    assert registry.rows("SELECT site, rows_received FROM ops.volume WHERE feed = 'results' ORDER BY 1") == [
        ("north", 1),
        ("south", 3),
    ]
    assert registry.rows("SELECT site, rows_loaded FROM marts.feed_freshness WHERE feed = 'results' ORDER BY 1") == [
        ("north", 1),
        ("south", 3),
    ]
    assert registry.rows("SELECT site, rows_received FROM marts.feed_volume WHERE feed = 'results' ORDER BY 1") == [
        ("north", 1),
        ("south", 3),
    ]
    assert registry.rows("SELECT site, source FROM ops.freshness ORDER BY source, site") == [
        ("north", "clinic"),
        ("south", "clinic"),
        ("north", "laboratory"),
        ("south", "laboratory"),
        ("", "pathology"),
        ("", "radiology"),
    ]


def test_a_site_that_is_late_is_told_by_name(registry: Registry, profile: Profile) -> None:
    today = utc_now().date().isoformat()
    for site, day in zip(SITES, (NIGHT, today), strict=True):
        profile(site)
        send(registry, site, "patients", day, row("patients"))
    registry.finish()
    long_ago = utc_now() - timedelta(days=60)
    registry.warehouse.run("UPDATE received.file SET received_at = :then WHERE site = 'north'", then=long_ago)

    (late,) = [alarm for alarm in current_alarms(registry.warehouse) if alarm.cause == "late"]
    assert (late.source, late.subject) == ("north/clinic", "clinic")
    assert alarm_line(late).startswith("north/clinic: its next extract was due")
    night = gather(registry.warehouse)
    assert night
    assert "department late: north/clinic" in [line.what for line in attention(night)]


def test_unusual_volume_is_told_by_site(registry: Registry, profile: Profile) -> None:
    for site in SITES:
        profile(site)
        send(registry, site, "patients", NIGHT, row("patients"))
    days = pd.date_range("2020-01-01", periods=9, freq="7D").strftime("%Y-%m-%d")
    for number, day in enumerate(days):
        for site in SITES:
            count = 40 if site == "north" and number == len(days) - 1 else 4
            send(registry, site, "results", day, *(row("results", f"L{number}-{n}") for n in range(count)))
    registry.load()

    told = [alarm for alarm in current_alarms(registry.warehouse) if alarm.cause == "volume"]
    assert [(alarm.source, alarm.subject, alarm.state) for alarm in told] == [("north/laboratory", "results", "high")]
    assert alarm_line(told[0]).startswith("north/results: 40 rows")
    assert all(
        in_band is not False for (in_band,) in registry.rows("SELECT in_band FROM ops.volume WHERE site = 'south'")
    )


def test_what_a_site_sent_wrong_is_told_with_its_name(registry: Registry, profile: Profile) -> None:
    for site in SITES:
        profile(site)
        send(registry, site, "patients", NIGHT, row("patients"))
    send(registry, "north", "results", NIGHT, row("results", value=""), row("results", "L2"))
    extracts.put(registry.extracts / "north", "visits", NIGHT, b"visit_id\nV1\n")
    registry.finish()

    told = {alarm.cause: alarm for alarm in current_alarms(registry.warehouse) if alarm.source.startswith("north/")}
    assert (told["held"].source, told["set_aside"].source) == ("north/clinic", "north/laboratory")
    assert alarm_line(told["held"]).startswith("north/visits: load ")
    assert alarm_line(told["set_aside"]).startswith("north/results.value.missing: 1 of 2 rows failed.")


def test_the_nights_rows_are_counted_once(registry: Registry, profile: Profile) -> None:
    for site, rows in zip(SITES, (1, 2), strict=True):
        profile(site)
        send(registry, site, "patients", NIGHT, row("patients"))
        send(registry, site, "results", NIGHT, *(row("results", f"L{n}") for n in range(rows)))
    registry.finish()
    night = gather(registry.warehouse)

    assert night
    found = [(one["site"], one["files"], one["received"]) for one in night.rows("feeds") if one["feed"] == "results"]
    assert found == [("north", 1, 1), ("south", 1, 2)]


def test_the_ledger_on_the_command_line_names_the_site(duckdb_registry: Registry, profile: Profile) -> None:
    registry = duckdb_registry
    profile("north")
    send(registry, "north", "patients", NIGHT, row("patients"))
    registry.load()
    registry.warehouse.connection.close()
    registry.warehouse.engine.dispose()

    shown = CliRunner().invoke(main, ["loads", "--warehouse", registry.settings.warehouse])
    assert shown.exit_code == 0, shown.output
    assert "north" in shown.output
    assert "site" in shown.output


def test_a_warehouse_made_again_is_the_same(
    registry: Registry, profile: Profile, tmp_path: Path, templates: Templates, request: pytest.FixtureRequest
) -> None:
    registry.send("patients", NIGHT, row("patients"))
    for site, patients in zip(SITES, ("local", "registry"), strict=True):
        profile(site, patients)
        send(registry, site, "patients", NIGHT, row("patients"))
        send(registry, site, "exams", NIGHT, row("exams"))
        send(registry, site, "lesions", LATER, row("lesions"), row("lesions", "M2", exam_id="E9"))
    registry.load()
    send(registry, "north", "exams", NIGHT, row("exams", modality="CT"))
    registry.finish()
    if registry.warehouse.is_duckdb:
        new = replace(registry.settings, warehouse=templates.duckdb(tmp_path / "new.duckdb"))
    else:
        new = replace(registry.settings, warehouse=new_database(request.getfixturevalue("postgres_server")))
    for site in SITES:
        (tmp_path / "sites" / f"{site}.yml").unlink()

    assert rebuild(new).failed == {}

    asked = "SELECT load_id, site, delivery, state, rows_loaded, rows_updated FROM ops.load ORDER BY load_id"
    with open_warehouse(new.warehouse) as made:
        assert [tuple(one) for one in made.run_verbatim(asked)] == registry.rows(asked)
        assert_same(contents(made), contents(registry.warehouse))


def merge(merged: str, surviving: str) -> Row:
    """A merge of two ids."""
    return row("merges", merged_patient_id=merged, surviving_patient_id=surviving)


def test_the_ids_of_a_merge_are_the_sites_own(duckdb_registry: Registry, profile: Profile) -> None:
    for site in SITES:
        profile(site)
        send(duckdb_registry, site, "patients", NIGHT, row("patients", "P1"), row("patients", "P2"))
    send(duckdb_registry, "north", "merges", NIGHT, merge("P1", "P2"))
    duckdb_registry.finish()

    counted = "SELECT patient_id FROM clinical.current_patients ORDER BY patient_id"
    assert duckdb_registry.rows(counted) == [("north:P2",), ("south:P1",), ("south:P2",)]


def test_a_person_of_two_hospitals_is_merged_from_outside_or_by_the_registrys_ids(
    duckdb_registry: Registry, profile: Profile
) -> None:
    profile("north")
    profile("south", "registry")
    send(duckdb_registry, "north", "patients", NIGHT, row("patients"))
    send(duckdb_registry, "south", "patients", NIGHT, row("patients", "P7"), row("patients", "P8"))
    send(duckdb_registry, "south", "merges", NIGHT, merge("P7", "P8"))
    duckdb_registry.send("merges", NIGHT, merge("north:P1", "P8"))
    duckdb_registry.finish()

    persons = "SELECT patient_id, person_id FROM clinical.person ORDER BY patient_id"
    assert duckdb_registry.rows(persons) == [("P7", "P8"), ("north:P1", "P8")]
    assert duckdb_registry.rows("SELECT patient_id FROM clinical.current_patients") == [("P8",)]
