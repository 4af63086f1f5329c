"""Exit codes of a run, and the version."""

import re
from pathlib import Path

from click.testing import CliRunner

from include.running.cli.commands import main
from tests.support.extracts import row, send
from tests.support.warehouses import Templates

DAY = "2020-01-01"


def test_a_held_file_fails_a_strict_run_alone(templates: Templates, tmp_path: Path) -> None:
    extracts, places = tmp_path / "extracts", ["--warehouse", templates.duckdb(tmp_path / "registry.duckdb")]
    send(extracts, "patients", DAY, [row("patients", "P1")], "a.csv")
    run = ["run", "--extracts", str(extracts), *places]
    assert CliRunner().invoke(main, [*run, "--strict"]).exit_code == 0

    values = ["30"] * 15 + ["haemolysed"] * 6
    send(extracts, "results", DAY, [row("results", f"L{n}", value=value) for n, value in enumerate(values)], "a.csv")
    strict = CliRunner().invoke(main, [*run, "--strict"])
    assert (strict.exit_code, "REG-117" in strict.output) == (1, True)

    send(extracts, "results", DAY, [row("results", f"M{n}", value=value) for n, value in enumerate(values)], "b.csv")
    assert CliRunner().invoke(main, run).exit_code == 0


def test_the_version_tells_code_and_schema() -> None:
    said = CliRunner().invoke(main, ["--version"]).output
    assert re.fullmatch(r"code_version [0-9a-f]{12}\nschema_version [0-9a-f]{12}\n", said)
