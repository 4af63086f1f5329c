"""A registry of four patients to export."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from include.basics.settings import Settings
from include.warehouse import open_warehouse
from tests.support.clinical import fill
from tests.support.making import make
from tests.support.warehouses import Templates, copy_of, drop_database

EXPORTED = ("baseline", "best_response", "follow_up", "survival_time", "timepoint_response", "treatment_cycle")


@pytest.fixture(params=["duckdb", "postgresql"])
def to_export(request: pytest.FixtureRequest, tmp_path: Path, templates: Templates) -> Iterator[Settings]:
    """The registry, once on each engine."""
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    settings = study_at(tmp_path / "registry.duckdb", templates, server)
    yield settings
    if server:
        drop_database(settings.warehouse)


def study_at(file: Path, templates: Templates, server: str | None = None) -> Settings:
    """A copy of the registry: on the server, or at `file`."""
    name = f"exported-{'postgresql' if server else 'duckdb'}"

    def entered() -> str:
        url = templates.new(templates.folder / f"{name}.duckdb", server)
        _enter(url)
        return url

    return Settings("", copy_of(templates.once(name, entered), file, server), "")


def _enter(url: str) -> None:
    """A patient who lives, two who died, one of whom nobody knows when, and one who was not treated."""
    first = date(2012, 1, 3)
    sessions = [{"patient_id": name, "performed_on": first, "technique": "ctace"} for name in ("P1", "P2", "P3")]
    dead = {"patient_id": "P2", "vital_status": "dead", "death_date": date(2013, 1, 3), "visit_date": date(2013, 1, 4)}
    unknown = {"patient_id": "P3", "vital_status": "dead", "visit_date": date(2013, 2, 1)}
    other = {
        "patient_id": "P1",
        "kind": "targeted_therapy",
        "started_on": date(2012, 2, 2),
        "ended_on": date(2012, 3, 1),
    }
    taken = {"collected_at": datetime(2012, 1, 1, 8), "test_code": "1920-8", "value": "<30", "unit": "U/L"}
    report = {"patient_id": "P1", "reported_on": date(2011, 1, 1), "primary_site": "C25.9", "ki67_percent": 2.0}
    with open_warehouse(url) as warehouse:
        fill(
            warehouse,
            patients=[{"patient_id": "P4"}, {"patient_id": "P2", "birth_date": date(1920, 1, 1)}],
            procedures=sessions,
            visits=[{"patient_id": "P1", "vital_status": "alive", "visit_date": date(2014, 1, 3)}, dead, unknown],
            treatments=[other, {"patient_id": "P3", "kind": "systemic_chemotherapy", "started_on": first}],
            results=[{"patient_id": "P1", **taken}],
            reports=[report],
            exams=[{"patient_id": "P1", "exam_date": date(2011, 12, 20), "modality": "CT"}],
        )
        make(warehouse, *(f"derived.{table}" for table in EXPORTED))
