"""Long lists: pages of rows, the filters that narrow them, and the same rows as a sheet for a spreadsheet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import Depends, Query, Response
from pydantic import BeforeValidator, Field

from include.basics.sheets import sheet_text
from include.definitions import contracts
from include.monitor.access import LIST_SEEN, MayDecide, note_look
from include.warehouse import Warehouse
from include.warehouse.sql import select_text

SIZE = 50
"""Rows of a page."""

Row = dict[str, Any]
Chosen = Annotated[Annotated[str, Field(max_length=200)] | None, BeforeValidator(lambda value: value or None)]
"""A filter; an empty field of a form is none."""
ChosenNumber = Annotated[Annotated[int, Field(ge=1, le=10**12)] | None, BeforeValidator(lambda value: value or None)]
PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]


@dataclass(frozen=True)
class Listed:
    """Some rows of all that have what `filters` say; `number` is the page's, which has `size` rows."""

    rows: list[Row]
    filters: Mapping[str, Any]
    number: int = 1
    size: int = SIZE

    @property
    def total(self) -> int:
        """How many rows there are on all pages."""
        return int(self.rows[0]["total"]) if self.rows else 0

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.size))

    def query(self, **changed: Any) -> str:
        """The filters as the query of an address, some of them changed."""
        return query({**self.filters, **changed})


def query(values: Mapping[str, Any]) -> str:
    """The query of an address, with `?`; empty values are left out."""
    said = urlencode({name: value for name, value in values.items() if value not in (None, "")})
    return f"?{said}" if said else ""


def listed(
    warehouse: Warehouse, select: str, filters: Mapping[str, Any], number: int = 1, size: int = SIZE, **more: Any
) -> Listed:
    """A page of the rows of a SELECT, else the first; each row has `total`, the number of all."""
    rows = read(warehouse, select, **filters, **more, most=size, skipped=size * (number - 1))
    if not rows and number > 1:
        return listed(warehouse, select, filters, 1, size, **more)
    return Listed(rows, filters, number, size)


def read(warehouse: Warehouse, select: str, **parameters: Any) -> list[Row]:
    """The rows of include/sql/monitor/<select>.sql, or of the SELECT of another folder."""
    place = select if "/" in select else f"monitor/{select}"
    return [dict(row) for row in warehouse.run(select_text(place), **parameters).mappings()]


@dataclass(frozen=True)
class Reader:
    """Who asks for a list, and whether the person may see keys that are patients' ids."""

    user: BaseUser
    allowed: bool

    def keys(self, page: str, rows: Iterable[Row], **chosen: Any) -> list[Row]:
        """The rows with the keys that the person may see; that ids of patients were among them is kept."""
        shown = keys_shown(rows, self.allowed)
        if ids := sum(row["record_key"] is not None and contracts.read(row["feed"]).names_patient for row in shown):
            note_look(self.user, LIST_SEEN, page=page, rows=ids, **chosen)
        return shown


def reader(user: GetUserDep, allowed: MayDecide) -> Reader:
    """Who asks."""
    return Reader(user, allowed)


Reading = Annotated[Reader, Depends(reader)]


def known_sites(warehouse: Warehouse) -> list[str]:
    """The sites that have sent files; empty where extracts have no folder of a site."""
    return [row["site"] for row in read(warehouse, "sites")]


def keys_shown(rows: Iterable[Row], allowed: bool) -> list[Row]:
    """The rows; a key that is a patient's id is for those who may see cells."""
    return [
        row if allowed or not contracts.read(row["feed"]).names_patient else {**row, "record_key": None} for row in rows
    ]


def sheet(name: str, columns: Sequence[str], rows: Iterable[Row]) -> Response:
    """Rows as CSV to keep."""
    kept = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(sheet_text(columns, rows), media_type="text/csv", headers=kept)
