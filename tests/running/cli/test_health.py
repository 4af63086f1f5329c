"""`./registry health` tells what is not well, and by its exit code whether anything is."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from include.basics.settings import Settings
from include.pipeline.marts.disclosure import NOTICE
from include.running.cli import health
from include.running.cli.commands import main
from include.running.cli.run import run_steps
from include.warehouse import open_warehouse
from tests.support.extracts import row, send
from tests.support.warehouses import Templates


def asked(warehouse: str) -> tuple[int, dict[str, bool], str]:
    """The exit code, which checks are well, and all that is said."""
    said = CliRunner().invoke(main, ["health", "--json", "--warehouse", warehouse])
    checks = json.loads(said.output)["checks"]
    return said.exit_code, {check["name"]: check["is_well"] for check in checks}, said.output


def test_a_registry_is_well_until_something_is_not(
    templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.of(str(tmp_path / "extracts"), templates.duckdb(tmp_path / "registry.duckdb"))
    today = datetime.now(UTC).date().isoformat()
    send(tmp_path / "extracts", "patients", today, [row("patients", "P1")])
    run_steps(settings)
    code, checks, said = asked(settings.warehouse)
    assert (code, all(checks.values()), NOTICE in said) == (0, True, True)
    monkeypatch.setenv("SMALL_CELL", "5")
    run_steps(settings)
    assert NOTICE not in asked(settings.warehouse)[2]
    assert {
        "warehouse",
        "marts",
        "small cells",
        "held files",
        "room for landing",
        "room for warehouse",
    } <= checks.keys()

    with monkeypatch.context() as patch:
        patch.setattr(health, "ENOUGH", 1 << 60)
        assert [name for name, is_well in asked(settings.warehouse)[1].items() if not is_well] == [
            "room for scratch",
            "room for landing",
            "room for warehouse",
        ]
    with open_warehouse(settings.warehouse) as warehouse:
        warehouse.count_step("derive")
        warehouse.run("UPDATE received.file SET batch_date = DATE '2020-01-01'")
    code, checks, _ = asked(settings.warehouse)
    late = next(name for name in checks if name.startswith("source ") and not checks[name])
    assert (code, [name for name, is_well in checks.items() if not is_well]) == (1, [late, "marts"])


def test_a_warehouse_that_is_not_there_is_told_by_its_code(tmp_path: Path) -> None:
    code, checks, said = asked(f"duckdb:///{tmp_path / 'none.duckdb'}")
    assert (code, checks["warehouse"], "REG-102" in said) == (1, False, True)
