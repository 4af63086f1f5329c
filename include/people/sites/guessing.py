"""What a file looks like: its format, its dialect, its columns with what stands in them. Guesses, and said to be."""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from include.basics.scratch import scratch
from include.definitions.sites import Dialect
from include.pipeline.formats import Asked, reader_of

MOST, ROWS = 40, 10_000
DATES = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y%m%d")
TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S")
BY_ENDING = {
    ".xlsx": "excel",
    ".xls": "excel",
    ".ods": "excel",
    ".xpt": "xpt",
    ".dcm": "dicom_sr",
    ".parquet": "parquet",
}
RECORDS = {
    "hl7v2": {"ORU": ["results"], "ADT": ["merges"], "MDM": ["reports"]},
    "fhir_ndjson": {"Observation": ["results"], "Patient": ["patients"], "ImagingStudy": ["exams"]},
}


@dataclass
class Sample:
    """A file's first rows. `written` is what a profile says of how it is written; one of records has no `columns`."""

    written: dict[str, Any]
    columns: list[str] = field(default_factory=list)
    cells: dict[str, list[str]] = field(default_factory=dict)
    feeds: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def values(self, column: str) -> Counter[str]:
        """The most frequent texts of a column."""
        return Counter(dict(Counter(self.cells.get(column, ())).most_common(MOST)))


def sample_of(file: Path) -> Sample:
    """What a file looks like; raises RegistryError REG-301 when it cannot be read."""
    format_name = format_of(file)
    if format_name in ("hl7v2", "fhir_ndjson", "fhir_bundle", "dicom_sr"):
        return _of_records(file, format_name)
    dialect, questions = _dialect(file) if format_name == "csv" else ({}, [])
    written = {"files": _pattern(file), "format": format_name} | ({"dialect": dialect} if dialect else {})
    with scratch() as folder:
        asked = Asked("results", (), "", Dialect.model_validate(dialect))
        rows = reader_of(format_name).read(file, asked, folder)
        found = duckdb.sql(f"SELECT * FROM {rows.relation} LIMIT {ROWS}").fetchall()
    cells = {
        name: [str(row[place]).strip() for row in found if row[place] not in (None, "")]
        for place, name in enumerate(rows.columns)
    }
    sample = Sample(written, list(rows.columns), cells, [], questions)
    _add_dates(sample)
    _add_decimal(sample)
    return sample


def format_of(file: Path) -> str:
    """The format by ending and first bytes."""
    with file.open("rb") as content:
        first = content.read(4096).lstrip(b"\xef\xbb\xbf\x0b\r\n \t")
    if first[:3] in (b"MSH", b"FHS", b"BHS"):
        return "hl7v2"
    if first[:1] == b"{":
        if b"datasetJSONVersion" in first:
            return "dataset_json"
        return "fhir_bundle" if re.search(rb'"resourceType"\s*:\s*"Bundle"', first) else "fhir_ndjson"
    return BY_ENDING.get(file.suffix.lower(), "csv")


def _of_records(file: Path, format_name: str) -> Sample:
    text = file.read_bytes()[:1_000_000].decode("latin-1")
    told = RECORDS["hl7v2" if format_name == "hl7v2" else "fhir_ndjson"]
    feeds = list(dict.fromkeys(feed for word, feeds in told.items() if _speaks_of(word, text) for feed in feeds))
    if format_name == "dicom_sr":
        feeds = ["exams", "lesions"]
    questions = (
        ["which local codes mean which LOINC codes? Add codes: loinc.csv to test_code"] if "results" in feeds else []
    )
    return Sample({"files": _pattern(file), "format": format_name}, feeds=feeds or ["results"], questions=questions)


def _speaks_of(word: str, text: str) -> bool:
    return f"|{word}^" in text or bool(re.search(rf'"resourceType"\s*:\s*"{word}"', text))


def _pattern(file: Path) -> str:
    """The file's name with its day as a pattern; a name without one gets a folder of the day."""
    for digits, written in (
        (r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]", "{date}"),
        (r"[12][0-9]{3}[01][0-9][0-3][0-9]", "{date:%Y%m%d}"),
    ):
        if found := re.search(digits, file.name):
            return f"{file.name[: found.start()]}{written}*{file.suffix}"
    return f"{{date}}/*{file.suffix}"


def _dialect(file: Path) -> tuple[dict[str, Any], list[str]]:
    raw = file.read_bytes()[:1_000_000]
    dialect: dict[str, Any] = {}
    questions = []
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        dialect["encoding"] = "cp1252"
        questions.append("encoding: it is not UTF-8; cp1252 is a guess, iso-8859-15 and others look alike")
        text = raw.decode("cp1252", "replace")
    delimiter = max(",;\t|", key=lambda one: _columns(text, one))
    return dialect | ({"delimiter": delimiter} if delimiter != "," else {}), questions


def _columns(text: str, delimiter: str) -> int:
    """How many columns the first lines agree on."""
    widths = [len(row) for row in csv.reader(text.splitlines()[:20], delimiter=delimiter) if row]
    return min(widths, default=0)


def _add_dates(sample: Sample) -> None:
    """The formats that read every text of a column that looks like dates; day first goes before month first."""
    found: dict[str, list[str]] = {"date": [], "timestamp": []}
    for column, cells in sample.cells.items():
        fitting = [one for one in _formats() if cells and _all_read(one, cells)]
        if not fitting or fitting[0].startswith("%Y-%m-%d"):
            continue
        kind = "timestamp" if "%H" in fitting[0] else "date"
        found[kind] += [] if fitting[0] in found[kind] else [fitting[0]]
        if any(one.startswith("%m/") for one in fitting) and any(one.startswith("%d/") for one in fitting):
            sample.questions.append(f"{column}: day first or month first? Both read every cell")
    if found["date"]:
        times = {
            one
            for cells in sample.cells.values()
            for one in (" %H:%M", " %H:%M:%S")
            if cells and _all_read(one.strip(), cells)
        }
        found["timestamp"] += [one + time for one in found["date"] for time in sorted(times)]
    if dates := {kind: formats for kind, formats in found.items() if formats}:
        sample.written["dates"] = dates


def _formats() -> Iterable[str]:
    return (day + time for day in DATES for time in TIMES)


def _all_read(one: str, cells: list[str]) -> bool:
    try:
        for cell in cells:
            datetime.strptime(cell, one)
    except ValueError:
        return False
    return True


def _add_decimal(sample: Sample) -> None:
    """Whether numbers have a decimal comma: some have a comma before one or two last digits, and none a point."""
    numbers = [
        cell for cells in sample.cells.values() for cell in cells if re.fullmatch(r"[<>=≤≥ ]*[0-9][0-9\s.,]*", cell)
    ]
    if any("," in one for one in numbers) and not any("." in one for one in numbers):
        sample.written.setdefault("dialect", {})["decimal"] = ","
        if any(re.search(r"[\s  ]", one.lstrip("<>=≤≥ ")) for one in numbers):
            sample.written["dialect"]["group"] = " \u00a0\u202f"
