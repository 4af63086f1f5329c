"""What columns say month by month beside what is usual: shares and medians, as marts tell them."""

from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse

from include.definitions.contracts import FEEDS
from include.monitor import reading
from include.monitor.drawing import banded
from include.monitor.listing import Chosen, PageNumber, listed, read
from include.monitor.rendering import page

router = APIRouter(prefix="/quality/columns")
Name = Annotated[str, Path(max_length=100)]
Part = Annotated[str, Query(max_length=100)]


@router.get("")
def columns(request: Request, feed: Chosen = None, site: Chosen = None, number: PageNumber = 1) -> HTMLResponse:
    """Every watched column by site and analyte, those with the latest unusual month first."""
    with reading.marts() as warehouse:
        found = listed(warehouse, "columns", {"feed": feed, "site": site}, number)
        sites = sorted({row["site"] for row in read(warehouse, "freshness")} - {""})
        settings = {row["name"]: row["value"] for row in read(warehouse, "figures/setting")}
    return page(request, "columns", found=found, choices={"feed": FEEDS, "site": sites}, settings=settings)


@router.get("/{feed}/{column}")
def column(request: Request, feed: Name, column: Name, site: Part = "", analyte: Part = "") -> HTMLResponse:
    """What a column says, each of its shares and its medians month by month; 404 where it is not watched."""
    with reading.marts() as warehouse:
        rows = read(warehouse, "column", site=site, feed=feed, column_name=column, analyte=analyte)
    if not rows:
        raise HTTPException(404)
    of_each = [list(months) for _, months in groupby(rows, lambda row: (row["measure"], row["code"]))]
    series = [(banded(months[::-1]), months) for months in of_each]
    return page(request, "column", column=column, analyte=analyte, first=rows[0], series=series)
