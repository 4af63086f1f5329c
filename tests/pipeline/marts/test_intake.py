"""What came, by site and day, and what of it was not understood."""

import pytest

from include.definitions.expectations import read_rules
from tests.pipeline.sites.conftest import Profile, profile
from tests.support.extracts import row
from tests.support.marts import refresh_only
from tests.support.registry import Registry

__all__ = ["profile"]


@pytest.mark.announced("P1", "P2")
def test_what_is_not_understood_is_counted_by_site_and_day(registry: Registry, profile: Profile) -> None:
    profile("north", "registry")
    codes = row("results", "L1", test_code="local-7"), row("results", "L2", unit="mg"), row("results", "L3")
    registry.send("results", "2020-01-02", *codes, row("results", "L4", patient_id="P7"))
    registry.send("results", "2020-01-02", row("results", "L5", status="done"), name="b.csv")
    registry.load()
    moved = row("results", "L3", patient_id="P2"), row("results", "L2", patient_id="P2", status="corrected")
    registry.deliver("results", "2020-01-03", *moved)
    registry.extracts = registry.extracts / "north"
    registry.deliver("visits", "2020-01-03", row("visits", vital_status="ill", diarrhoea="some"))
    refresh_only(registry.warehouse, "intake", "validation_summary")

    assert registry.rows(
        "SELECT site, feed, CAST(batch_date AS TEXT), files, rows, unmapped_codes, unmapped_units, moved_keys, waiting "
        "FROM marts.intake WHERE feed <> 'patients' ORDER BY site, batch_date"
    ) == [
        ("", "results", "2020-01-02", 2, 5, 2, 1, 0, 1),
        ("", "results", "2020-01-03", 1, 2, 0, 0, 1, 0),
        ("north", "visits", "2020-01-03", 1, 1, 2, 0, 0, 0),
    ]
    assert registry.rows(
        "SELECT DISTINCT site FROM marts.validation_summary WHERE feed = 'visits' AND rows_failed > 0"
    ) == [("north",)]


@pytest.mark.announced("P1")
def test_each_pattern_names_rules(registry: Registry) -> None:
    patterns = {pattern for (pattern,) in registry.rows("SELECT rule_pattern FROM reference.intake_rule")}
    endings = {pattern.removeprefix("%.") for pattern in patterns}
    rules = [rule.rule_id for rule in read_rules()]

    assert endings
    assert all(any(rule.endswith(ending) for rule in rules) for ending in endings)
