"""What is resolved at once: the touched rows of a feed, or all of them."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from include.definitions.contracts.feed_sql import FeedSql, feed_sql
from include.definitions.expectations import OF_KEYS, Rule, cells, overridable, read_suite
from include.warehouse import Warehouse


@dataclass(frozen=True)
class Scope:
    """A feed with its rules about birth, death and whose a key is.

    `everything` = all rows, not only the touched ones; `without_death` = as if nobody had died.
    """

    f: FeedSql
    everything: bool = False
    without_death: bool = False

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

    @property
    def names(self) -> dict[str, Any]:
        """What the templates of `include/sql/resolving` need."""
        return {
            "f": self.f,
            "everything": self.everything,
            "without_death": self.without_death,
            "judged": self._judged,
            "cells": self.cells,
            "watched": self.f.watched("r", self.cells, "x.cells_aside"),
            "rules": overridable(self.late_rules),
        }

    @property
    def names_of_keys(self) -> dict[str, Any]:
        """The same for the rules about what other rows make of a row."""
        return {**self.names, "rules": overridable(self.key_rules)}

    @property
    def _settled(self) -> list[Rule]:
        return [rule for rule in read_suite(self.feed) if rule.level == "lifespan"]

    @property
    def _judged(self) -> list[str]:
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


def _is_of_keys(rule: Rule) -> bool:
    return any(word in str(rule.settings["kwargs"]) for word in OF_KEYS)
