"""Superset's dashboard and the recipes of docs/connecting.md name tables and columns that the marts have."""

import re
from typing import Any

import yaml

from include.basics.settings import ROOT
from include.warehouse import Warehouse
from tests.support.warehouses import on_duckdb

ASSETS = ROOT / "deploy" / "superset" / "assets"


def read(folder: str) -> list[dict[str, Any]]:
    """The files of a kind."""
    return [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted((ASSETS / folder).rglob("*.yaml"))]


DATASETS = {one["uuid"]: one for one in read("datasets")}


def columns(warehouse: Warehouse, select: str) -> set[str]:
    """What a SELECT gives."""
    return set(warehouse.run_verbatim(f"SELECT * FROM ({select}) AS asked LIMIT 0").keys())


def asked(params: dict[str, Any]) -> set[str]:
    """The columns of its dataset that a chart asks for."""
    listed = [
        name for key in ("all_columns", "groupby", "groupbyRows", "groupbyColumns") for name in params.get(key, ())
    ]
    named = [one if isinstance(one, str) else one["sqlExpression"] for one in listed]
    filtered = [one["subject"] for one in params["adhoc_filters"]]
    return {*named, *filtered, *([params["x_axis"]] if "x_axis" in params else [])}


@on_duckdb
def test_each_chart_asks_for_columns_that_its_dataset_has(warehouse: Warehouse) -> None:
    there = {
        uuid: columns(warehouse, one.get("sql") or f"SELECT * FROM marts.{one['table_name']}")
        for uuid, one in DATASETS.items()
    }
    charts = read("charts")
    assert {
        one["slice_name"]: missing for one in charts if (missing := asked(one["params"]) - there[one["dataset_uuid"]])
    } == {}
    assert len(charts) == 13
    filters = read("dashboards")[0]["metadata"]["native_filter_configuration"]
    targets = [target for one in filters for target in one["targets"]]
    assert [one for one in targets if one["column"]["name"] not in there[one["datasetUuid"]]] == []


@on_duckdb
def test_the_recipes_ask_for_a_table_that_is_there(warehouse: Warehouse) -> None:
    text = (ROOT / "docs" / "connecting.md").read_text(encoding="utf-8")
    selects = re.findall(r'"(SELECT [^"]+)"', text)
    assert len(selects) == 3
    assert all(columns(warehouse, select) for select in selects)
