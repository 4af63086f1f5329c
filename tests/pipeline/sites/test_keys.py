"""An id of a site is its own: what two hospitals call alike is two things."""

import gzip

import duckdb

from tests.pipeline.sites.conftest import Profile
from tests.pipeline.sites.sending import NIGHT, SITES, fates, keys, send
from tests.support import extracts
from tests.support.extracts import Row, row
from tests.support.registry import Registry


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


def test_a_landed_file_is_read_as_its_profile_was(registry: Registry, profile: Profile) -> None:
    profile("north")
    send(registry, "north", "patients", NIGHT, row("patients"))
    registry.pull()
    profile("north", "registry").unlink()
    registry.load()

    assert keys(registry, "patients", "patient_id") == [("north:P1",)]


def merge(merged: str, surviving: str) -> Row:
    """A merge of two ids."""
    return row("merges", merged_patient_id=merged, surviving_patient_id=surviving)


def test_the_ids_of_a_merge_are_the_sites_own(duckdb_registry: Registry, profile: Profile) -> None:
    for site in SITES:
        profile(site)
        send(duckdb_registry, site, "patients", NIGHT, row("patients", "P1"), row("patients", "P2"))
    send(duckdb_registry, "north", "merges", NIGHT, merge("P1", "P2"))
    duckdb_registry.load()

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
    duckdb_registry.load()

    persons = "SELECT patient_id, person_id FROM clinical.person ORDER BY patient_id"
    assert duckdb_registry.rows(persons) == [("P7", "P8"), ("north:P1", "P8")]
    assert duckdb_registry.rows("SELECT patient_id FROM clinical.current_patients") == [("P8",)]
