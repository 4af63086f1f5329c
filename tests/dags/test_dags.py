"""What holds for every DAG, and how the DAGs wake one another."""

from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pytest

from include.basics.settings import ROOT
from include.definitions import contracts
from include.people.asking.runs import CARRY_OUT, DECIDE
from include.running.nightly.names import POOL, SOURCES
from include.running.nightly.session import DAGS as KNOWN
from include.running.nightly.session import EXPECT
from include.running.nightly.wiring import OWNER, TAGS
from tests.dags.conftest import describe

FILES = sorted(path.name for path in (ROOT / "dags").glob("*.py"))
WOKEN = [*(f"ingest_{source}" for source in SOURCES), "derive", "refresh_marts", "watch", "report"]
DAGS = [*WOKEN, DECIDE, CARRY_OUT, "check_rules", "clean", "verify", *EXPECT]
APART = {
    "announce",
    "all_loaded",
    "ask",
    "asked",
    "settled",
    "tell",
    "all_told",
    "ask_again",
    "carried_out",
    "check",
    "clean",
}
INGEST = [f"ingest_{source}" for source in SOURCES]
HEAVY = {"pandas", "numpy", "duckdb", "duckdb_sqlalchemy", "sqlalchemy", "great_expectations", "lifelines"}


def test_every_file_is_a_dag_file_without_errors(found: dict[str, Any]) -> None:
    assert found["errors"] == {}
    assert sorted(found["dags"]) == sorted(DAGS) == sorted([*KNOWN, "check_rules", "clean", "verify"])


@pytest.mark.parametrize("file", FILES)
def test_a_file_loads_no_heavy_library(found: dict[str, Any], file: str) -> None:
    assert not HEAVY & set(found["files"][file])


@pytest.mark.parametrize("file", FILES)
def test_a_file_holds_wiring_only(file: str) -> None:
    text = (ROOT / "dags" / file).read_text(encoding="utf-8")

    assert text.count("\n") < 150
    assert not any(word in text for word in ("SELECT ", "INSERT ", "DELETE FROM", "read_csv"))


def test_the_sources_are_those_of_the_contracts() -> None:
    assert set(SOURCES) == {contracts.read(feed).source for feed in contracts.FEEDS}


@pytest.mark.parametrize("dag", DAGS)
def test_the_page_of_a_dag_says_what_an_operator_asks(dags: dict[str, Any], dag: str) -> None:
    for heading in ("What it does.", "When it runs.", "Missed nights", "When it fails."):
        assert heading in dags[dag]["doc"]


@pytest.mark.parametrize("dag", [*WOKEN, *EXPECT])
def test_a_dag_runs_once_at_a_time(dags: dict[str, Any], dag: str) -> None:
    assert dags[dag]["max_active_runs"] == 1


def test_many_files_can_wait_for_a_person(dags: dict[str, Any]) -> None:
    assert dags[DECIDE]["max_active_runs"] >= 1000
    assert dags[DECIDE]["time_limit"] > 7 * 24 * 3600


@pytest.mark.parametrize("dag", DAGS)
def test_a_dag_is_bounded(dags: dict[str, Any], dag: str) -> None:
    assert dags[dag]["catchup"] is False
    assert dags[dag]["time_limit"] > 0
    assert {"registry"} < set(dags[dag]["tags"]) <= set(TAGS)


@pytest.mark.parametrize("dag", DAGS)
def test_a_task_has_owner_retries_and_time_limit(dags: dict[str, Any], dag: str) -> None:
    for task in dags[dag]["tasks"].values():
        assert task["owner"] == OWNER
        assert (task["retries"] >= 1) is (dag != CARRY_OUT)  # a decision is carried out once
        assert task["backoff"] > 1
        assert 0 < task["time_limit"] <= dags[dag]["time_limit"]


@pytest.mark.parametrize("dag", DAGS)
def test_every_task_that_opens_the_warehouse_takes_its_slot(dags: dict[str, Any], dag: str) -> None:
    for name, task in dags[dag]["tasks"].items():
        assert (task["pool"] == POOL) is (name not in APART)


def test_who_only_reads_takes_no_slot_of_postgresql(tmp_path: Path) -> None:
    described = describe(tmp_path, WAREHOUSE="postgresql+psycopg://nowhere/registry")["dags"]

    taken = {dag: {task["pool"] == POOL for task in described[dag]["tasks"].values()} for dag in (*EXPECT, "report")}
    assert taken == {dag: {dag not in EXPECT} for dag in (*EXPECT, "report")}


def test_the_free_slot_goes_to_people_then_to_what_others_wait_for(
    dags: dict[str, Any],
) -> None:
    order = [
        (DECIDE, "apply"),
        ("ingest_clinic", "pull"),
        ("ingest_clinic", "receive"),
        ("refresh_marts", "refresh"),
        ("derive", "derive"),
        ("watch", "assess"),
        ("report", "report"),
    ]
    priorities = [dags[dag]["tasks"][task]["priority"] for dag, task in order]

    assert priorities == sorted(set(priorities), reverse=True)


@pytest.mark.parametrize("source", SOURCES)
def test_arrival_wakes_the_dag_of_the_source(dags: dict[str, Any], source: str) -> None:
    assert dags[f"ingest_{source}"]["woken_by"] == f"extracts_{source}"


@pytest.mark.parametrize("dag", INGEST)
def test_files_are_loaded_apart_and_a_failed_one_fails_the_run(dags: dict[str, Any], dag: str) -> None:
    tasks = dags[dag]["tasks"]

    assert tasks["receive"]["is_mapped"]
    assert tasks["announce"]["trigger_rule"] == "all_done"
    assert tasks["all_loaded"]["trigger_rule"] == "all_success"
    assert tasks["receive"]["downstream"] == ["all_loaded", "announce"]
    assert tasks["announce"]["outlets"] == ["clinical"]


@pytest.mark.parametrize("dag", INGEST)
def test_files_that_cannot_be_copied_fail_the_run_and_keep_none_from_loading(dags: dict[str, Any], dag: str) -> None:
    tasks = dags[dag]["tasks"]

    assert tasks["pull"]["downstream"] == ["all_copied", "receive"]
    assert tasks["all_copied"]["downstream"] == []
    assert tasks["all_copied"]["trigger_rule"] == "all_success"


@pytest.mark.parametrize("dag", INGEST)
def test_asking_about_held_files_neither_delays_nor_fails_a_run(dags: dict[str, Any], dag: str) -> None:
    tasks = dags[dag]["tasks"]

    assert tasks["announce"]["downstream"] == ["ask"]
    assert tasks["ask"]["downstream"] == ["asked"]
    assert tasks["asked"]["trigger_rule"] == "all_done"


def test_a_decision_wakes_what_a_load_wakes(dags: dict[str, Any]) -> None:
    assert dags[DECIDE]["tasks"]["apply"]["outlets"] == ["clinical"]
    assert dags[CARRY_OUT]["tasks"]["carry_out"]["outlets"] == ["clinical"]
    assert dags[DECIDE]["woken_by"] is dags[CARRY_OUT]["woken_by"] is None


def test_what_one_channel_was_told_is_noted_although_another_failed(dags: dict[str, Any]) -> None:
    tasks = dags["watch"]["tasks"]

    assert dags["watch"]["woken_by"] == "marts"
    assert tasks["tell"]["is_mapped"]
    assert tasks["remember"]["trigger_rule"] == "all_done_min_one_success"


def test_a_channel_whose_task_failed_fails_the_run(dags: dict[str, Any]) -> None:
    tasks = dags["watch"]["tasks"]

    assert tasks["tell"]["downstream"] == ["all_told", "remember"]
    assert tasks["all_told"]["trigger_rule"] == "all_success"


def test_each_step_wakes_the_next(dags: dict[str, Any]) -> None:
    assert dags["derive"]["woken_by"] == "clinical"
    assert dags["derive"]["tasks"]["derive"]["outlets"] == ["derived"]
    assert dags["refresh_marts"]["woken_by"] == "derived"
    assert dags["refresh_marts"]["tasks"]["refresh"]["outlets"] == ["marts"]
    assert dags["report"]["woken_by"] == "marts"


@pytest.mark.parametrize("dag", WOKEN)
def test_a_clock_wakes_every_dag_as_well(dags: dict[str, Any], dag: str) -> None:
    assert dags[dag]["timetable"] == "AssetOrTimeSchedule"


@pytest.mark.parametrize("source", SOURCES)
def test_a_late_department_misses_a_deadline_of_its_own(dags: dict[str, Any], source: str) -> None:
    assert dags[f"expect_{source}"]["deadlines"] == [f"{source} is late, or could not be asked"]
    assert dags[f"expect_{source}"]["timetable"] == "CronTriggerTimetable"


def test_the_rules_are_checked_by_the_clock_before_the_extracts_come(dags: dict[str, Any]) -> None:
    assert dags["check_rules"]["timetable"] == "CronTriggerTimetable"
    assert dags["check_rules"]["tasks"]["check"]["outlets"] == []


BROKEN = [
    ("expectations/lesions.yml", "severity: warning", "severity: grave", "'grave' is none of critical"),
    ("expectations/visits.yml", "name: visits", "name: [visits", "cannot be parsed"),
    ("expectations/thresholds.csv", "hold_share", "holdshare", "'holdshare' is none of hold_share"),
]


def test_a_broken_file_is_an_import_error_in_precise_words_and_the_other_dags_stay(tmp_path: Path) -> None:
    for part in ("dags", "include", "plugins"):
        copytree(ROOT / part, tmp_path / part, ignore=ignore_patterns("__pycache__"))
    for file, old, new, _ in BROKEN:
        broken = tmp_path / "include" / file
        broken.write_text(broken.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    copied = describe(tmp_path, tmp_path)
    ((dag_file, error),) = copied["errors"].items()
    assert dag_file.endswith("check_rules.py")
    assert "REG-401" in error
    for file, _, _, said in BROKEN:
        assert f"{file}: " in error
        assert said in error
    assert sorted(copied["dags"]) == sorted([*WOKEN, DECIDE, CARRY_OUT, "clean", "verify", *EXPECT])


def test_the_clock_can_be_switched_off(tmp_path: Path) -> None:
    clocks = ("INGEST", "DERIVE", "REFRESH", "WATCH", "REPORT", "CHECK", "EXPECT")
    dags = describe(tmp_path, **{f"{clock}_SCHEDULE": "off" for clock in clocks})["dags"]

    assert {dags[dag]["timetable"] for dag in WOKEN} == {"AssetTriggeredTimetable"}
    assert {dags[dag]["timetable"] for dag in ("check_rules", *EXPECT)} == {"NullTimetable"}
