"""Copies a Parquet file as text, in a process of its own: a broken one may end the process that reads it.

Run as a script with the file, the copy and the number of bytes that may come out of it. Prints one JSON object: the
`header`, or the `problem`: too_large, unreadable, wide, full (the disk). Names of files are quoted, not bound: to bind
a value DuckDB imports pandas, which takes four times as long as all the rest.
"""

import json
import re
import sys
from typing import Any

import duckdb

NODES = "SELECT name, COALESCE(num_children, 0), COALESCE(precision > 38, FALSE) FROM parquet_schema({file})"
"""The last is said of decimals of more digits than DuckDB holds: it reads other numbers, without a word."""
SIZES = "SELECT SUM(total_uncompressed_size), SUM(num_values) FROM parquet_metadata({file})"
NOTES = "SELECT value FROM parquet_kv_metadata({file}) WHERE key = 'pandas'"
MEMORY = "1GB"
FULL = re.compile("No space left on device|File too large|Disk quota exceeded|max_temp_directory_size")


def main(file: str, copy: str, allowed: int) -> dict[str, Any]:
    """Copy the file; a cell counts as one byte at least, for a billion equal cells are written in a few."""
    try:
        config: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": f"{copy}.spill"}
        with duckdb.connect(config=config) as connection:
            _keep_wall_clock(connection, file)
            nodes = connection.execute(NODES.format(file=_quoted(file))).fetchall()
            if any(is_wide for _, _, is_wide in nodes):
                return {"problem": "wide"}
            header = _columns(nodes)
            sizes = connection.execute(SIZES.format(file=_quoted(file))).fetchone() or ()
            names = [f"c{place}" for place in range(len(header))]
            rows = f"read_parquet({_quoted(file)}, hive_partitioning = false) AS f ({', '.join(names)})"
            sizes += connection.execute(f"SELECT {_text_bytes(names)} FROM {rows}").fetchone() or ()
            if max(size or 0 for size in sizes) > allowed:
                return {"problem": "too_large"}
            texts = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in names)
            connection.execute(f"COPY (SELECT {texts} FROM {rows}) TO {_quoted(copy)} (FORMAT parquet)")
    except (duckdb.Error, UnicodeDecodeError) as error:
        return {"problem": "full" if FULL.search(str(error)) else "unreadable"}
    return {"header": header}


def _keep_wall_clock(connection: duckdb.DuckDBPyConnection, file: str) -> None:
    """Instants become text in the zone that pandas noted in the file, else in UTC."""
    connection.execute("SET TimeZone = 'UTC'")
    for (noted,) in connection.execute(NOTES.format(file=_quoted(file))).fetchall():
        for zone in _zones(noted):
            try:
                connection.execute(f"SET TimeZone = {_quoted(zone)}")
                return
            except duckdb.Error:
                continue


def _zones(noted: bytes) -> list[str]:
    """The time zones that pandas' note of a file's columns names."""
    try:
        zones = [str(column["metadata"]["timezone"]) for column in json.loads(noted)["columns"] if _has_zone(column)]
    except (ValueError, KeyError, TypeError):
        return []
    return [re.sub(r"^(UTC)?([+-][0-9:]+)$", r"UTC\2", zone) for zone in zones]


def _has_zone(column: dict[str, Any]) -> bool:
    return column.get("pandas_type") == "datetimetz"


def _columns(nodes: list[tuple[str, int, bool]]) -> list[str]:
    """The names directly below the root; nodes come in depth-first order with their number of children."""
    names = []
    place = 1
    while place < len(nodes):
        names.append(nodes[place][0])
        place = _behind(nodes, place)
    return names


def _behind(nodes: list[tuple[str, int, bool]], place: int) -> int:
    """The place of the node behind this one and all that is below it."""
    behind = place + 1
    for _ in range(nodes[place][1]):
        behind = _behind(nodes, behind)
    return behind


def _text_bytes(names: list[str]) -> str:
    return "SUM(" + " + ".join(f"COALESCE(strlen(CAST({name} AS VARCHAR)), 0)" for name in names) + ")"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
