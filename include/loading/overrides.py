"""Overrides: values that a person declared right although a rule fails them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from include.expectations import Rule, read_suite
from include.warehouse import Warehouse, utc_now


@dataclass(frozen=True)
class Override:
    """A person's decision about the rows of the temporary table `chosen`: who, why, and for which rules.

    Without rules it is for every critical rule that the rows fail.
    """

    who: str
    why: str
    rule_ids: tuple[str, ...] = ()


def apply_overrides(warehouse: Warehouse, names: dict[str, Any], new: Override | None = None) -> None:
    """Mark what is overridden among the rows of `failing`; a new override is entered for the rows that pass with it."""
    _mark(warehouse, names)
    if new:
        _enter(warehouse, names, new)
        _mark(warehouse, names)


def said_by(override: Override | None) -> dict[str, Any]:
    """Who let overridden rows in, and why; without a new override the registry did, by an earlier one."""
    if override:
        return {"who": override.who, "why": override.why}
    return {"who": "registry", "why": "these values were overridden before"}


def _mark(warehouse: Warehouse, names: dict[str, Any]) -> None:
    known = warehouse.run_file("loading/overridden_rules", feed=names["feed"]).scalars().all()
    for rule in _rules(names["feed"], known) if known else ():
        _run(warehouse, "override", names, rule)


def _enter(warehouse: Warehouse, names: dict[str, Any], new: Override) -> None:
    rules = _rules(names["feed"], new.rule_ids)
    meant = [rule for rule in rules if rule.severity == "critical" and rule.can_be_overridden]
    if meant:
        warehouse.run_file("loading/keep_passing", {"rules": [rule.rule_id for rule in meant]})
    for rule in meant:
        _run(warehouse, "enter_override", names, rule, who=new.who, why=new.why, now=utc_now())


def _rules(feed: str, rule_ids: Sequence[str]) -> list[Rule]:
    return [rule for rule in read_suite(feed) if not rule_ids or rule.rule_id in rule_ids]


def _run(warehouse: Warehouse, statement: str, names: dict[str, Any], rule: Rule, **parameters: Any) -> None:
    hashed = {**names, "hash": names["hash_of"](rule)}
    warehouse.run_file(f"loading/{statement}", hashed, rule_id=rule.rule_id, **parameters)
