"""A letter to a department: what it should send again, as a sheet of keys, rules and remedies."""

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Depends
from fastapi.responses import Response

from include.monitor import reading
from include.monitor.access import LIST_SEEN, deciding, note_look
from include.monitor.listing import SHEET, Chosen, read, sheet

router = APIRouter()
COLUMNS = ("site", "feed", "batch_date", "file_name", "row_number", "record_key", "rule_id", "description", "remedy")


@router.get("/letter.csv", dependencies=[Depends(deciding)])
def letter(user: GetUserDep, source: str, site: Chosen = None) -> Response:
    """The open rows and cells of a department, each rule with what to do; no other cell."""
    with reading.record() as warehouse:
        rows = read(warehouse, "letter", source=source, site=site, most=SHEET)
    note_look(user, LIST_SEEN, page="letter.csv", rows=len(rows), source=source, site=site)
    return sheet("letter", COLUMNS, rows)
