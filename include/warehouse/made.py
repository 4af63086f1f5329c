"""What each derived table, mart and rule across feeds was last made of.

So a step makes again only what has other sources by now.
"""

from dataclasses import dataclass

from include.warehouse.clock import utc_now
from include.warehouse.connection import Warehouse
from include.warehouse.frames import append
from include.warehouse.lineage import FACTS, sources


@dataclass
class Note:
    """A row of ops.step: how often something changed, and what it was made of."""

    generation: int = 0
    fingerprint: str | None = None


class Made:
    """What is noted of the tables: read once, and written by `keep` in the transaction that makes them.

    `code` tells which program estimates what SQL cannot.
    """

    def __init__(self, warehouse: Warehouse, code: str = "") -> None:
        found = warehouse.run("SELECT step, generation, fingerprint FROM ops.step")
        self._notes = {row.step: Note(row.generation, row.fingerprint) for row in found}
        self._notes[FACTS] = Note(warehouse.changes())
        self._code = code
        self._again: list[str] = []

    def is_stale(self, table: str, made_of: frozenset[str] | None = None) -> bool:
        """Whether the table's sources, or those that are given, changed since it was made."""
        return self._note(table).fingerprint != self._sources(table, made_of)

    def note(self, table: str, made_of: frozenset[str] | None = None, *, changed: bool) -> None:
        """Note that the table was made again of what there is now, and whether its rows are others."""
        self._notes[table] = Note(self._note(table).generation + changed, self._sources(table, made_of))
        self._again.append(table)

    def keep(self, warehouse: Warehouse) -> None:
        """Write what was noted."""
        if not self._again:
            return
        names = ", ".join(f"'{name}'" for name in self._again)
        warehouse.run_verbatim(f"DELETE FROM ops.step WHERE step IN ({names})")
        now = utc_now()
        rows = [{"step": name, **vars(self._notes[name]), "changed_at": now} for name in self._again]
        append(warehouse, "ops.step", rows)

    @property
    def tables(self) -> list[str]:
        """Which tables were made again."""
        return [name for name in self._again if not name.startswith("rule.")]

    def _note(self, name: str) -> Note:
        return self._notes.get(name, Note())

    def _sources(self, table: str, made_of: frozenset[str] | None) -> str:
        read = sources(table) if made_of is None else made_of
        known = (f"{name} {self._note(name).generation}" for name in ("prepare", *sorted(read)))
        return ", ".join((*known, self._code))
