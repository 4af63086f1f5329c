"""A draft's export of a table with a column for each test: its columns become rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from include.people.sites.naming import WORDS, spellings, unit_in

TEST, RESULT = "test", "result"
"""The columns that unpivot makes."""
LIST = "loinc.csv"


def tests_of(columns: Sequence[str]) -> dict[str, str]:
    """The columns that sound like a test each, with its LOINC code; none where it is one alone, such as a weight."""
    codes = {str(word): code for code, words in WORDS["analytes"].items() for word in words}
    found = {
        column: code
        for column in columns
        if (code := next((codes[said] for said in spellings(column) if said in codes), None))
    }
    return found if len(found) > 1 else {}


def wide_columns(tests: Sequence[str], named: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The columns of results: what the other columns are called stays, a key has the test in it."""
    others = {name: columns[0] if len(columns) == 1 else list(columns) for name, columns in named.items()}
    sample = named.get("result_id") or [*named.get("patient_id", ()), *named.get("collected_at", ())]
    units = {column: unit for column in tests if (unit := unit_in(column))}
    return {
        **others,
        "result_id": {"from": [*sample, TEST], "join": "|"},
        "test_code": {"from": TEST, "codes": LIST},
        "value": RESULT,
        **({"unit": {"from": TEST, "map": units}} if units else {}),
    }


def wide_rows(tests: Sequence[str]) -> dict[str, Any]:
    """What makes a row of each test."""
    return {"unpivot": {"columns": list(tests), "name": TEST, "value": RESULT}}
