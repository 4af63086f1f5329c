"""Each site has files, loads and rows in quarantine of its own; a warehouse made again has the same."""

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from include.definitions.expectations import own_rules
from include.history.rebuild import rebuild
from include.people.decisions import Selection, replay_records
from include.warehouse import open_warehouse
from tests.pipeline.sites.conftest import Profile
from tests.pipeline.sites.sending import LATER, NIGHT, SITES, fates, keys, send
from tests.support import extracts
from tests.support.extracts import row
from tests.support.registry import Registry
from tests.support.tables import assert_same, contents
from tests.support.warehouses import Templates


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
    server = None if registry.warehouse.is_duckdb else request.getfixturevalue("postgres_server")
    new = replace(registry.settings, warehouse=templates.new(tmp_path / "new.duckdb", server))
    for site in SITES:
        (tmp_path / "sites" / f"{site}.yml").unlink()

    assert rebuild(new).failed == {}

    asked = "SELECT load_id, site, delivery, state, rows_loaded, rows_updated FROM ops.load ORDER BY load_id"
    with open_warehouse(new.warehouse) as made:
        assert [tuple(one) for one in made.run_verbatim(asked)] == registry.rows(asked)
        assert_same(contents(made), contents(registry.warehouse))
