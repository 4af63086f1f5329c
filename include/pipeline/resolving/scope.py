"""What is resolved at once: the touched rows of a feed, or all of them."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from include.basics.templates import Names
from include.definitions.contracts.feed_sql import FeedSql, feed_sql
from include.definitions.expectations import OF_KEYS, Rule, cells, overridable, read_suite
from include.warehouse import Warehouse

FEW = 10_000
"""So many rows are looked up one by one."""


@dataclass(frozen=True)
class Scope(
    Names,
    files="resolving/contradicted resolving/failed resolving/fate resolving/forget "
    "resolving/forget_absent resolving/forget_column_count resolving/full_export resolving/keep_absent "
    "resolving/keep_cells resolving/keep_column_count resolving/keep_failures resolving/keep_fate "
    "resolving/keep_row_count resolving/keep_spelling resolving/known resolving/mark_decisions "
    "resolving/mark_readings resolving/merge_version resolving/moved resolving/new_reading resolving/owner "
    "resolving/present_key resolving/previous resolving/special resolving/standing resolving/touch "
    "resolving/touched_key resolving/touched_month",
):
    """A feed with its rules about birth, death and whose a key is.

    `everything` = all rows, not only the touched ones; `without_death` = as if nobody had died; `loads` = the files of
    new rows, named where these are few.
    """

    f: FeedSql
    everything: bool = False
    without_death: bool = False
    loads: tuple[str, ...] = ()

    @property
    def feed(self) -> str:
        """The feed."""
        return self.f.name

    @cached_property
    def late_rules(self) -> list[Rule]:
        """The rules about birth and death."""
        return [rule for rule in self._settled if not _is_of_keys(rule)]

    @cached_property
    def key_rules(self) -> list[Rule]:
        """The rules about what other rows make of a row: whose a key is, merges that contradict one another."""
        return [rule for rule in self._settled if _is_of_keys(rule)]

    @property
    def cells(self) -> list[str]:
        """The columns whose cells can be set aside alone."""
        return cells(self.feed)

    @property
    def is_watched(self) -> bool:
        """Whether it is counted what its columns say by month: its rows are patients' events."""
        return self.f.of_patients and bool(self.f.contract.event_date)

    @cached_property
    def watched(self) -> dict[str, str]:
        """The columns of which it is counted what they say, as they are read."""
        return self.f.watched("r", self.cells, "x.cells_aside")

    @property
    def rules(self) -> list[Rule]:
        """Those about birth and death that a person can override."""
        return overridable(self.late_rules)

    @property
    def rules_of_keys(self) -> list[Rule]:
        """Those about what other rows make of a row that a person can override."""
        return overridable(self.key_rules)

    @property
    def _settled(self) -> list[Rule]:
        return [rule for rule in read_suite(self.feed) if rule.level == "lifespan"]

    @cached_property
    def judged(self) -> list[str]:
        """The columns that the rules about birth and death look at, with key, patient and status."""
        words = set(re.findall(r"\w+", str([rule.settings["kwargs"] for rule in self.late_rules])))
        wanted = words | {self.f.contract.key, "patient_id", "status"}
        for field in self.f.contract.fields:
            beside = {name for name, _, _ in field.beside}
            if {field.name, f"{field.name}_latest", *beside} & wanted:
                wanted |= {field.name, *beside}
        return [name for name in self.f.stored if name in wanted]


def read_scope(warehouse: Warehouse, feed: str) -> Scope:
    """What is due of a feed: all of it when nothing is resolved yet, which spares looking for what is new."""
    whole = warehouse.run_file("resolving/is_whole", feed=feed).scalar()
    return Scope(feed_sql(feed, is_duckdb=warehouse.is_duckdb), everything=bool(whole))


def find_new(warehouse: Warehouse, scope: Scope) -> Scope:
    """Make the temporary table `new_reading`; PostgreSQL finds the rows of few files by an index if they are named."""
    warehouse.replace_temporary("new_reading", "resolving/new_reading", scope)
    warehouse.analyze("new_reading")
    if warehouse.is_duckdb:
        return scope
    return replace(scope, loads=tuple(warehouse.run_file("resolving/few_loads", most=FEW).scalars()))


def _is_of_keys(rule: Rule) -> bool:
    return any(word in str(rule.settings["kwargs"]) for word in OF_KEYS)
