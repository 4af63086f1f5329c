"""The persons of ids that were merged, as the merges that count say: the table clinical.person."""

from dataclasses import dataclass

from include.basics.templates import Names
from include.pipeline.resolving.merges import Merge, ends, refused
from include.pipeline.resolving.scope import Scope
from include.warehouse import Warehouse
from include.warehouse.frames import append
from include.warehouse.lineage import PERSONS
from include.warehouse.sql import render
from include.warehouse.tables import read_table


@dataclass(frozen=True)
class Known(Names, files="resolving/changed_patient resolving/replace_changed"):
    """What the table `clinical.<table>` knows of patients; a temporary table of its name has it anew."""

    table: str
    columns: tuple[str, ...]


def known_by(table: str) -> Known:
    """A table of schema clinical, as it is described."""
    return Known(table, tuple(column.name for column in read_table("clinical", table).columns))


def refuse_merges(warehouse: Warehouse, scope: Scope) -> bool:
    """Make the temporary table `owner` of the merges that contradict others; whether there are any."""
    found = warehouse.run_file("resolving/merge_version", scope).all()
    problems = refused([Merge(row.record_key, row.merged_id, row.surviving_id) for row in found])
    rows = {name: [getattr(found[place], name) for place in problems] for name in ("load_id", "row_number", "reading")}
    wanted = {**rows, "problem": list(problems.values())}
    warehouse.replace_temporary("owner", "resolving/contradicted", scope, **wanted)
    return bool(problems)


def update_persons(warehouse: Warehouse) -> None:
    """Bring the persons up to date with the current merges, and queue the rows of ids whose person is another."""
    merges = warehouse.run_file("resolving/merge_in_force").all()
    end = ends((row.merged_patient_id, row.surviving_patient_id) for row in merges)
    rows = [
        {
            "patient_id": row.merged_patient_id,
            "person_id": end[row.merged_patient_id],
            "merged_on": row.merged_on.isoformat(),
        }
        for row in merges
    ]
    warehouse.replace_temporary("person", "resolving/person")
    append(warehouse, "person", rows)
    known = known_by("person")
    make_changed(warehouse, known)
    with warehouse.transaction():
        keep_changed(warehouse, known)


def make_changed(warehouse: Warehouse, of: Known) -> None:
    """Make the temporary table `changed_patient` of the patients of whom something else is known now."""
    warehouse.replace_temporary("changed_patient", "resolving/changed_patient", of)
    warehouse.analyze("changed_patient")


def keep_changed(warehouse: Warehouse, of: Known) -> None:
    """Put what is known of these patients in place, and queue their rows, which count as others' do now."""
    warehouse.run_file("resolving/queue_changed")
    warehouse.run_verbatim(render("resolving/replace_changed", of))
    if warehouse.scalar("SELECT EXISTS (SELECT 1 FROM changed_patient)"):
        warehouse.count_step(PERSONS)
