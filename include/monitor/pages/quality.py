"""Data quality over time: indicators by month against their targets, freshness, and what was not understood."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from include.monitor import reading
from include.monitor.listing import read
from include.monitor.rendering import page
from include.people.languages.wording import ITEM
from include.people.reporting.validation.drawing import drawn
from include.people.reporting.validation.page import HEADLINE_INDICATORS

router = APIRouter(prefix="/quality")
Rows = list[dict[str, Any]]


@router.get("")
def quality(request: Request) -> HTMLResponse:
    """Indicators, key items, freshness and what came without being understood."""
    with reading.marts() as warehouse:
        indicators = list(map(dict, warehouse.run_file("reporting/validation/indicators", day=None).mappings()))
        freshness, intake = (read(warehouse, name) for name in ("freshness", "intake"))
    by_name = {name: list(rows) for name, rows in groupby(indicators, lambda row: str(row["indicator"]))}
    return page(
        request,
        "quality",
        headline={name: drawn(by_name.get(name, [])) for name in HEADLINE_INDICATORS if by_name},
        months_of=_months(by_name),
        items=_items(by_name),
        freshness=freshness,
        intake=intake,
    )


def _months(by_name: Mapping[str, Rows]) -> Mapping[tuple[str, str], list[float | None]]:
    """The values of each indicator and department month by month, oldest first."""
    months: dict[tuple[str, str], list[float | None]] = {}
    for name, rows in by_name.items():
        for row in rows:
            months.setdefault((name, row["source"]), []).append(row["value"])
    return months


def _items(by_name: Mapping[str, Rows]) -> Rows:
    """The latest month of each key item with its months before, the least complete first."""
    items = []
    for name, rows in by_name.items():
        if name.startswith(ITEM):
            together = [row for row in rows if row["source"] == "all"] or rows
            values = [row["value"] for row in together]
            items.append({**together[-1], "item": name.removeprefix(ITEM), "values": values})
    return sorted(items, key=lambda item: (item["value"] is None, item["value"] or 0, item["item"]))
