"""A clinical study for cBioPortal has every treated patient once, no id or date of the registry, and the right form."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.pipeline.exporting import export_cbioportal
from include.pipeline.exporting.cbioportal_format import check_study
from include.running.cli.commands import main
from include.warehouse import open_warehouse
from tests.pipeline.exporting.study import study_at
from tests.support.warehouses import Templates

Row = dict[str, str]


def rows(file: Path, skip: int = 0) -> list[Row]:
    """A data file's rows."""
    names, *lines = [line.split("\t") for line in file.read_text().splitlines()[skip:]]
    return [dict(zip(names, line, strict=True)) for line in lines]


def test_every_treated_patient_is_there_once(to_export: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with open_warehouse(to_export.warehouse) as warehouse:
        warehouse.run("UPDATE derived.baseline SET age_at_first_procedure_years = NULL WHERE patient_id = 'P3'")
    assert export_cbioportal(to_export, out) == 3

    patients = rows(out / "data_clinical_patient.txt", 4)
    assert sorted((one["OS_STATUS"], one["OS_MONTHS"], one["AGE"]) for one in patients) == [
        ("0:LIVING", "24.02", "61"),
        ("1:DECEASED", "", ""),
        ("1:DECEASED", "12.02", "90"),
    ]
    living = next(one["PATIENT_ID"] for one in patients if one["OS_STATUS"] == "0:LIVING")
    samples = {one["PATIENT_ID"]: one["ONCOTREE_CODE"] for one in rows(out / "data_clinical_sample.txt", 4)}
    assert (samples[living], len(samples)) == ("PANET", 3)
    happened = [
        (one["START_DATE"], one["STOP_DATE"], one["SUBTYPE"])
        for one in rows(out / "data_timeline_treatment.txt")
        if one["PATIENT_ID"] == living
    ]
    assert happened == [("0", "", "ctace"), ("30", "58", "targeted_therapy")]
    (lab,) = rows(out / "data_timeline_lab_test.txt")
    assert (lab["START_DATE"], lab["TEST"], lab["COMPARATOR"], lab["RESULT"]) == ("-2", "AST", "<", "30")
    deaths = [one["START_DATE"] for one in rows(out / "data_timeline_status.txt") if one["STATUS"] == "DECEASED"]
    assert deaths == ["366"]
    (exam,) = rows(out / "data_timeline_imaging.txt")
    assert (exam["START_DATE"], exam["DIAGNOSTIC_TYPE"]) == ("-14", "CT")


def test_a_registry_that_treats_nobody_is_no_study(templates: Templates, tmp_path: Path) -> None:
    settings = Settings.of("", templates.duckdb(tmp_path / "registry.duckdb"))

    with pytest.raises(RegistryError) as error:
        export_cbioportal(settings, tmp_path / "out")
    assert error.value.code == "REG-903"


def test_no_id_or_date_of_the_registry_leaves(to_export: Settings, tmp_path: Path) -> None:
    for name in ("one", "two"):
        export_cbioportal(to_export, tmp_path / name)
    text = "".join(file.read_text() for file in sorted((tmp_path / "one").rglob("*.txt")))
    assert not re.search(r"\bP[1-4]\b|procedures-|results-|visits-|20\d\d-", text)
    one, two = ({r["PATIENT_ID"] for r in rows(tmp_path / n / "data_clinical_patient.txt", 4)} for n in ("one", "two"))
    assert one.isdisjoint(two)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Path:
    """A study as it is exported."""
    folder = tmp_path_factory.mktemp("good")
    export_cbioportal(study_at(folder / "registry.duckdb", templates), folder / "study")
    return folder / "study"


def changed(old: str, new: str) -> Callable[[str], str]:
    """Puts another text in the place of the first one."""
    return lambda text: text.replace(old, new, 1)


def last_line_twice(text: str) -> str:
    return text + text.splitlines()[-1] + "\n"


def without_last_line(text: str) -> str:
    return "\n".join(text.splitlines()[:-1]) + "\n"


PATIENT, SAMPLE, TREATMENT = "data_clinical_patient.txt", "data_clinical_sample.txt", "data_timeline_treatment.txt"
MISTAKES: dict[str, tuple[str, Callable[[str], str], str]] = {
    "header": (PATIENT, changed("#1\t1", "1\t1"), "not four lines"),
    "header too short": (PATIENT, lambda text: text.partition("\n")[2], "not four lines"),
    "length": (PATIENT, changed("#Patient identifier\t", "#"), "different lengths"),
    "type": (PATIENT, changed("#STRING\tSTRING", "#STRING\tTEXT"), "unknown type"),
    "name": (PATIENT, changed("\tSEX\t", "\tSex\t"), "no name"),
    "name twice": (PATIENT, changed("\tAGE\t", "\tSEX\t"), "there twice"),
    "number": (PATIENT, changed("24.02", "long"), "no number"),
    "patient twice": (PATIENT, last_line_twice, "PATIENT_ID is there twice"),
    "sample twice": (SAMPLE, last_line_twice, "SAMPLE_ID is there twice"),
    "no sample": (SAMPLE, without_last_line, "has no sample"),
    "id": (SAMPLE, changed("-1\t", " 1\t"), "other characters"),
    "status": (PATIENT, changed("1:DECEASED", "DECEASED"), "OS_STATUS is none"),
    "living without months": (PATIENT, changed("24.02", ""), "without OS_MONTHS"),
    "months without status": (PATIENT, changed("0:LIVING", ""), "without OS_STATUS"),
    "negative": (PATIENT, changed("12.02", "-12.02"), "negative"),
    "column": (TREATMENT, changed("EVENT_TYPE", "EVENT"), "EVENT_TYPE is missing"),
    "stop": (TREATMENT, changed("\t30\t58\t", "\t30\t29\t"), "stop before"),
    "day": (TREATMENT, changed("\t30\t58\t", "\t30.5\t58\t"), "no whole number"),
    "unknown patient": (TREATMENT, changed("\nP", "\nX"), "does not have"),
    "event type": (TREATMENT, changed("\tTREATMENT\t", "\t\t"), "event without type"),
    "date": (TREATMENT, changed("\t30\t58\t", "\t2012-02-02\t58\t"), "calendar date"),
    "data file": ("meta_timeline_status.txt", changed("data_timeline_status", "data_status"), "no such data file"),
    "other study": ("meta_study.txt", changed("liver_net_registry", "other"), "several studies"),
    "case list": ("case_lists/cases_all.txt", changed("case_list_ids: ", "case_list_ids: X"), "not the samples"),
}


def test_an_export_has_no_mistake(good: Path) -> None:
    assert check_study(good) == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_found(good: Path, tmp_path: Path, mistake: str) -> None:
    name, plant, found = MISTAKES[mistake]
    file = Path(shutil.copytree(good, tmp_path / "study")) / name
    before = file.read_text()
    file.write_text(plant(before))
    assert file.read_text() != before
    assert any(found in problem for problem in check_study(tmp_path / "study"))


def test_a_file_warehouse_exports_only_what_is_allowed(
    tmp_path: Path, templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = study_at(tmp_path / "registry.duckdb", templates).warehouse
    asked = ["export", "cbioportal", "--out", str(tmp_path / "out"), "--warehouse", url]
    for allowed in ("", "omop"):
        monkeypatch.setenv("EXPORTS", allowed)
        assert CliRunner().invoke(main, asked).stderr.startswith("REG-901")
        assert not (tmp_path / "out").exists()
    monkeypatch.setenv("EXPORTS", "omop, cbioportal")
    assert CliRunner().invoke(main, asked).stdout.startswith("3 treated patients")
    assert CliRunner().invoke(main, asked).stderr.startswith("REG-902")
    assert [file for file in (tmp_path / "out").rglob("*") if file.stat().st_mode & 0o027] == []


def test_an_account_without_grants_exports_nothing(templates: Templates, postgres_server: str, tmp_path: Path) -> None:
    url, name = templates.postgresql(postgres_server), f"reader_{os.getpid()}"
    with open_warehouse(url) as warehouse:
        warehouse.run(f"CREATE ROLE {name} LOGIN PASSWORD 'reading'")
    reader = sa.make_url(url).set(username=name, password="reading").render_as_string(hide_password=False)
    with pytest.raises(RegistryError) as raised:
        export_cbioportal(Settings("", reader, ""), tmp_path / "out")
    assert raised.value.code == "REG-901"
    assert not (tmp_path / "out").exists()
