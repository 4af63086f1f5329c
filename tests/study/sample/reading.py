"""Reads extract files back and works out the last valid version of every row, without the generator."""

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import duckdb

from include.definitions.contracts import read
from include.study.sample import NIGHTS, PLANTED, Planted

Row = dict[str, str]
INVALID = ("quarantined then corrected", "stays quarantined", "stays waiting")
HELD = [plant for plant in PLANTED if plant.fate == "held file"]


def read_rows(path: Path) -> list[Row]:
    """The rows of one file as text, empty where missing."""
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
            names = [column[0] for column in found.description]
            return [
                {n: "" if v is None else str(v) for n, v in zip(names, row, strict=True)} for row in found.fetchall()
            ]
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))


def files(out: Path) -> Iterator[tuple[str, str, Path]]:
    """Feed, night and path of every file, in the order in which versions win."""
    paths = sorted(path for path in out.rglob("*") if path.is_file())
    for path in sorted(paths, key=lambda path: (path.parent.name, path.name)):
        yield path.parent.parent.name, path.parent.name, path


def plants(*fates: str) -> list[Planted]:
    """What is planted with one of these fates."""
    return [plant for plant in PLANTED if plant.fate in fates]


def final_versions(out: Path) -> dict[str, dict[str, Row]]:
    """Feed to key to the last version that is valid; rows that end as cancelled are left out."""
    invalid = {(plant.feed, plant.night.isoformat(), plant.key) for plant in plants(*INVALID)}
    held = {(plant.feed, plant.night.isoformat()) for plant in HELD}
    final: dict[str, dict[str, Row]] = {}
    for feed, night, path in files(out):
        if (feed, night) in held:
            continue
        for row in read_rows(path):
            key = row[read(feed).key]
            if (feed, night, key) not in invalid:
                final.setdefault(feed, {})[key] = row
    return {feed: {k: r for k, r in rows.items() if r["status"] != "cancelled"} for feed, rows in final.items()}


def last_night() -> str:
    """The date of the last night."""
    return NIGHTS[-1].isoformat()
