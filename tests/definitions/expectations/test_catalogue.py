"""The catalogue of rules: ids that are never given twice, words for people, a page that is in step."""

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from click.testing import CliRunner

from include.basics.errors import RegistryError
from include.basics.settings import ROOT
from include.definitions import expectations
from include.definitions.expectations import read_rules, read_suite
from include.definitions.expectations.described import described_rules
from include.people.reporting.rules import rules_page
from include.running.cli.commands import main

RETIRED = """
retired:
  - rule_id: exams.exam_date.odd
    feed: exams
    column_name: exam_date
    level: row
    severity: warning
    category: plausibility
    context: verification
    description: An exam is on a weekday.
    remedy: Ask radiology.
    owner: registry office
    since_version: "0.1"
    retired_version: "0.2"
    replaced_by: exams.exam_date.in_future
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A copy of the suites in which a rule was retired."""
    copy = copytree(expectations.FOLDER, tmp_path / "expectations", ignore=ignore_patterns("*.py", "__pycache__"))
    (copy / "retired.yml").write_text(RETIRED, encoding="utf-8")
    yield copy
    expectations.forget_files()


def rename(folder: Path, suite: str, old: str, new: str) -> None:
    file = folder / f"{suite}.yml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


def test_a_retired_id_is_refused(folder: Path) -> None:
    rename(folder, "exams", "exams.contrast_phases.without_arterial", "exams.exam_date.odd")

    with pytest.raises(RegistryError, match=r"must not use retired rule ids: exams.exam_date.odd") as raised:
        read_suite("exams", folder)
    assert raised.value.code == "REG-401"


def test_an_id_that_is_taken_is_refused(folder: Path) -> None:
    rename(folder, "exams", "exams.contrast_phases.without_arterial", "exams.exam_date.unreadable")

    with pytest.raises(RegistryError, match=r"must not use rule ids twice: exams.exam_date.unreadable") as raised:
        read_suite("exams", folder)
    assert raised.value.code == "REG-401"


def test_an_id_of_another_suite_is_refused(folder: Path) -> None:
    rename(folder, "warehouse", "exams.exam_id.without_lesion", "exams.exam_id.missing")

    with pytest.raises(RegistryError, match=r"twice: exams.exam_id.missing") as raised:
        read_rules(folder)
    assert raised.value.code == "REG-401"


def test_a_retired_rule_explains_old_results_for_ever(folder: Path) -> None:
    living, retired = described_rules(folder)[:-1], described_rules(folder)[-1]

    assert retired["rule_id"] == "exams.exam_date.odd"
    assert retired["retired_version"] == "0.2"
    assert retired.keys() >= living[0].keys() - {"columns_judged"}
    page = rules_page([*living, retired])
    assert "- `exams.exam_date.odd`: An exam is on a weekday." in page
    assert "| `exams.exam_date.odd`" not in page


def test_a_rule_that_asks_another_source_or_a_standard_validates_it() -> None:
    context = {rule.rule_id: rule.meta["context"] for rule in read_rules()}

    assert context["results.unit.unknown"] == context["reports.primary_site.unknown_code"] == "validation"
    assert context["adverse_events.ctcae_grade.impossible"] == context["lesions.exam_id.without_exam"] == "validation"
    assert context["exams.exam_date.after_death"] == "validation"
    assert context["lesions.lesion_id.missing"] == context["visits.height_cm.unusual"] == "verification"


def test_the_page_is_in_step_with_the_suites() -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")

    assert page == rules_page(described_rules()), "run make rules"


def test_every_rule_is_once_on_the_page_under_its_feed() -> None:
    page = rules_page(described_rules())

    for rule in described_rules():
        (section,) = [part for part in page.split("\n## ") if f"`{rule['rule_id']}`" in part]
        under = "Every file" if rule["feed"] == "file" else f"/ {rule['feed']}"
        assert section.partition("\n")[0].endswith("Retired" if rule.get("retired_version") else under)


def test_the_command_lists_the_rules_of_a_feed() -> None:
    said = CliRunner().invoke(main, ["rules", "--feed", "lesions", "--json"])

    listed = json.loads(said.output)
    assert {rule["feed"] for rule in listed} == {"lesions"}
    assert {"lesions.lesion_id.missing", "lesions.exam_id.without_exam"} < {rule["rule_id"] for rule in listed}


def test_the_command_prints_the_page() -> None:
    assert CliRunner().invoke(main, ["rules", "--markdown"]).output == (ROOT / "docs" / "rules.md").read_text("utf-8")
