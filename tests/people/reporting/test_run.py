"""What a run prints of the files that it received."""

import pytest

from include.basics.settings import Settings
from include.people.reporting import print_run
from include.pipeline.receiving import LoadReport
from include.running.cli.run import RunReport

SETTINGS = Settings.of("extracts", "duckdb:///registry.duckdb")


def load(number: int, site: str, state: str = "loaded") -> LoadReport:
    held = ("A column is missing.", "REG-203") if state == "held" else (None, None)
    counts = (number, number, 0, 0, 0, 0, 0) if state == "loaded" else (0,) * 7
    return LoadReport(f"load{number}", site, "results", "2023-05-01", state, *held, 0, *counts, None)


def printed(capsys: pytest.CaptureFixture[str], *loads: LoadReport) -> list[list[str]]:
    print_run(RunReport(SETTINGS, list(loads), {}, [], [], 3, 40, False), as_json=False)
    lines = capsys.readouterr().out.splitlines()
    return [[cell.strip() for cell in line.strip("│┃").split("│" if "│" in line else "┃")] for line in lines]


def test_a_run_adds_up_the_files_of_a_feed(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(capsys, load(20, ""), load(300, ""), load(0, "", "held"))
    assert ["2023-05-01", "results", "320", "320", "0", "0", "0", "0", "0", "1"] in told
    assert "site" not in told[2]


def test_a_run_tells_sites_apart(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(capsys, load(20, "lyon"), load(300, ""), load(5, "lyon"))
    assert [row[:4] for row in told if row[0] == "2023-05-01"] == [
        ["2023-05-01", "", "results", "300"],
        ["2023-05-01", "lyon", "results", "25"],
    ]
