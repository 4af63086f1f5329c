"""Resources as a server writes them, and what a reader makes of them."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from include.definitions.sites import Column
from include.pipeline.formats import Asked, reader_of

LOINC, LOCAL, UCUM = "http://loinc.org", "urn:site:lab", "http://unitsofmeasure.org"
Made = dict[str, Any]


class Read(NamedTuple):
    """Rows by the asked columns, what is no row, and what leaves none."""

    rows: list[tuple[Any, ...]]
    rejected: list[list[str]]
    left_out: Mapping[str, int]


def concept(*codings: tuple[str, str], text: str | None = None) -> Made:
    """A CodeableConcept of systems and codes."""
    made: Made = {"coding": [{"system": system, "code": code} for system, code in codings]}
    return {**made, "text": text} if text else made


def quantity(value: Any, unit: str = "U/L", **more: Any) -> Made:
    """A quantity in a UCUM unit."""
    return {"value": value, "unit": unit, "system": UCUM, "code": unit, **more}


def observation(key: str = "o1", **more: Any) -> Made:
    """A final AST of patient f-9."""
    return {
        "resourceType": "Observation",
        "id": key,
        "status": "final",
        "code": concept((LOCAL, "ASAT"), (LOINC, "1920-8")),
        "subject": {"reference": "Patient/f-9"},
        "effectiveDateTime": "2023-05-09T08:10:00+02:00",
        "valueQuantity": quantity(62),
        **more,
    }


def without(resource: Made, *names: str) -> Made:
    """A resource that lacks some elements."""
    return {name: value for name, value in resource.items() if name not in names}


def ndjson(*resources: Made | str) -> bytes:
    """A line each; a text is a line as it is."""
    return "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in resources).encode()


def bundle(*entries: Made, **more: Any) -> bytes:
    """A bundle of entries; a resource stands for an entry of its own."""
    made = [{"resource": one} if "resourceType" in one else one for one in entries]
    return json.dumps({"resourceType": "Bundle", "type": "collection", **more, "entry": made}).encode()


def usual(feed: str, kind: str = "fhir_ndjson") -> dict[str, list[str]]:
    """The paths of each of a feed's usual columns."""
    given = reader_of(kind).usual_columns(feed)
    return {name: Column.model_validate(column).sources for name, column in given.items()}


def read(
    folder: Path,
    content: bytes,
    columns: Iterable[str],
    *,
    feed: str = "results",
    each: str | list[str] = "",
    kind: str = "fhir_ndjson",
    name: str = "a.json",
) -> Read:
    """What a reader makes of a file."""
    (folder / name).write_bytes(content)
    found = reader_of(kind).read(folder / name, Asked(feed, tuple(columns), each), folder)
    with duckdb.connect() as session:
        rows = session.execute(f"SELECT * FROM {found.relation}").fetchall()
    return Read(rows, _lines(found.rejected) if found.rejected else [], found.left_out)


def _lines(rejected: Path) -> list[list[str]]:
    with rejected.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def row(folder: Path, resource: Made, *columns: str, **more: Any) -> tuple[Any, ...]:
    """The one row of a resource."""
    return read(folder, ndjson(resource), columns, **more).rows[0]


def cell(folder: Path, resource: Made, column: str, **more: Any) -> Any:
    """One cell of the one row of a resource."""
    return row(folder, resource, column, "key", **more)[0]


def deletion(url: str, **more: Any) -> Made:
    """An entry that deletes."""
    return {"request": {"method": "DELETE", "url": url}, **more}
