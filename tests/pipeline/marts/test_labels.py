"""Every group that patients are put in has a name for readers."""

import csv

from include.warehouse.reference import FOLDER


def column(table: str, name: str, **where: str) -> set[str]:
    """The values of a column of a reference table, in the rows that have these values."""
    with (FOLDER / f"{table}.csv").open() as file:
        return {row[name] for row in csv.DictReader(file) if all(row[key] == value for key, value in where.items())}


def test_every_group_has_a_label() -> None:
    procedures = column("class_limit", "category", characteristic="procedures")
    groups = {
        "primary": column("primary_site", "primary_group") | {"multiple"},
        "grade": column("grade_order", "grade"),
        "burden": column("class_limit", "category", characteristic="liver_burden_half"),
        "procedures": procedures,
        "procedures_landmark": procedures,
    }
    for stratification, strata in groups.items():
        assert column("stratum_label", "stratum", stratification=stratification) == strata, stratification
