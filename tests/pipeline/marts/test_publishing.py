"""What readers find: a described snapshot, and a set of Parquet files that is replaced as a whole."""

import json
import resource
from importlib import import_module
from pathlib import Path

import duckdb
import pytest

from include.basics.errors import RegistryError
from include.pipeline.landing.land import hash_of
from include.pipeline.marts import publish
from include.pipeline.marts.parquet_set import published_generation, write_set
from include.pipeline.marts.snapshot import snapshot_of
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.schema import mart_tables
from tests.support.marts import refresh_only
from tests.support.registry import Registry
from tests.support.warehouses import Templates

SOME = ("metric_definition", "attrition", "patient_outcome")


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the set is published."""
    monkeypatch.setenv("MARTS", str(tmp_path / "published" / "marts"))
    return tmp_path / "published" / "marts"


def inodes(folder: Path) -> dict[str, int]:
    """Which files a folder has."""
    return {file.stem: file.stat().st_ino for file in folder.glob("*.parquet")}


def test_the_snapshot_says_what_its_tables_and_columns_mean(duckdb_registry: Registry, tmp_path: Path) -> None:
    refresh_only(duckdb_registry.warehouse, *SOME)
    publish(duckdb_registry.warehouse)
    with duckdb.connect(str(snapshot_of(str(tmp_path / "registry.duckdb"))), read_only=True) as snapshot:
        tables = snapshot.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall()
        columns = snapshot.execute("SELECT table_name, column_name, comment FROM duckdb_columns()").fetchall()
        (defined,) = snapshot.execute("SELECT COUNT(*) FROM marts.metric_definition").fetchall()
    names = {table.name.removeprefix("marts."): table for table in mart_tables()}
    assert dict(tables) == {name: table.description for name, table in names.items()}
    assert {(one[0], one[1]): one[2] for one in columns if one[0] in names} == {
        (name, column.name): column.description for name, table in names.items() for column in table.columns
    }
    assert defined[0] > 50
    assert (tmp_path / "registry.marts" / "attrition.parquet").is_file()


def test_the_set_tells_what_it_is(warehouse: Warehouse, out: Path) -> None:
    refresh_only(warehouse, *SOME)
    publish(warehouse)
    told = json.loads((out / "manifest.json").read_text())
    assert (
        told["tables"].keys()
        == inodes(out).keys()
        == {table.name.removeprefix("marts.") for table in mart_tables()} - {"patient_outcome"}
    )
    rows = duckdb.sql(f"SELECT COUNT(*) FROM '{out}/metric_definition.parquet'").fetchone()
    assert rows == (told["tables"]["metric_definition"]["rows"],)
    assert {len(told[name]) for name in ("schema_version", "code_version")} == {64}
    assert all(hash_of(out / f"{name}.parquet") == one["sha256"] for name, one in told["tables"].items())


def test_only_a_mart_whose_rows_changed_is_written_again(warehouse: Warehouse, out: Path) -> None:
    refresh_only(warehouse, *SOME)
    publish(warehouse)
    before, reader = inodes(out), out.resolve()
    content = (reader / "attrition.parquet").read_bytes()
    refresh_only(warehouse, *SOME)
    warehouse.run("UPDATE marts.attrition SET patients_in = patients_in + 1")
    publish(warehouse)
    after = inodes(out)
    assert {name for name in after if after[name] != before[name]} == {"attrition"}
    assert (reader / "attrition.parquet").read_bytes() == content
    assert (out / "attrition.parquet").read_bytes() != content


def test_a_crash_leaves_the_old_set_and_the_next_run_mends_it(
    duckdb_registry: Registry, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = duckdb_registry.warehouse
    refresh_only(warehouse, *SOME)
    publish(warehouse)
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    refresh_only(warehouse, *SOME)
    warehouse.run("UPDATE marts.metric_definition SET definition = 'another'")
    with monkeypatch.context() as patch:
        patch.setattr(import_module("include.pipeline.marts.parquet_set"), "hash_of", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publish(warehouse)
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before
    (out / "attrition.parquet").write_bytes(b"damaged")
    publish(warehouse)
    (found,) = duckdb.sql(f"SELECT DISTINCT definition FROM '{out}/metric_definition.parquet'").fetchall()
    assert found == ("another",)
    assert (out / "attrition.parquet").read_bytes() == before["attrition.parquet"]
    assert len(list((out.parent / ".marts").iterdir())) == 2


def test_a_folder_of_somebody_elses_is_left_alone(duckdb_registry: Registry, out: Path) -> None:
    out.mkdir(parents=True)
    (out / "mine.txt").touch()
    refresh_only(duckdb_registry.warehouse, *SOME)
    with pytest.raises(RegistryError) as raised:
        publish(duckdb_registry.warehouse)
    assert raised.value.code == "REG-806"
    assert [file.name for file in out.iterdir()] == ["mine.txt"]


def test_the_set_before_stays_where_a_link_leads_to_the_folder_and_strangers_lie_in_it(
    duckdb_registry: Registry, out: Path
) -> None:
    linked = out.parent.with_name("link")
    linked.symlink_to(out.parent)
    sets = out.parent / ".marts"
    sets.mkdir(parents=True)
    (sets / ".DS_Store").touch()
    for generation in (1, 2, 3):
        write_set(duckdb_registry.warehouse, [], linked / "marts", generation)
    assert {file.name for file in sets.iterdir()} == {".DS_Store", "2", "3"}
    assert published_generation(out) == 3


def test_a_manifest_that_is_no_object_is_replaced(duckdb_registry: Registry, out: Path) -> None:
    write_set(duckdb_registry.warehouse, [], out, 1)
    (out / "manifest.json").write_text("[]")
    assert published_generation(out) is None
    write_set(duckdb_registry.warehouse, [], out, 2)
    assert published_generation(out) == 2


def test_a_disk_that_takes_no_snapshot(tmp_path: Path, templates: Templates) -> None:
    url, before = templates.duckdb(tmp_path / "registry.duckdb"), resource.getrlimit(resource.RLIMIT_FSIZE)
    with open_warehouse(url) as warehouse:
        refresh_only(warehouse, *SOME)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**15, before[1]))
    try:
        with pytest.raises(RegistryError) as error:
            publish_at(url)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert error.value.code == "REG-116"


def publish_at(url: str) -> None:
    """Publish the marts of a warehouse."""
    with open_warehouse(url) as warehouse:
        publish(warehouse)
