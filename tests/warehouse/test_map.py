"""The page include/sql/README.md is the map: every folder of SQL is on it, with the code that runs it."""

import pytest

from include.basics.settings import ROOT
from include.warehouse.sql import FOLDER

LINES = (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in LINES if line.startswith("|")][2:]


def test_every_folder_is_on_the_map_once() -> None:
    there = {file.parent.relative_to(FOLDER).as_posix() for file in FOLDER.glob("*/**/*.sql")}
    schemas = {file.parent.name for file in FOLDER.glob("*/manifest.yml")}

    assert sorted(row[0] for row in ROWS) == sorted(there | schemas)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_code_that_runs_a_folder_names_it(row: list[str]) -> None:
    folder, code, _ = row
    texts = [file.read_text(encoding="utf-8") for file in (ROOT / code).rglob("*.py")]

    assert any(f"{folder}/" in text or f"{folder}." in text or f'"{folder}"' in text for text in texts), code
