"""Great Expectations' results made again from what ops.validation_result keeps: counts, without any list of values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from great_expectations.core import ExpectationSuite, ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.core.run_identifier import RunIdentifier

from include.definitions.expectations import Rule, read_suite
from include.pipeline.validation.engine import suite_of

VERSION = version("great_expectations")


@dataclass(frozen=True)
class Load:
    """A load and what each rule said of it: rows of include/sql/reporting/judged.sql."""

    load_id: str
    source: str
    feed: str
    batch_date: Any
    state: str
    finished_at: datetime
    said: Sequence[Any]

    @property
    def failed_rules(self) -> int:
        """How many rules some row failed, or could not be evaluated."""
        return sum(row.rows_failed > 0 or row.status == "error" for row in self.said)

    @property
    def is_in_order(self) -> bool:
        """Whether no critical rule failed and none could not be evaluated."""
        return not any(row.status in ("fail", "error") for row in self.said)


def suite(name: str) -> ExpectationSuite:
    """A feed's suite as Great Expectations has it."""
    made = suite_of(list(map(_explained, read_suite(name))))
    made.name = name
    return made


def suite_result(load: Load) -> ExpectationSuiteValidationResult:
    """What Great Expectations found in a load; a rule that is in no suite any more is left out."""
    rules = {rule.rule_id: rule for rule in (*read_suite(load.feed), *read_suite("file"))}
    known = [row for row in load.said if row.rule_id in rules]
    results = [_result(*pair) for pair in zip(_configurations(rules, known), known, strict=True)]
    successful = sum(bool(result.success) for result in results)
    return ExpectationSuiteValidationResult(
        success=load.is_in_order,
        results=results,
        suite_name=load.feed,
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": successful,
            "unsuccessful_expectations": len(results) - successful,
            "success_percent": 100 * successful / len(results) if results else None,
        },
        meta={
            "run_id": RunIdentifier(run_name=load.load_id, run_time=load.finished_at.replace(tzinfo=UTC)),
            "great_expectations_version": VERSION,
            "batch_spec": {"data_asset_name": f"{load.source}/{load.feed} of {load.batch_date}"},
        },
    )


def _explained(rule: Rule, counts: str = "") -> Rule:
    """The rule with counts, id, severity, level and remedy in its description, which is what the pages show of it."""
    told = f"[{rule.rule_id}, {rule.severity}, {rule.level}]"
    words = f"{rule.settings['description']} {counts}{rule.meta['remedy']} {told}"
    return replace(rule, settings={**rule.settings, "description": words})


def _configurations(rules: dict[str, Rule], known: list[Any]) -> list[Any]:
    told = [_explained(rules[row.rule_id], f"{row.rows_failed:,} of {row.rows_checked:,} rows fail. ") for row in known]
    return [expectation.configuration for expectation in suite_of(told).expectations]


def _result(configuration: Any, row: Any) -> ExpectationValidationResult:
    raised = row.status == "error"
    return ExpectationValidationResult(
        success=not row.rows_failed and not raised,
        expectation_config=configuration,
        result={
            "element_count": row.rows_checked,
            "unexpected_count": row.rows_failed,
            "unexpected_percent": 100 * row.rows_failed / row.rows_checked if row.rows_checked else 0.0,
            "partial_unexpected_list": [],
        },
        exception_info={
            "raised_exception": raised,
            "exception_message": "REG-303: the rule could not be evaluated." if raised else None,
            "exception_traceback": "",
        },
    )
