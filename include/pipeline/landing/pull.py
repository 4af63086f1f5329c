"""The pull step: new and replaced objects are copied to the landing area and entered in the ledger."""

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from math import ceil
from typing import Any

from include.basics.errors import CODES, RegistryError
from include.basics.settings import Settings, whole
from include.definitions import contracts
from include.definitions.sites import Site, right_sites
from include.pipeline.landing.land import Delivery, Landed, enter, land
from include.pipeline.landing.layout import Extract, parse, without_site
from include.pipeline.landing.not_pulled import NotPulled, note, problem_of, source_of
from include.pipeline.landing.places import OUT_OF_REACH, Item, Place, place
from include.pipeline.landing.sidecar import complete_sidecars
from include.pipeline.landing.site_limits import note_limits
from include.pipeline.mapping import WRONG_PROFILE, Plans
from include.warehouse import Warehouse, open_warehouse, prepare, utc_now
from include.warehouse.frames import append
from include.warehouse.tables import Table, read_table

ORDER = {feed: number for number, feed in enumerate(contracts.FEEDS)}
LEAST_FILES = 10
ENTERED_TOGETHER = 100
"""How many files are copied before they are entered: what a kill can leave to be copied again."""
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PullReport:
    """What a pull found.

    `waiting` are load ids to be loaded, `entered` counts new ledger rows, `not_pulled` is what was not copied.
    """

    waiting: list[str]
    entered: int
    not_pulled: list[NotPulled]

    @property
    def unrecognised(self) -> list[str]:
        """Paths that were left alone: no extracts, of a day to come, or links that lead elsewhere."""
        return [one.path for one in self.not_pulled if not one.is_missing]

    @property
    def unreadable(self) -> list[str]:
        """Paths that could not be copied; they are tried again by the next pull."""
        return [one.path for one in self.not_pulled if one.is_missing]


def pull(settings: Settings, source: str | None = None, through: date | None = None) -> list[str]:
    """Pull what is new; returns the load ids that wait, in the order in which they are best loaded."""
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        report = pull_new(warehouse, settings, source, through)
    _tell(report)
    return report.waiting


def _tell(report: PullReport) -> None:
    for code, files in sorted(Counter(one.code for one in report.not_pulled).items()):
        logger.warning("%s: %d files were not copied. %s", code, files, CODES[code])


def pull_batches(settings: Settings, source: str) -> list[list[str]]:
    """Pull what is new of a source; the load ids that wait, feed by feed, patients before what speaks of them.

    Many files of a feed are up to RECEIVERS batches (default 1), which as many workers receive at once.
    """
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)
        _tell(pull_new(warehouse, settings, source))
        waiting = sorted(_waiting(warehouse, source, None), key=lambda row: ORDER[row.feed])
    feeds = [[row.load_id for row in of_feed] for _, of_feed in groupby(waiting, key=lambda row: row.feed)]
    return [batch for of_feed in feeds for batch in _shared_out(of_feed)]


def _shared_out(load_ids: list[str]) -> Iterator[list[str]]:
    """Batches of neighbours, each large enough to be worth a task."""
    receivers = whole("RECEIVERS", 1, least=1)
    size = max(ceil(len(load_ids) / receivers), min(len(load_ids), LEAST_FILES))
    for start in range(0, len(load_ids), size):
        yield load_ids[start : start + size]


def pull_new(
    warehouse: Warehouse, settings: Settings, source: str | None = None, through: date | None = None
) -> PullReport:
    """The same on an open warehouse; `source` and `through` (a batch date) narrow what is pulled.

    What lies in no department's folder is looked at whatever the source; new files of a site whose profile is wrong
    are not copied. Raises RegistryError, one of `OUT_OF_REACH`, when the extracts cannot be listed, which it notes.
    """
    sites, wrong = right_sites()
    extracts, landing = place(settings.extracts), place(settings.landing)
    complete_sidecars(warehouse, landing)
    note_profiles(warehouse, sites, wrong)
    note_limits(warehouse, sites, wrong)
    known = _known(warehouse)
    of_wrong = {(one.site, latest.fingerprint) for one, latest in known.items() if one.site in wrong}
    landed: list[Landed] = []
    entered = 0
    refused: list[NotPulled] = []
    try:
        for item, extract in _extracts(extracts, source, through, sites):
            code = problem_of(item, extract)
            if site := without_site(item.path, wrong)[0]:
                code = "" if (site, item.mark) in of_wrong else WRONG_PROFILE
            latest = known.get(replace(extract, export="")) if extract else None
            if extract and not code and not _is_known(latest, item, extract):
                try:
                    landed.append(land(extracts, landing, item, extract, latest, sites.get(extract.site)))
                except RegistryError as error:
                    code = error.code
            if code:
                refused.append(NotPulled.of(item.path, extract, code, {*sites, *wrong}))
            if len(landed) == ENTERED_TOGETHER:
                entered += enter(warehouse, landed)
                landed = []
    except RegistryError as error:
        if error.code in OUT_OF_REACH:
            note(warehouse, [*refused, NotPulled.of(".", None, error.code)], source, through)
        raise
    finally:
        entered += enter(warehouse, landed) if landed else 0
    note(warehouse, refused, source, through)
    return PullReport(waiting_loads(warehouse, source, through), entered, refused)


def _is_known(latest: Delivery | None, item: Item, extract: Extract) -> bool:
    return latest is not None and latest.fingerprint == item.mark and latest.is_of(extract.export)


def note_profiles(warehouse: Warehouse, sites: Mapping[str, Site], wrong: Collection[str] = ()) -> None:
    """Note what profiles say of exports and columns; that of wrong profiles stays.

    What was read by another version of an export is due again.
    """
    versions = {(plan.site.site, plan.export.title, plan.feed, plan.version) for plan in Plans(sites).all()}
    changes = {
        (name, one.feed, one.column, one.valid_from, one.decided_by)
        for name, site in sites.items()
        for one in site.changed_columns
    }
    for table, found in (("profile", versions), ("changed_column", changes)):
        _note_profiles(warehouse, read_table("ops", table), found, wrong)


def _note_profiles(warehouse: Warehouse, table: Table, found: Set[tuple[Any, ...]], wrong: Collection[str]) -> None:
    """Keep rows of which the first column is the site."""
    known = set(warehouse.run(f"SELECT {table.column_names} FROM {table.name}").tuples())
    wanted = found | {row for row in known if row[0] in wrong}
    if wanted == known:
        return
    names = [column.name for column in table.columns]
    with warehouse.transaction():
        warehouse.run(f"DELETE FROM {table.name}")
        append(warehouse, table.name, [dict(zip(names, row, strict=True)) for row in sorted(wanted)])


def waiting_loads(warehouse: Warehouse, source: str | None = None, through: date | None = None) -> list[str]:
    """Ids of the loads that are due: oldest batch first, patients before what speaks of them."""
    found = _waiting(warehouse, source, through)
    return [row.load_id for row in sorted(found, key=lambda row: (row.batch_date, ORDER[row.feed]))]


def _waiting(warehouse: Warehouse, source: str | None, through: date | None) -> Sequence[Any]:
    return warehouse.run_file("ops/received_loads", source=source, through=through).all()


def _known(warehouse: Warehouse) -> dict[Extract, Delivery]:
    """The latest content of each extract, whatever export took it then."""
    return {
        Extract(row.source, row.feed, row.batch_date, row.file_name, row.site): Delivery(
            row.load_id, row.delivery, row.fingerprint, row.sha256, row.export, row.is_held
        )
        for row in warehouse.run_file("ops/latest_deliveries")
    }


def _extracts(
    extracts: Place, source: str | None, through: date | None, sites: Mapping[str, Site]
) -> Iterator[tuple[Item, Extract | None]]:
    """What lies there, with each extract that it is; what is none with nothing."""
    today = utc_now().date()
    for item in extracts.list():
        found = parse(item.path, today, sites)
        for extract in found:
            if not (through and extract.batch_date > through) and source in (extract.source, None):
                yield item, extract
        if not found and (source is None or source_of(item.path, sites) in (source, None)):
            yield item, None
