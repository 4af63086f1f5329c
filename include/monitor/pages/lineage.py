"""Where numbers come from: from feeds to derived tables to marts, and when each was last made."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import HTMLResponse

from include.monitor import lineage, reading
from include.monitor.listing import read
from include.monitor.rendering import page
from include.warehouse import Warehouse
from include.warehouse.tables import read_table

router = APIRouter(prefix="/quality/lineage")


@router.get("")
def overview(request: Request) -> HTMLResponse:
    """Every mart with the feeds that it rests on."""
    with reading.record() as warehouse:
        made = _made(warehouse)
    marts = [one for one in lineage.tables() if one.startswith("marts.")]
    return page(request, "lineage", marts=marts, origins=lineage.origins, between=lineage.between, made=made)


@router.get("/{table}")
def table(request: Request, table: Annotated[str, Path(max_length=100)]) -> HTMLResponse:
    """A derived table or mart: what it is made of, what is made of it, and when each was last made."""
    if table not in lineage.tables():
        raise HTTPException(404)
    with reading.record() as warehouse:
        made = _made(warehouse)
        extracts = {row["feed"]: row["last_batch_date"] for row in read(warehouse, "last_extract")}
    return page(
        request,
        "lineage_table",
        table=table,
        description=_description(table),
        drawing=lineage.drawing(table),
        rows=[*lineage.origins(table), *lineage.between(table), table],
        made_of=lineage.made_of,
        used_by=lineage.used_by(table),
        made=made,
        extracts=extracts,
    )


def _made(warehouse: Warehouse) -> dict[str, Any]:
    """When each table or source was last made or changed."""
    return {row["step"]: row["changed_at"] for row in read(warehouse, "made")}


def _description(table: str) -> str:
    schema, _, name = table.partition(".")
    return read_table(schema, name).description
