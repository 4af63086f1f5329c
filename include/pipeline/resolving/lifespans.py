"""Births and deaths of persons, as the clinic's current rows give them: the table clinical.lifespan."""

from include.definitions.contracts.feed_sql import feed_sql
from include.pipeline.resolving.fates import decide_fates
from include.pipeline.resolving.persons import keep_changed, known_by, make_changed
from include.pipeline.resolving.scope import Scope, find_new
from include.warehouse import Warehouse

LIFESPANS = "lifespans"
"""What is due in `resolved.due` while births and deaths are not up to date: a crash in between is made up for."""


def mark_lifespans_due(warehouse: Warehouse) -> None:
    """Note, before anything that births and deaths follow from is resolved, that they are to be brought up to date."""
    with warehouse.transaction():
        _note_done(warehouse)
        warehouse.run("INSERT INTO resolved.due (feed) VALUES (:feed)", feed=LIFESPANS)


def update_births(warehouse: Warehouse) -> None:
    """Bring births and who is announced up to date with the current rows of patients."""
    with warehouse.joins_of_many():
        warehouse.replace_temporary("lifespan", "resolving/births")
    _keep_changed(warehouse)


def update_deaths(warehouse: Warehouse) -> set[str]:
    """Bring deaths up to date; returns the rules that could not be evaluated, and changes nothing then.

    Which visit counts depends on births, and what comes after a death on the death: visits are resolved as if nobody
    had died, and only those that tell of a death. As long as none does, there is nothing to bring up to date.
    """
    if not warehouse.run_file("resolving/death_told").scalar():
        with warehouse.transaction():
            _note_done(warehouse)
        return set()
    scope = Scope(feed_sql("visits", is_duckdb=warehouse.is_duckdb), without_death=True)
    if broken := decide_fates(warehouse, find_new(warehouse, scope)):
        return broken
    warehouse.replace_temporary("lifespan", "resolving/deaths")
    _keep_changed(warehouse, is_last=True)
    return set()


def _keep_changed(warehouse: Warehouse, *, is_last: bool = False) -> None:
    """Put the temporary table `lifespan` in the place of what was known, and queue the patients that it changes for."""
    known = known_by("lifespan")
    make_changed(warehouse, known)
    with warehouse.transaction():
        warehouse.run_file("resolving/touch_changed")
        keep_changed(warehouse, known)
        if is_last:
            _note_done(warehouse)
    warehouse.analyze_grown("clinical.lifespan")


def _note_done(warehouse: Warehouse) -> None:
    warehouse.run("DELETE FROM resolved.due WHERE feed = :feed", feed=LIFESPANS)
