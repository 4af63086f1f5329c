"""What each column said by month, beside its usual: how full it is, the share of each code, the median of numbers."""

from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse

from include.definitions.contracts import FEEDS
from include.monitor import reading
from include.monitor.listing import Chosen, PageNumber, Row, listed, read
from include.monitor.rendering import page
from include.people.reporting.validation.drawing import chart

router = APIRouter(prefix="/quality/columns")
STATES = ("unusual", "usual", "none")
SERIES = ("site", "feed", "column_name", "code", "measure")
"""What tells the months of one measure from those of others."""
Name = Annotated[str, Path(max_length=100)]
Told = Annotated[str, Query(max_length=100)]


@router.get("")
def columns(
    request: Request, feed: Chosen = None, site: Chosen = None, state: Chosen = None, number: PageNumber = 1
) -> HTMLResponse:
    """Every column in the latest month of its feed, the most unusual first."""
    with reading.marts() as warehouse:
        found = listed(warehouse, "columns", {"feed": feed, "site": site, "state": state}, number)
        months = read(warehouse, "column_trends", feed=feed, site=site)
        sites = [row["site"] for row in read(warehouse, "column_sites")]
    trends = {series: [row["value"] for row in rows] for series, rows in groupby(months, _series)}
    choices = {"feed": FEEDS, "site": sites, "state": STATES}
    return page(request, "columns", found=found, trend_of=lambda row: trends[_series(row)], choices=choices)


@router.get("/{feed}/{column}")
def column(request: Request, feed: Name, column: Name, code: Told = "", site: Told = "") -> HTMLResponse:
    """A column month by month; of one with codes, a code or all of them together."""
    place: dict[str, Any] = {"site": site, "feed": feed, "column_name": column}
    with reading.marts() as warehouse:
        months = read(warehouse, "column_months", **place, code=code)
        codes = [row["code"] for row in read(warehouse, "column_codes", **place)]
    if not months and not codes:
        raise HTTPException(404)
    measures = {name: list(rows) for name, rows in groupby(months, lambda row: row["measure"])}
    drawn = {name: _drawn(rows) for name, rows in measures.items()}
    return page(request, "column", **place, code=code, codes=codes, measures=measures, drawn=drawn)


def _series(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in SERIES)


def _drawn(rows: list[Row]) -> Any:
    """The months of a measure, with what was usual in the latest; None where all is withheld."""
    known = [row | {"unit": "", "target_low": row["usual_value"], "target_high": None} for row in rows]
    told = [row for row in known if row["value"] is not None]
    return chart(told) if told else None
