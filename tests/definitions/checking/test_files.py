"""Each kind of mistake is named with its file, entry and key; the platform's own files have none."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from include.basics.errors import RegistryError
from include.definitions.checking import Findings, Folders, Problem, check, read, refuse
from include.definitions.checking.units import check_normal
from include.running.cli.commands import main
from tests.definitions.checking.conftest import Copy

LESIONS, VISITS = "expectations/lesions.yml", "expectations/visits.yml"
MISTAKES = yaml.safe_load(Path(__file__).with_name("mistakes.yml").read_text(encoding="utf-8"))


def test_the_platforms_own_files_are_right() -> None:
    found = check()

    assert [str(problem) for problem in found.problems] == []
    assert found.counts["contracts"] == 10
    assert found.counts["rules"] == len(found.living) > 200


def test_a_copy_of_them_is_right_as_well(copied: Copy) -> None:
    assert read(copied.folders).problems == []


@pytest.mark.parametrize("made", MISTAKES, ids=[made["mistake"] for made in MISTAKES])
def test_a_mistake_is_named(copied: Copy, made: dict[str, str]) -> None:
    copied.change(made["file"], made["old"], made["new"])

    problems = read(copied.folders).problems

    assert [
        problem
        for problem in problems
        if made["says"] in problem.what
        and problem.entry == made.get("entry", problem.entry)
        and problem.key == made.get("key", problem.key)
        and problem.code == "REG-401"
    ], problems


def test_a_spelling_that_is_never_looked_up_is_named(copied: Copy) -> None:
    copied.change("reference/unit_word.csv", "UKAT", "µkat")

    assert [str(problem) for problem in check_normal(copied.folders)] == [
        "reference/unit_word.csv: µkat: spelling: has to be written MCKAT [REG-401]"
    ]


def test_all_mistakes_are_listed_in_one_go(copied: Copy) -> None:
    copied.change(LESIONS, "severity: warning", "severity: grave")
    copied.change(VISITS, "name: visits", "name: [visits")
    copied.change("expectations/thresholds.csv", "hold_share", "holdshare")
    copied.change("reference/grade_order.csv", "G2,2", "G2,two")

    files = {problem.file for problem in read(copied.folders).problems}

    assert files == {LESIONS, VISITS, "expectations/thresholds.csv", "reference/grade_order.csv"}


@pytest.mark.parametrize("file", ["reference/setting.csv", "expectations/thresholds.csv"])
@pytest.mark.parametrize("lines", [0, 1])
def test_a_file_without_rows_is_named(copied: Copy, file: str, lines: int) -> None:
    path = copied.folder / file
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:lines]), encoding="utf-8")

    assert Problem(file, "", "", "has no rows") in read(copied.folders).problems


@pytest.mark.parametrize("content", ["", "- a", "7"])
def test_a_description_that_is_none_is_named(copied: Copy, content: str) -> None:
    (copied.folders.reference / "tables.yml").write_text(content, encoding="utf-8")

    assert [problem.file for problem in read(copied.folders).problems] == ["reference/tables.yml"]


def test_a_feed_without_suite_or_contract_and_a_contract_of_no_feed_are_named(copied: Copy) -> None:
    (copied.folders.expectations / "exams.yml").unlink()
    (copied.folders.contracts / "reports.yml").rename(copied.folders.contracts / "Biopsies.yml")

    said = {(problem.file, problem.what.partition(":")[0]) for problem in read(copied.folders).problems}

    assert ("expectations/exams.yml", "is not there") in said
    assert ("contracts/exams.yml", "the feed has no suite exams.yml in expectations") in said
    assert ("contracts/reports.yml", "is not there") in said
    assert ("contracts/Biopsies.yml", "is read by nobody") in said


def test_words_for_all_rules_that_stand_in_two_places_are_named(copied: Copy) -> None:
    contract = copied.folders.contracts / "exams.yml"
    rules = '\nrules: {owner: registry office, since: "0.2", context: verification}\n'
    contract.write_text(contract.read_text(encoding="utf-8") + rules, encoding="utf-8")

    assert [(problem.file, problem.key) for problem in read(copied.folders).problems] == [
        ("contracts/exams.yml", "rules")
    ]


def test_a_suite_whose_contract_is_gone_is_named(copied: Copy) -> None:
    (copied.folders.expectations / "reports.yml").rename(copied.folders.expectations / "biopsies.yml")

    said = {(problem.file, problem.what) for problem in read(copied.folders).problems}

    assert ("expectations/biopsies.yml", "the suite has no feed biopsies.yml in contracts") in said


def test_the_words_of_the_error_are_those_of_the_problems(copied: Copy) -> None:
    copied.change(LESIONS, "severity: warning", "severity: grave")

    with pytest.raises(RegistryError) as raised:
        refuse(read(copied.folders))

    assert raised.value.code == "REG-401"
    assert (
        f"{LESIONS}: lesions.longest_diameter_mm.unusual: severity: "
        "'grave' is none of critical, warning, info [REG-401]" in str(raised.value)
    )


def test_a_column_is_one_line_and_its_rules_appear(copied: Copy) -> None:
    line = '  dose_day: {type: date, lifespan: {after_death: warning}, description: "day"}'
    line += '\n  route: {type: text, values: [oral, venous], description: "way"}'
    line += (
        '\n  share: {type: decimal, between: [0, 1], row_because: "Without it the dose is 1.", description: "share"}'
    )
    copied.change("contracts/treatments.yml", "  status:", f"{line}\n  status:")
    known = {one.rule.rule_id for one in read(Folders()).living}

    found = read(copied.folders)

    assert found.problems == []
    new = [one.rule for one in found.living if one.rule.rule_id not in known]
    assert {(rule.rule_id, rule.severity, rule.level) for rule in new} == {
        ("treatments.dose_day.unreadable", "critical", "cell"),
        ("treatments.dose_day.after_death", "warning", "lifespan"),
        ("treatments.dose_day.in_future", "critical", "cell"),
        ("treatments.route.unknown_code", "critical", "cell"),
        ("treatments.share.unreadable", "critical", "row"),
        ("treatments.share.impossible", "critical", "row"),
    }
    route = next(rule for rule in new if rule.rule_id == "treatments.route.unknown_code")
    assert route.settings["kwargs"]["value_set"] == ["oral", "venous"]
    assert route.settings["description"] == "The route is oral or venous."


def test_nothing_is_refused_where_nothing_is_wrong() -> None:
    refuse(read(Folders()))


def test_a_problem_is_one_line() -> None:
    assert str(Problem("f.yml", "", "key", "is missing")) == "f.yml: key: is missing [REG-401]"


def test_the_command_prints_counts_or_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Findings([Problem("f.yml", "a.b.c", "severity", "is missing")], {"rules": 1}, [])
    monkeypatch.setattr("include.running.cli.rules.check", lambda: found)
    wrong = CliRunner().invoke(main, ["check"])
    assert (wrong.exit_code, wrong.stdout) == (1, "f.yml: a.b.c: severity: is missing [REG-401]\n")
    as_json = CliRunner().invoke(main, ["check", "--json"])
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["problems"][0]["entry"] == "a.b.c"
    monkeypatch.setattr("include.running.cli.rules.check", lambda: Findings([], {"suites": 2, "rules": 1}, []))
    right = CliRunner().invoke(main, ["check"])
    assert (right.exit_code, right.stdout) == (0, "Nothing is wrong: 2 suites, 1 rules.\n")
