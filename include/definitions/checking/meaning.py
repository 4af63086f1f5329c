"""Checks what rules may ask: columns that exist, severities that the loading can keep, SQL that both engines know."""

import re
from collections import defaultdict
from collections.abc import Iterator

from include.definitions.checking.contracts import ContractFile
from include.definitions.checking.problem import Problem
from include.definitions.checking.suites import Living
from include.definitions.contracts import FEEDS
from include.definitions.expectations import LIFESPAN, SETTLED, Rule, named

FILE_SUBJECTS = {"columns", "rows", "row"}
OTHER_ROWS = ("GROUP BY", " OVER ", "unique", "clinical.", "derived.")
ONE_ENGINE = (
    ("::", "CAST(… AS …)"),
    (" ~ ", "LIKE or SUBSTRING"),
    ("REGEX", "LIKE or SUBSTRING"),
    ("SIMILAR TO", "LIKE or SUBSTRING"),
    ("QUALIFY", "a subquery with ROW_NUMBER()"),
    ("GROUP BY ALL", "the columns' names"),
    ("ORDER BY ALL", "the columns' names"),
    ("ARG_MAX", "a subquery with ROW_NUMBER()"),
    ("ARG_MIN", "a subquery with ROW_NUMBER()"),
    ("DATE_DIFF", "the difference of two dates"),
    ("DATEDIFF", "the difference of two dates"),
    ("TRY_CAST", "the column <name>_readable"),
    ("STRFTIME", "EXTRACT"),
    ("TO_CHAR", "EXTRACT"),
    ("IFNULL", "COALESCE"),
    ("LIST_", "a join"),
    ("UNNEST", "a join"),
)
"""Words that only one of DuckDB and PostgreSQL knows, or that mean another thing in each, and what to write instead."""


def check_meaning(living: list[Living], contracts: dict[str, ContractFile]) -> list[Problem]:
    """What is wrong with rules whose form is right."""
    problems = [
        problem
        for one in living
        for problem in (*_subject(one, contracts), *_judged(one), *_set_aside(one, contracts.get(one.suite)))
    ]
    return [*problems, *check_coverage(living, contracts)]


def says(rule: Rule, words: tuple[str, ...]) -> bool:
    """Whether the rule's expectation holds one of the words."""
    return any(word in f"{rule.settings['type']} {rule.settings['kwargs']}" for word in words)


def _subject(one: Living, contracts: dict[str, ContractFile]) -> Iterator[Problem]:
    """An id begins with the feed and the column that the rule is about."""
    feed, column, _ = one.rule.rule_id.split(".")
    if one.suite == "warehouse":
        if feed not in FEEDS:
            yield _of(one, "rule_id", f"begins with {feed}, which is no feed")
    elif feed != one.suite:
        yield _of(one, "rule_id", f"has to begin with {one.suite}")
        return
    columns = (
        FILE_SUBJECTS if one.suite == "file" else contracts[feed].columns.keys() if feed in contracts else {column}
    )
    if column not in columns:
        yield _of(one, "rule_id", f"is about {column}, which is no column of the contract {feed}")


def _judged(one: Living) -> Iterator[Problem]:
    """What loading relies on: levels that say what a rule depends on, rows set aside for their own sake alone."""
    rule = one.rule
    is_settled = says(rule, SETTLED)
    level = one.suite if one.suite in ("file", "warehouse") else "lifespan" if is_settled else "row"
    if rule.level != level and (rule.level, level) != ("cell", "row"):
        yield _of(one, "level", f"has to be {level}: " + ("it" if is_settled else "no rule here") + " depends on it")
    if rule.severity == "critical":
        if one.suite == "warehouse":
            yield _of(one, "severity", "cannot be critical: a row is not set aside for another feed's")
        elif says(rule, OTHER_ROWS):
            yield _of(one, "severity", "cannot be critical: the rule looks at other rows than the one it judges")
        elif one.suite == "patients" and is_settled:
            yield _of(one, "severity", "cannot be critical: the patient's row would decide what it is judged by")
        elif one.suite == "visits" and says(rule, LIFESPAN[1:]) and not says(rule, ("vital_status = 'alive'",)):
            yield _of(one, "severity", "cannot be critical: which death is known would depend on the order of reports")
    if one.suite not in ("file", "warehouse") and says(rule, OTHER_ROWS) and not says(rule, ("file_number",)):
        yield _of(one, "kwargs", "looks at other rows than the one it judges: keep files apart by file_number")
    text = f"{rule.settings['type']} {rule.settings['kwargs']}".upper()
    for word, instead in ONE_ENGINE:
        if re.search(rf"{'' if not word[0].isalpha() else '(?<![A-Z])'}{re.escape(word)}", text):
            yield _of(one, "kwargs", f"{word.strip()} is not the same on DuckDB and PostgreSQL; write {instead}")
    if "JOIN " in text and re.search(r"\{BATCH\}(?! AS )", text):
        yield _of(one, "kwargs", "{batch} needs a name of its own in a query with JOIN (FROM {batch} AS …)")


def _set_aside(one: Living, contract: ContractFile | None) -> Iterator[Problem]:
    """A critical rule about one optional column alone sets the cell aside, or says why it has to be the row."""
    rule, column = one.rule, one.rule.rule_id.split(".")[1]
    if contract is None or column not in contract.columns:
        return
    is_needed = contract.columns[column].required or column in (contract.key, "patient_id", "status")
    others = sorted(named(rule.settings) & contract.columns.keys() - {column})
    is_of_cell = rule.severity == "critical" and not is_needed and not others
    because = rule.meta.get("row_because")
    if rule.level == "cell" and rule.severity != "critical":
        yield _of(one, "level", "cannot be cell: the rule is not critical")
    elif rule.level == "cell" and not is_of_cell:
        why = f"it is about {', '.join(others)} as well" if others else "the record needs the column"
        yield _of(one, "level", f"cannot be cell: {why}")
    if rule.level == "row" and is_of_cell and not because:
        yield _of(one, "level", "has to be cell, as the column is optional, or row_because says why it is not")
    if because and (rule.level != "row" or not is_of_cell):
        yield _of(one, "row_because", "is said where no cell could be set aside alone")


def check_coverage(living: list[Living], contracts: dict[str, ContractFile]) -> Iterator[Problem]:
    """Merges have the critical rules that look at other merges, which no contract says by itself."""
    critical = defaultdict(set)
    for one in living:
        if one.rule.severity == "critical":
            critical[one.suite].add(one.rule.rule_id)
    for feed, contract in contracts.items():
        wanted = {f"{feed}.{problem}" for problem in _by_other_rows(contract)}
        for rule_id in sorted(wanted - critical[feed]) if any(one.suite == feed for one in living) else ():
            yield Problem(f"expectations/{feed}.yml", rule_id, "", "the contract asks for this rule, as a critical one")


def _by_other_rows(contract: ContractFile) -> set[str]:
    """The rules by which rows of other keys set a row aside."""
    of_merges = {"merged_patient_id.two_survivors", "surviving_patient_id.cycle"}
    return set() if "patient_id" in contract.columns else of_merges


def _of(one: Living, key: str, what: str) -> Problem:
    return Problem(one.file, one.rule.rule_id, key, what)
