"""Codes and units that neither a site's lists nor the registry's know, most frequent first."""

from dataclasses import asdict, dataclass
from typing import Any

from include.basics.templates import Names
from include.definitions.contracts import FEEDS, read
from include.definitions.contracts.feed_sql import FeedSql, feed_sql
from include.definitions.expectations import own_rules
from include.warehouse import Warehouse


@dataclass(frozen=True)
class Texts(Names, files="sites/unmapped"):
    """The columns of a feed that rules find texts in which are not understood, by rule."""

    f: FeedSql
    columns: dict[str, str]


@dataclass(frozen=True)
class Unmapped:
    """A text that is not understood, of rows that count or are set aside for it.

    `places` are the latest of these rows, `load_id:row_number`, and `tests` the first of the tests that they are of.
    """

    site: str
    feed: str
    column: str
    text: str
    rows: int
    first_batch_date: str
    last_batch_date: str
    places: str
    tests: str | None

    def as_json(self) -> dict[str, Any]:
        """The text as plain values."""
        return asdict(self)


def unmapped(warehouse: Warehouse, site: str | None = None) -> list[Unmapped]:
    """What is not understood, of a site or of all."""
    failed = set(warehouse.run_file("sites/unmapped_there").scalars())
    found = [one for feed in FEEDS for one in _of_feed(warehouse, feed, failed)]
    return sorted((one for one in found if site in (None, one.site)), key=lambda one: (-one.rows, one.feed, one.text))


def _of_feed(warehouse: Warehouse, feed: str, failed: set[str]) -> list[Unmapped]:
    """Only what is kept as text can be told: of a number that is none the row in quarantine tells."""
    texts = {field.name for field in read(feed).fields if field.type == "text"}
    rules = [rule.rule_id for rule in own_rules(feed) if rule.rule_id in failed]
    columns = {rule_id: rule_id.split(".")[1] for rule_id in rules if rule_id.split(".")[1] in texts}
    if not columns:
        return []
    of = Texts(feed_sql(feed, is_duckdb=warehouse.is_duckdb), columns)
    return [Unmapped(**row) for row in warehouse.run_file("sites/unmapped", of).mappings()]
