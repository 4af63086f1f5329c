"""The catalogue of rules: their words, and what they said in the last four weeks."""

from datetime import date, timedelta

from include.definitions import expectations
from include.people.decisions import Selection, reject_records
from include.warehouse import Warehouse
from tests.support.clinical import rows
from tests.support.extracts import row
from tests.support.ledger import deliver, judge
from tests.support.marts import refresh_only
from tests.support.registry import Registry, registry

__all__ = ["registry"]


def test_the_catalogue_counts_four_weeks_and_shows_rules_that_never_fire(warehouse: Warehouse) -> None:
    latest = date(2026, 3, 29)
    days = {"old": latest - timedelta(days=28), "first": latest - timedelta(days=27), "last": latest}
    for load_id, day in days.items():
        deliver(warehouse, load_id, day, "loaded")
    judge(warehouse, "old", "results.value.unusual", 100, 9, "pass_with_failures")
    judge(warehouse, "first", "results.value.unusual", 30, 3, "pass_with_failures")
    judge(warehouse, "last", "results.value.unusual", 10, 0, "pass")
    judge(warehouse, "last", "results.unit.missing", 10, 0, "pass")
    judge(warehouse, "old", "results.unit.unknown", 10, 2, "fail")
    refresh_only(warehouse, "validation_summary", "rule_catalogue")
    found = rows(
        warehouse,
        "SELECT rule_id, feed, severity, context, rows_checked, rows_failed, percent, last_failed_on "
        "FROM marts.rule_catalogue WHERE feed = 'results' AND column_name IN ('value', 'unit') "
        "AND rule_id IN ('results.value.unusual', 'results.unit.missing', 'results.unit.unknown', "
        "'results.value.missing') ORDER BY rule_id",
    )
    assert found == [
        ("results.unit.missing", "results", "critical", "verification", 10, 0, 0.0, None),
        ("results.unit.unknown", "results", "critical", "validation", 0, 0, None, days["old"]),
        ("results.value.missing", "results", "critical", "verification", 0, 0, None, None),
        ("results.value.unusual", "results", "warning", "verification", 40, 3, 7.5, days["first"]),
    ]


def test_the_catalogue_holds_every_rule_with_its_words(warehouse: Warehouse) -> None:
    refresh_only(warehouse, "rule_catalogue")
    listed = {
        row[0]: row[1:] for row in rows(warehouse, "SELECT rule_id, description, remedy FROM marts.rule_catalogue")
    }
    assert listed == {
        **{rule.rule_id: (rule.settings["description"], rule.meta["remedy"]) for rule in expectations.read_rules()},
        **{
            rule["rule_id"]: (rule["description"], rule["remedy"])
            for rule in expectations.read_retired(expectations.FOLDER)
        },
    }


def test_the_catalogue_counts_rows_and_cells_that_nobody_has_decided(registry: Registry) -> None:
    day = "2020-01-01"
    registry.deliver("patients", day, row("patients"))
    registry.deliver("results", day, *(row("results", key, value="90000") for key in ("L1", "L2", "L3")))
    registry.deliver("visits", day, row("visits", weight_kg="9000"))
    reject_records(registry.warehouse, Selection(record_key="L2"), "mg", "of another person")
    refresh_only(registry.warehouse, "validation_summary", "rule_catalogue")

    found = registry.rows("SELECT rule_id, rows_open FROM marts.rule_catalogue WHERE rows_open > 0 ORDER BY rule_id")
    assert found == [("results.value.impossible", 2), ("visits.weight_kg.impossible", 1)]
