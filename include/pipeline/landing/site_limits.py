"""Reference limits of the sites' laboratories: the profiles' lists as a table."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from include.basics.settings import sites_folder
from include.definitions.checking.site_limits import check_limits
from include.definitions.sites import Site
from include.warehouse import Warehouse
from include.warehouse.frames import append
from include.warehouse.tables import read_table


def note_limits(warehouse: Warehouse, sites: Mapping[str, Site], wrong: Collection[str] = ()) -> None:
    """Note the limits; when they are others than before, patients with such results are derived again.

    Those of the sites whose profile is wrong stay.
    """
    columns = [column.name for column in read_table("ops", "site_limit").columns]
    found = [{name: row[name] for name in columns} for row in _limits(sites)]
    noted = warehouse.run(f"SELECT {', '.join(columns)} FROM ops.site_limit").mappings().all()
    found += [dict(row) for row in noted if row["site"] in wrong]
    known = {tuple(row.values()) for row in noted}
    if {tuple(row.values()) for row in found} == known:
        return
    with warehouse.transaction():
        warehouse.run_file("derivation/touch_limited")
        warehouse.run("DELETE FROM ops.site_limit")
        append(warehouse, "ops.site_limit", found)
        warehouse.run_file("derivation/touch_limited")
        warehouse.count_step("clinical.results")


def _limits(sites: Mapping[str, Site]) -> Iterator[dict[str, Any]]:
    for name, site in sites.items():
        if site.limits:
            for limit in check_limits(sites_folder() / name / site.limits)[0]:
                yield {"site": name, **asdict(limit)}
