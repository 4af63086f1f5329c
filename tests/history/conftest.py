"""A small registry with every fate, on each engine."""

from pathlib import Path

import pytest

from include.cli.run import run_steps
from include.decisions import Selection, override_records, reject_records
from include.history.journal import write_journal
from include.settings import Settings
from include.warehouse import open_warehouse
from tests.support.extracts import row, send

DAY_1, DAY_2, DAY_3 = "2020-01-01", "2020-01-02", "2020-01-03"


@pytest.fixture
def settings(prepared_url: str, tmp_path: Path) -> Settings:
    """A registry after three days, two of which bring decisions."""
    made = Settings(str(tmp_path / "extracts"), prepared_url, str(tmp_path / "landing"))
    fill(Path(made.extracts))
    run_steps(made)
    with open_warehouse(made.warehouse) as warehouse:
        override_records(warehouse, Selection(record_key="L2"), "mg", "as the laboratory says")
        reject_records(warehouse, Selection(record_key="L6"), "mg", "of another person")
        write_journal(warehouse, made)
    run_steps(made)
    return made


def fill(extracts: Path) -> None:
    """Three days of extracts; two ids of a patient are merged on the third."""
    dead = {"visit_date": "2013-05-01", "vital_status": "dead", "death_date": "2013-05-01", "death_cause": "tumour"}
    send(extracts, "patients", DAY_1, [row("patients"), row("patients", "P2", birth_date="1960-01-01")])
    send(extracts, "procedures", DAY_1, [row("procedures", "S1"), row("procedures", "S2", patient_id="P2")])
    results = [row("results", "L1"), row("results", "L2", value="90000"), row("results", "L3", patient_id="P3")]
    send(extracts, "results", DAY_1, [*results, *(row("results", key, value="haemolysed") for key in ("L4", "L6"))])
    late = row("results", "L5", patient_id="P2", collected_at="2014-01-02T08:15")
    send(extracts, "results", DAY_2, [row("results", "L1", value="40", status="corrected"), late])
    send(extracts, "visits", DAY_2, [row("visits", "V1"), row("visits", "V2", patient_id="P2", **dead)])
    send(extracts, "patients", DAY_3, [row("patients", "P3", sex="male")])
    send(extracts, "merges", DAY_3, [row("merges", merged_patient_id="P4", surviving_patient_id="P3")])
    send(extracts, "visits", DAY_3, [row("visits", "V3", patient_id="P4", visit_date="2012-05-01")])
    send(extracts, "results", DAY_3, [row("results", "L4"), row("results", "L1", value="40", status="corrected")])
