"""Whatever is no fact is made again and compared: a changed cell anywhere is found."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.history import verify, world
from include.history.landed import check_landed
from include.history.verify import OF_THE_RUN, made_tables
from include.running.cli.commands import main
from include.warehouse import open_warehouse
from include.warehouse.tables import Table
from tests.history.conftest import DAY_3
from tests.support.extracts import row, send

CHANGES = {"text": "'changed'", "date": "DATE '1999-09-09'", "double": "-123.5", "integer": "-123", "boolean": "NULL"}


def change(settings: Settings, table: Table) -> bool:
    """Change one cell of a table from outside, if it has a row."""
    named = [column for column in table.columns if column.name not in OF_THE_RUN and column.type in CHANGES]
    column = next((column for column in named if column.name not in table.key), named[0])
    with open_warehouse(settings.warehouse) as warehouse:
        row_id = "rowid" if warehouse.is_duckdb else "ctid"
        changed = warehouse.run_verbatim(
            f'UPDATE {table.name} SET "{column.name}" = {CHANGES[column.type]} '
            f"WHERE {row_id} = (SELECT MIN({row_id}) FROM {table.name}) RETURNING 1"
        ).all()
    return bool(changed)


@pytest.mark.usefixtures("known_world")
def test_what_the_steps_made_is_what_the_facts_make(settings: Settings) -> None:
    assert verify(settings) == []


@pytest.mark.usefixtures("known_world")
def test_a_changed_cell_in_any_table_that_is_no_fact_is_found(settings: Settings) -> None:
    changed = {table.name for table in made_tables() if change(settings, table)}
    assert len(changed) > 60
    assert {"resolved.fate", "clinical.lifespan", "derived.graded_result", "marts.toxicity"} <= changed
    assert {difference.table for difference in verify(settings)} == changed


@pytest.mark.usefixtures("known_world")
def test_a_cell_that_counts_although_it_is_set_aside_is_found(settings: Settings) -> None:
    with open_warehouse(settings.warehouse) as warehouse:
        warehouse.run("UPDATE resolved.fate SET cells_aside = ',height_cm,' WHERE record_key = 'V1'")
    (difference,) = verify(settings)
    assert (difference.table, difference.rows) == ("resolved.fate", 2)


@pytest.mark.usefixtures("known_world")
def test_a_row_that_is_gone_is_told_by_its_key(settings: Settings) -> None:
    with open_warehouse(settings.warehouse) as warehouse:
        warehouse.run("DELETE FROM derived.treatment_session WHERE patient_id = 'P2'")
    (difference,) = verify(settings)
    assert (difference.table, difference.rows) == ("derived.treatment_session", 1)
    assert "S2" in str(difference.keys)


def test_while_something_is_to_be_done_nothing_is_compared(settings: Settings) -> None:
    with open_warehouse(settings.warehouse) as warehouse:
        warehouse.run("INSERT INTO ops.touched_patient (patient_id) VALUES ('P1')")
    with pytest.raises(RegistryError) as raised:
        verify(settings)
    assert raised.value.code == "REG-801"


def told(settings: Settings) -> tuple[int, str]:
    """What the command says."""
    places = ["--warehouse", settings.warehouse, "--landing", settings.landing]
    result = CliRunner().invoke(main, ["verify", *places])
    return result.exit_code, result.stdout


def damage(settings: Settings) -> str:
    """Change a byte of a landed copy; which load it is of."""
    landed = min(Path(settings.landing).rglob("*.csv"))
    content = landed.read_bytes()
    landed.write_bytes(content[:-3] + b"x" + content[-2:])
    return landed.stem


def test_damaged_and_missing_landed_copies_are_found(duckdb_settings: Settings) -> None:
    assert check_landed(duckdb_settings) == []
    gone = max(Path(duckdb_settings.landing).rglob("*.csv"))
    gone.unlink()
    changed = damage(duckdb_settings)
    found = {(one.load_id, one.is_missing) for one in check_landed(duckdb_settings)}
    assert found == {(gone.stem, True), (changed, False)}


@pytest.mark.usefixtures("known_world")
def test_the_command_names_tables_and_a_changed_or_missing_decision(settings: Settings) -> None:
    assert told(settings) == (0, "Everything is what the facts make.\n")
    first, second = sorted((Path(settings.landing) / "decisions").iterdir())
    content = first.read_text()
    first.chmod(0o600)
    first.write_text(content.replace("mg", "xy"))
    assert told(settings) == (1, f"journal of decisions: {first.name} is not the decision that was made\n")
    first.write_text(content)
    shutil.move(second, second.with_name("000000000007.json"))
    (landed,) = Path(settings.landing).rglob(f"{damage(settings)}.csv")
    exit_code, said = told(settings)
    assert (exit_code, said.count("journal of decisions")) == (1, 2)
    assert f"{landed} is not what was received\nREG-207: 1 landed copies" in said


@pytest.mark.usefixtures("known_world")
def test_a_verification_writes_nothing(settings: Settings) -> None:
    send(Path(settings.extracts), "visits", DAY_3, [row("visits", "V9")])
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        before = warehouse.run("SELECT step, generation FROM ops.step ORDER BY step").tuples().all()
    verify(settings)
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        assert warehouse.run("SELECT step, generation FROM ops.step ORDER BY step").tuples().all() == before


def test_a_night_meanwhile_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def world_and_a_night(settings: Settings) -> Iterator[Settings]:
        with world(settings) as made:
            with open_warehouse(settings.warehouse) as warehouse, warehouse.transaction():
                warehouse.count_step("load")
                warehouse.set_generation("refresh", warehouse.changes())
            yield made

    monkeypatch.setattr(import_module("include.history.verify"), "world", world_and_a_night)
    with pytest.raises(RegistryError) as raised:
        verify(settings)
    assert raised.value.code == "REG-801"
