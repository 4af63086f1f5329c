"""What any export of a file calls personal is in no landed copy of it."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from include.definitions.checking.sites import check_profile
from include.definitions.sites import Site
from include.pipeline.landing.personal import without_personal

VISITS = {"feed": "visits", "files": "{date}/a.*", "personal": ["Nom"]}


def site(*exports: dict[str, Any]) -> Site:
    return Site.model_validate({"site": "chx", "patients": "local", "exports": exports})


def landed(of: Site, file: Path, path: str) -> list[bytes]:
    """The copy that each export keeps."""
    content = file.read_bytes()
    copies = []
    for export in of.exports:
        file.write_bytes(content)
        copies.append(without_personal(file, of, export, path, file.suffix).read_bytes())
    return copies


@pytest.mark.parametrize("files", ["{date}/a.*", "{date}/*.csv"])
def test_one_export_says_it_for_all_that_take_the_file(tmp_path: Path, files: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text("IPP,nom\n7,Dupont\n")

    copies = landed(site(VISITS, {"feed": "exams", "files": files}), file, "2020-01-01/a.csv")

    assert copies == [b"IPP,nom\n7,\n"] * 2


def test_of_another_sheet_it_goes_unless_the_export_reads_it(tmp_path: Path) -> None:
    file, book = tmp_path / "a.xlsx", openpyxl.Workbook()
    for title, name in (("V", "Dupont"), ("E", "Durand"), ("L", "Lesion")):
        sheet = book.create_sheet(title)
        sheet.append(["IPP", "Nom"])
        sheet.append(["7", name])
    book.save(file)
    base = {"files": "{date}/a.*", "format": "excel"}
    exams = {**base, "feed": "exams", "dialect": {"sheet": "E"}}
    lesions = {**base, "feed": "lesions", "dialect": {"sheet": "L"}, "columns": {"lesion_id": "Nom"}}

    copies = landed(site({**VISITS, **base, "dialect": {"sheet": "V"}}, exams, lesions), file, "2020-01-01/a.xlsx")

    assert not any(name in copy for copy in copies for name in (b"Dupont", b"Durand"))
    assert [b"Lesion" in copy for copy in copies] == [False, False, True]


def test_a_column_that_another_export_calls_personal_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "chx.yml"
    exams = {"feed": "exams", "files": "{date}/a.*", "columns": {"exam_id": "Nom"}}
    file.write_text(site(VISITS, exams).model_dump_json(by_alias=True, exclude_unset=True))

    assert "Nom is personal" in " ".join(str(problem) for problem in check_profile(file)[1])
