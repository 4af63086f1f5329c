"""The names that the loading statements need: tables, columns and keys of one feed, from its contract."""

from collections.abc import Callable
from typing import Any

from include import contracts
from include.contracts import Contract
from include.expectations import LIFESPAN, Rule
from include.warehouse import Warehouse


def names_of(warehouse: Warehouse, feed: str) -> dict[str, Any]:
    """Identifiers for `include/sql/loading/*.sql`."""
    contract = contracts.read(feed)
    columns = _stored_columns(contract)
    return {
        "feed": feed,
        "source": contract.source,
        "key": contract.key,
        "announces": feed == "patients",
        "columns": ", ".join(f'"{name}"' for name in columns),
        "of": _prefixer(columns),
        "typed": [field.name for field in contract.typed if field.type != "measured"],
        "measured": [field.name for field in contract.fields if field.type == "measured"],
        "json_object": "json_object" if warehouse.is_duckdb else "json_build_object",
        "payload": _payload(contract),
        "hash_of": _hasher(contract),
        "batch_date": None,
    }


def _stored_columns(contract: Contract) -> list[str]:
    columns = list(contract.names)
    for field in contract.fields:
        if field.type == "measured":
            columns += [f"{field.name}_number", f"{field.name}_comparator"]
    return columns


def _prefixer(columns: list[str]) -> Callable[[str], str]:
    return lambda alias: ", ".join(f'{alias}."{name}"' for name in columns)


def _payload(contract: Contract) -> str:
    """Arguments of a JSON object: each column's name and the text that was sent."""
    typed = {field.name for field in contract.typed if field.type != "measured"}
    sent = (f"{name}_text" if name in typed else name for name in contract.names)
    return ", ".join(f"'{name}', r.\"{column}\"" for name, column in zip(contract.names, sent, strict=True))


def _hasher(contract: Contract) -> Callable[[Rule], str]:
    """SQL of the MD5 of the values that a rule judges, of the row `r` of `staged_rows` and `s` of `staged`.

    A value that can be read counts as what it is, not as it was written.
    """
    typed = {field.name for field in contract.typed if field.type != "measured"}

    def value(column: str) -> str:
        if column in LIFESPAN:
            return f'CAST(s."{column}" AS TEXT)'
        return f'COALESCE(CAST(r."{column}" AS TEXT), r."{column}_text")' if column in typed else f'r."{column}"'

    def hash_of(rule: Rule) -> str:
        return "MD5(" + " || ".join(f"COALESCE('=' || {value(column)}, '') || CHR(31)" for column in rule.columns) + ")"

    return hash_of
