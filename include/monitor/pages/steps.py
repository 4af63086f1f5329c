"""How long each step of the nights took, beside its usual."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from include.monitor.rendering import page
from include.monitor.steps import nights, settings, steps

router = APIRouter()


@router.get("/quality/steps")
def durations(request: Request) -> HTMLResponse:
    """Every step that Airflow ran in the last 30 days, the unusual ones first."""
    limits = settings()
    found = steps(limits)
    return page(request, "steps", steps=found, nights=nights(found), settings=limits)
