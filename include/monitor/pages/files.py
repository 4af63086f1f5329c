"""Files: all that came, and a page for each: what became of it and of its rows, and the run that received it."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, Response

from include.basics.errors import CODES
from include.basics.sheets import MOST
from include.definitions.contracts import FEEDS, sources
from include.monitor import reading
from include.monitor.access import MayDecide
from include.monitor.listing import SIZE, Chosen, Listed, PageNumber, known_sites, listed, read, sheet
from include.monitor.rendering import page
from include.monitor.runs import run_of
from include.warehouse import Warehouse

router = APIRouter()
STATES = ("received", "held", "released", "loaded", "rejected", "superseded")
SHEET_COLUMNS = (
    "batch_date",
    "site",
    "source",
    "feed",
    "load_id",
    "state",
    "received",
    "failing",
    "decided_by",
    "decided_at",
    "reason",
)


def file_filters(
    state: Chosen = None, site: Chosen = None, source: Chosen = None, feed: Chosen = None
) -> dict[str, Any]:
    """Which files."""
    return {"state": state, "site": site, "source": source, "feed": feed}


Filters = Annotated[dict[str, Any], Depends(file_filters)]


def files_of(warehouse: Warehouse, filters: Mapping[str, Any], number: int, size: int = SIZE) -> Listed:
    """The latest files that have what the filters say, as `./registry batch list` has them."""
    return listed(warehouse, "decisions/files", {**file_filters(), **filters}, number, size)


@router.get("/files")
def files(request: Request, filters: Filters, number: PageNumber = 1) -> HTMLResponse:
    """Every file that came, the latest first."""
    with reading.record() as warehouse:
        found, sites = files_of(warehouse, filters, number), known_sites(warehouse)
    choices = {"state": STATES, "site": sites, "source": sources(), "feed": FEEDS}
    return page(request, "files", found=found, choices=choices)


@router.get("/files.csv")
def files_sheet(filters: Filters) -> Response:
    """The same files as a sheet, without their names, which may hold anything."""
    with reading.record() as warehouse:
        found = read(warehouse, "decisions/files", **filters, most=MOST, skipped=0)
    return sheet("files", SHEET_COLUMNS, found)


@router.get("/files/{load_id}")
def file(request: Request, load_id: Annotated[str, Path(max_length=100)], allowed: MayDecide) -> HTMLResponse:
    """What the ledger knows of a file; its name, which may hold anything, is for those who may see cells."""
    with reading.record() as warehouse:
        found = read(warehouse, "file", load_id=load_id)
    if not found:
        raise HTTPException(404)
    return page(request, "file", file=found[0], allowed=allowed, codes=CODES, shown=run_of(found[0]["source"], load_id))
