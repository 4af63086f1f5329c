"""What a file looks like: its format, its dialect, its columns with what stands in them. Guesses, and said to be."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from include.basics.scratch import scratch
from include.definitions.sites import Dialect
from include.people.sites.dialects import dates_of, decimal_of, decoded, delimiter_of, language_of
from include.people.sites.looking import header_places
from include.pipeline.formats import Asked, Rows, reader_of
from include.pipeline.formats.excel import first_rows, shown_sheets
from include.pipeline.staging.content import open_bytes

ROWS, TOP, BYTES = 10_000, 200, 1_000_000
BY_ENDING = {
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), "excel"),
    ".xpt": "xpt",
    ".dcm": "dicom_sr",
    ".parquet": "parquet",
}
MESSAGES = {r"\|ORU\^": "results", r"[\r\n]MRG\|": "merges", r"\|ADT\^": "visits", r"\|MDM\^": "reports"}
"""What in a file of messages speaks of a feed."""
RESOURCES = {
    "Observation": "results",
    "Patient": "patients",
    "ImagingStudy": "exams",
    "DiagnosticReport": "reports",
    "Encounter": "visits",
    "Procedure": "procedures",
    "MedicationAdministration": "treatments",
    "AdverseEvent": "adverse_events",
}
OF_PATIENTS = {r'"type"\s*:\s*"replace': "merges", r'"deceased(?:DateTime"|Boolean"\s*:\s*true)': "visits"}
"""What in a file of resources speaks of a feed that Patients are rows of, too."""
EXPORTS = {"REDCap": "redcap_.+", "OMOP": ".+_concept_id"}
"""Columns of exports that are the same in every hospital."""
NOBODYS = "a feed that nobody named yet"


@dataclass
class Sample:
    """A file's first rows. `written` is what a profile says of how it is written; one of records has no `columns`.

    `has_names` is False where the first row may be a patient's: columns go by their place then.
    """

    written: dict[str, Any]
    columns: list[str] = field(default_factory=list)
    cells: dict[str, list[str]] = field(default_factory=dict)
    feeds: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    has_names: bool = True


def samples_of(file: Path) -> Iterator[Sample]:
    """What a file looks like, of a workbook each sheet; raises RegistryError REG-301 when it cannot be read."""
    format_name = format_of(file)
    if format_name in ("hl7v2", "fhir_ndjson", "fhir_bundle", "dicom_sr"):
        yield _of_records(file, format_name)
    elif format_name == "excel":
        yield from _of_workbook(file)
    elif format_name == "csv":
        dialect, top_rows, questions = _dialect(file)
        yield _of_table(file, format_name, *_headed(dialect, top_rows, range(1, len(top_rows) + 1)), questions)
    else:
        yield _of_table(file, format_name, {}, has_names=True)


def _of_workbook(file: Path) -> Iterator[Sample]:
    """Its sheets by their numbers: one may be called after a patient."""
    sheets = shown_sheets(file)
    for sheet in sheets:
        dialect = {"sheet": sheet} if len(sheets) > 1 else {}
        top = first_rows(file, Dialect.model_validate(dialect), TOP)
        if top:
            numbers, rows = zip(*top, strict=True)
            yield _of_table(file, "excel", *_headed(dialect, rows, numbers))


def _headed(
    dialect: dict[str, Any], rows: Sequence[Sequence[str]], numbers: Sequence[int]
) -> tuple[dict[str, Any], bool]:
    """The dialect with the row of the names, and whether there is one."""
    found = [numbers[place] for place in header_places(rows)]
    number = found if len(found) > 1 else found[0] if found else 0
    return dialect | ({"header_row": number} if number != 1 else {}), bool(found)


def _of_table(
    file: Path, format_name: str, dialect: dict[str, Any], has_names: bool, questions: list[str] | None = None
) -> Sample:
    pattern = _pattern(file, is_named=True)
    written = {"files": pattern, "format": format_name} | ({"dialect": dialect} if dialect else {})
    with scratch() as folder:
        asked = Asked(NOBODYS, (), "", Dialect.model_validate(dialect))
        columns, found, refused = _some(reader_of(format_name).read(file, asked, folder))
    cells = {
        name: [str(row[place]).strip() for row in found if row[place] not in (None, "")]
        for place, name in enumerate(columns)
    }
    sample = Sample(written, columns, cells, questions=questions or [], has_names=has_names)
    if refused:
        sample.questions.append(
            f"{refused} lines have another number of cells, such as a remark or a total at the end: each is set aside "
            "and told, every time. Name those that are no rows in ignored_lines of the dialect"
        )
    language = language_of(cells)
    dates, doubted = dates_of(cells, language)
    said = dates | ({"language": language} if language != "en" else {})
    sample.written |= {"dates": said} if said else {}
    sample.questions += [f"{column}: day first or month first? Both read its cells" for column in doubted]
    if any("%y" in one for formats in dates.values() for one in formats):
        sample.questions.append("years of two digits: of which hundred years are they (dates, first_year)?")
    decimal, is_doubted = decimal_of(cells)
    if decimal:
        sample.written["dialect"] = sample.written.get("dialect", {}) | decimal
    if is_doubted:
        sample.questions.append("is the comma in numbers a decimal sign, or between thousands (decimal, group)?")
    sample.questions += [
        f"it looks like an export of {name}: docs/formats/{name.lower()}.md has a profile"
        for name, known in EXPORTS.items()
        if any(map(re.compile(known).fullmatch, columns))
    ]
    return sample


def _some(rows: Rows) -> tuple[list[str], list[Any], int]:
    """The columns, some rows, and how many lines are none."""
    try:
        found = duckdb.sql(f"SELECT * FROM {rows.relation} LIMIT {ROWS}").fetchall()
    except duckdb.Error:
        if rows.line_by_line is None:
            raise
        return _some(rows.line_by_line())
    return list(rows.columns), found, _count(rows.rejected) if rows.rejected else 0


def _count(rejected: Path) -> int:
    with rejected.open(encoding="utf-8", newline="") as lines:
        return sum(1 for _ in csv.reader(lines))


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
    text = file.read_bytes()[:BYTES].decode("latin-1")
    of_resources = {rf'"resourceType"\s*:\s*"{kind}"': feed for kind, feed in RESOURCES.items()}
    told = MESSAGES if format_name == "hl7v2" else of_resources | OF_PATIENTS
    feeds = list(dict.fromkeys(feed for word, feed in told.items() if re.search(word, text)))
    if format_name == "dicom_sr":
        feeds = ["exams", "lesions"]
    questions = (
        ["which local codes mean which LOINC codes? Add codes: loinc.csv to test_code"] if "results" in feeds else []
    )
    if format_name == "hl7v2" and "visits" in feeds:
        questions.append("patients: ADT tells of them, too; which segment has the day of diagnosis (feed patients)?")
    written = {"files": _pattern(file, is_named=False), "format": format_name}
    return Sample(written, feeds=feeds or ["results"], questions=questions)


def _pattern(file: Path, *, is_named: bool) -> str:
    """The file's name with its day as a pattern; without one a folder of the day, and the name where it says what."""
    for digits, written in (
        (r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]", "{date}"),
        (r"[12][0-9]{3}[01][0-9][0-3][0-9]", "{date:%Y%m%d}"),
    ):
        if found := re.search(digits, file.name):
            return f"{file.name[: found.start()]}{written}*{file.suffix}"
    return f"{{date}}/{file.stem.rstrip('0123456789') if is_named else ''}*{file.suffix}"


def _dialect(file: Path) -> tuple[dict[str, Any], list[list[str]], list[str]]:
    """The dialect of delimited text but for its row of names, its first rows, and what to ask."""
    with open_bytes(file) as content:
        text, encoding, is_guess = decoded(content.read(BYTES))
    delimiter = delimiter_of(text)
    rows = list(islice(csv.reader(text.splitlines(), delimiter=delimiter), TOP))
    dialect = {"encoding": encoding, "delimiter": delimiter if delimiter != "," else None}
    questions = [f"encoding: it is not UTF-8; {encoding} is a guess, others look alike"] if is_guess else []
    return {key: said for key, said in dialect.items() if said}, rows, questions
