"""Rows and cells that are set aside, and a row's own page."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, BeforeValidator, Field

from include.basics.sheets import MOST
from include.definitions import contracts
from include.definitions.contracts import FEEDS, sources
from include.monitor import reading
from include.monitor.access import LIST_SEEN, ROW_SEEN, MayDecide, deciding, from_own_page, note_look
from include.monitor.listing import (
    Chosen,
    ChosenNumber,
    PageNumber,
    Reading,
    Row,
    known_sites,
    listed,
    read,
    sheet,
)
from include.monitor.rendering import language, page, speak
from include.monitor.row import cells, told
from include.people.decisions import Selection
from include.people.languages.reasons import reasons
from include.people.languages.wording import day, state, word

router = APIRouter()
STATES = ("open", "waiting", "corrected", "overridden", "rejected")
ANY = "any"
"""Rows in every state: an address without one is of open rows."""
PARTS = ("rows", "cells")
Part = Annotated[Literal["rows", "cells"] | None, BeforeValidator(lambda value: value or None)]
"""Rows that are set aside whole, or cells that are set aside alone; both without it."""
KINDS = {"open": ("override", "reject", "replay", "note"), "waiting": ("reject", "note")} | dict.fromkeys(
    ("rejected", "overridden"), ("reopen",)
)
"""What people can decide about rows in a state."""
PLACE = ("load_id", "row_number")
NO_SELECTION = ("part", "decision", "sort")
"""Filters that no decision knows: it is about rows and cells together."""
SHEET_COLUMNS = (
    "batch_date",
    "site",
    "source",
    "feed",
    "load_id",
    "row_number",
    "column_name",
    "record_key",
    "state",
    "rule_ids",
    "decided_by",
    "reason",
)


def row_filters(
    feed: Chosen = None,
    site: Chosen = None,
    source: Chosen = None,
    rule_id: Chosen = None,
    state: Annotated[str, Field(max_length=20)] | None = None,
    part: Part = None,
    decision: ChosenNumber = None,
    load_id: Chosen = None,
    row_number: ChosenNumber = None,
    sort: Literal["day", "state", "feed", "rules", "-day", "-state", "-feed", "-rules"] = "day",
) -> dict[str, Any]:
    """Which rows, the open ones where neither a state nor a decision is named.

    Keys are not asked for in an address, where a patient's id might stand.
    """
    if state is None and decision is None:
        state = "open"
    return {
        "feed": feed,
        "site": site,
        "source": source,
        "rule_id": rule_id,
        "state": None if state in ("", ANY) else state,
        "part": part,
        "decision": decision,
        "load_id": load_id,
        "row_number": row_number,
        "sort": sort,
    }


Filters = Annotated[dict[str, Any], Depends(row_filters)]


class Key(BaseModel):
    """A key that somebody looks for."""

    key: str = Field(min_length=1, max_length=200)


@router.get("/quarantine")
def quarantine(request: Request, filters: Filters, reader: Reading, number: PageNumber = 1) -> HTMLResponse:
    """The rows and cells that are set aside, the newest first."""
    with reading.record() as warehouse:
        found = listed(warehouse, "rows", filters, number, record_key=None)
        sites = known_sites(warehouse)
    selection = {name: value for name, value in filters.items() if name not in NO_SELECTION}
    narrowed = filters["part"] or filters["decision"]
    return page(
        request,
        "quarantine",
        found=replace(found, filters=filters | {"state": filters["state"] or ANY}),
        rows=reader.keys("quarantine", found.rows, **filters),
        choices={"feed": FEEDS, "site": sites, "source": sources(), "state": STATES, "part": PARTS},
        allowed=reader.allowed,
        selection=selection,
        kinds=() if narrowed or Selection(**selection).is_everything else KINDS.get(filters["state"] or "", ()),
        narrowed=narrowed,
        reasons=reasons(language(request), "rows"),
    )


@router.get("/quarantine.csv")
def quarantine_sheet(filters: Filters, reader: Reading) -> Response:
    """The same rows as a sheet."""
    with reading.record() as warehouse:
        rows = read(warehouse, "rows", **filters, record_key=None, most=MOST, skipped=0)
    return sheet("quarantine", SHEET_COLUMNS, reader.keys("quarantine.csv", rows, **filters))


@router.post("/quarantine/find", dependencies=[Depends(deciding), Depends(from_own_page)])
def find(request: Request, wanted: Key, user: GetUserDep) -> list[Row]:
    """Where rows of a key lie; the key is in no address, and not in what is kept of the look."""
    anything = row_filters(state="")
    with reading.record() as warehouse:
        rows = read(warehouse, "rows", **anything, record_key=wanted.key.strip(), most=20, skipped=0)
    note_look(user, LIST_SEEN, page="quarantine/find", rows=len(rows))
    speak(request)
    return [{name: row[name] for name in PLACE} | _worded(row) for row in rows]


def _worded(row: Row) -> dict[str, Any]:
    """What is said of a row, in the reader's language."""
    said = f"{day(row['batch_date'])}, {state(row['state'])}"
    return {"feed": word(row["feed"], "feed"), "said": said}


@router.get("/quarantine/{load_id}/{row_number}")
def row(
    request: Request,
    load_id: Annotated[str, Path(max_length=100)],
    row_number: Annotated[int, Path(ge=1, le=10**12)],
    allowed: MayDecide,
    user: GetUserDep,
) -> HTMLResponse:
    """A row: what it fails and why, what to do, what was decided, and its cells for those who may see them."""
    with reading.record() as warehouse:
        found = told(warehouse, load_id, row_number)
        if found is None:
            raise HTTPException(404)
        if allowed:
            note_look(user, ROW_SEEN, load_id=load_id, row_number=row_number)
        shown = cells(warehouse, found, row_number) if allowed else None
    feed = found.file["feed"]
    return page(
        request,
        "row",
        row=found,
        number=row_number,
        key=found.facts.get("record_key") if allowed or not contracts.read(feed).names_patient else None,
        cells=shown,
        fields=contracts.read(feed).fields,
        at_fault={rule["rule_id"].split(".")[1] for rule in found.rules},
        kinds=KINDS.get(found.facts.get("state", ""), ()),
        allowed=allowed,
        reasons=reasons(language(request), "rows"),
    )
