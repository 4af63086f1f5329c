"""What rules took: those of rows together, each across feeds by itself, the latest time; `verify` asks for none."""

from include.definitions.expectations import own_rules, read_suite
from include.history.verify import made_tables
from include.pipeline.derivation import derive_touched
from tests.support.extracts import row
from tests.support.registry import Registry, registry

__all__ = ["registry"]


def asked(registry: Registry, where: str) -> list[tuple[object, ...]]:
    """Rules, rows and patients of some times, and whether there is a time."""
    return registry.rows(
        f"SELECT rules, rows_judged, patients_judged, judged_seconds > 0 FROM ops.rule_time WHERE rule_id {where}"
    )


def test_the_rules_of_rows_have_one_time_that_of_the_latest_files(registry: Registry) -> None:
    for day, count in ("2020-01-01", 3), ("2020-01-02", 2):
        registry.deliver("results", day, *(row("results", f"L{day}{number}") for number in range(count)))

    assert asked(registry, "LIKE 'results.%'") == [(len(own_rules("results")), 2, None, True)]


def test_each_rule_across_feeds_has_a_time_for_the_patients_it_was_asked_about(registry: Registry) -> None:
    registry.deliver("patients", "2020-01-01", row("patients"), row("patients", "P2"))
    registry.deliver("lesions", "2020-01-02", row("lesions", "M1"))
    derive_touched(registry.warehouse)
    across = len(read_suite("warehouse"))

    assert asked(registry, "NOT LIKE '%.*'") == [(1, None, 2, True)] * across
    registry.deliver("lesions", "2020-01-03", row("lesions", "M2"))
    derive_touched(registry.warehouse)
    assert asked(registry, "= 'lesions.exam_id.without_exam'") == [(1, None, 1, True)]
    assert len(asked(registry, "NOT LIKE '%.*'")) == across


def test_what_rules_took_is_nothing_that_facts_make() -> None:
    assert "ops.rule_time" not in {table.name for table in made_tables()}
