"""What rules look at: every column of every feed with the rules that it has, and those without one."""

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from include.definitions.contracts import FEEDS
from include.monitor.coverage import CATEGORIES, Row, columns, feeds
from include.monitor.listing import SIZE, Chosen, Listed, PageNumber, sheet
from include.monitor.rendering import page

router = APIRouter(prefix="/quality")
COUNTS = ("rules", *CATEGORIES, "critical", "across")
SHEET_COLUMNS = ("feed", "column_name", "required", *COUNTS, "rule_ids")
Shown = Literal["", "ruled", "bare"]


@router.get("/coverage")
def coverage(request: Request, feed: Chosen = None, shown: Shown = "", number: PageNumber = 1) -> HTMLResponse:
    """Each feed's share of columns with a rule, and its columns; no database is asked."""
    every = columns()
    wanted = _wanted(every, feed, shown)
    place = number if SIZE * (number - 1) < len(wanted) else 1
    rows = [{**row, "total": len(wanted)} for row in wanted[SIZE * (place - 1) : SIZE * place]]
    found = Listed(rows, {"feed": feed, "shown": shown or None}, place)
    return page(request, "coverage", found=found, feeds=list(feeds(every)), choices=FEEDS, kinds=CATEGORIES)


@router.get("/coverage.csv")
def coverage_sheet(feed: Chosen = None, shown: Shown = "") -> Response:
    """The same columns as a sheet."""
    return sheet("coverage", SHEET_COLUMNS, _wanted(columns(), feed, shown))


def _wanted(every: list[Row], feed: str | None, shown: Shown) -> list[Row]:
    of_feed = [row for row in every if feed in (None, row["feed"])]
    return [row for row in of_feed if not shown or (row["rules"] > 0) == (shown == "ruled")]
