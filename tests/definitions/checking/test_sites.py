"""`./registry check` names what is wrong with the profiles of sites, wherever SITES says that they are."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from include.definitions.checking import read
from include.running.cli.commands import main

LOCAL = "patients: local\n"
EXPORT = f"site: south\n{LOCAL}exports: [{{feed: visits, files: '%s', format: %s, dialect: {{ignored_lines: '%s'}}}}]\n"


@pytest.fixture
def sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder SITES, with the profile of one hospital."""
    folder = tmp_path / "sites"
    folder.mkdir()
    monkeypatch.setenv("SITES", str(folder))
    (folder / "north.yml").write_text(f"site: north\n{LOCAL}")
    return folder


def test_a_right_profile_is_counted(sites: Path) -> None:
    found = read()

    assert (found.problems, found.counts["site profiles"]) == ([], 1)


OF_COLUMN = (
    f"site: south\n{LOCAL}exports:\n"
    "  - feed: results\n    files: '{date}/*'\n    format: %s\n    columns: {value: %s}\n"
)
CHANGED = f"site: south\n{LOCAL}changed_columns:\n  - {{feed: %s, valid_from: %s, decided_by: %s}}\n"


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("south.yml", f"site: south\n{LOCAL}colour: red\n", "colour: is not known here"),
        ("south.yml", "site: south\npatients: ours\n", "patients: 'ours' is none of local, registry"),
        ("south.yml", f"site: north\n{LOCAL}", "site: has to be south, the file's name"),
        ("North.yml", f"site: North\n{LOCAL}", "site: North.yml is a profile of it already: keep one"),
        ("north.yaml", f"site: north\n{LOCAL}", "is read by nobody: call it north.yml"),
        ("south.yml", EXPORT % ("{date}.csv", "csv", "^(Total|)"), "fits an empty line"),
        ("south.yml", EXPORT % ("{date}.xlsx", "excel", "^Total"), "dialect.ignored_lines: is for csv"),
        ("south.yml", EXPORT % ("{part}_{part}_{date}.csv", "csv", "^Total"), "names {part} more than once"),
        ("south.yml", OF_COLUMN % ("csv", "{from: [A, {first: [B]}]}"), "columns.value.from.1: has to be one text"),
        ("south.yml", OF_COLUMN % ("csv", '{from: A, group: ","}'), "has group marks and no decimal sign"),
        ("south.yml", OF_COLUMN % ("csv", '{from: A, decimal: ",.", group: "."}'), "value.group: is a decimal sign"),
        ("south.yml", OF_COLUMN % ("csv", "A") + "    dialect: {decimal: ',.', group: ','}\n", "dialect.group: is a"),
        ("south.yml", OF_COLUMN % ("excel", '{from: A, decimal: ","}'), "value.decimal: is for csv"),
        ("south.yml", OF_COLUMN % ("csv", "A") + "    dates: {first_year: 1850}\n", "is no year from 1901"),
        ("south.yml", OF_COLUMN % ("csv", "A") + "    dialect: {names: label}\n", "dialect.names: is for xpt"),
        (
            "south.yml",
            CHANGED % ("results, column: colour", "2026-03-01", "me"),
            "results.colour: is no column of a feed",
        ),
        ("south.yml", CHANGED % ("sheets, column: unit", "2026-03-01", "me"), "sheets.unit: is no column of a feed"),
        ("south.yml", CHANGED % ("results, column: unit", "1.3.2026", "me"), "is not a date YYYY-MM-DD"),
        ("south.yml", CHANGED % ("results, column: unit", "2026-03-01", '""'), "changed_columns.0.decided_by"),
        (
            "south.yml",
            CHANGED % ("results, column: unit", "2026-03-01", "me")
            + CHANGED.splitlines()[-1] % ("results, column: unit", "2026-04-01", "me"),
            "results.unit: is told twice",
        ),
        ("clinic.yml", f"site: clinic\n{LOCAL}", "site: is taken: no site is called clinic, laboratory"),
    ],
)
def test_a_wrong_profile_is_named(sites: Path, file: str, text: str, told: str) -> None:
    (sites / file).write_text(text)

    said = [str(problem) for problem in read().problems]

    assert [one for one in said if one.startswith("sites/") and told in one], said


def test_a_second_profile_of_a_site_is_told_beside_its_name(sites: Path) -> None:
    (sites / "south.yml").write_text(f"site: north\n{LOCAL}")

    assert [str(problem) for problem in read().problems] == [
        "sites/south.yml: site: has to be south, the file's name [REG-401]",
        "sites/south.yml: site: north.yml is a profile of it already: keep one [REG-401]",
    ]


def test_the_command_names_a_folder_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITES", str(tmp_path / "nowhere"))
    monkeypatch.setattr("include.definitions.checking.running.check_running", lambda _: [])  # takes five seconds

    said = CliRunner().invoke(main, ["check"])

    assert (said.exit_code, f"{tmp_path}/nowhere: is no folder: correct SITES [REG-401]" in said.stdout) == (1, True)
