"""What is said of a file does not depend on which files it is received together with."""

from tests.support.extracts import row
from tests.support.registry import Registry

REPEATED = "SELECT l.file_name, v.rows_failed FROM ops.validation_result AS v INNER JOIN ops.load AS l USING (load_id) "


def test_a_key_is_repeated_within_a_file_only(registry: Registry) -> None:
    registry.send("results", "2020-01-01", row("results", "L1"), name="a.csv")
    registry.send("results", "2020-01-01", row("results", "L1"), row("results", "L1", value="31"), name="b.csv")
    registry.load()
    told = registry.rows(f"{REPEATED} WHERE v.rule_id = 'results.result_id.repeated' ORDER BY l.file_name")
    assert told == [("a.csv", 0), ("b.csv", 1)]
