"""How long each step of the nights took, beside its usual."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from include.monitor import reading
from include.monitor.listing import read
from include.monitor.rendering import page
from include.monitor.steps import nights, steps

router = APIRouter()


@router.get("/quality/steps")
def durations(request: Request) -> HTMLResponse:
    """Every step that Airflow ran in the last 30 days, the unusual ones first."""
    with reading.marts() as warehouse:
        settings = {row["name"]: row["value"] for row in read(warehouse, "figures/setting")}
    found = steps(settings)
    return page(request, "steps", steps=found, nights=nights(found), settings=settings)
