"""Reference limits of the sites' laboratories: the profiles' lists as a table."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from include.basics.settings import sites_folder
from include.definitions.checking.limit_units import doubts_of
from include.definitions.checking.problem import name_of
from include.definitions.checking.site_limits import check_limits
from include.definitions.sites import Site
from include.warehouse import Warehouse, utc_now
from include.warehouse.frames import append


def note_limits(warehouse: Warehouse, sites: Mapping[str, Site], wrong: Collection[str] = ()) -> None:
    """Note the limits; when they are others than before, patients with such results are derived again.

    Those of the sites whose profile is wrong stay. A line that is doubtful is noted with the doubt, and not used.
    """
    noted = [dict(row) for row in warehouse.run("SELECT * FROM ops.site_limit").mappings()]
    since = {_told(row): row["noted_on"] for row in noted}
    found = [*_limits(sites), *(row for row in noted if row["site"] in wrong)]
    today = utc_now().date()
    rows = [{**row, "noted_on": since.get(_told(row), today)} for row in found]
    if _compared(rows) == _compared(noted):
        return
    with warehouse.transaction():
        if {_told(row) for row in rows} == since.keys():
            _replace(warehouse, rows)
            return
        warehouse.run_file("derivation/touch_limited")
        _replace(warehouse, rows)
        warehouse.run_file("derivation/touch_limited")
        warehouse.count_step("clinical.results")


def _replace(warehouse: Warehouse, rows: list[dict[str, Any]]) -> None:
    warehouse.run("DELETE FROM ops.site_limit")
    append(warehouse, "ops.site_limit", rows)


def _compared(rows: list[dict[str, Any]]) -> set[frozenset[tuple[str, Any]]]:
    return {frozenset(row.items()) for row in rows}


def _told(row: dict[str, Any]) -> frozenset[tuple[str, Any]]:
    """What a line says, wherever it stands."""
    return frozenset((name, value) for name, value in row.items() if name not in ("line_number", "noted_on"))


def _limits(sites: Mapping[str, Site]) -> Iterator[dict[str, Any]]:
    for name, site in sites.items():
        if site.limits:
            file = sites_folder() / name / site.limits
            limits = check_limits(file)[0]
            doubts = doubts_of(limits)
            for limit in limits:
                yield {"site": name, "file": name_of(file), "doubt": doubts.get(limit.line_number), **asdict(limit)}
