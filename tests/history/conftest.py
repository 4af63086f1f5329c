"""A small registry with every fate, on each engine."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from shutil import copyfile, copytree

import pytest

from include.basics.scratch import scratch
from include.basics.settings import Settings
from include.history import world
from include.history.journal import write_journal
from include.people.decisions import Selection, override_records, reject_records
from include.running.cli.run import run_steps
from include.warehouse import open_warehouse
from tests.support.extracts import row, send
from tests.support.warehouses import Templates, copy_of

DAY_1, DAY_2, DAY_3 = "2020-01-01", "2020-01-02", "2020-01-03"


@pytest.fixture(scope="package", autouse=True)
def _worlds_are_copies(templates: Templates) -> Iterator[None]:
    """A world is made in a copy of a prepared warehouse: to prepare each anew would take seconds."""

    @contextmanager
    def scratch_with_world() -> Iterator[Path]:
        with scratch() as folder:
            templates.duckdb(folder / "world.duckdb")
            yield folder

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("include.history.world"), "scratch", scratch_with_world)
        yield


@pytest.fixture(params=["duckdb", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path, templates: Templates) -> Settings:
    """A registry after three days, two of which bring decisions, once on each engine."""
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    return copied_registry(tmp_path, templates, server)


@pytest.fixture
def duckdb_settings(tmp_path: Path, templates: Templates) -> Settings:
    """The same on DuckDB, for what does not depend on the engine."""
    return copied_registry(tmp_path, templates)


@pytest.fixture
def known_world(settings: Settings, templates: Templates, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets `verify` compare with a world of the registry that was made before: its facts stay as they were."""

    def make() -> str:
        kept = templates.folder / f"world-{engine}.duckdb"
        with world(settings) as made:
            copyfile(made.warehouse.removeprefix("duckdb:///"), kept)
        return str(kept)

    engine = settings.warehouse.partition(":")[0]
    mine = Path(settings.landing).with_name("world.duckdb")
    copyfile(templates.once(f"world-{engine}", make), mine)
    known = replace(settings, warehouse=f"duckdb:///{mine}")
    monkeypatch.setattr(import_module("include.history.verify"), "world", lambda _: nullcontext(known))


def copied_registry(folder: Path, templates: Templates, server: str | None = None) -> Settings:
    """A copy of the registry after three days: on the PostgreSQL server, else on DuckDB."""
    engine = "postgresql" if server else "duckdb"
    kept = templates.folder / f"three-days-{engine}"
    url = templates.once(f"three-days-{engine}", lambda: make_registry(kept, templates, server))
    for part in ("extracts", "landing"):
        copytree(kept / part, folder / part)
    copy = copy_of(url, folder / "registry.duckdb", server)
    made = Settings(str(folder / "extracts"), copy, str(folder / "landing"))
    with open_warehouse(made.warehouse) as warehouse:
        moved = "UPDATE received.file SET landing_uri = REPLACE(landing_uri, :kept, :folder)"
        warehouse.run(moved, kept=str(kept), folder=str(folder))
    return made


def make_registry(folder: Path, templates: Templates, server: str | None) -> str:
    """Run the three days; returns the warehouse's URL."""
    folder.mkdir(exist_ok=True)
    url = templates.new(folder / "registry.duckdb", server)
    made = Settings(str(folder / "extracts"), url, str(folder / "landing"))
    fill(Path(made.extracts))
    run_steps(made)
    with open_warehouse(made.warehouse) as warehouse:
        override_records(warehouse, Selection(record_key="L2"), "mg", "as the laboratory says")
        reject_records(warehouse, Selection(record_key="L6"), "mg", "of another person")
        write_journal(warehouse, made)
    run_steps(made)
    return url


def fill(extracts: Path) -> None:
    """Three days of extracts; two ids of a patient are merged on the third."""
    dead = {"visit_date": "2013-05-01", "vital_status": "dead", "death_date": "2013-05", "death_cause": "tumour"}
    send(
        extracts,
        "patients",
        DAY_1,
        [row("patients", diagnosis_date="2010"), row("patients", "P2", birth_date="1960-01-01")],
    )
    send(extracts, "procedures", DAY_1, [row("procedures", "S1"), row("procedures", "S2", patient_id="P2")])
    results = [row("results", "L1"), row("results", "L2", value="90000"), row("results", "L3", patient_id="P3")]
    send(extracts, "results", DAY_1, [*results, *(row("results", key, value="haemolysed") for key in ("L4", "L6"))])
    late = row("results", "L5", patient_id="P2", collected_at="2014-01-02")
    send(extracts, "results", DAY_2, [row("results", "L1", value="40", status="corrected"), late])
    send(
        extracts,
        "visits",
        DAY_2,
        [row("visits", "V1", height_cm="tall", ecog="9"), row("visits", "V2", patient_id="P2", **dead)],
    )
    send(extracts, "patients", DAY_3, [row("patients", "P3", sex="male")])
    send(extracts, "merges", DAY_3, [row("merges", merged_patient_id="P4", surviving_patient_id="P3")])
    send(extracts, "visits", DAY_3, [row("visits", "V3", patient_id="P4", visit_date="2012-05-01")])
    send(extracts, "results", DAY_3, [row("results", "L4"), row("results", "L1", value="40", status="corrected")])
