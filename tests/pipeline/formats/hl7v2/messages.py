"""Messages as short texts, and what the reader makes of them."""

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb

from include.definitions.sites import Column, Dialect
from include.pipeline.formats import Asked, hl7v2
from include.pipeline.formats.interface import SameFiles

MSH = r"MSH|^~\&|LIMS|SITEA|REG|REG|20230510101500||{kind}|A{number}|P|2.5.1|||||FRA|{charset}"
PID = "PID|1||A-301^^^SITEA^PI||ESSAI^DEUX||19600707|F"
OBR = "OBR|1||F-11^LIMS|PANEL^Bilan^L|||202305090810||||||||||||||||||F"


@dataclass(frozen=True)
class Found:
    """Rows as dictionaries, what is set aside as (number, text), what is left out by reason, paths nobody names."""

    rows: list[dict[str, str | None]]
    rejected: list[tuple[int, str]]
    left_out: dict[str, int]
    unasked: set[str]

    def column(self, name: str) -> list[str | None]:
        return [row[name] for row in self.rows]


def message(*segments: str, kind: str = "ORU^R01", number: int = 1, charset: str = "") -> str:
    return "".join(f"{one}\r" for one in (MSH.format(kind=kind, number=number, charset=charset), *segments))


def results(*observations: str) -> str:
    """A laboratory's message of OBX that are written without the name of the segment."""
    return message(PID, OBR, *(f"OBX|{one}" for one in observations))


def read(
    folder: Path,
    content: str | bytes,
    feed: str = "results",
    columns: tuple[str, ...] = (),
    *,
    each: str = "",
    encoding: str | None = None,
    beside: SameFiles | None = None,
) -> Found:
    """What a file of this content holds; without columns the usual ones."""
    file = folder / "extract.hl7"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_file(file, feed, columns, each=each, encoding=encoding, beside=beside)


def read_file(
    file: Path,
    feed: str,
    columns: tuple[str, ...] = (),
    *,
    each: str = "",
    encoding: str | None = None,
    beside: SameFiles | None = None,
) -> Found:
    """What a file holds."""
    folder = file.parent / "read"
    folder.mkdir(exist_ok=True)
    asked = Asked(feed, columns or usual_sources(feed), each, Dialect(encoding=encoding), beside or SameFiles())
    rows = hl7v2.read(file, asked, folder)
    assert rows.columns == asked.columns
    with duckdb.connect() as session:
        found = session.execute(f"SELECT * FROM {rows.relation}").fetchall()
    rejected = []
    if rows.rejected:
        with rows.rejected.open(encoding="utf-8", newline="") as lines:
            rejected = [(int(number), text) for number, text in csv.reader(lines)]
    rows_found = [dict(zip(rows.columns, row, strict=True)) for row in found]
    return Found(rows_found, rejected, dict(rows.left_out), set(rows.unasked))


def usual_sources(feed: str) -> tuple[str, ...]:
    """The paths and names of a feed's usual columns."""
    usual = [Column.model_validate(given) for given in hl7v2.usual_columns(feed).values()]
    return tuple(dict.fromkeys(source for column in usual for source in column.sources))
