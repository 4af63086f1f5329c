"""The warehouse is brought in step with the files of the version in use, and left alone when it is."""

from include.warehouse import prepare
from tests.support.extracts import row
from tests.support.registry import Registry
from tests.support.tables import assert_same, contents


def test_files_that_changed_make_derived_tables_anew_and_keep_the_record(registry: Registry) -> None:
    registry.send("patients", "2020-01-01", row("patients"))
    registry.send("results", "2020-01-01", row("results"))
    registry.finish()
    before = contents(registry.warehouse)
    registry.warehouse.run("UPDATE ops.step SET fingerprint = 'another version' WHERE step = 'prepare'")
    prepare(registry.warehouse)
    assert registry.rows("SELECT patient_id FROM ops.touched_patient") == [("P1",)]
    registry.finish()
    assert_same(contents(registry.warehouse), before)
