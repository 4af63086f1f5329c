"""What the lists and the page of a row hold, on both engines."""

from typing import Any

import pandas as pd
import pytest

from include.monitor import row as pages
from include.monitor.listing import keys_shown, listed, read
from include.people.decisions import Selection, reject_records
from include.people.decisions.letter import letter_rows
from include.people.reporting.validation.attention import attention
from include.people.reporting.validation.gather import gather
from include.warehouse.frames import append
from tests.support.extracts import row
from tests.support.registry import Registry, duckdb_registry, registry

__all__ = ["duckdb_registry", "registry"]

DAY, NEXT = "2020-01-01", "2020-01-02"
RULE, UNUSUAL = "results.value.impossible", "results.value.unusual"
NAMES = ("feed", "site", "source", "rule_id", "state", "load_id", "row_number", "record_key", "part", "decision")
ANY = dict.fromkeys(NAMES) | {"sort": "feed"}


def places(rows: list[dict[str, Any]], *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of the rows."""
    return [tuple(found[column] for column in columns) for found in rows]


def test_rows_are_found_by_rule_state_and_key_and_the_letter_asks_for_those_that_are_open(registry: Registry) -> None:
    registry.deliver("patients", DAY, row("patients"), row("patients", "P2", sex="X"))
    registry.deliver("results", DAY, row("results", "L1", value="90000"), row("results", "L2", value="90001"))
    registry.deliver("visits", DAY, row("visits", weight_kg="9000"))
    reject_records(registry.warehouse, Selection(record_key="L2"), "mg", "of another person")

    def found(**chosen: Any) -> list[tuple[Any, ...]]:
        return places(listed(registry.warehouse, "rows", ANY | chosen).rows, "record_key", "column_name", "state")

    assert found(rule_id=RULE) == [("L1", "", "open"), ("L2", "", "rejected")]
    assert found(rule_id=RULE, state="open") == [("L1", "", "open")]
    assert found(source="clinic", feed="visits") == [("V1", "weight_kg", "open")]
    assert found(record_key="L2") == [("L2", "", "rejected")]
    letter = letter_rows(registry.warehouse, Selection(source="laboratory", state="open"))
    assert places(letter, "record_key", "rule_id") == [("L1", RULE)]
    letters = read(registry.warehouse, "letters", site=None)
    assert places(letters, "source", "row_count") == [("clinic", 2), ("laboratory", 1)]
    failing = {"rule_id": RULE, "feed": None, "site": None, "sort": "row", "most": 10, "skipped": 0}
    assert places(read(registry.warehouse, "failing", **failing, state="rejected"), "record_key") == [("L2",)]
    (patient,) = listed(registry.warehouse, "rows", ANY | {"feed": "patients"}).rows
    assert places(keys_shown([patient], False) + keys_shown([patient], True), "record_key") == [(None,), ("P2",)]
    decided = listed(registry.warehouse, "decisions/decisions", {"kind": "reject", "site": None}).rows
    assert places(decided, "kind", "row_count", "is_undone", "total") == [("reject", 1, False, 1)]


def test_a_row_has_its_cells_its_versions_and_what_else_happened_that_day(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.deliver("patients", DAY, row("patients"))
    registry.deliver("results", DAY, row("results", "L1"), row("results", "L2"))
    registry.deliver("visits", DAY, row("visits", visit_date="2012-01-02"))
    load_id = registry.deliver("results", NEXT, row("results", "L1", value="90000")).load_id

    told = pages.told(registry.warehouse, load_id, 1)
    assert told is not None
    shown = pages.cells(registry.warehouse, told, 1)

    assert {rule["rule_id"]: rule["severity"] for rule in told.rules} == {RULE: "critical", UNUSUAL: "warning"}
    assert (shown.came["value"], shown.mapped["value"]) == ("90000", "90000")
    assert places(shown.versions, "value", "at_state") == [("30", "current"), ("90000", "open")]
    assert [name for name in shown.versions[1] if shown.changed(1, name) and not name.startswith("at_")] == ["value"]
    assert {feed: len(rows) for feed, rows in shown.others.items()} == {"visits": 1, "results": 1}
    assert places(shown.others["results"], "at_total") == [(1,)]
    assert pages.told(registry.warehouse, load_id, 2) is None
    monkeypatch.setattr(pages, "MOST", 1)
    first = pages.cells(registry.warehouse, told, 1).versions
    assert places(first, "value", "at_total") == [("90000", 2)]


def test_a_night_tells_how_many_patients_events_rest_on_its_rows(
    duckdb_registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    duckdb_registry.deliver("patients", DAY, row("patients"))
    duckdb_registry.deliver("procedures", DAY, row("procedures"))
    duckdb_registry.deliver("visits", DAY, row("visits"))
    dead = row(
        "visits", "V2", visit_date="2012-04-02", vital_status="dead", death_date="2012-04-01", death_cause="other"
    )
    duckdb_registry.deliver("visits", NEXT, dead)
    duckdb_registry.finish()

    def told(day: str) -> list[tuple[Any, ...]]:
        return places(read(duckdb_registry.warehouse, "resting", day=day), "label", "patients")

    assert told(DAY) == []
    assert told(NEXT) == [("Overall survival from first procedure", 1), ("Overall survival from diagnosis", 1)]
    monkeypatch.setenv("SMALL_CELL", "5")
    duckdb_registry.finish()
    assert {patients for _, patients in told(NEXT)} == {None}


def test_rules_tell_the_latest_night(registry: Registry) -> None:
    registry.deliver("patients", DAY, row("patients"))
    registry.deliver("results", DAY, row("results", "L1", value="90000"), row("results", "L2"))
    registry.finish()
    chosen = {
        "feed": "results",
        "owner": None,
        "category": "plausibility",
        "severity": "critical",
        "state": None,
        "sort": "percent",
        "most": 1,
        "skipped": 0,
    }

    (worst,) = read(registry.warehouse, "rules", **chosen)

    assert (worst["rule_id"], worst["rows_failed"], worst["rows_checked"], worst["percent"]) == (RULE, 1, 2, 50)
    kinds = read(registry.warehouse, "kahn")
    (own,) = [kind for kind in kinds if (kind["category"], kind["context"]) == ("plausibility", "verification")]
    judged = own["in_order"] + own["fails"] + own["out"] + own["error"]
    assert own["rules"] == judged + own["none"] > judged
    assert own["percent"] == pytest.approx(100 * own["in_order"] / judged)
    assert {kind["category"] for kind in kinds} == {"conformance", "completeness", "plausibility"}
    nights = read(registry.warehouse, "rule_nights", rule_id=RULE)
    assert places(nights, "rows_failed", "percent") == [(1, 50)]
    (trend,) = [night for night in read(registry.warehouse, "trends") if night["rule_id"] == RULE]
    assert trend["percent"] == 50
    assert read(registry.warehouse, "rule", rule_id=RULE)[0]["threshold_percent"] is not None


def test_a_rule_across_feeds_that_rows_fail_says_so(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("patients", DAY, row("patients"))
    duckdb_registry.deliver("lesions", DAY, row("lesions", exam_id="nowhere"))
    duckdb_registry.finish()
    asked = {
        "feed": "lesions",
        "owner": None,
        "category": None,
        "severity": None,
        "sort": "percent",
        "most": 50,
        "skipped": 0,
    }

    failing = read(duckdb_registry.warehouse, "rules", **asked, state="fails")

    assert places(failing, "rule_id", "rows_failed") == [("lesions.exam_id.without_exam", 1)]


def test_what_was_not_understood_is_told_in_both_languages_with_what_left_no_row(duckdb_registry: Registry) -> None:
    duckdb_registry.deliver("patients", DAY, row("patients"))
    load_id = duckdb_registry.deliver("results", DAY, row("results", "L1", unit="furlong")).load_id
    left = pd.DataFrame([{"load_id": load_id, "reading": 1, "reason": "another instrument", "rows": 3}])
    append(duckdb_registry.warehouse, "received.left_out", left)
    duckdb_registry.finish()
    night = gather(duckdb_registry.warehouse)
    assert night is not None

    (line,) = [line for line in attention(night) if line.section == "intake"]

    assert line.what == "feed with unknown codes or units: results"
    assert line.said("fr") == "flux avec des codes ou unités inconnus : results"
    found = places(read(duckdb_registry.warehouse, "left_out"), "feed", "reason", "left_out")
    assert found == [("results", "another instrument", 3)]
    assert read(duckdb_registry.warehouse, "coverage") == []
