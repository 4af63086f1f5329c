"""What came and was not understood: unknown codes and units, what left no row, columns filled less, missing rows."""

from typing import Any

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from include.monitor import reading
from include.monitor.access import LIST_SEEN, MayDecide, note_look
from include.monitor.listing import read
from include.monitor.rendering import page
from include.people.reporting.validation.gather import missing_in_full
from include.people.sites.unmapped import unmapped

router = APIRouter()
MOST = 200
"""The most texts that are shown, the most frequent."""


@router.get("/quality/intake")
def intake(request: Request, allowed: MayDecide, user: GetUserDep) -> HTMLResponse:
    """Counts for all; the texts themselves are cells, for those who may see them."""
    with reading.record() as warehouse:
        texts = unmapped(warehouse) if allowed else []
        shown: dict[str, Any] = {name: read(warehouse, name) for name in ("intake", "left_out", "coverage")}
        missing = missing_in_full(warehouse)
    if texts:
        note_look(user, LIST_SEEN, page="quality/intake", rows=len(texts))
    return page(
        request, "intake", texts=texts[:MOST], total=len(texts), missing_in_full=missing, allowed=allowed, **shown
    )
