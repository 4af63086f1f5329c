"""Hormone syndrome: what is reported, and what findings tell of the carcinoid syndrome."""

from datetime import date, datetime

from include.warehouse import Warehouse
from tests.support.clinical import Row, fill, rows
from tests.support.making import make

FIRST = date(2020, 1, 1)


def hiaa(patient: str, value: int) -> Row:
    taken = {"collected_at": datetime(2019, 12, 20, 8), "test_code": "14573-0", "unit": "umol/(24.h)"}
    return {"patient_id": patient, "value": str(value), **taken}


def test_the_reported_syndrome_counts_and_findings_tell_of_the_carcinoid_one(warehouse: Warehouse) -> None:
    reported = {
        "insulinoma": {"hormone_syndrome": "insulinoma"},
        "denied": {"hormone_syndrome": "non_functioning"},
        "confirmed": {"hormone_syndrome": "carcinoid"},
        "found by it": {"discovery_mode": "carcinoid_syndrome"},
        "symptoms and 5-HIAA": {"discovery_mode": "carcinoid_syndrome"},
        "symptoms": {},
        "normal": {"discovery_mode": "pain"},
    }
    flushing = ("denied", "confirmed", "symptoms and 5-HIAA", "symptoms")
    visit = {"visit_date": FIRST, "vital_status": "alive"}
    fill(
        warehouse,
        patients=[{"patient_id": p, **cells} for p, cells in reported.items()],
        procedures=[
            {"patient_id": p, "performed_on": FIRST, "technique": "ctace", "territory": "whole_liver"} for p in reported
        ],
        visits=[
            {**visit, "patient_id": p, "visit_id": p, "flushing": "present" if p in flushing else "none"}
            for p in reported
        ],
        results=[hiaa(p, 51) for p in flushing[:3]] + [hiaa("symptoms", 50)],
    )
    make(warehouse, "derived.hormone_syndrome")
    columns = "patient_id, syndrome, is_functioning, source, agrees, source_table, source_id"
    assert rows(warehouse, f"SELECT {columns} FROM derived.hormone_syndrome ORDER BY patient_id") == [
        ("confirmed", "carcinoid", True, "reported", True, "patients", "confirmed"),
        ("denied", "non_functioning", False, "reported", False, "patients", "denied"),
        ("found by it", "carcinoid", True, "discovery", None, "patients", "found by it"),
        ("insulinoma", "insulinoma", True, "reported", None, "patients", "insulinoma"),
        ("symptoms", "carcinoid", True, "symptoms", None, "visits", "symptoms"),
        ("symptoms and 5-HIAA", "carcinoid", True, "symptoms and 5-HIAA", None, "visits", "symptoms and 5-HIAA"),
    ]
