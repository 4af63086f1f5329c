"""Outcomes: survival by endpoint, rules and groups, response, toxicity, the cohort, and the study's printed numbers."""

from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from include.monitor import reading
from include.monitor.access import LIST_SEEN, MayDecide, deciding, note_look
from include.monitor.listing import read
from include.monitor.outcomes.charts import KINDS, Chart, Wanted, chart, names
from include.monitor.outcomes.choice import Choice, Offered, dictionaries, rows_of
from include.monitor.rendering import language, page
from include.study.paper import compare, read_targets
from include.study.paper.marts import Marts as Paper
from include.study.paper.report import as_frame
from include.study.paper.targets import FILE as TARGETS
from include.warehouse import Warehouse

router = APIRouter(prefix="/outcomes")
FIGURES = {
    "response": ("response", "response_waterfall", "swimmer"),
    "toxicity": ("toxicity", "toxicity_shift"),
    "incidence": ("cumulative_incidence", "cumulative_incidence_progression", "hazard_ratios"),
}
PARTS = ("survival", *FIGURES, "cohort", "study")
"""The pages, in the order of their menu."""
DEFINED = {
    "survival": ("survival_curve", "survival_summary", "survival_at", "survival_comparison", "hazard_ratio"),
    "response": ("response_rate", "patient_outcome"),
    "toxicity": ("toxicity", "toxicity_change"),
    "incidence": ("cumulative_incidence", "cumulative_incidence_curve", "hazard_ratio", "multivariable_hazard_ratio"),
    "cohort": ("baseline_characteristics",),
}
"""The marts of each page, whose definitions it shows."""
TABLES = ("survival_summary", "survival_at", "survival_comparison", "hazard_ratio")
OF_PERSONS = ("swimmer", "response_waterfall")
"""Charts with a bar for each patient: they and their rows are for those who may see cells."""
DRAWING = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
"""What a picture may do by itself: nothing but look as it is drawn."""
UNDRAWN = "Registry-Undrawn"
"""The header of a picture's state that has why it shows no chart."""
Key = Annotated[str, Query(max_length=80)]
DEFAULT = Choice()


def chosen(
    endpoint: Key = DEFAULT.endpoint,
    rule: Key = DEFAULT.rule,
    criteria: Key = DEFAULT.criteria,
    entry: Key = DEFAULT.entry,
    stratification: Key = DEFAULT.stratification,
    ci_method: Key = DEFAULT.ci_method,
) -> Choice:
    """The analysis that the address names."""
    return Choice(endpoint, rule, criteria, entry, stratification, ci_method)


Chosen = Annotated[Choice, Depends(chosen)]


@router.get("")
def survival(request: Request, wanted: Chosen, freeze: Key = "") -> HTMLResponse:
    """The page of an analysis; one that the marts do not have becomes the nearest that they have."""
    with reading.marts(freeze) as warehouse:
        offered = Offered(warehouse)
        choice = offered.nearest(wanted)
        shown = _shared(warehouse, "survival", freeze)
        if choice is None:
            return page(request, "outcomes", **shown | {"cohort": None})
        beside = offered.without_bias(choice)
        shown |= {"tables": _tables(warehouse, choice), "tables_beside": beside and _tables(warehouse, beside)}
    shown |= {"choice": choice, "was_asked": choice == wanted, "offered": offered, "beside": beside}
    return page(request, "survival", **shown)


def _tables(warehouse: Warehouse, choice: Choice) -> dict[str, list[dict[str, Any]]]:
    return {name: dictionaries(rows_of(warehouse, name, choice)) for name in TABLES}


@router.get("/cohort")
def cohort(request: Request, freeze: Key = "") -> HTMLResponse:
    """The treated patients at their first procedure."""
    with reading.marts(freeze) as warehouse:
        return page(request, "cohort", baseline=read(warehouse, "baseline"), **_shared(warehouse, "cohort", freeze))


@router.get("/study")
def study(request: Request, freeze: Key = "") -> HTMLResponse:
    """The study's printed numbers beside the registry's."""
    version = reading.marts_version(freeze)
    with reading.marts(freeze) as warehouse:
        targets = reading.kept(version, "study", partial(_compared, warehouse))
        return page(request, "study", targets=targets, **_shared(warehouse, "study", freeze))


def _compared(warehouse: Warehouse) -> list[dict[str, Any]]:
    return dictionaries(as_frame(compare(Paper(warehouse), read_targets(TARGETS))))


@router.get("/{part}")
def figures(request: Request, part: str, allowed: MayDecide, freeze: Key = "") -> HTMLResponse:
    """Figures that are the same for every choice; who may not see one is told so."""
    if part not in FIGURES:
        raise HTTPException(404)
    with reading.marts(freeze) as warehouse:
        hidden = () if allowed else OF_PERSONS
        return page(request, "figures", figures=FIGURES[part], hidden=hidden, **_shared(warehouse, part, freeze))


@router.get("/chart/{name}.{kind}")
def chart_file(
    request: Request, name: str, kind: str, choice: Chosen, allowed: MayDecide, user: GetUserDep, freeze: Key = ""
) -> Response:
    """A chart as SVG, PNG or CSV, or a picture of why there is none; 403 where each patient has a bar."""
    made = _chart(request, name, kind, choice, allowed, freeze)
    if name in OF_PERSONS:
        note_look(user, LIST_SEEN, page=f"outcomes/chart/{name}.{kind}", freeze=freeze)
    file = f'{"inline" if kind == "svg" else "attachment"}; filename="{name}_{made.cutoff}.{kind}"'
    return Response(made.content, media_type=KINDS[kind], headers={"Content-Disposition": file, **DRAWING})


@router.head("/chart/{name}.{kind}")
def chart_state(
    request: Request, name: str, kind: str, choice: Chosen, allowed: MayDecide, freeze: Key = ""
) -> Response:
    """Why a picture shows no chart, for those who hear the page; no look, as nothing of it is sent."""
    undrawn = _chart(request, name, kind, choice, allowed, freeze).undrawn
    return Response(headers={UNDRAWN: quote(undrawn)} if undrawn else {})


def _chart(request: Request, name: str, kind: str, choice: Choice, allowed: bool, freeze: str) -> Chart:
    if name not in names() or kind not in KINDS:
        raise HTTPException(404)
    if name in OF_PERSONS:
        deciding(allowed)
    return chart(Wanted(name, choice, freeze, language(request)), kind)


def _shared(warehouse: Warehouse, part: str, freeze: str) -> dict[str, Any]:
    """What every page of outcomes shows: whose they are, up to when, and how they are defined."""
    whose = read(warehouse, "cohort")
    definitions = [row for row in read(warehouse, "definitions") if row["mart"] in DEFINED.get(part, ())]
    return {
        "part": part,
        "parts": PARTS,
        "freeze": freeze,
        "freezes": reading.freezes(),
        "cohort": whose[0] if whose else None,
        "definitions": definitions,
    }
