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
from include.warehouse.tables import read_table


def note_limits(warehouse: Warehouse, sites: Mapping[str, Site], wrong: Collection[str] = ()) -> None:
    """Note the limits; when they are others than before, patients with such results are derived again.

    Those of the sites whose profile is wrong stay. A line that is doubtful is noted with the doubt, and not used.
    """
    columns = [column.name for column in read_table("ops", "site_limit").columns if column.name != "noted_on"]
    noted = warehouse.run(f"SELECT noted_on, {', '.join(columns)} FROM ops.site_limit").mappings().all()
    since = {tuple(row[name] for name in columns): row["noted_on"] for row in noted}
    found = [tuple(row[name] for name in columns) for row in _limits(sites)]
    found += [row for row in since if row[columns.index("site")] in wrong]
    if {*found} == since.keys():
        return
    today = utc_now().date()
    rows = [{**dict(zip(columns, row, strict=True)), "noted_on": since.get(row, today)} for row in found]
    with warehouse.transaction():
        warehouse.run_file("derivation/touch_limited")
        warehouse.run("DELETE FROM ops.site_limit")
        append(warehouse, "ops.site_limit", rows)
        warehouse.run_file("derivation/touch_limited")
        warehouse.count_step("clinical.results")


def _limits(sites: Mapping[str, Site]) -> Iterator[dict[str, Any]]:
    for name, site in sites.items():
        if site.limits:
            file = sites_folder() / name / site.limits
            limits = check_limits(file)[0]
            doubts = doubts_of(limits)
            for limit in limits:
                yield {"site": name, "file": name_of(file), "doubt": doubts.get(limit.line_number), **asdict(limit)}
