"""Validation: every rule with what it says lately, and a rule's own page with all rows that fail it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from include.basics.sheets import MOST
from include.definitions.contracts import FEEDS
from include.definitions.expectations import OWN
from include.monitor import reading
from include.monitor.coverage import CATEGORIES
from include.monitor.listing import Chosen, PageNumber, Reading, Row, known_sites, listed, read, sheet
from include.monitor.rendering import page

router = APIRouter()
SEVERITIES = ("critical", "warning", "info")
STATES = ("error", "out", "fails", "in_order", "none")
ROW_STATES = ("open", "waiting", "corrected", "overridden", "rejected", "loaded", "held")
Sort = Literal["state", "percent", "failed", "open", "checked", "rule"]
Turned = Literal["-state", "-percent", "-failed", "-open", "-checked", "-rule"]
"""The same order turned."""
SHEET_COLUMNS = ("batch_date", "site", "source", "feed", "load_id", "row_number", "record_key", "rule_id", "state")


@router.get("/rules")
def rules(
    request: Request,
    feed: Chosen = None,
    owner: Chosen = None,
    category: Chosen = None,
    severity: Chosen = None,
    state: Chosen = None,
    sort: Sort | Turned = "state",
    number: PageNumber = 1,
) -> HTMLResponse:
    """Every living rule, the worst first, and how many of each kind are in order."""
    filters = {"feed": feed, "owner": owner, "category": category, "severity": severity, "state": state, "sort": sort}
    with reading.marts() as warehouse:
        found = listed(warehouse, "rules", filters, number)
        trends, kinds, owners = _trends(read(warehouse, "trends")), read(warehouse, "kahn"), read(warehouse, "owners")
    choices = {"feed": ("file", *FEEDS), "category": CATEGORIES, "severity": SEVERITIES, "state": STATES}
    choices["owner"] = tuple(row["owner"] for row in owners)
    return page(request, "rules", found=found, trends=trends, kinds=kinds, owners=owners, choices=choices)


def _trends(nights: list[Row]) -> Mapping[str, list[float | None]]:
    """The percent of each rule in the last nights, oldest first."""
    trends: dict[str, list[float | None]] = {}
    for night in nights:
        trends.setdefault(night["rule_id"], []).append(night["percent"])
    return trends


def row_filters(
    rule_id: str,
    feed: Chosen = None,
    site: Chosen = None,
    state: Chosen = None,
    sort: Literal["day", "row", "state", "-day", "-row", "-state"] = "day",
) -> dict[str, Any]:
    """Which of the rows that fail the rule, in which order."""
    return {"rule_id": rule_id, "feed": feed, "site": site, "state": state, "sort": sort}


Filters = Annotated[dict[str, Any], Depends(row_filters)]


@router.get("/rules/{rule_id}")
def rule(request: Request, filters: Filters, reader: Reading, number: PageNumber = 1) -> HTMLResponse:
    """What a rule asks for, what it said night by night, and the rows that fail it."""
    with reading.record() as warehouse:
        told = read(warehouse, "rule", rule_id=filters["rule_id"])
        if not told:
            raise HTTPException(404)
        nights = read(warehouse, "rule_nights", rule_id=filters["rule_id"])
        times = read(warehouse, "rule_times", rule_id=timed_as(told[0]))
        found = listed(warehouse, "failing", filters, number)
        choices = {"feed": FEEDS, "site": known_sites(warehouse), "state": ROW_STATES}
    rows = reader.keys("rules", found.rows, **filters)
    time = times[0] if times else None
    return page(request, "rule", rule=told[0], time=time, nights=nights, found=found, rows=rows, choices=choices)


def timed_as(rule: Row) -> str:
    """Under which name the time of a rule is noted: its own, or that of all rules of its feed's rows."""
    return f"{rule['feed']}.*" if rule["level"] in OWN else str(rule["rule_id"])


@router.get("/rules/{rule_id}/rows.csv")
def rule_rows(filters: Filters, reader: Reading) -> Response:
    """The rows that fail a rule, as a sheet."""
    with reading.record() as warehouse:
        rows = read(warehouse, "failing", **filters, most=MOST, skipped=0)
    return sheet("failing_rows", SHEET_COLUMNS, reader.keys("rows.csv", rows, **filters))
