"""What a page has read is kept until the warehouse changes, whatever changes it."""

from collections.abc import Callable

from include.monitor import reading
from include.people.decisions import Selection, note_records, override_records, reject_file, undo_decision
from include.pipeline.derivation import derive_touched
from include.pipeline.marts import refresh_stale
from tests.support.extracts import row
from tests.support.registry import Registry, registry
from tests.support.warehouses import on_duckdb

__all__ = ["registry"]


def held_in(registry: Registry) -> str:
    """The load that is held."""
    ((load_id,),) = registry.rows("SELECT load_id FROM ops.load WHERE state = 'held'")
    return str(load_id)


@on_duckdb
def test_each_change_gives_the_warehouse_another_version(registry: Registry) -> None:
    warehouse = registry.warehouse
    rows = Selection(feed="results", state="open")
    registry.send("patients", "2020-01-01", row("patients"))
    registry.send("results", "2020-01-02", row("results", "L1", value="90000"))
    registry.put("visits", "2020-01-02", b"no columns of the feed\n1\n")
    changes: dict[str, Callable[[], object]] = {
        "copied": registry.pull,
        "loaded": registry.load,
        "derived": lambda: derive_touched(warehouse),
        "refreshed": lambda: refresh_stale(warehouse),
        "noted": lambda: note_records(warehouse, rows, "mg", "look"),
        "overridden": lambda: override_records(warehouse, rows, "mg", "right"),
        "undone": lambda: undo_decision(warehouse, 2, "mg", "wrong"),
        "rejected": lambda: reject_file(warehouse, held_in(registry), "mg", "wrong"),
    }
    versions = [reading.version_of(warehouse)]
    for change in changes.values():
        change()
        versions.append(reading.version_of(warehouse))

    told = dict(zip(changes, versions[1:], strict=True))
    assert len(set(versions)) == len(versions), told


def test_what_was_read_is_kept_for_its_version() -> None:
    answers = iter("abc")

    def asked(version: str) -> str:
        return reading.kept(version, "letter", lambda: next(answers))

    assert [asked(version) for version in ("1", "1", "2", "2", "1")] == ["a", "a", "b", "b", "a"]
