"""OMOP tables have every person, the model's fields and keys, real intervals and no real date."""

import csv
import re
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from include.basics.settings import Settings
from include.pipeline.exporting import export_cbioportal, export_omop
from include.pipeline.exporting.omop_format import CDM, check_cdm
from include.running.cli.commands import main
from include.warehouse import open_warehouse
from tests.pipeline.exporting.study import study_at
from tests.support.warehouses import Templates

Rows = list[dict[str, str]]


def read(folder: Path) -> dict[str, Rows]:
    """The exported tables."""
    return {name: list(csv.DictReader((folder / f"{name}.csv").open())) for name in CDM}


def days(row: dict[str, str], first: str, last: str) -> int:
    """From one date of a row to another."""
    return (date.fromisoformat(row[last]) - date.fromisoformat(row[first])).days


def test_every_person_is_there_with_what_happened(to_export: Settings, tmp_path: Path) -> None:
    report = export_omop(to_export, tmp_path / "out")
    tables = read(tmp_path / "out")

    assert report.persons == len(tables["person"]) == len(tables["observation_period"]) == 4
    assert {row["gender_concept_id"] for row in tables["person"]} == {"8532"}
    assert {name: len(rows) for name, rows in tables.items() if name not in ("person", "observation_period")} == {
        "condition_occurrence": 4,
        "procedure_occurrence": 4,
        "drug_exposure": 1,
        "measurement": 1,
        "death": 1,
        "episode": 3,
        "episode_event": 3,
        "cdm_source": 1,
    }
    (lab,) = tables["measurement"]
    told = [lab[f"{name}_concept_id"] for name in ("measurement", "operator", "unit")]
    assert told == ["3013721", "4171756", "8645"]
    assert {row["condition_concept_id"] for row in tables["condition_occurrence"]} == {"434300"}
    assert tables["death"][0]["death_type_concept_id"] == "32879"
    assert (float(lab["value_as_number"]), lab["unit_source_value"]) == (30, "U/L")
    assert {row["procedure_concept_id"] for row in tables["procedure_occurrence"]} == {"4052240", "4273629"}
    unmapped = [*csv.reader((tmp_path / "out" / "unmapped.csv").open())]
    assert ["drug_exposure.drug_concept_id", "targeted_therapy", "1"] in unmapped


def test_intervals_are_real_and_dates_are_not(to_export: Settings, tmp_path: Path) -> None:
    export_omop(to_export, tmp_path / "out")
    tables = read(tmp_path / "out")

    (drug,) = tables["drug_exposure"]
    sessions = {row["person_id"]: row["procedure_date"] for row in tables["procedure_occurrence"]}
    assert days(drug, "drug_exposure_start_date", "drug_exposure_end_date") == 28
    assert days(drug | {"session": sessions[drug["person_id"]]}, "session", "drug_exposure_start_date") == 30
    (death,) = tables["death"]
    assert days(death | {"session": sessions[death["person_id"]]}, "session", "death_date") == 366
    first = date(2012, 1, 3)
    moved = [(first - date.fromisoformat(day)).days for day in sessions.values()]
    assert all(shift % 7 == 0 and 7 <= shift <= 364 for shift in moved)
    text = "".join((tmp_path / "out" / f"{name}.csv").read_text() for name in CDM)
    assert not re.search(r"\bP[1-4]\b|#|procedures-|results-|visits-|reports-|2012-01-03|2013-01-03", text)


def test_what_the_model_cannot_hold_is_left_out_and_counted(to_export: Settings, tmp_path: Path) -> None:
    with open_warehouse(to_export.warehouse) as warehouse:
        warehouse.run("UPDATE received.patients SET birth_date = NULL WHERE patient_id = 'P1'")
        warehouse.run("UPDATE received.procedures SET performed_on = DATE '1900-01-01' WHERE patient_id = 'P2'")
        warehouse.connection.commit()
    report = export_omop(to_export, tmp_path / "out")

    assert report.persons == len(read(tmp_path / "out")["person"]) == 3
    assert report.left_out == Counter(
        person=1,
        condition_occurrence=1,
        procedure_occurrence=2,
        drug_exposure=1,
        measurement=1,
        episode=1,
        episode_event=2,
    )
    assert ["person", "1"] in [*csv.reader((tmp_path / "out" / "left_out.csv").open())]


@pytest.mark.parametrize("export", [export_omop, export_cbioportal])
def test_an_export_that_fails_leaves_no_rows(
    templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, export: Callable[[Settings, Path], object]
) -> None:
    def broken(part: Path) -> list[str]:
        assert any(part.iterdir())
        raise KeyError(part.name)

    module = import_module(export.__module__)
    monkeypatch.setattr(module, "check_cdm" if export is export_omop else "check_study", broken)
    settings = study_at(tmp_path / "registry.duckdb", templates)
    with pytest.raises(KeyError):
        export(settings, tmp_path / "made" / "out")
    assert not list((tmp_path / "made").iterdir())


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Path:
    """Tables as they are exported."""
    folder = tmp_path_factory.mktemp("good")
    export_omop(study_at(folder / "registry.duckdb", templates), folder / "omop")
    return folder / "omop"


def cell(name: str, column: str, value: str) -> tuple[str, Callable[[Rows], None]]:
    """Another value in the first row of a table."""
    return name, lambda rows: rows[0].update({column: value})


MISTAKES: dict[str, tuple[tuple[str, Callable[[Rows], None]], str]] = {
    "missing": (cell("person", "gender_concept_id", ""), "person.gender_concept_id: required"),
    "key": (cell("procedure_occurrence", "procedure_occurrence_id", "2"), "a key that is there twice"),
    "integer": (cell("person", "race_concept_id", "0.0"), "person.race_concept_id: no integer"),
    "float": (cell("measurement", "value_as_number", "low"), "measurement.value_as_number: no float"),
    "date": (cell("death", "death_date", "2013"), "death.death_date: no date"),
    "length": (cell("measurement", "unit_source_value", "U" * 51), "unit_source_value: no varchar(50)"),
    "person": (cell("measurement", "person_id", "9"), "measurement.person_id: no row of person"),
    "episode": (cell("episode_event", "episode_id", "9"), "episode_event.episode_id: no row of episode"),
    "event": (cell("episode_event", "event_id", "9"), "episode_event.event_id: no procedure"),
    "end": (cell("drug_exposure", "drug_exposure_end_date", "1999-01-01"), "drug_exposure_end_date: before"),
    "birth": (cell("measurement", "measurement_date", "1900-01-01"), "measurement_date: before birth"),
    "period": (cell("measurement", "measurement_date", "2030-01-01"), "outside of the observation period"),
    "no period": (("observation_period", lambda rows: rows.clear()), "not one for each person"),
    "field": (("death", lambda rows: [row.pop("death_date") for row in rows].clear()), "not the fields"),
}


def test_an_export_has_no_mistake(good: Path) -> None:
    assert check_cdm(good) == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_found(good: Path, tmp_path: Path, mistake: str) -> None:
    (name, plant), found = MISTAKES[mistake]
    folder = Path(shutil.copytree(good, tmp_path / "omop"))
    rows = read(good)[name]
    columns = [*rows[0]]
    plant(rows)
    with (folder / f"{name}.csv").open("w") as file:
        writer = csv.DictWriter(file, [*rows[0]] if rows else columns)
        writer.writeheader()
        writer.writerows(rows)
    assert any(found in problem for problem in check_cdm(folder))


def test_the_command_tells_what_has_no_concept(
    tmp_path: Path, templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = study_at(tmp_path / "registry.duckdb", templates).warehouse
    asked = ["export", "omop", "--out", str(tmp_path / "out"), "--warehouse", url]
    monkeypatch.setenv("EXPORTS", "cbioportal")
    assert CliRunner().invoke(main, asked).stderr.startswith("REG-901")
    monkeypatch.setenv("EXPORTS", "omop")
    told = CliRunner().invoke(main, asked).stdout
    assert "4 persons" in told
    assert "have no concept yet" in told
