"""The sample study from extracts to marts: every planted row meets its fate, whatever the engine and the order."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from include.definitions import contracts
from include.pipeline.marts.snapshot import snapshot_of
from include.running.cli.run import run_steps
from include.study.sample import NIGHTS, PLANTED, Planted
from include.study.sample.planted import PLANTS
from tests.end_to_end.conftest import Outcome
from tests.study.sample.reading import files, final_versions, read_rows
from tests.support.tables import assert_same


def plants(fate: str) -> Iterator[Planted]:
    """What is planted with a fate."""
    return (plant for plant in PLANTED if plant.fate == fate)


def versions(outcome: Outcome, plant: Planted) -> list[str]:
    """The states of a planted row's versions."""
    key = contracts.read(plant.feed).key
    found = outcome.rows(f"SELECT version_state FROM clinical.{plant.feed} WHERE {key} = '{plant.key}'")
    return sorted(state for (state,) in found)


def quarantined(outcome: Outcome) -> dict[tuple[str, str, str], str]:
    """Feed, night and key of rows in quarantine to their state there."""
    found = outcome.rows(
        "SELECT q.feed, CAST(l.batch_date AS TEXT), q.record_key, q.state "
        "FROM quarantine.record AS q INNER JOIN ops.load AS l ON q.load_id = l.load_id"
    )
    return {(feed, night, key): state for feed, night, key, state in found}


def ledger(outcome: Outcome) -> dict[str, tuple[str, int, int]]:
    """Path to state, rows received and rows unchanged."""
    found = outcome.rows(
        "SELECT source, feed, batch_date, file_name, state, rows_received, rows_unchanged FROM ops.load"
    )
    return {"/".join(map(str, place)): (state, received, unchanged) for *place, state, received, unchanged in found}


@pytest.fixture(params=["on_duckdb", "on_postgresql"])
def outcome(request: pytest.FixtureRequest) -> Outcome:
    """The study's end on each engine."""
    found: Outcome = request.getfixturevalue(request.param)
    return found


def test_the_cohort_is_complete(outcome: Outcome) -> None:
    counted = {
        feed: outcome.rows(f"SELECT COUNT(*) FROM clinical.current_{feed}")[0][0] for feed in ("patients", "procedures")
    }
    assert counted == {"patients": 52, "procedures": 127}


def test_what_is_current_is_the_last_valid_version_of_every_row(outcome: Outcome, study: Path) -> None:
    final = final_versions(study)
    final["lesions"] |= {plant.key: {} for plant in plants("stays waiting") if plant.kind == "unknown_exam"}
    for feed, rows in final.items():
        key = contracts.read(feed).key
        current = {found for (found,) in outcome.rows(f"SELECT {key} FROM clinical.current_{feed}")}
        assert current == rows.keys(), feed


def test_every_row_of_every_file_is_accounted_for(outcome: Outcome, study: Path) -> None:
    sent = {path.relative_to(study).as_posix(): len(read_rows(path)) for _, _, path in files(study)}
    assert {path: received for path, (_, received, _) in ledger(outcome).items()} == sent


def test_invalid_rows_are_quarantined_and_closed_by_their_correction(outcome: Outcome) -> None:
    states = quarantined(outcome)
    for plant in plants("quarantined then corrected"):
        assert states[plant.feed, str(plant.night), plant.key] == "corrected", plant
        assert versions(outcome, plant)[0] == "current", plant
    for plant in plants("stays quarantined"):
        assert states[plant.feed, str(plant.night), plant.key] == "open", plant
        assert "current" not in versions(outcome, plant), plant
    assert sum(state == "open" for state in states.values()) == len(list(plants("stays quarantined")))


def test_invalid_cells_are_set_aside_alone_and_closed_by_their_correction(outcome: Outcome) -> None:
    found = outcome.rows("SELECT feed, record_key, column_name, text, state FROM quarantine.cell")
    sent = [plant for plant in PLANTS if plant.fate == "cell aside, then corrected"]
    told = {(plant.feed, plant.key, *change, "corrected") for plant in sent for change in plant.changes.items()}
    assert set(found) == told
    for plant in plants("cell aside, then corrected"):
        assert versions(outcome, plant) == ["current", "past"], plant


def test_rows_wait_for_their_patient(outcome: Outcome) -> None:
    for plant in plants("waits then joins"):
        assert versions(outcome, plant) == ["current"], plant
        assert outcome.rows(f"SELECT COUNT(*) FROM clinical.current_results WHERE patient_id = '{plant.key}'") != [(0,)]
    for plant in plants("stays waiting"):
        assert versions(outcome, plant) == ["current" if plant.kind == "unknown_exam" else "waiting"], plant
    assert outcome.rows("SELECT DISTINCT patient_id FROM quarantine.record WHERE state = 'waiting'") == [("SYN-099",)]


def test_a_file_without_a_required_column_is_held(outcome: Outcome) -> None:
    found = ledger(outcome)
    held = [path for path, (state, _, _) in found.items() if state == "held"]
    expected = [f"clinic/{plant.feed}/{plant.night}/clinic_{plant.feed}.csv" for plant in plants("held file")]
    assert held == expected
    assert {state for path, (state, _, _) in found.items() if path not in held} == {"loaded"}


def test_withdrawn_rows_are_history(outcome: Outcome) -> None:
    for plant in plants("cancelled"):
        assert versions(outcome, plant) == ["current", "past"], plant
        key = contracts.read(plant.feed).key
        assert outcome.rows(f"SELECT * FROM clinical.current_{plant.feed} WHERE {key} = '{plant.key}'") == [], plant


def test_rows_sent_again_change_nothing(outcome: Outcome) -> None:
    found = ledger(outcome)
    for plant in plants("unchanged"):
        folder = f"{contracts.read(plant.feed).source}/{plant.feed}/{plant.night}/"
        assert sum(unchanged for path, (_, _, unchanged) in found.items() if path.startswith(folder)) >= 25, plant


def test_of_two_versions_the_later_counts_from_its_night_on(on_duckdb: Outcome) -> None:
    for plant in (*plants("replaced"), *plants("last row counts")):
        assert plant.later is not None
        before = on_duckdb.current[plant.night][plant.feed, plant.key]
        after = on_duckdb.current[plant.later][plant.feed, plant.key]
        assert before["status"] != "corrected" == after["status"], plant
    repeated = {plant.key: on_duckdb.current[plant.night][plant.feed, plant.key] for plant in plants("last row counts")}
    assert repeated["L-011-0005"]["value"] == "57"
    assert repeated["T-016-1"]["kind"] == "hepatic_surgery"


def test_a_key_twice_in_a_file_is_a_warning(outcome: Outcome) -> None:
    warned = outcome.rows(
        "SELECT l.feed, CAST(l.batch_date AS TEXT) FROM ops.validation_result AS v INNER JOIN ops.load AS l "
        "ON v.load_id = l.load_id WHERE v.rule_id LIKE '%_id.repeated' AND v.status = 'pass_with_failures'"
    )
    assert sorted(warned) == sorted((plant.feed, str(plant.night)) for plant in plants("last row counts"))


def test_both_engines_and_both_orders_give_the_same_tables(on_duckdb: Outcome, on_postgresql: Outcome) -> None:
    assert_same(on_postgresql.tables, on_duckdb.tables)


def test_every_derived_table_and_mart_says_something(on_duckdb: Outcome) -> None:
    empty = [name for name, rows in on_duckdb.tables.items() if not rows]
    # The study plants no merges, no event under two keys, no specimen after treatment, no albumin, no receptors.
    not_planted = {"clinical.merges", "clinical.person", "derived.repeated_event", "derived.sstr_status"}
    assert {*empty} == {*not_planted, "derived.albi", "marts.albi", "marts.grade_change"}


def test_running_again_finds_nothing_new(outcome: Outcome) -> None:
    again = run_steps(outcome.settings)
    assert (again.loads, again.patients_derived, again.marts_refreshed) == ([], 0, 0)
    assert (again.failed, again.not_pulled) == ({}, [])


def test_a_night_touches_only_the_patients_that_it_speaks_of(on_duckdb: Outcome) -> None:
    first, *later = on_duckdb.derived
    assert first >= 50
    assert len(later) == len(NIGHTS) - 1
    assert all(0 < count < 50 for count in later)


def test_the_marts_are_published_for_readers(on_duckdb: Outcome) -> None:
    database = on_duckdb.settings.warehouse.removeprefix("duckdb:///")
    snapshot = Outcome(on_duckdb.settings)
    snapshot.settings = type(snapshot.settings)("", f"duckdb:///{snapshot_of(database)}", "")
    (count,) = snapshot.rows("SELECT COUNT(*) FROM marts.survival_curve")
    assert count == (len(on_duckdb.tables["marts.survival_curve"]),)
