"""The start page: what needs a decision, then what every department sent and what became of it, beside the usual."""

from dataclasses import dataclass, replace
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from include.basics.errors import CODES
from include.monitor import reading
from include.monitor.estimates import Estimates, estimates
from include.monitor.listing import Row, read
from include.monitor.rendering import page
from include.monitor.runs import latest_runs
from include.people.reporting.validation.attention import attention
from include.people.reporting.validation.gather import SECTIONS, Night, gather
from include.warehouse import Warehouse, utc_now

router = APIRouter()
PAGES = {
    "held": "decisions",
    "backlog": "quarantine",
    "rules": "rules",
    "across": "rules",
    "freshness": "quality",
    "columns": "quality/columns",
    "indicators": "quality",
}
"""Which page a line of the headline leads to; the other sections are on this one."""
SHOWN = tuple(name for name in SECTIONS if name not in ("matrix", "overrides", "freshness"))
"""The sections of the report that the page shows, or its headline tells, but for who is late."""
DEPARTMENT_STATES = ("late", "held", "to_load", "missing", "in_order")


@dataclass(frozen=True)
class Told:
    """What the page shows: the latest night, what it brought and changed, its files; nights, oldest first."""

    night: Night | None
    brought: list[Row]
    resting: list[Row]
    estimates: Estimates
    files: list[Row]
    nights: list[Row]


@router.get("/")
def tonight(request: Request) -> HTMLResponse:
    """The latest night, as the warehouse has it now."""
    with reading.record() as warehouse:
        told = as_it_is(warehouse)
    night = told.night
    return page(
        request,
        "tonight",
        night=night,
        attention=attention(night) if night else [],
        departments=_departments(night) if night else {},
        brought=told.brought,
        resting=told.resting,
        estimates=told.estimates,
        files=told.files,
        runs=latest_runs({row["source"] for row in night.rows("freshness")}) if night else {},
        nights=told.nights,
        pages=PAGES,
        codes=CODES,
    )


def as_it_is(warehouse: Warehouse) -> Told:
    """What was read before where the warehouse has not changed since; who is late is asked each time."""
    told = reading.kept(reading.version_of(warehouse), "tonight", partial(_read, warehouse))
    if told.night is None:
        return told
    sections = {**told.night.sections, "freshness": read(warehouse, "reporting/validation/freshness")}
    return replace(told, night=replace(told.night, written_at=utc_now().replace(microsecond=0), sections=sections))


def _read(warehouse: Warehouse) -> Told:
    night = gather(warehouse, sections=SHOWN)
    names = ("brought", "resting", "night_files")
    brought, resting, files = (read(warehouse, name, day=night.day) if night else [] for name in names)
    return Told(night, brought, resting, estimates(warehouse), files, read(warehouse, "nights")[::-1])


def _departments(night: Night) -> dict[tuple[str, str], str]:
    """The state of each department, the worst of what is true of it, by site and source."""
    return {(row["site"], row["source"]): _state(night, row["site"], row["source"]) for row in night.rows("freshness")}


def _state(night: Night, site: str, source: str) -> str:
    feeds = [row for row in night.rows("feeds") if (row["site"], row["source"]) == (site, source)]
    late = [row for row in night.rows("freshness") if (row["site"], row["source"]) == (site, source)]
    true = {
        "late": any(row["is_late"] for row in late),
        "held": any(row["files_held"] for row in feeds),
        "to_load": any(row["files_to_load"] for row in feeds),
        "missing": not any(row["files"] for row in feeds),
    }
    return next((name for name, is_so in true.items() if is_so), "in_order")
