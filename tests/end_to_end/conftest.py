"""The sample study through all steps in one process, once on each engine and in two orders of arrival."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from include.basics.settings import Settings
from include.definitions import contracts
from include.pipeline.derivation import derive_touched
from include.running.cli.run import run_steps
from include.study.sample import NIGHTS, PLANTED
from include.warehouse import open_warehouse
from tests.support.registry import Registry
from tests.support.tables import Rows, contents
from tests.support.warehouses import Templates

Current = dict[tuple[str, str], dict[str, Any]]


@dataclass
class Outcome:
    """What is there when all nights have arrived; patients derived and current planted rows after each arrival."""

    settings: Settings
    derived: list[int] = field(default_factory=list)
    current: dict[date, Current] = field(default_factory=dict)
    tables: dict[str, Rows] = field(default_factory=dict)

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        """The rows of a SELECT."""
        with open_warehouse(self.settings.warehouse) as warehouse:
            return [tuple(row) for row in warehouse.run_verbatim(select)]


@pytest.fixture(scope="session")
def on_duckdb(study: Path, tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Outcome:
    """Six nights in their order."""
    folder = tmp_path_factory.mktemp("on_duckdb")
    return run_nights(study, templates.duckdb(folder / "registry.duckdb"), folder, [[night] for night in NIGHTS])


@pytest.fixture(scope="session")
def on_postgresql(
    study: Path, tmp_path_factory: pytest.TempPathFactory, templates: Templates, postgres_server: str
) -> Outcome:
    """Six nights that arrive in another order: the history comes late, the last three nights before the second."""
    first, second, third, *last = NIGHTS
    folder = tmp_path_factory.mktemp("on_postgresql")
    return run_nights(study, templates.postgresql(postgres_server), folder, [[third], [first], [*last, second]])


def run_nights(study: Path, warehouse: str, folder: Path, arrivals: Sequence[Sequence[date]]) -> Outcome:
    """Deliver nights one after the other, or several at once; load and derive each time, refresh after two of them."""
    settings = Settings(str(folder / "extracts"), warehouse, str(folder / "landing"))
    outcome = Outcome(settings)
    for arrival in arrivals:
        for night in arrival:
            deliver(study, folder / "extracts", night)
        if arrival in (arrivals[1], arrivals[-1]):
            outcome.derived.append(run_steps(settings).patients_derived)
        with open_warehouse(warehouse) as opened:
            registry = Registry(opened, settings)
            if registry.load():
                outcome.derived.append(derive_touched(opened).patients)
            registry.check_conservation()
            outcome.current[arrival[-1]] = current_planted(registry)
    with open_warehouse(warehouse) as opened:
        outcome.tables = contents(opened)
    return outcome


def deliver(study: Path, extracts: Path, night: date) -> None:
    """Copy the files of one night."""
    for folder in study.glob(f"*/*/{night}"):
        shutil.copytree(folder, extracts / folder.relative_to(study), dirs_exist_ok=True)


def current_planted(registry: Registry) -> Current:
    """Feed and key of planted rows to their current version."""
    found: Current = {}
    for feed in {plant.feed for plant in PLANTED}:
        key = contracts.read(feed).key
        keys = ", ".join(f"'{plant.key}'" for plant in PLANTED if plant.feed == feed)
        select = f"SELECT * FROM clinical.{feed} WHERE version_state = 'current' AND {key} IN ({keys})"
        for row in registry.warehouse.run_verbatim(select).mappings():
            found[feed, row[key]] = dict(row)
    return found
