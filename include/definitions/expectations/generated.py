"""The rules that a contract asks for: a line about a column says what it may hold, and its rules follow.

A required column has the rule `missing`, one with `values` `unknown_code`, one that is no text `unreadable`, a date
`in_future` (unless `future: true`), a date that may be partial `partial`, a time `day_only`, one with `between`
`impossible`; `lifespan` says how severe a date before birth or after death is. The key has `repeated`, the patient of a
row with a key of its own `moved` and `reassigned`.
`include/expectations/generated.yml` has their words, unless the column says others (`said`).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from include.definitions.contracts import WAREHOUSE_TYPES, Contract, Field
from include.definitions.described import read_yaml

KEPT = {"type": "comparison", "column": {"name": "status"}, "operator": "!=", "parameter": "cancelled"}
"""A cancelled row withdraws whatever it says: only its key and status are judged."""
IN_SET = "expect_column_values_to_be_in_set"
NOT_BEFORE = "expect_column_pair_values_a_to_be_greater_than_b"
DAY = """SELECT row_number
FROM {batch}
WHERE
    status <> 'cancelled'
    AND CAST({column} AS DATE) {comparator} {limit}
"""
LESS_PRECISE = """SELECT row_number
FROM {batch}
WHERE
    status <> 'cancelled'
    AND {column} IS NOT NULL
    AND {column}_precision IS NOT NULL
"""
REPEATED = """SELECT MIN(row_number) AS row_number
FROM {batch}
WHERE {key} IS NOT NULL
GROUP BY file_number, {key}
HAVING COUNT(*) > 1
"""
MOVED = """SELECT row_number
FROM {batch}
WHERE is_moved AND status {comparator} 'corrected'
"""
QUERY, QUERY_OF = "unexpected_rows_expectation", "unexpected_rows_query"
PRECISION = {"partial_date": "partial", "timestamp": "day_only"}
"""The rule of a column of which less may be known than its type holds."""
WARNINGS = {*PRECISION.values(), "repeated", "reassigned"}
Asked = tuple[str, str, dict[str, Any]]
"""Problem, type of expectation, what it is given."""
LIMITS = {"in_future": "batch_date", "before_birth": "patient_birth_date", "after_death": "patient_death_date"}


def words(folder: Path) -> dict[str, Any]:
    """The words of generated rules."""
    content: dict[str, Any] = read_yaml(folder / "generated.yml")
    return content


def generated(contract: Contract, words: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries of a feed's suite that its contract asks for, in the contract's order; `words` is generated.yml."""
    return [_entry(contract, field, asked, words) for field in contract.fields for asked in _asked(contract, field)]


def _asked(contract: Contract, field: Field) -> Iterator[Asked]:
    name, judged = field.name, field.judged
    always = name in (contract.key, "status")
    kept = {} if always else {"row_condition": KEPT}
    if field.required:
        column = name if WAREHOUSE_TYPES[field.type] == "text" else f"{name}_readable"
        yield "missing", "expect_column_values_to_not_be_null", {"column": column, **kept}
    if "values" in judged:
        yield "unknown_code", IN_SET, {"column": name, "value_set": judged["values"], **kept}
    if field.type != "text":
        yield "unreadable", IN_SET, {"column": f"{name}_readable", "value_set": [True], **kept}
    if field.type in PRECISION:
        yield PRECISION[field.type], QUERY, {QUERY_OF: LESS_PRECISE.format(batch="{batch}", column=name)}
    if field.type in ("date", "partial_date", "timestamp"):
        problems = [*judged.get("lifespan", {}), *([] if judged.get("future") else ["in_future"])]
        yield from (_of_day(field, problem) for problem in problems)
    if "between" in judged:
        low, high = judged["between"]
        limits = {"column": name, "min_value": low, "max_value": high}
        yield "impossible", "expect_column_values_to_be_between", limits | kept
    yield from _of_other_rows(contract, name)


def _of_other_rows(contract: Contract, name: str) -> Iterator[Asked]:
    """What other rows of the key say."""
    if name == contract.key:
        yield "repeated", QUERY, {QUERY_OF: REPEATED.format(batch="{batch}", key=name)}
    elif name == "patient_id":
        for problem, comparator in (("moved", "<>"), ("reassigned", "=")):
            yield problem, QUERY, {QUERY_OF: MOVED.format(batch="{batch}", comparator=comparator)}


def _of_day(field: Field, problem: str) -> Asked:
    """A date is compared with another one; a timestamp by its day, which takes a query."""
    limit, is_lowest = LIMITS[problem], problem == "before_birth"
    if field.type == "timestamp":
        query = DAY.format(batch="{batch}", column=field.name, comparator="<" if is_lowest else ">", limit=limit)
        return problem, QUERY, {QUERY_OF: query}
    latest = f"{field.name}_latest" if field.type == "partial_date" else field.name
    later, earlier = (latest, limit) if is_lowest else (limit, field.name)
    pair = {"column_A": later, "column_B": earlier, "or_equal": True, "ignore_row_if": "either_value_is_missing"}
    return problem, NOT_BEFORE, {**pair, "row_condition": KEPT}


def _entry(contract: Contract, field: Field, asked: Asked, words: Mapping[str, Any]) -> dict[str, Any]:
    problem, kind, kwargs = asked
    said = _said(contract, field, problem, words)
    rule_id = f"{contract.feed}.{field.name}.{problem}"
    meta = {"rule_id": rule_id, "category": said["category"], "remedy": said["remedy"]}
    usual = "warning" if problem in WARNINGS else "critical"
    severity = field.judged.get("lifespan", {}).get(problem, usual)
    return {
        "type": kind,
        "kwargs": kwargs,
        "severity": severity,
        "description": said["description"],
        "meta": meta | _meta(contract, field, problem),
    }


def _meta(contract: Contract, field: Field, problem: str) -> dict[str, str]:
    """What else the registry says of a rule: its level, the reason for it, its source."""
    judged = field.judged
    told = ("since", "source", "context") if problem in ("unknown_code", "impossible") else ("since",)
    meta = {key: judged[key] for key in told if key in judged}
    if problem in ("before_birth", "after_death"):
        return meta | {"context": "validation", "level": "lifespan"}
    if problem in ("moved", "reassigned"):
        return meta | {"level": "lifespan"}
    if problem in PRECISION.values():
        return meta
    if field.required or field.name in (contract.key, "patient_id", "status"):
        return meta
    return meta | ({"row_because": judged["row_because"]} if "row_because" in judged else {"level": "cell"})


def _said(contract: Contract, field: Field, problem: str, words: Mapping[str, Any]) -> dict[str, str]:
    """Category, description and remedy: the problem's, the special column's, the contract's own."""
    special = words["columns"].get("key" if field.name == contract.key else field.name, {})
    own: dict[str, str] = field.judged.get("said", {}).get(problem, {})
    names = _names(contract, field, words)
    templates = words["problems"][problem] | special.get(problem, {})
    filled: dict[str, str] = {key: text.format_map(names) for key, text in templates.items()}
    return filled | own


def _names(contract: Contract, field: Field, words: Mapping[str, Any]) -> dict[str, Any]:
    called = field.judged.get("called", field.name.replace("_", " "))
    values, department = field.judged.get("values", [""]), contract.department
    low, high = field.judged.get("between", ("", ""))
    return {
        "row": contract.row,
        "a_row": _with_article(contract.row),
        "A_row": _with_article(contract.row).capitalize(),
        "column": field.name,
        "words": called,
        "a_words": _with_article(called),
        "form": words["forms"].get(field.type, ""),
        "values": " or ".join(part for part in (", ".join(values[:-1]), values[-1]) if part),
        "low": low,
        "high": high,
        "department": department,
        "whom": department if contract.source == "clinic" else f"{department} and the clinic",
    }


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
