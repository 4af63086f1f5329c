"""What was resolved once is the same when everything is resolved again."""

from include.pipeline.resolving import resolve
from include.warehouse.creating import resolve_everything
from tests.support.extracts import row
from tests.support.registry import Registry

DAY_1, DAY_2 = "2020-01-01", "2020-01-02"
DEAD = {"visit_date": "2013-05-01", "vital_status": "dead", "death_date": "2013-05-01", "death_cause": "tumour"}
FAILED = "SELECT load_id, row_number, rule_id, counts FROM resolved.failure ORDER BY 1, 2, 3"


def test_a_row_without_a_key_fails_the_same_rules(registry: Registry) -> None:
    registry.deliver("results", DAY_1, row("results", "", collected_at="2014-01-02T08:15"))
    registry.deliver("patients", DAY_1, row("patients"))
    registry.deliver("visits", DAY_1, row("visits", **DEAD))
    registry.deliver("results", DAY_2, row("results", "L2"))
    before = registry.rows(FAILED)
    with registry.warehouse.transaction():
        resolve_everything(registry.warehouse)
    resolve(registry.warehouse)
    assert registry.rows(FAILED) == before
