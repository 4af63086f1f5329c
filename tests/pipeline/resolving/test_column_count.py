"""What columns say is counted by patient and month, of the rows that count, and only where something has changed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from include.people.decisions import Selection, override_records, reject_file, reject_records, undo_decision
from include.people.sites.withdrawing import withdraw
from include.pipeline.resolving import resolve
from include.warehouse.creating import resolve_everything
from tests.support.extracts import Row, row
from tests.support.registry import Registry

JANUARY = "2012-01-02T08:15"
HEADER = ("visit_id", "patient_id", "visit_date", "weight_kg", "vital_status", "status")


def announce(registry: Registry, *patients: str) -> None:
    """Patients, of a birthday each."""
    rows = [row("patients", name, birth_date=f"1950-06-{day}") for day, name in enumerate(patients, 10)]
    registry.deliver("patients", "2020-01-01", *rows)


def said(registry: Registry, feed: str, measure: str, **where: str) -> list[tuple[Any, ...]]:
    """Month, patients and denominator of a measure."""
    narrowed = "".join(f" AND {name} = '{value}'" for name, value in where.items())
    return registry.rows(
        "SELECT CAST(month AS TEXT), patients, denominator FROM resolved.column_count "
        f"WHERE feed = '{feed}' AND measure = '{measure}'{narrowed} ORDER BY month"
    )


def every_count(registry: Registry) -> list[tuple[Any, ...]]:
    return sorted(registry.rows("SELECT * FROM resolved.column_count"), key=str)


def is_as_from_scratch(registry: Registry) -> bool:
    """Whether the same is counted when every row is resolved again."""
    before = every_count(registry)
    resolve_everything(registry.warehouse)
    resolve(registry.warehouse)
    return before == every_count(registry)


def test_a_patient_of_several_files_counts_once_a_month(registry: Registry) -> None:
    announce(registry, "P1", "P2")
    registry.deliver("visits", "2020-01-02", row("visits", "V1", flushing="none"))
    registry.deliver("visits", "2020-01-03", row("visits", "V2", flushing="none"), row("visits", "V3", patient_id="P2"))
    registry.deliver("visits", "2020-01-04", row("visits", "V4", visit_date="2012-04-01", flushing="present"))

    assert said(registry, "visits", "filled", column_name="flushing") == [("2012-03-01", 1, 2), ("2012-04-01", 1, 1)]
    assert said(registry, "visits", "code", column_name="flushing", code="none") == [
        ("2012-03-01", 1, 1),
        ("2012-04-01", 0, 1),
    ]
    assert is_as_from_scratch(registry)


def test_two_ids_of_a_person_count_once(registry: Registry) -> None:
    announce(registry, "P1", "P2")
    registry.deliver("visits", "2020-01-02", row("visits", "V1"), row("visits", "V2", patient_id="P2"))
    registry.deliver("merges", "2020-01-03", row("merges", merged_patient_id="P2", surviving_patient_id="P1"))
    assert said(registry, "visits", "filled", column_name="weight_kg") == [("2012-03-01", 1, 1)]
    assert said(registry, "patients", "filled", column_name="sex") == [("2010-01-01", 1, 1)]

    cancelled = row("merges", merged_patient_id="P2", surviving_patient_id="P1", status="cancelled")
    registry.deliver("merges", "2020-01-04", cancelled)
    assert said(registry, "visits", "filled", column_name="weight_kg") == [("2012-03-01", 2, 2)]
    assert is_as_from_scratch(registry)


def test_a_row_counts_as_its_current_version_says_and_not_while_its_patient_is_unknown(registry: Registry) -> None:
    registry.deliver("visits", "2020-01-02", row("visits", "V1", ecog="1"))
    assert said(registry, "visits", "filled") == []

    announce(registry, "P1")
    registry.deliver("visits", "2020-01-03", row("visits", "V1", ecog="2", visit_date="2012-05-01"))
    medians = (
        "SELECT CAST(month AS TEXT), value FROM resolved.column_count WHERE column_name = 'ecog' AND measure = 'median'"
    )
    assert registry.rows(medians) == [("2012-05-01", 2)]

    registry.deliver("visits", "2020-01-04", row("visits", "V1", status="cancelled", visit_date="2012-05-01"))
    assert said(registry, "visits", "filled") == []


def test_a_row_that_a_person_rejected_does_not_count_until_that_is_undone(registry: Registry) -> None:
    announce(registry, "P1")
    registry.deliver("visits", "2020-01-02", row("visits", "V1"), row("visits", "V2", patient_id="P2"))
    reject_records(registry.warehouse, Selection(record_key="V2"), "mg", "another person's")
    registry.deliver("patients", "2020-01-03", row("patients", "P2", birth_date="1951-01-01"))
    assert said(registry, "visits", "filled", column_name="weight_kg") == [("2012-03-01", 1, 1)]

    undo_decision(registry.warehouse, 1, "mg", "a mistake")
    resolve(registry.warehouse)
    assert said(registry, "visits", "filled", column_name="weight_kg") == [("2012-03-01", 2, 2)]


def test_a_number_counts_as_filled_where_it_is_understood(registry: Registry) -> None:
    announce(registry, "P1", "P2", "P3")
    sent = [("P1", "30", "U/L"), ("P2", "40", "furlong"), ("P3", "< 5", "U/L")]
    rows = [row("results", p, patient_id=p, value=value, unit=unit) for p, value, unit in sent]
    registry.deliver("results", "2020-01-02", *rows, row("results", "X", test_code="0000-0", value="7"))

    assert said(registry, "results", "filled") == [("2012-01-01", 2, 2)]
    override_records(registry.warehouse, Selection(record_key="P2"), "mg", "they measure so")
    resolve(registry.warehouse)

    assert said(registry, "results", "filled") == [("2012-01-01", 2, 3)]
    assert registry.rows("SELECT DISTINCT analyte FROM resolved.column_count WHERE feed = 'results'") == [("AST",)]


@pytest.mark.parametrize(
    ("weights", "median"), [([60], 60), ([60, 71], 65.5), ([50, 60, 70], 60), ([50, 60, 71, 80], 65.5)]
)
def test_a_median_is_of_patients_and_of_several_values_the_highest(
    duckdb_registry: Registry, weights: Sequence[int], median: float
) -> None:
    names = [f"P{n}" for n in range(len(weights))]
    announce(duckdb_registry, *names)
    rows = [row("visits", f"V{n}", patient_id=n, weight_kg=str(w)) for n, w in zip(names, weights, strict=True)]
    duckdb_registry.deliver("visits", "2020-01-02", *rows, row("visits", "V", patient_id="P0", weight_kg="20"))

    found = duckdb_registry.rows(
        "SELECT measure, value FROM resolved.column_count WHERE column_name = 'weight_kg' AND value IS NOT NULL"
    )
    assert found == [("median", median)]


def test_a_cell_that_is_set_aside_is_not_filled_and_a_code_beside_the_list_is_none(registry: Registry) -> None:
    announce(registry, "P1")
    registry.deliver("visits", "2020-01-02", row("visits", "V1", flushing="often", weight_kg="6000"))

    for column in ("flushing", "weight_kg"):
        assert said(registry, "visits", "filled", column_name=column) == [("2012-03-01", 0, 1)]
    assert {patients for _, patients, _ in said(registry, "visits", "code", column_name="flushing")} == {0}


def test_a_day_of_which_the_year_is_known_is_of_no_month(registry: Registry) -> None:
    registry.deliver(
        "patients",
        "2020-01-01",
        row("patients", "P1", diagnosis_date="2010"),
        row("patients", "P2", birth_date="1951", diagnosis_date="2010-03"),
    )

    assert said(registry, "patients", "filled", column_name="sex") == [("2010-03-01", 1, 1)]


def write_profile(folder: Path, dates: str) -> None:
    """A site that sends full exports of visits."""
    export = {
        "name": "all",
        "feed": "visits",
        "files": "all/*_{date:%Y%m%d}.csv",
        "kind": "full",
        "dates": {"date": dates},
        "columns": {name: name for name in HEADER},
    }
    profile = {"site": "chx", "patients": "registry", "exports": [export]}
    (folder / "chx.yml").write_text(yaml.safe_dump(profile), "utf-8")


@pytest.fixture
def full_export(registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A registry with such a site."""
    folder = tmp_path / "sites"
    folder.mkdir()
    write_profile(folder, "%Y-%m-%d")
    monkeypatch.setenv("SITES", str(folder))
    announce(registry, "P1", "P2")
    return registry


def test_a_month_that_a_file_is_no_longer_read_as_is_counted_again(full_export: Registry, tmp_path: Path) -> None:
    send_full(full_export, 2, row("visits", "1", visit_date="2012-04-03"), row("visits", "2", patient_id="P2"))
    write_profile(tmp_path / "sites", "%Y-%d-%m")
    full_export.load()

    assert [month for month, *_ in said(full_export, "visits", "filled", column_name="weight_kg")] == [
        "2012-01-01",
        "2012-03-01",
    ]
    assert is_as_from_scratch(full_export)


def send_full(registry: Registry, day: int, *rows: Row) -> None:
    file = registry.extracts / "chx" / "all" / f"a_202001{day:02d}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [",".join(HEADER), *(",".join(one[name] for name in HEADER) for one in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    registry.load()


def test_a_full_export_counts_again_the_months_alone_in_which_it_says_something_else(full_export: Registry) -> None:
    first, second = row("visits", "1"), row("visits", "2", patient_id="P2", visit_date="2012-04-01")
    send_full(full_export, 2, first, second)
    marked = "UPDATE resolved.column_count SET patients = 77 WHERE feed = 'visits' AND month = DATE '2012-03-01'"
    full_export.warehouse.run(marked)
    full_export.warehouse.connection.commit()
    send_full(full_export, 3, first, second | {"weight_kg": ""})

    assert said(full_export, "visits", "filled", column_name="weight_kg") == [
        ("2012-03-01", 77, 1),
        ("2012-04-01", 0, 1),
    ]


def test_rows_that_a_person_withdrew_do_not_count_until_the_file_of_the_withdrawal_is_rejected(
    full_export: Registry,
) -> None:
    send_full(full_export, 2, row("visits", "1"), row("visits", "2", patient_id="P2"))
    send_full(full_export, 3, row("visits", "1"))
    ((export,),) = full_export.rows("SELECT load_id FROM ops.full_export")
    withdraw(full_export.warehouse, full_export.settings.landing, "chx", export, "mg", "they are sure")
    full_export.load()
    assert said(full_export, "visits", "filled", column_name="weight_kg", site="chx") == [("2012-03-01", 1, 1)]

    ((withdrawal,),) = full_export.rows("SELECT load_id FROM received.file WHERE withdraws <> ''")
    reject_file(full_export.warehouse, withdrawal, "mg", "a mistake")
    resolve(full_export.warehouse)
    assert said(full_export, "visits", "filled", column_name="weight_kg", site="chx") == [("2012-03-01", 2, 2)]
    assert is_as_from_scratch(full_export)
