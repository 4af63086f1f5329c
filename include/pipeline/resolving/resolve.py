"""The resolve step: fates of the rows that new facts touch, feed by feed, persons, births and deaths in between.

Everything here follows from the facts alone (schemas `received` and `decision`), so neither the order in which they
arrived nor how often this has run makes a difference.
"""

from collections.abc import Iterable

from include.definitions import contracts
from include.pipeline.resolving.fates import decide_fates, keep_fates
from include.pipeline.resolving.lifespans import LIFESPANS, mark_lifespans_due, update_births, update_deaths
from include.pipeline.resolving.persons import update_persons
from include.pipeline.resolving.scope import Scope, find_new, read_scope
from include.warehouse import Warehouse

TABLES = (
    "new_reading",
    "touched_key",
    "known",
    "failing",
    "failed",
    "standing",
    "owner",
    "fate",
    "previous",
    "touched_month",
    "person",
    "lifespan",
    "changed_patient",
    "full_export",
    "present_key",
)
"""The temporary tables of this step."""
TELLING = ("merges", "patients", "visits")
"""The feeds that persons, births and deaths come from."""


def resolve(warehouse: Warehouse) -> list[str]:
    """Resolve what is due; does nothing when nothing is.

    Returns the rules that could not be evaluated: the rows of their feeds stay as they are, all of them are due again,
    and files that came for these feeds count as received until then.
    """
    due = _due(warehouse)
    if not due:
        return []
    broken: set[str] = set()
    if due & {*TELLING, LIFESPANS}:
        mark_lifespans_due(warehouse)
        broken |= _resolve_feeds(warehouse, ["merges"])
        update_persons(warehouse)
        broken |= _resolve_feeds(warehouse, ["patients"])
        update_births(warehouse)
        broken |= update_deaths(warehouse)
    broken |= _resolve_feeds(warehouse, contracts.FEEDS)
    warehouse.drop_temporary(*TABLES)
    warehouse.connection.commit()
    return sorted(broken)


def _due(warehouse: Warehouse) -> set[str]:
    return set(warehouse.run_file("resolving/unresolved").scalars())


def _resolve_feeds(warehouse: Warehouse, feeds: Iterable[str]) -> set[str]:
    due = _due(warehouse)
    return {
        rule_id for feed in feeds if feed in due for rule_id in _resolve_feed(warehouse, read_scope(warehouse, feed))
    }


def _resolve_feed(warehouse: Warehouse, scope: Scope) -> set[str]:
    if scope.everything:
        warehouse.share_work(is_much=True)
    scope = find_new(warehouse, scope)
    broken = decide_fates(warehouse, scope)
    if broken:
        with warehouse.transaction():
            warehouse.run("DELETE FROM resolved.due WHERE feed = :feed", feed=scope.feed)
            warehouse.run("INSERT INTO resolved.due (feed) VALUES (:feed)", feed=scope.feed)
    else:
        keep_fates(warehouse, scope)
    return broken
