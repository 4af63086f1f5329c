"""What names nothing that there is, is refused: an empty answer would say that all is well."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from include.running.cli.commands import main
from include.warehouse import open_warehouse
from tests.support.ledger import deliver
from tests.support.warehouses import Templates

WRONG = [
    "rules --feed vists",
    "docs --out out --loads -1",
    "docs --out out --loads 0",
    "show ops.load --limit -1",
    "quarantine list --limit 0",
    "quarantine list --offset -1",
    "quarantine list --feed vists",
    "quarantine list --source labratory",
    "quarantine list --rule visits.ecog.imposible",
    "quarantine list --row 0",
    "quarantine replay --feed vists",
    "quarantine replay --rule visits.ecog.imposible",
    "quarantine reject --source labratory --reason x",
    "batch list --limit 0",
    "batch list --offset -1",
]
RIGHT = [
    "rules --feed file",
    "show ops.load --limit 0",
    "quarantine list --source laboratory --feed results --rule results.value.impossible --limit 1 --offset 0",
    "quarantine list --rule file.row.unreadable",
    "batch list --limit 1 --offset 0",
]


@pytest.fixture
def url(tmp_path: Path, templates: Templates) -> str:
    """A warehouse with a night."""
    made = templates.duckdb(tmp_path / "registry.duckdb")
    with open_warehouse(made) as warehouse:
        deliver(warehouse, "L1", date(2020, 1, 1), "loaded", 1, 1)
        deliver(warehouse, "L2", date(2020, 1, 2), "superseded", 1)
    return made


def run(url: str, *arguments: str) -> Result:
    """Run a command on the warehouse."""
    return CliRunner(env={"WAREHOUSE": url}).invoke(main, arguments)


@pytest.mark.parametrize("command", WRONG)
def test_wrong_usage(url: str, command: str) -> None:
    result = run(url, *command.split())

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Invalid value for" in result.stderr


@pytest.mark.parametrize("command", RIGHT)
def test_right_usage(url: str, command: str) -> None:
    result = run(url, *command.split())

    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("night", ["1999-01-01", "2020-01-02"])
def test_a_night_that_there_is_not_has_no_report(url: str, tmp_path: Path, night: str) -> None:
    out = tmp_path / "out"

    result = run(url, "report", "--out", str(out), "--date", night)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"REG-107: There is no night {night}.")
    assert not out.exists()


def test_a_night_that_there_is_has_a_report(url: str, tmp_path: Path) -> None:
    result = run(url, "report", "--out", str(tmp_path), "--date", "2020-01-01", "--format", "json")

    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'validation-2020-01-01.json'}\n")
    assert result.stderr == "Rules and indicators are those of marts older than the record: ./registry run.\n"
