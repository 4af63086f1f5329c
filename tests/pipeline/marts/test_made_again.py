"""Only what has other sources is made again, and nobody can tell: it is as if everything had been made again."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from shutil import copytree

import duckdb
import pytest

from include.definitions import contracts
from include.people.decisions import Selection, override_records
from include.pipeline.derivation import derive_touched
from include.pipeline.marts import refresh_stale
from include.warehouse import Warehouse, prepare, preparing, reference
from include.warehouse.lineage import COMMENT, NAMED
from include.warehouse.schema import derived_tables, mart_tables, view_tables
from include.warehouse.sql import select_text
from include.warehouse.tables import read_table
from tests.support.extracts import row
from tests.support.registry import Registry, opened
from tests.support.tables import Rows, assert_same, rows_of
from tests.support.warehouses import Templates, copy_of

DEATH = {"vital_status": "dead", "death_date": "2014-02-20", "death_cause": "tumour"}


def results(registry: Registry) -> None:
    registry.send("results", "2020-01-02", row("results", "L2", value="200", collected_at="2012-02-01T08:00"))


def a_visit_and_a_result_that_fails(registry: Registry) -> None:
    registry.send("visits", "2020-01-03", row("visits", "V2", visit_date="2013-03-01", ecog="1"))
    registry.send("results", "2020-01-03", row("results", "L3", value="9999999"))


def a_decision(registry: Registry) -> None:
    override_records(registry.warehouse, Selection(record_key="L3"), "mg", "It is right.")


def a_lesion_without_its_exam(registry: Registry) -> None:
    registry.send("lesions", "2020-01-03", row("lesions", "M2", exam_id="E2"), name="b.csv")


def its_exam(registry: Registry) -> None:
    registry.send("exams", "2020-01-03", row("exams", "E2", exam_date="2012-04-01"), name="b.csv")


def persons(registry: Registry) -> None:
    registry.send("visits", "2020-01-04", row("visits", "V3", visit_date="2014-03-01", **DEATH))
    registry.send("patients", "2020-01-04", row("patients", "P2"))
    registry.send("merges", "2020-01-04", row("merges", merged_patient_id="P2", surviving_patient_id="P1"))


CHANGES = (
    (results, a_lesion_without_its_exam),
    (a_visit_and_a_result_that_fails, its_exam),
    (a_decision,),
    (persons,),
)
"""What a night brings: two changes where they concern other feeds."""


@pytest.fixture
def begun(templates: Templates, tmp_path: Path) -> Iterator[Registry]:
    """A copy of a registry with a patient who has rows of every feed, and fresh marts."""

    def begin() -> str:
        url = templates.duckdb(templates.folder / "begun.duckdb")
        with opened(url, templates.folder / "begun") as registry:
            for feed in contracts.FEEDS:
                if feed != "merges":
                    registry.send(feed, "2020-01-01", row(feed))
            registry.finish()
        return url

    with opened(copy_of(templates.once("begun", begin), tmp_path / "registry.duckdb"), tmp_path) as registry:
        yield registry


def made(warehouse: Warehouse) -> dict[str, Rows]:
    """What derived tables and marts hold; the marts are all of one moment."""
    moments = [f"SELECT refreshed_at FROM {table.name}" for table in mart_tables()]
    assert warehouse.scalar(f"SELECT COUNT(*) FROM ({' UNION '.join(moments)}) AS m") == 1
    findings = read_table("resolved", "finding")
    return {table.name: rows_of(warehouse, table) for table in (findings, *derived_tables(), *mart_tables())}


def times_made(registry: Registry) -> dict[str, int]:
    """How often each mart was made."""
    return dict(registry.rows("SELECT step, generation FROM ops.step WHERE step LIKE 'marts.%'"))


def make_all_again(warehouse: Warehouse) -> None:
    warehouse.run("DELETE FROM ops.step WHERE step LIKE 'derived.%' OR step LIKE 'marts.%' OR step LIKE 'rule.%'")
    warehouse.run_file("ops/touch_everyone")
    warehouse.count_step("load")
    derive_touched(warehouse)
    refresh_stale(warehouse)


def test_what_is_made_again_after_a_change_is_what_making_all_again_makes(begun: Registry) -> None:
    for changes in CHANGES:
        for change in changes:
            change(begun)
        begun.finish()
        left = made(begun.warehouse)
        make_all_again(begun.warehouse)
        assert_same(left, made(begun.warehouse))


def test_another_reference_table_makes_all_again(
    begun: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    died = row("visits", "V2", visit_date="2012-03-01", vital_status="dead", death_date="2012-02-20")
    begun.send("visits", "2020-01-02", died)
    begun.finish()
    counted = "SELECT deaths FROM marts.mortality_30_day WHERE unit = 'patient'"
    assert begun.rows(counted) == [(0,)]
    folder = copytree(reference.FOLDER, tmp_path / "reference")
    settings = folder / "setting.csv"
    settings.write_text(settings.read_text().replace("mortality_days,30", "mortality_days,60"))
    monkeypatch.setattr(reference, "FOLDER", folder)
    monkeypatch.setattr(preparing, "DEFINITIONS", (*preparing.DEFINITIONS[:-1], folder))
    prepare(begun.warehouse)
    begun.finish()
    assert begun.rows(counted) == [(1,)]


def test_results_make_the_marts_of_results_again_and_leave_the_others(begun: Registry) -> None:
    before = times_made(begun)
    results(begun)
    begun.finish()
    after = times_made(begun)
    again = {mart for mart in after if after[mart] != before[mart]}
    assert {"marts.toxicity_worst", "marts.feed_volume"} <= again
    assert not again & {
        "marts.toxicity",  # the result stands for no time point
        "marts.response_rate",
        "marts.attrition",
        "marts.side_effects",
        "marts.survival_curve",
        "marts.kaplan_meier",
        "marts.toxicity_limit",
    }


def test_other_estimators_make_all_marts_again(begun: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    before = times_made(begun)
    monkeypatch.setattr(import_module("include.pipeline.marts.refresh"), "fingerprint_of", lambda *_, **__: "others")
    refresh_stale(begun.warehouse)
    assert times_made(begun) == {mart: times + 1 for mart, times in before.items()}
    assert not refresh_stale(begun.warehouse).tables


def test_the_tables_that_a_select_is_said_to_name_are_those_that_it_reads() -> None:
    with duckdb.connect() as connection:
        for table in (*derived_tables(), *mart_tables(), *view_tables()):
            select = select_text(table.name.replace(".", "/"))
            said = {".".join(name) for name in NAMED.findall(COMMENT.sub("", select))}
            names = connection.get_table_names(select, qualified=True)
            read = {name.partition(" AS ")[0].replace('"', "") for name in names}
            assert said == read, table.name
