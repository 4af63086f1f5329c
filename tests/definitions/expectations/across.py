"""The patients of `cases/warehouse.yml`, and the record made of them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import yaml

from include.definitions import contracts
from include.warehouse import Warehouse
from tests.definitions.expectations.staged import CASES
from tests.support.clinical import fill

REFERRING = {"lesions": ("exam_id", "exams"), "adverse_events": ("procedure_id", "procedures")}
OTHER = {"other_report": "reports", "other_result": "results", "other_exam": "exams", "other_lesion": "lesions"}
"""Second rows of a feed; such a lesion is of the other exam unless it names the patient's own."""


@dataclass(frozen=True)
class PatientCase:
    """A patient's rows by feed, `earlier` among them, and the ids of the rules that they break."""

    patient_id: str
    rows: dict[str, dict[str, Any]]
    breaks: frozenset[str]


def read_patients() -> list[PatientCase]:
    """The good patient, its passing variants, the failing ones; numbered from 1."""
    described = yaml.safe_load((CASES / "warehouse.yml").read_text(encoding="utf-8"))
    variants = [({}, []), *((changed, []) for changed in described["passes"])]
    variants += [(changed, rules) for changed, *rules in described["fails"]]
    return [
        PatientCase(_patient_id(changed, number), _rows(described["good"], changed, number), frozenset(rules))
        for number, (changed, rules) in enumerate(variants, start=1)
    ]


PAST = """
    INSERT INTO resolved.fate (feed, load_id, row_number, reading, record_key, patient_id, fate, version_state)
    SELECT 'patients', load_id, row_number, reading, patient_id, patient_id, 'loaded', 'past'
    FROM received.patients
"""


def fill_record(warehouse: Warehouse, cases: list[PatientCase]) -> None:
    """Write every patient's rows into the record, past versions first."""
    feeds: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for case in cases:
        for feed, row in case.rows.items():
            feeds[OTHER.get(feed, feed)].append(row)
    fill(warehouse, patients=feeds.pop("earlier"))
    warehouse.run(PAST)
    fill(warehouse, **feeds)


def _patient_id(changed: dict[str, Any], number: int) -> str:
    return str(changed.get("patient_id", f"P{number}"))


def _rows(good: dict[str, Any], changed: dict[str, Any], number: int) -> dict[str, dict[str, Any]]:
    rows = {
        feed: {**row, **(changed.get(feed) or {})} for feed, row in good.items() if changed.get(feed, {}) is not None
    }
    if "earlier" in changed:
        rows["earlier"] = {**rows["patients"], "status": "final", **changed["earlier"]}
    rows |= {other: {**rows[feed], **changed[other]} for other, feed in OTHER.items() if other in changed}
    for feed, row in rows.items():
        row["patient_id"] = _patient_id(changed, number)
        if feed in OTHER:
            row[contracts.read(OTHER[feed]).key] = f"before {number}"
        elif feed not in ("patients", "earlier"):
            row[contracts.read(feed).key] = f"{feed} {number}"
    if "other_lesion" in rows:
        rows["other_lesion"]["exam_id"] = f"before {number}" if "other_exam" in rows else f"exams {number}"
    for feed, (column, named) in REFERRING.items():
        if feed in rows:
            ids = {"own": f"{named} {number}", "first": f"{named} 1", "none": "nobody's"}
            rows[feed][column] = ids.get(rows[feed][column])
    return rows
