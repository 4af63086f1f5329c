"""Small extracts: rows that are valid unless a test says otherwise, written as the departments write them."""

import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path

from include.definitions import contracts

Row = dict[str, str]
VALID: dict[str, Row] = {
    "patients": {
        "patient_id": "P1",
        "sex": "female",
        "birth_date": "1950-06-15",
        "diagnosis_date": "2010-01-10",
        "liver_metastases_date": "2010-02-01",
    },
    "merges": {
        "merge_id": "M1",
        "merged_patient_id": "P8",
        "surviving_patient_id": "P9",
        "effective_on": "2015-01-01",
    },
    "visits": {"visit_id": "V1", "visit_date": "2012-03-01", "weight_kg": "61", "vital_status": "alive"},
    "treatments": {"treatment_id": "T1", "kind": "ablation", "started_on": "2011-05-01"},
    "adverse_events": {
        "event_id": "A1",
        "onset_date": "2012-01-05",
        "term": "fever",
        "ctcae_grade": "2",
        "serious": "no",
    },
    "reports": {"report_id": "R1", "reported_on": "2010-01-20", "primary_site": "C17.2", "ki67_percent": "2"},
    "procedures": {
        "procedure_id": "S1",
        "performed_on": "2012-01-03",
        "technique": "ctace",
        "territory": "whole_liver",
        "planned_sessions": "1",
    },
    "exams": {"exam_id": "E1", "exam_date": "2011-12-20", "modality": "MR"},
    "lesions": {"measurement_id": "M1", "exam_id": "E1", "lesion_id": "L1", "lesion_kind": "target"},
    "results": {
        "result_id": "L1",
        "collected_at": "2012-01-02T08:15",
        "test_code": "1920-8",
        "value": "30",
        "unit": "U/L",
        "reference_low": "10",
        "reference_high": "35",
    },
}


def row(feed: str, key: str | None = None, **cells: str) -> Row:
    """A valid row of patient P1 (or another, by `patient_id`) with some cells changed."""
    made = {"patient_id": "P1", "status": "final", **VALID[feed]}
    if key is not None:
        made[contracts.read(feed).key] = key
    return {**made, **cells}


def path_of(feed: str, day: str, name: str) -> str:
    """Where a file lies below the extracts."""
    return f"{contracts.read(feed).source}/{feed}/{day}/{name}"


def as_csv(rows: Sequence[Row], columns: Sequence[str], line_end: str = "\r\n") -> bytes:
    """Rows as CSV text in UTF-8."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator=line_end, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def send(extracts: Path, feed: str, day: str, rows: Sequence[Row], name: str = "a.csv") -> Path:
    """Write an extract of these rows; `name` may end with .gz."""
    content = as_csv(rows, contracts.read(feed).names)
    return put(extracts, feed, day, gzip.compress(content) if name.endswith(".gz") else content, name)


def put(extracts: Path, feed: str, day: str, content: bytes, name: str = "a.csv") -> Path:
    """Write an extract of these bytes."""
    file = extracts / path_of(feed, day, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file
