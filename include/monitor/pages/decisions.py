"""Decisions: held files, what people decided, and the requests by which the pages decide and see what became of it."""

from dataclasses import asdict, replace
from functools import partial
from typing import Annotated, Any, Literal

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from include.basics.errors import CODES, RegistryError
from include.basics.sheets import MOST
from include.monitor import ordering, reading
from include.monitor.access import MayDecide, deciding, from_own_page
from include.monitor.listing import Chosen, Listed, PageNumber, known_sites, listed, read, sheet
from include.monitor.pages.files import files_of
from include.monitor.rendering import language, page, speak
from include.people.asking.page import MOST_RULES, Held, held_file, is_of_file
from include.people.decisions import Selection
from include.people.decisions.records import UNDONE
from include.people.decisions.shown import shown
from include.people.languages.reasons import reasons, worded
from include.people.languages.texts import text
from include.people.languages.wording import refused, state, word
from include.warehouse import Warehouse

router = APIRouter()
writing = [Depends(deciding), Depends(from_own_page)]
KINDS = ("override", "reject", "reopen", "note", "undo", "release", "reject_file", "withdraw")
RECORD_KINDS = Literal["override", "reject", "reopen", "replay", "note", "letter"]
WITHOUT_REASON = ("replay", "letter")
DAGS = Literal["decide", "decide_held_file"]
SHEET_COLUMNS = (
    "decision_id",
    "kind",
    "row_count",
    "load_id",
    "decided_at",
    "decided_by",
    "entered_by",
    "reason",
    "undoes",
    "is_undone",
)
FILES = 20
"""Held or rejected files of a page."""
Said = Annotated[str, Field(max_length=200)]


class Rows(BaseModel):
    """Which rows a decision is about; no key, and no cell."""

    model_config = ConfigDict(extra="forbid")
    load_id: Said | None = None
    row_number: Annotated[int, Field(ge=1)] | None = None
    site: Said | None = None
    source: Said | None = None
    feed: Said | None = None
    rule_id: Said | None = None
    state: Said | None = None

    def selection(self, kind: str) -> Selection:
        """The same as decisions take it; 422 when it is every row, unless they are only judged again."""
        chosen = Selection(**self.model_dump())
        is_row_of_any_file = self.row_number is not None and self.load_id is None
        is_letter_to_nobody = kind == "letter" and chosen.source is None
        if is_row_of_any_file or is_letter_to_nobody or (chosen.is_everything and kind != "replay"):
            raise HTTPException(422)
        return chosen


class Wanted(BaseModel):
    """What somebody is about to decide about rows."""

    kind: RECORD_KINDS
    selection: Rows


class Why(BaseModel):
    """A reason of the list, and free text."""

    reason: Said = ""
    more: Annotated[str, Field(max_length=400)] = ""


class RowsDecided(Wanted, Why):
    """A decision about the rows that were shown with a mark."""

    mark: Said


class FileDecided(Why):
    """A decision about a held file."""

    kind: Literal["release", "reject_file"]
    load_id: Said


class Undone(Why):
    """A decision that is taken back."""

    kind: Literal["undo"]
    decision_id: Annotated[int, Field(ge=1, le=10**9)]


@router.get("/decisions")
def decisions(
    request: Request,
    allowed: MayDecide,
    kind: Chosen = None,
    site: Chosen = None,
    number: PageNumber = 1,
    held: PageNumber = 1,
    rejected: PageNumber = 1,
) -> HTMLResponse:
    """Files that wait for somebody or were rejected, and what people decided, the latest first; each list has pages."""
    places = {"number": number, "held": held, "rejected": rejected}
    asked = {"kind": kind, "site": site} | {name: place for name, place in places.items() if place > 1}
    with reading.record() as warehouse:
        held_files, rejected_files = _held(warehouse, site, held), _files(warehouse, "rejected", site, rejected)
        found = listed(warehouse, "decisions/decisions", {"kind": kind, "site": site}, number)
        sites, letters = known_sites(warehouse), read(warehouse, "letters", site=site)
    return page(
        request,
        "decisions",
        held=replace(held_files, filters=asked),
        rejected=replace(rejected_files, filters=asked),
        found=replace(found, filters=asked),
        allowed=allowed,
        choices={"kind": KINDS, "site": sites},
        letters=letters if allowed else [],
        undone=UNDONE,
        codes=CODES,
        most_rules=MOST_RULES,
        is_of_file=is_of_file,
        of_files=reasons(language(request), "files"),
        of_any=reasons(language(request)),
    )


@router.get("/decisions.csv")
def decisions_sheet(kind: Chosen = None, site: Chosen = None) -> Response:
    """What people decided, as a sheet."""
    with reading.record() as warehouse:
        made = read(warehouse, "decisions/decisions", kind=kind, site=site, most=MOST, skipped=0)
    return sheet("decisions", SHEET_COLUMNS, made)


@router.post("/decisions/preview", dependencies=writing)
def preview(request: Request, wanted: Wanted) -> dict[str, Any]:
    """How many rows it would be about, some of them, and the mark that says which."""
    with reading.record() as warehouse:
        found = asdict(shown(warehouse, wanted.kind, wanted.selection.selection(wanted.kind)))
    speak(request)
    for row in (*found["groups"], *found["sample"]):
        row |= {"state": state(row["state"]), "feed": word(row["feed"], "feed")}
    for group in found["groups"]:
        group["source"] = word(group["source"], "department")
    return found


@router.post("/decisions", dependencies=writing)
def decide(request: Request, wanted: RowsDecided | FileDecided | Undone, user: GetUserDep) -> ordering.Run:
    """Hand a decision over to be carried out in the person's name; the run that does it."""
    why = worded(language(request), wanted.reason, wanted.more)
    if not why and wanted.kind not in WITHOUT_REASON:
        raise RegistryError("REG-603", "A decision needs a reason.")
    order = wanted.model_dump(exclude={"reason", "more"}) | {"reason": why, "language": language(request)}
    if isinstance(wanted, FileDecided):
        return ordering.decide_file(user, order)
    if isinstance(wanted, RowsDecided):
        order["selection"] = wanted.selection.selection(wanted.kind).__dict__
    return ordering.start(user, order)


@router.get("/decisions/runs/{dag_id}/{run_id:path}", dependencies=[Depends(deciding)])
def outcome(request: Request, dag_id: DAGS, run_id: str) -> dict[str, Any]:
    """Whether a decision was carried out, and what became of it in words."""
    found = ordering.outcome(ordering.Run(dag_id, run_id))
    spoken = speak(request)
    return found | {"said": refused(found["refused"]) if found["refused"] else _said(spoken, found)}


def _said(spoken: str, found: dict[str, Any]) -> str:
    if not found["done"]:
        return text(spoken, "decide.broken" if found["ended"] else "decide.running")
    if "mailed" in found["done"]:
        return text(spoken, "decide.mailed", **found["done"]["mailed"])
    now = ", ".join(f"{count} {state(name)}" for name, count in found["done"]["states"].items())
    return text(spoken, "decide.done", now=f" {now}" if now else "")


def _held(warehouse: Warehouse, site: str | None, number: int) -> Listed:
    """The files that are held, each with what people have to know of it."""
    version = reading.version_of(warehouse)
    files = _files(warehouse, "held", site, number)
    return replace(files, rows=[file | {"known": _known(warehouse, version, file["load_id"])} for file in files.rows])


def _known(warehouse: Warehouse, version: str, load_id: str) -> Held | None:
    return reading.kept(version, load_id, partial(held_file, warehouse, load_id))


def _files(warehouse: Warehouse, state: str, site: str | None, number: int) -> Listed:
    """The latest files in a state."""
    return files_of(warehouse, {"state": state, "site": site}, number, FILES)
