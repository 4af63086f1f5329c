"""What the registry writes is for its owner and group alone, whatever the umask and an earlier version left."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from include.running.cli.commands import main
from tests.support.extracts import row, send
from tests.support.warehouses import Templates

NIGHT = "2020-01-01"


@pytest.fixture
def _open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_open_umask")
def test_warehouse_snapshot_landing_reports_and_figures_are_not_for_others(
    tmp_path: Path, templates: Templates
) -> None:
    send(tmp_path / "extracts", "patients", NIGHT, [row("patients")])
    data = tmp_path / "data"
    data.mkdir()
    url = templates.duckdb(data / "registry.duckdb")
    (data / "registry.duckdb").chmod(0o644)
    for command in (
        ["run", "--extracts", str(tmp_path / "extracts")],
        ["report", "--out", str(data / "reports")],
        ["docs", "--out", str(data / "docs")],
        ["figures", "--out", str(data / "figures")],
    ):
        assert CliRunner().invoke(main, [*command, "--warehouse", url]).exit_code == 0
    written = list(data.rglob("*"))
    assert {"registry.duckdb", "registry.marts.duckdb", "registry.landing", "reports", "docs"} <= {
        file.name for file in written
    }
    assert [file for file in written if file.stat().st_mode & 0o027] == []
    assert os.umask(0) == 0
