"""Rules, thresholds and feeds as reference tables, so that counts can be judged where they are read.

Changing one of them loads nothing and derives nothing again; only the marts are refreshed. So they are on the day from
which a threshold holds.
"""

import hashlib
import json

from include.definitions import contracts, expectations
from include.definitions.expectations.described import described_rules
from include.warehouse.clock import utc_now
from include.warehouse.connection import Warehouse
from include.warehouse.frames import append
from include.warehouse.reference import Rows, read_csv, rows_of
from include.warehouse.tables import Table, read_table

NAMES = ("feed", "rule", "threshold")


def catalogue_tables() -> list[Table]:
    """The tables of the catalogue."""
    return [read_table("reference", name) for name in NAMES]


def fill(warehouse: Warehouse) -> None:
    """Replace the rows of the catalogue's tables; raises RegistryError REG-401 with what is wrong with their files."""
    _refuse_wrong()
    content = {"feed": _feeds, "rule": _rules, "threshold": _thresholds}
    for table in catalogue_tables():
        warehouse.run(f"DELETE FROM {table.name}")
        append(warehouse, table.name, content[table.name.removeprefix("reference.")](table))


def thresholds_begun(warehouse: Warehouse) -> int:
    """How many of the loaded thresholds hold, or have held, by today."""
    counted = f"SELECT COUNT(*) FROM reference.threshold WHERE valid_from <= DATE '{utc_now().date()}'"
    return int(warehouse.scalar(counted))


def settled_rules() -> str:
    """A hash of the rules that look at what the record knows of a row, and of those that look at cells which may be
    set aside: all rows are resolved when one changes.
    """
    rules = [(feed, rule) for feed in contracts.FEEDS for rule in expectations.read_suite(feed)]
    judged = [
        (rule.rule_id, rule.severity, rule.settings["type"], rule.settings["kwargs"])
        for _, rule in rules
        if rule.level == "lifespan"
    ]
    moot = [(rule.rule_id, rule.columns) for feed, rule in rules if {*rule.columns} & {*expectations.cells(feed)}]
    return hashlib.sha256(json.dumps([judged, moot], sort_keys=True).encode()).hexdigest()


def _feeds(table: Table) -> Rows:
    rows = [(feed, contracts.read(feed).source, contracts.read(feed).key) for feed in contracts.FEEDS]
    return rows_of(table, rows)


def _rules(table: Table) -> Rows:
    return [{column.name: rule.get(column.name) for column in table.columns} for rule in described_rules()]


def _thresholds(table: Table) -> Rows:
    return read_csv(expectations.FOLDER / "thresholds.csv", table)


def _refuse_wrong() -> None:
    """Without a rule that its contract asks for, rows would load that nothing has looked at."""
    from include.definitions.checking.contracts import check_contracts
    from include.definitions.checking.meaning import check_coverage
    from include.definitions.checking.problem import Folders, refuse_problems
    from include.definitions.checking.suites import check_suites
    from include.definitions.checking.thresholds import check_thresholds

    folders = Folders(expectations=expectations.FOLDER)
    described = check_contracts(folders)[0]
    uncovered = check_coverage(check_suites(folders, described)[0], described)
    refuse_problems([*uncovered, *check_thresholds(folders, described)[1]])
