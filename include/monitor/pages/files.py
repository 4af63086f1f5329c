"""A file's page: what became of it and of its rows, and the run that received it."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import HTMLResponse

from include.basics.errors import CODES
from include.monitor import reading
from include.monitor.access import MayDecide
from include.monitor.listing import read
from include.monitor.rendering import page
from include.monitor.runs import run_of

router = APIRouter()


@router.get("/files/{load_id}")
def file(request: Request, load_id: Annotated[str, Path(max_length=100)], allowed: MayDecide) -> HTMLResponse:
    """What the ledger knows of a file; its name, which may hold anything, is for those who may see cells."""
    with reading.record() as warehouse:
        found = read(warehouse, "file", load_id=load_id)
    if not found:
        raise HTTPException(404)
    return page(request, "file", file=found[0], allowed=allowed, codes=CODES, shown=run_of(found[0]["source"], load_id))
