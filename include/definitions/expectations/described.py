"""The rules in plain words, living and retired: what the catalogue, its page and the command line print."""

from pathlib import Path
from typing import Any

from include.definitions import expectations
from include.definitions.expectations import Rule, read_retired, read_rules


def described_rules(folder: Path | None = None) -> list[dict[str, Any]]:
    """One row a rule as `reference.rule` has it, in the order of the suites; the retired ones come last."""
    living = [described(rule) for rule in read_rules(folder)]
    return [*living, *read_retired(folder or expectations.FOLDER)]


def described(rule: Rule) -> dict[str, Any]:
    """A living rule's row; its feed is the one whose row is at fault, whichever suite the rule is in."""
    feed, column, _ = rule.rule_id.split(".")
    return {
        "rule_id": rule.rule_id,
        "feed": feed,
        "column_name": column,
        "columns_judged": ",".join(rule.columns),
        "level": rule.level,
        "severity": rule.severity,
        "category": rule.meta["category"],
        "context": rule.meta["context"],
        "description": rule.settings["description"],
        "remedy": rule.meta["remedy"],
        "owner": rule.meta["owner"],
        "since_version": rule.meta["since"],
    }
