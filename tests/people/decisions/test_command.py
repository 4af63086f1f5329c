"""What engineers and scripts do about records and files on the command line."""

import os
import pwd
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from include.running.cli.commands import main
from tests.support.extracts import as_csv, row
from tests.support.registry import opened
from tests.support.warehouses import Templates, copy_of

DAY_1 = "2020-01-01"
SECRET = "90007"
RULE = "results.value.impossible"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> str:
    """A warehouse with an open record, a waiting one and a held file."""
    folder = tmp_path_factory.mktemp("kept")
    made = templates.duckdb(folder / "registry.duckdb")
    columns = [name for name in row("visits") if name != "vital_status"]
    with opened(made, folder) as registry:
        registry.deliver("patients", DAY_1, row("patients"))
        rows = row("results", "L1", value=SECRET), row("results", "L2", patient_id="P2")
        registry.deliver("results", DAY_1, *rows)
        registry.put("visits", DAY_1, as_csv([row("visits")], columns))
        registry.load()
    return made


@pytest.fixture
def url(kept: str, tmp_path: Path) -> str:
    """A copy of it."""
    return copy_of(kept, tmp_path / "registry.duckdb")


def registry(url: str, *arguments: str) -> Result:
    """Run a command on the warehouse."""
    return CliRunner().invoke(main, [*arguments, "--warehouse", url])


def first_load(listed: str) -> str:
    """The load id in the first row of a CSV list."""
    return listed.splitlines()[1].split(",")[0]


def test_records_are_listed_by_state_and_rule_without_their_values(url: str) -> None:
    by_rule = registry(url, "quarantine", "list", "--rule", RULE, "--csv")
    waiting = registry(url, "quarantine", "list", "--state", "waiting", "--csv")
    assert [line.split(",")[5] for line in by_rule.stdout.splitlines()[1:]] == ["L1"]
    assert [line.split(",")[5] for line in waiting.stdout.splitlines()[1:]] == ["L2"]
    assert SECRET not in by_rule.stdout


def test_a_list_is_paged(url: str) -> None:
    whole, *pages = (
        registry(url, "quarantine", "list", "--state", "all", "--csv", *page).stdout.splitlines()[1:]
        for page in ([], ["--limit", "1"], ["--limit", "1", "--offset", "1"])
    )
    assert len(whole) == 2
    assert whole == [line for page in pages for line in page]


def test_a_record_is_shown_with_its_row_its_rules_and_what_to_do(url: str) -> None:
    load_id = first_load(registry(url, "quarantine", "list", "--csv").stdout)
    shown = registry(url, "quarantine", "show", load_id, "1").stdout
    assert SECRET in shown
    assert RULE in shown
    assert "laboratory" in shown
    missing = registry(url, "quarantine", "show", load_id, "99")
    assert (missing.exit_code, missing.stderr.partition(":")[0]) == (1, "REG-602")


def test_a_cell_is_listed_without_its_text_and_shown_with_it(url: str, tmp_path: Path) -> None:
    with opened(url, tmp_path) as opened_registry:
        opened_registry.deliver("results", "2020-01-02", row("results", "L3", reference_high=f"about {SECRET}"))
    listed = registry(url, "quarantine", "list", "--cells", "--csv").stdout
    load_id, number, *_, column, key = listed.splitlines()[1].split(",")[:7]
    assert (number, column, key) == ("1", "reference_high", "L3")
    assert SECRET not in listed
    shown = registry(url, "quarantine", "show", load_id, number)
    assert f"about {SECRET}" in shown.stdout
    assert "results.reference_high.unreadable" in shown.stdout


def test_override_and_reopen(url: str) -> None:
    done = registry(url, "quarantine", "override", "--key", "L1", "--reason", "confirmed", "--by", "mg")
    assert "now 1 overridden" in done.stdout
    again = registry(url, "quarantine", "override", "--key", "L1", "--reason", "confirmed")
    assert (again.exit_code, again.stderr.partition(":")[0]) == (1, "REG-602")
    assert "now 1 open" in registry(url, "quarantine", "reopen", "--key", "L1", "--reason", "not confirmed").stdout


def test_a_decision_is_listed_and_undone_by_its_number(url: str) -> None:
    done = registry(url, "quarantine", "reject", "--feed", "results", "--reason", "wrong", "--by", "mg").stdout
    assert "2 records: now 2 rejected. Decision 1: undo takes it back." in done
    assert registry(url, "quarantine", "decisions", "--csv").stdout.splitlines()[1].split(",")[:3] == [
        "1",
        "reject",
        "mg",
    ]
    assert registry(url, "quarantine", "undo", "1", "--reason", "right").exit_code == 0
    assert len(registry(url, "quarantine", "list", "--csv").stdout.splitlines()) == 2
    again = registry(url, "quarantine", "undo", "1", "--reason", "right")
    assert (again.exit_code, again.stderr.partition(":")[0]) == (1, "REG-607")


def test_the_user_of_the_system_stands_beside_the_name_that_is_given(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-else")
    registry(url, "quarantine", "reject", "--key", "L1", "--reason", "wrong", "--by", "Ada")
    user = pwd.getpwuid(os.getuid()).pw_name
    assert ",Ada," in (listed := registry(url, "quarantine", "decisions", "--csv").stdout)
    assert f",os:{user}," in listed


def test_a_decision_about_everything_is_a_mistake(url: str) -> None:
    assert registry(url, "quarantine", "reject", "--reason", "all wrong").exit_code == 2
    assert registry(url, "quarantine", "reject", "--feed", "results").exit_code == 2
    assert (
        "2 records: now 2 rejected"
        in registry(url, "quarantine", "reject", "--feed", "results", "--reason", "x").stdout
    )


def test_replay_needs_no_selection(url: str) -> None:
    assert "1 records: now 1 open" in registry(url, "quarantine", "replay").stdout


def test_a_held_file_is_rejected_and_released(url: str) -> None:
    load_id = first_load(registry(url, "batch", "list", "--csv").stdout)
    assert "1 rows count as quarantined" in registry(url, "batch", "reject", load_id, "--reason", "wrong export").stdout
    assert registry(url, "batch", "list", "--csv").stdout.splitlines()[1:] == []
    assert "1 received" in registry(url, "batch", "release", load_id, "--reason", "was right").stdout
    refused = registry(url, "batch", "reject", load_id, "--reason", "again")
    assert (refused.exit_code, refused.stderr.partition(":")[0]) == (1, "REG-601")
