"""What the columns of the marts of survival and response mean is said."""

import csv

import pytest

from include.warehouse.reference import FOLDER
from include.warehouse.tables import manifest, read_table

OF_OUTCOMES = ("survival", "rmst", "hazard", "multivariable", "cumulative", "cause", "kaplan", "response_rate")
MARTS = [name for name in manifest("marts") if name.startswith(OF_OUTCOMES)]


def defined() -> set[tuple[str, str]]:
    with (FOLDER / "metric_definition.csv").open() as file:
        return {(row["mart"], metric) for row in csv.DictReader(file) for metric in row["metric"].split(", ")}


@pytest.mark.parametrize("mart", MARTS)
def test_every_column_is_a_key_or_has_a_definition(mart: str) -> None:
    table = read_table("marts", mart)
    columns = {column.name for column in table.columns} - set(table.key)
    assert {(mart, column) for column in columns} <= defined()
