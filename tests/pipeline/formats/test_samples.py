"""Files as hospitals send them, with the rows that a right reading gives."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SHARED
from tests.pipeline.mapping.conftest import profile
from tests.pipeline.mapping.test_profiles import Profile
from tests.support.registry import Registry, duckdb_registry

__all__ = ["duckdb_registry", "profile"]
SAMPLES = SHARED / "samples"
pytestmark = pytest.mark.usefixtures("shared")

CODES = {
    "loinc.csv": "ASAT,1920-8,,,me\nBILT,14631-6,,,me\nPLAQ,777-3,,,me\nPLT,777-3,,,me\nCGA,9811-1,,,me\n",
    "terms.csv": "3,fever,,,me\n5,vomiting,,,me\n",
}
FRENCH: dict[str, Any] = {
    "feed": "results",
    "dialect": {"delimiter": ";", "encoding": "cp1252", "decimal": ",", "group": " \u00a0\u202f"},
    "dates": {"date": "%d/%m/%Y", "timestamp": "%d/%m/%Y %H:%M"},
    "ignored": ["Libellé"],
    "columns": {
        "result_id": "N° résultat",
        "patient_id": "IPP",
        "collected_at": ["Prélevé le", "Heure"],
        "test_code": {"from": "Code", "codes": "loinc.csv"},
        "value": "Résultat",
        "unit": "Unité",
        "reference_low": "Inf",
        "reference_high": "Sup",
        "status": {"from": "État", "map": {"Validé": "final", "Provisoire": "preliminary"}},
    },
}
KEY = ["record_id", "redcap_event_name", "redcap_repeat_instance"]
TICKED = {"1": "present", "0": "none"}
REDCAP: dict[str, Any] = {
    "feeds": {
        "visits": {
            "rows": {"where": {"redcap_repeat_instrument": ""}},
            "columns": {
                "visit_id": {"from": KEY, "join": "|"},
                "patient_id": "record_id",
                "visit_date": "visit_dt",
                "weight_kg": "weight",
                "ecog": "ecog",
                "diarrhoea": {"from": "sympt___1", "map": TICKED},
                "flushing": {"from": "sympt___2", "map": TICKED},
                "vital_status": {"value": "alive"},
                "status": {"from": "visits_complete", "map": {"2": "final", "1": "final", "0": "final"}},
            },
        },
        "adverse_events": {
            "rows": {"where": {"redcap_repeat_instrument": "adverse_events"}},
            "columns": {
                "event_id": {"from": KEY, "join": "|"},
                "patient_id": "record_id",
                "onset_date": "ae_dt",
                "term": {"from": "ae_term", "codes": "terms.csv"},
                "ctcae_grade": "ae_gr",
                "serious": {"value": "no"},
                "status": {"value": "final"},
            },
        },
    }
}
LOCAL = {"columns": {"test_code": {"from": "code", "codes": "loinc.csv"}}}
SENT: dict[str, tuple[dict[str, Any], list[str]]] = {
    "lab_fr_cp1252.csv": (FRENCH, ["results"]),
    "oru_lab_v23_latin1.hl7": (
        {"feed": "results", "format": "hl7v2", "dialect": {"decimal": ","}, **LOCAL},
        ["results"],
    ),
    "Observation.ndjson": ({"feed": "results", "format": "fhir_ndjson", **LOCAL}, ["results"]),
    "redcap_repeating.csv": (REDCAP, ["visits", "adverse_events"]),
    "sr_tid1500.dcm": ({"feeds": ["exams", "lesions"], "format": "dicom_sr"}, ["exams", "lesions"]),
    "adt_a40_chain.hl7": ({"feed": "merges", "format": "hl7v2"}, ["merges"]),
}
UNITS = {"UI/L": "U/L", "UI/l": "U/L", "µmol/L": "umol/L", "μmol/L": "umol/L", "µmol/l": "umol/L", "G/L": "10*9/L"} | {
    "G/l": "10*9/L",
    "µg/L": "ug/L",
}


@pytest.mark.parametrize("sample", SENT)
def test_a_sample_gives_its_rows(duckdb_registry: Registry, profile: Profile, sample: str) -> None:
    export, feeds = SENT[sample]
    profile({**export, "files": f"{{date}}/*{Path(sample).suffix}"}, lists=CODES)
    folder = duckdb_registry.extracts / "chx" / "2024-06-01"
    folder.mkdir(parents=True)
    (folder / sample).write_bytes((SAMPLES / sample).read_bytes())

    duckdb_registry.load()

    states = duckdb_registry.rows("SELECT DISTINCT state, reason FROM ops.load")
    assert states == [("loaded", None)]
    for feed in feeds:
        assert found(duckdb_registry, feed, sample) == expected(feed, sample), feed


def expected(feed: str, sample: str) -> list[dict[str, str]]:
    """The rows of the sample's answer, in the contract's words."""
    file = SAMPLES / f"{sample}.expected.{'merge' if feed == 'merges' else feed}.csv"
    names = {"merged_id": "merged_patient_id", "surviving_id": "surviving_patient_id", "effective": "effective_on"}
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    free = ("key_group", "note", "message", "exam_id")
    return [{names.get(k, k): alike(v) for k, v in row.items() if k not in free} for row in rows]


def found(registry: Registry, feed: str, sample: str) -> list[dict[str, str]]:
    """What was received, in the same columns."""
    names = list(expected(feed, sample)[0])
    listed = ", ".join(f'CAST("{name}" AS TEXT)' for name in names)
    rows = registry.rows(f"SELECT {listed} FROM received.{feed} ORDER BY row_number")
    return [{name: alike(value or "") for name, value in zip(names, row, strict=True)} for row in rows]


def alike(text: str) -> str:
    """A cell as samples are compared: numbers by value, times to the minute, units in one spelling, no site."""
    text = text.removeprefix("chx:")
    text = UNITS.get(text, text)
    if re.match("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]", text):
        return text[:16].replace("T", " ").removesuffix(" 00:00")
    try:
        return f"{float(text):g}"
    except ValueError:
        return text.replace("> ", ">").replace("< ", "<")
