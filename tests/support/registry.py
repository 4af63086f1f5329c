"""A registry to try the steps on: extracts in a folder, a warehouse that is ready, the steps as methods."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from include.basics.settings import Settings
from include.definitions.contracts import FEEDS, read
from include.definitions.contracts.feed_sql import of_feed
from include.pipeline.derivation import derive_touched
from include.pipeline.landing import PullReport, pull_new
from include.pipeline.marts import refresh_stale
from include.pipeline.receiving import LoadReport
from include.pipeline.receiving.loads import load_landed
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.sql import render
from tests.support import extracts
from tests.support.extracts import Row, row
from tests.support.warehouses import Templates, copy_of

OF_KNOWN_PATIENTS = [feed for feed in FEEDS if feed not in ("patients", "merges")]
ROWS = "rows_received, rows_loaded + rows_updated + rows_unchanged + rows_quarantined + rows_waiting"


Sent = tuple[str, str, Row]
"""A row that is sent: its feed, the day of its extract, its cells."""


class Registry:
    """An open warehouse with a folder of extracts and one of landed files."""

    def __init__(self, warehouse: Warehouse, settings: Settings) -> None:
        self.warehouse = warehouse
        self.settings = settings
        self.extracts = Path(settings.extracts)

    def send(self, feed: str, day: str, *rows: Row, name: str = "a.csv") -> Path:
        """Write an extract."""
        return extracts.send(self.extracts, feed, day, rows, name)

    def put(self, feed: str, day: str, content: bytes, name: str = "a.csv") -> Path:
        """Write an extract of bytes."""
        return extracts.put(self.extracts, feed, day, content, name)

    def pull(self, **narrowed: Any) -> PullReport:
        """Pull what is new."""
        return pull_new(self.warehouse, self.settings, **narrowed)

    def load(self) -> list[LoadReport]:
        """Pull and load; no row is lost."""
        reports, failed = load_landed(self.warehouse, self.pull().waiting)
        assert failed == {}
        self.check_conservation()
        return reports

    def reload(self, load_id: str) -> LoadReport:
        """Receive a load again, if it is due."""
        ((report,), failed) = load_landed(self.warehouse, [load_id])
        assert failed == {}
        return report

    def deliver(self, feed: str, day: str, *rows: Row, name: str = "a.csv") -> LoadReport:
        """Send one file and load it."""
        self.send(feed, day, *rows, name=name)
        (report,) = self.load()
        return report

    def deliver_in_turn(self, *histories: Iterable[Sent]) -> None:
        """Load what each history has first, then what each has second, and so on; none speaks of another's rows."""
        for turn, sent in enumerate(zip_longest(*histories), start=1):
            files: dict[tuple[str, str], list[Row]] = {}
            for feed, day, cells in filter(None, sent):
                files.setdefault((feed, day), []).append(cells)
            for (feed, day), rows in files.items():
                self.send(feed, day, *rows, name=f"{turn}.csv")
            self.load()

    def finish(self) -> None:
        """Load, derive and refresh what there is to do."""
        self.load()
        derive_touched(self.warehouse)
        refresh_stale(self.warehouse)

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        """The rows of a SELECT."""
        return [tuple(row) for row in self.warehouse.run_verbatim(select)]

    def states(self, feed: str, columns: str) -> list[tuple[Any, ...]]:
        """The versions of a feed: some columns and the state of each."""
        return self.rows(f"SELECT {columns}, version_state FROM clinical.{feed} ORDER BY {columns}, version_state")

    def quarantine(self, columns: str = "record_key, rule_ids, state") -> list[tuple[Any, ...]]:
        """Rows in quarantine."""
        return self.rows(f"SELECT {columns} FROM quarantine.record ORDER BY {columns}")

    def counts(self, day: str, feed: str, name: str = "a.csv") -> dict[str, int]:
        """What became of a file's rows, as the ledger has it now; zeros are left out."""
        fates = ("loaded", "updated", "unchanged", "quarantined", "waiting")
        columns = ", ".join(f"rows_{fate}" for fate in fates)
        (found,) = self.rows(
            f"SELECT {columns} FROM ops.load WHERE state <> 'superseded' "
            f"AND feed = '{feed}' AND batch_date = '{day}' AND file_name = '{name}'"
        )
        return {fate: count for fate, count in zip(fates, found, strict=True) if count}

    def check_conservation(self) -> None:
        """Every load: received = loaded + updated + unchanged + quarantined + waiting, none of them negative.

        Records and what they have are counted as they are in the record, and what counts as it is read.
        """
        for load_id, state, received, accounted, least in self.rows(
            f"SELECT load_id, state, {ROWS}, "
            "LEAST(rows_loaded, rows_updated, rows_unchanged, rows_quarantined, rows_waiting) "
            "FROM ops.load WHERE finished_at IS NOT NULL"
        ):
            assert received == accounted, (load_id, state, received, accounted)
            assert least >= 0, (load_id, state)
        of_record = "version_state = 'current' AND status <> 'cancelled'"
        counts = {(feed, "duplicates"): f"{of_record}" for feed in OF_KNOWN_PATIENTS}
        for feed in OF_KNOWN_PATIENTS:
            for item in read(feed).key_items:
                has = f"{of_record} AND {item.when} AND {item.name} IS NOT NULL"
                counts[feed, f"completeness_{item.name}"] = has
        here = " UNION ALL ".join(
            f"SELECT '{feed}', '{indicator}', COUNT(*) FROM clinical.{feed} WHERE {which}"
            for (feed, indicator), which in counts.items()
        )
        told = (
            "SELECT feed, indicator, SUM(CASE WHEN kind = 'duplicates' THEN denominator ELSE numerator END) "
            "FROM ops.indicator_count GROUP BY feed, indicator"
        )
        known = {(feed, indicator): int(count) for feed, indicator, count in self.rows(told)}
        for feed, indicator, count in self.rows(here):
            assert known.get((feed, indicator), 0) == count, (feed, indicator)
        for feed in OF_KNOWN_PATIENTS:
            ((counted,),) = self.rows(render("validation/count_current", of_feed(feed, is_duckdb=True)))
            assert [(counted or 0,)] == self.rows(f"SELECT COUNT(*) FROM clinical.current_{feed}"), feed


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Registry]:
    """A registry on a prepared warehouse, its folders below `folder`."""
    (folder / "extracts").mkdir(parents=True, exist_ok=True)
    with open_warehouse(url) as warehouse:
        yield Registry(warehouse, Settings(str(folder / "extracts"), url, str(folder / "landing")))


def prepared(request: pytest.FixtureRequest, templates: Templates, folder: Path, server: str | None = None) -> str:
    """The URL of a prepared warehouse, empty or with the patients of the mark `announced`: on the server, or in a file.

    Their extract, `patients.csv` of the first day of 2020, is not among those of the test.
    """
    marker = request.node.get_closest_marker("announced")
    file = folder / "registry.duckdb"
    if not marker or not marker.args:
        return templates.new(file, server)
    name = f"announced-{'-'.join(marker.args)}-{'postgresql' if server else 'duckdb'}"
    patients = [row("patients", patient_id) for patient_id in marker.args]

    def announce() -> str:
        (templates.folder / name).mkdir(exist_ok=True)
        url = templates.new(templates.folder / f"{name}.duckdb", server)
        with opened(url, templates.folder / name) as ready:
            ready.deliver("patients", "2020-01-01", *patients, name="patients.csv")
        return url

    return copy_of(templates.once(name, announce), file, server)


@pytest.fixture
def registry(prepared_url: str, tmp_path: Path) -> Iterator[Registry]:
    """A registry, once on each engine."""
    with opened(prepared_url, tmp_path) as ready:
        yield ready


@pytest.fixture
def duckdb_registry(request: pytest.FixtureRequest, tmp_path: Path, templates: Templates) -> Iterator[Registry]:
    """A registry on DuckDB, for what does not depend on the engine."""
    with opened(prepared(request, templates, tmp_path), tmp_path) as ready:
        yield ready
