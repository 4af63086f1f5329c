"""The persons of ids that were merged, as the merges that count say: the table clinical.person."""

from include.pipeline.resolving.merges import Merge, ends, refused
from include.pipeline.resolving.scope import Scope
from include.warehouse import Warehouse
from include.warehouse.frames import append
from include.warehouse.lineage import PERSONS
from include.warehouse.sql import OfTable


def refuse_merges(warehouse: Warehouse, scope: Scope) -> bool:
    """Make the temporary table `owner` of the merges that contradict others; whether there are any."""
    found = warehouse.run_file("resolving/merge_version", scope).all()
    problems = refused([Merge(row.record_key, row.merged_id, row.surviving_id) for row in found])
    version = ("load_id", "row_number", "reading")
    rows = [
        {**dict(zip(version, found[place][:3], strict=True)), "problem": problem} for place, problem in problems.items()
    ]
    warehouse.replace_temporary("refused_merge", "resolving/refused_merge")
    append(warehouse, "refused_merge", rows)
    warehouse.replace_temporary("owner", "resolving/contradicted", scope)
    return bool(rows)


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
    warehouse.replace_temporary("changed_person", "resolving/changed_person")
    with warehouse.transaction():
        warehouse.run_file("resolving/queue_changed", OfTable("changed_person"))
        for statement in ("forget_person", "keep_person"):
            warehouse.run_file(f"resolving/{statement}")
        count_changed(warehouse, "changed_person")


def count_changed(warehouse: Warehouse, table: str) -> None:
    """Note that persons changed, if the temporary table names some: their rows count as others' do now."""
    if warehouse.scalar(f"SELECT EXISTS (SELECT 1 FROM {table})"):
        warehouse.count_step(PERSONS)
