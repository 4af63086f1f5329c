"""Rows must not steer terminals or spreadsheets."""

import csv
import io

import pandas as pd
import pytest

from include.basics.errors import RegistryError
from include.basics.visible import spreadsheet, visible
from include.definitions.checking import Problem
from include.people.reporting import print_frame

STEERING = {
    "\x1b[31mRED": "\\x1b[31mRED",
    "a\x07\x00\x7f": "a\\x07\\x00\\x7f",
    "\x9b2J": "\\x9b2J",
    "two\nlines\r": "two\\nlines\\r",
    "\u202egpj.exe": "\\u202egpj.exe",
    "P\u200b1": "P\\u200b1",
    "é µ 万 ° – [red]": "é µ 万 ° – [red]",
}
CELLS = {
    "=1+1": "'=1+1",
    "+33 1": "'+33 1",
    "@SUM(A1)": "'@SUM(A1)",
    "-2+3": "'-2+3",
    "-5.2": "-5.2",
    "-1e-3": "-1e-3",
    "\t=1": "\\t=1",
    "＝1": "'＝1",
    "1=1": "1=1",
    "": "",
}


@pytest.mark.parametrize(("text", "shown"), STEERING.items())
def test_what_is_not_seen_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(("cell", "written"), CELLS.items())
def test_a_cell_is_no_formula(cell: str, written: str) -> None:
    assert spreadsheet(cell) == written


def test_an_error_shows_what_it_quotes_line_by_line() -> None:
    assert "\n  a\\x1b[2J.csv\n  b.csv" in str(RegistryError("REG-401", "Two files:\n  a\x1b[2J.csv\n  b.csv"))
    assert "\\x1b[31m" in str(Problem("reference/setting.csv", "line 2", "name", "'\x1b[31m' is none"))


def test_tables_and_csv_are_printed_so(capsys: pytest.CaptureFixture[str]) -> None:
    frame = pd.DataFrame({"=name": ["=1+1", "\x1b[2J[bold]x[/bold]"], "number": [-1.5, 2.0]})
    print_frame(frame)
    table = capsys.readouterr().out
    print_frame(frame, as_csv=True)
    printed = capsys.readouterr().out

    assert "\\x1b[2J[bold]x[/bold]" in table
    assert "\x1b" not in table + printed
    assert list(csv.reader(io.StringIO(printed))) == [
        ["'=name", "number"],
        ["'=1+1", "-1.5"],
        ["\\x1b[2J[bold]x[/bold]", "2.0"],
    ]
