"""What every column of every mart means is said, once."""

import csv

from include.warehouse import Warehouse
from include.warehouse.reference import FOLDER
from include.warehouse.schema import mart_tables
from tests.support.clinical import rows
from tests.support.marts import refresh_only


def test_every_column_is_a_key_or_has_a_definition(warehouse: Warehouse) -> None:
    refresh_only(warehouse, "metric_definition")
    found = rows(warehouse, "SELECT mart, metric, definition FROM marts.metric_definition")
    assert len(found) == len({row[:2] for row in found})
    defined = {row[:2] for row in found if len(row[2] or "") > 3}
    for table in mart_tables():
        columns = {column.name for column in table.columns} - set(table.key)
        assert {(table.name.removeprefix("marts."), column) for column in columns} <= defined, table.name


def test_how_a_column_is_computed_follows_what_it_means(warehouse: Warehouse) -> None:
    refresh_only(warehouse, "metric_definition")
    said = "SELECT definition, unit, source FROM marts.metric_definition WHERE mart = 'response_rate' AND metric = "
    meaning = "lower limit of the 95 % confidence interval of percent, Wilson's score method, %"
    (wilson,) = rows(warehouse, said + "'ci_low'")
    assert wilson == (f"{meaning}. Wilson interval of the rate, 95 %", "percent", "Wilson 1927")
    objective = "SELECT denominator FROM marts.metric_definition WHERE metric = 'OR'"
    assert rows(warehouse, objective) == [("evaluable patients, or all treated (denominator_kind)",)]


def test_what_is_no_column_is_a_value() -> None:
    tables = {table.name.removeprefix("marts."): {column.name for column in table.columns} for table in mart_tables()}
    with (FOLDER / "metric_definition.csv").open() as file:
        metrics = [(row["mart"], row["metric"].split(", ")) for row in csv.DictReader(file)]
    values = {mart for mart, named in metrics if not tables[mart] & set(named)}
    assert values == {"baseline_characteristics", "response_rate", "follow_up", "registry_indicator"}
    assert all(set(named) <= tables[mart] for mart, named in metrics if tables[mart] & set(named))
