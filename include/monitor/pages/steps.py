"""How long each step of the nights took, beside its usual, and how long rules took."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from include.basics.errors import RegistryError
from include.monitor import reading
from include.monitor.listing import Row, read
from include.monitor.rendering import page
from include.monitor.steps import nights, settings, steps

router = APIRouter()


@router.get("/quality/steps")
def durations(request: Request) -> HTMLResponse:
    """Every step that Airflow ran in the last 30 days, the unusual ones first."""
    limits = settings()
    found = steps(limits)
    return page(request, "steps", steps=found, nights=nights(found), settings=limits, times=_times())


def _times() -> list[Row] | None:
    """What rules took when they were asked last; None while a step has the record to itself, or it cannot be opened."""
    try:
        with reading.record() as warehouse:
            return read(warehouse, "rule_times", rule_id=None)
    except RegistryError:
        return None
