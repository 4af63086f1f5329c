"""A letter to a department: what it should look at or send again, as a sheet; `decisions` mails it."""

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from include.monitor import reading
from include.monitor.access import LIST_SEEN, deciding, note_look
from include.monitor.listing import Chosen, sheet
from include.monitor.rendering import language
from include.people.decisions import Selection
from include.people.decisions.letter import COLUMNS, letter_in, letter_rows

router = APIRouter()


@router.get("/letter.csv", dependencies=[Depends(deciding)])
def letter(request: Request, user: GetUserDep, source: str, site: Chosen = None) -> Response:
    """The open rows and cells of a department, each rule with what to do; no other cell."""
    with reading.record() as warehouse:
        found = letter_rows(warehouse, Selection(source=source, site=site, state="open"))
    rows = letter_in(language(request), found)
    note_look(user, LIST_SEEN, page="letter.csv", rows=len(rows), source=source, site=site)
    return sheet("letter", COLUMNS, rows)
