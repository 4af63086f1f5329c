"""A suite edited through Great Expectations' API is the suite that a person would have written."""

from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import IO, Any

import great_expectations as gx
import pytest
from ruamel.yaml import YAML

from include.basics.errors import RegistryError
from include.definitions import expectations
from include.definitions.checking import Folders, read
from include.definitions.expectations import SUITES, Rule, read_suite
from include.definitions.expectations.editing import open_suite, save_suite
from include.pipeline.validation import judge
from include.warehouse import Warehouse
from tests.definitions.expectations.staged import read_cases, stage_rows

WORDS = {"category": "plausibility", "remedy": "Ask the clinic.", "owner": "registry office", "since": "0.2"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the suites in the place of the platform's."""
    copy = copytree(expectations.FOLDER, tmp_path / "expectations", ignore=ignore_patterns("*.py", "__pycache__"))
    monkeypatch.setattr(expectations, "FOLDER", copy)
    return copy


def words(rules: tuple[Rule, ...]) -> list[Rule]:
    """Rules without the line end of a query."""
    for rule in rules:
        kwargs = rule.settings["kwargs"]
        if "unexpected_rows_query" in kwargs:
            kwargs["unexpected_rows_query"] = kwargs["unexpected_rows_query"].rstrip()
    return list(rules)


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_that_is_opened_and_saved_is_the_same(folder: Path, name: str) -> None:
    before = read_suite(name)
    text = (folder / f"{name}.yml").read_text(encoding="utf-8")
    save_suite(open_suite(name))
    assert (folder / f"{name}.yml").read_text(encoding="utf-8") == text
    assert read_suite(name) == before


@pytest.mark.parametrize("name", ["visits", "warehouse"])
def test_a_suite_written_anew_says_the_same(folder: Path, name: str) -> None:
    before = read_suite(name)
    suite = open_suite(name)
    file = folder / f"{name}.yml"
    file.write_text(file.read_text(encoding="utf-8").partition("expectations:")[0] + "expectations: []\n", "utf-8")
    save_suite(suite)
    assert words(read_suite(name)) == words(before)
    assert file.read_text(encoding="utf-8").count("unexpected_rows_query: |\n") > 0


def test_an_expectation_that_is_added_is_judged(folder: Path, duckdb_judging: Warehouse) -> None:
    suite = open_suite("visits")
    suite.add_expectation(
        gx.expectations.ExpectColumnValuesToBeBetween(
            column="ecog",
            max_value=3,
            severity="critical",
            description="A patient who is treated is up and about.",
            meta={"rule_id": "visits.ecog.unusual", "level": "cell", **WORDS},
        )
    )
    save_suite(suite)
    assert read(Folders(expectations=folder)).problems == []
    cases = [case.row | {"ecog": ecog} for case, ecog in zip(read_cases("visits")[:2], (1, 4), strict=True)]
    stage_rows(duckdb_judging, "visits", cases)
    assert judge(duckdb_judging, read_suite("visits"), "staged").broken == set()
    failing = "SELECT row_number, severity FROM failing WHERE rule_id = 'visits.ecog.unusual'"
    assert duckdb_judging.run(failing).tuples().all() == [(cases[1]["row_number"], "critical")]
    assert read_suite("visits")[-1].meta["context"] == "verification"


def test_an_expectation_that_is_changed_or_deleted_leaves_the_others_alone(folder: Path) -> None:
    before = {rule.rule_id: rule for rule in read_suite("visits")}
    suite = open_suite("visits")
    by_id = {expectation.meta["rule_id"]: expectation for expectation in suite.expectations}
    by_id["visits.weight_kg.unusual"].max_value = 175
    suite.delete_expectation(by_id["visits.height_cm.unusual"])
    save_suite(suite)
    after = {rule.rule_id: rule for rule in read_suite("visits")}
    changed = after.pop("visits.weight_kg.unusual")
    assert changed.settings["kwargs"]["max_value"] == 175
    assert after == {
        rule_id: rule
        for rule_id, rule in before.items()
        if rule_id not in ("visits.weight_kg.unusual", "visits.height_cm.unusual")
    }


def test_a_rule_that_the_contract_asks_for_is_changed_in_the_contract(folder: Path) -> None:
    text = (folder / "visits.yml").read_text(encoding="utf-8")
    suite = open_suite("visits")
    by_id = {expectation.meta["rule_id"]: expectation for expectation in suite.expectations}
    by_id["visits.ecog.impossible"].max_value = 3
    with pytest.raises(RegistryError, match=r"REG-401: .*asks for visits\.ecog\.impossible"):
        save_suite(suite)
    assert (folder / "visits.yml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("meta", "said"),
    [
        (None, "without rule_id"),
        ({"category": "plausibility"}, "without rule_id"),
        ({"rule_id": "visits.weight_kg.unusual"}, "rule ids twice: visits.weight_kg.unusual"),
        ({"rule_id": "results.value.impossible"}, "rule ids twice: results.value.impossible"),
        ({"rule_id": "visits.ecog.gone"}, "retired rule ids: visits.ecog.gone"),
    ],
)
def test_an_expectation_without_an_id_of_its_own_is_refused_and_the_file_is_left_alone(
    folder: Path, meta: dict[str, str] | None, said: str
) -> None:
    (folder / "retired.yml").write_text("retired: [{rule_id: visits.ecog.gone}]\n", encoding="utf-8")
    text = (folder / "visits.yml").read_text(encoding="utf-8")
    suite = open_suite("visits")
    suite.add_expectation(gx.expectations.ExpectColumnValuesToNotBeNull(column="ecog", meta=meta))
    with pytest.raises(RegistryError, match=rf"REG-401: .*{said}"):
        save_suite(suite)
    assert (folder / "visits.yml").read_text(encoding="utf-8") == text


def test_a_suite_that_cannot_be_written_leaves_the_file_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (folder / "visits.yml").read_text(encoding="utf-8")

    def break_off(yaml: YAML, document: Any, out: IO[str]) -> None:
        out.write("expectations:")
        raise OSError("the disk is full")

    suite = open_suite("visits")
    monkeypatch.setattr(YAML, "dump", break_off)
    with pytest.raises(OSError, match="full"):
        save_suite(suite)
    assert (folder / "visits.yml").read_text(encoding="utf-8") == text


def test_what_a_new_expectation_lacks_is_said(folder: Path) -> None:
    suite = open_suite("visits")
    suite.add_expectation(
        gx.expectations.ExpectColumnValuesToNotBeNull(column="ecog", meta={"rule_id": "visits.ecog.missing"})
    )
    save_suite(suite)
    said = {(problem.entry, problem.key) for problem in read(Folders(expectations=folder)).problems}
    assert said >= {("visits.ecog.missing", "description"), ("visits.ecog.missing", "meta.remedy")}
