"""What is planted in the nights beside plain rows: defects, late parents, corrections, withdrawals, repeats.

`fate` says what a registry is to make of the row:
quarantined then corrected   the night's version fails a rule, the version of night `later` is valid
cell aside, then corrected   an optional cell of the night's version fails a rule, that of night `later` is valid
stays quarantined            fails a rule and is never corrected
waits then joins             rows of the key arrive before the key itself does, on night `later`
stays waiting                its patient or its exam never comes
held file                    a file lacks a required column; its rows come on night `later` under a new name
last row counts              the key is twice in the file; the later row counts until night `later`
replaced                     valid, and changed by the version of night `later`
cancelled                    valid, and withdrawn on night `later`
unchanged                    sent once more, identical
"""

from typing import NamedTuple

from include.study.sample.rows import Row

CORRECTED = "quarantined then corrected"
CELL = "cell aside, then corrected"
STAYS = "stays quarantined"
JOINS = "waits then joins"
WAITS = "stays waiting"
HELD = "held file"
REPEATED = "last row counts"
REPLACED = "replaced"
CANCELLED = "cancelled"
UNCHANGED = "unchanged"


class Plant(NamedTuple):
    """One planted thing; nights are counted from 1, `changes` are the cells that differ from the true row."""

    feed: str
    night: int
    key: str
    kind: str
    fate: str
    later: int | None
    changes: Row
    like: str = ""
    """For a row that the truth does not have: the row that it is copied from."""


PLANTS: tuple[Plant, ...] = (
    Plant("visits", 1, "V-010-02", "unreadable_date", CORRECTED, 2, {"visit_date": "31/02/2015"}),
    Plant("visits", 1, "V-013-02", "impossible_value", CELL, 2, {"weight_kg": "700"}),
    Plant("reports", 1, "R-018-1", "impossible_value", CORRECTED, 2, {"ki67_percent": "140"}),
    Plant("procedures", 1, "P-003-2", "impossible_value", CELL, 3, {"drug_dose_g": "150"}),
    Plant("exams", 1, "E-017-02", "impossible_value", CELL, 4, {"liver_tumour_burden_percent": "130"}),
    Plant("results", 1, "L-006-0001", "unknown_unit", CORRECTED, 2, {"unit": "mg"}),
    Plant("results", 1, "L-020-0003", "unreadable_value", CORRECTED, 3, {"value": "haemolysed"}),
    Plant("patients", 1, "SYN-025", "unknown_code", CORRECTED, 2, {"sex": "X"}),
    Plant("exams", 1, "E-033-03", "unknown_code", CORRECTED, 3, {"modality": "PET"}),
    Plant("lesions", 1, "M-019-02-T1", "unknown_code", CORRECTED, 2, {"lesion_kind": "primary"}),
    Plant("results", 1, "L-011-0005", "duplicate_key", REPEATED, 3, {"value": "57"}),
    Plant("treatments", 3, "T-016-1", "duplicate_key", REPEATED, 5, {"kind": "hepatic_surgery"}),
    Plant("visits", 1, "V-011-11", "dead_without_date", CORRECTED, 2, {"death_date": ""}),
    Plant("adverse_events", 2, "A-018-1", "before_birth", CORRECTED, 3, {"onset_date": "1918-09-07"}),
    Plant("exams", 2, "E-012-00", "before_birth", CORRECTED, 3, {"exam_date": "1901-04-12"}),
    Plant("treatments", 1, "T-012-1", "after_batch_date", CORRECTED, 5, {"started_on": "2026-11-10"}),
    Plant("treatments", 3, "T-027-1", "missing_required_value", CORRECTED, 5, {"kind": ""}),
    Plant("lesions", 2, "M-034-02-T1", "impossible_value", CELL, 3, {"viable_diameter_mm": "-4"}),
    Plant("results", 2, "L-045-9001", "missing_required_value", STAYS, None, {"value": ""}, "L-045-0001"),
    Plant(
        "results",
        3,
        "L-035-9001",
        "after_death",
        STAYS,
        None,
        {"collected_at": "2012-10-18T08:15"},
        "L-035-0001",
    ),
    Plant("visits", 5, "V-040-90", "after_death", STAYS, None, {"visit_date": "2014-03-04"}, "V-040-01"),
    Plant("results", 1, "L-099-0001", "unknown_patient", WAITS, None, {"patient_id": "SYN-099"}, "L-001-0001"),
    Plant("visits", 4, "V-099-01", "unknown_patient", WAITS, None, {"patient_id": "SYN-099"}, "V-001-00"),
    Plant("lesions", 3, "M-014-99-T1", "unknown_exam", WAITS, None, {"exam_id": "E-014-99"}, "M-014-00-T1"),
    Plant("patients", 1, "SYN-031", "late_patient", JOINS, 2, {}),
    Plant("patients", 1, "SYN-004", "late_patient", JOINS, 4, {}),
    Plant("visits", 3, "", "missing_required_column", HELD, 4, {}),
    Plant("results", 1, "L-016-0003", "corrected_value", REPLACED, 2, {"value": "31"}),
    Plant(
        "results",
        2,
        "L-039-0010",
        "preliminary_value",
        REPLACED,
        3,
        {"value": "866", "status": "preliminary"},
    ),
    Plant("visits", 1, "V-030-02", "corrected_value", REPLACED, 5, {"weight_kg": "61.2"}),
    Plant("lesions", 1, "M-024-02-T1", "corrected_value", REPLACED, 4, {"viable_diameter_mm": "52.9"}),
    Plant("patients", 1, "SYN-040", "corrected_value", REPLACED, 4, {"primary_resected": "yes"}),
    Plant("exams", 2, "E-041-02", "corrected_value", REPLACED, 6, {"extrahepatic_disease": ""}),
    Plant("adverse_events", 1, "A-050-1", "corrected_value", REPLACED, 6, {"ctcae_grade": "3"}),
    Plant("procedures", 1, "P-028-9", "withdrawn", CANCELLED, 3, {"performed_on": "2011-03-15"}, "P-028-1"),
    Plant("patients", 1, "SYN-098", "withdrawn", CANCELLED, 4, {}, "SYN-028"),
    Plant("visits", 1, "V-098-00", "withdrawn", CANCELLED, 4, {"patient_id": "SYN-098"}, "V-028-00"),
    Plant("results", 1, "L-030-9001", "withdrawn", CANCELLED, 2, {"value": "412"}, "L-030-0001"),
    Plant("exams", 2, "E-043-90", "withdrawn", CANCELLED, 5, {"exam_date": "2018-01-09"}, "E-043-01"),
    Plant(
        "adverse_events",
        2,
        "A-041-9",
        "withdrawn",
        CANCELLED,
        6,
        {"term": "ards", "serious": "yes"},
        "A-041-1",
    ),
    Plant("results", 2, "", "sent_again", UNCHANGED, None, {}),
    Plant("patients", 5, "", "sent_again", UNCHANGED, None, {}),
    Plant("lesions", 5, "", "sent_again", UNCHANGED, None, {}),
    Plant("procedures", 6, "", "sent_again", UNCHANGED, None, {}),
)
